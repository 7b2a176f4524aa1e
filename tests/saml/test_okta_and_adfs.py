"""SAML through the real command: detection, MFA, jump role, passwords, cookies, transcripts."""

import json
import threading

import pytest

from runas.testing.sandbox import PASSWORD, USER

GIVEN = {"RUNAS_PASSWORD": PASSWORD}


def who(world, found) -> str:
    assert found.returncode == 0, found.stderr
    return world.aws.issued[json.loads(found.stdout)["AccessKeyId"]].arn


def test_a_push_is_waited_for_where_nobody_can_be_asked(world) -> None:
    found = world.run("-O", "json", "-t", "push", "okta", **GIVEN)
    assert who(world, found).endswith(f"assumed-role/okta-developer/{USER}")
    assert "42" in found.stderr
    assert world.okta.primary_authentications == 1


def test_without_a_preference_the_push_is_taken(world) -> None:
    found = world.run("-O", "json", "okta", **GIVEN)
    assert found.returncode == 0, found.stderr
    assert "iPhone" in found.stderr


def test_a_code_given_beforehand_is_used(world) -> None:
    found = world.run("-O", "json", "-o", world.totp.code(), "okta", **GIVEN)
    assert found.returncode == 0, found.stderr
    assert found.stderr == ""


def test_everything_is_asked_for_at_a_terminal(world, person) -> None:
    someone = person("-t", "totp", "okta", "echo", "hello")
    someone.sees("assword")
    assert not someone.echo
    someone.types(PASSWORD + "\n")
    someone.sees("MFA code")
    someone.types("000000\n")
    someone.sees("MFA code")
    someone.types(world.totp.code() + "\n")
    assert someone.waits() == (0, "hello\n", "")
    assert world.okta.primary_authentications == 1


def test_the_factor_is_picked_at_a_terminal(world, person) -> None:
    someone = person("-O", "json", "okta", **GIVEN)
    someone.sees("Which second factor?")
    someone.types("push\n")
    someone.sees("tap 42")
    assert someone.waits()[0] == 0


def test_ctrl_c_cancels_the_sign_in(world, person) -> None:
    someone = person("-t", "totp", "-O", "json", "okta", **GIVEN)
    someone.sees("MFA code")
    someone.types("\x03")
    assert someone.waits()[0] == 130
    assert len(world.okta.cancelled) == 1


def test_a_second_role_asks_nothing_and_goes_through_the_jump_role(world) -> None:
    assert world.run("-O", "json", "okta", **GIVEN).returncode == 0
    found = world.run("-O", "json", "deploy")
    assert who(world, found).endswith(f"assumed-role/okta-deploy/{USER}")
    assert world.okta.primary_authentications == 1
    session = world.run("-s", "-O", "json", "deploy")
    assert who(world, session).endswith(f"assumed-role/okta-jump/{USER}")


def test_no_profile_at_all(world) -> None:
    words = ["--saml-url", world.adfs.sign_in, "-U", USER, "adfs-developer"]
    found = world.run("-O", "json", *words, **GIVEN)
    assert who(world, found).endswith(f"assumed-role/adfs-developer/{USER}")
    by_account = world.run(
        *("-O", "json", "--saml-url", world.adfs.sign_in, "-U", USER),
        *("--role", "123456789012/adfs-jump"),
        **GIVEN,
    )
    assert who(world, by_account).endswith(f"assumed-role/adfs-jump/{USER}")


@pytest.mark.parametrize(
    ("role", "status", "fact"),
    [
        ("nothing-like-it", 77, "is not offered; offered: arn:aws:iam::123456789012:role/adfs-dev"),
        ("arn:aws:iam::123456789012:role/other", 77, "is not offered"),
    ],
)
def test_a_role_that_is_not_offered(world, role, status, fact) -> None:
    words = ["--saml-url", world.adfs.sign_in, "-U", USER, role]
    found = world.run("-O", "json", *words, **GIVEN)
    assert found.returncode == status
    assert fact in found.stderr
    assert found.stderr.count("\n") == 1


def test_roles_are_listed(world) -> None:
    found = world.run("list", "roles", "adfs", **GIVEN)
    assert found.stdout.split() == [
        "arn:aws:iam::123456789012:role/adfs-developer",
        "arn:aws:iam::123456789012:role/adfs-jump",
    ]


def test_a_wrong_password_is_sent_once(world) -> None:
    found = world.run("-O", "json", "okta", RUNAS_PASSWORD="wrong")
    assert found.returncode == 77
    assert found.stderr.count("\n") == 1
    assert "wrong" not in found.stderr.replace("wrong tries", "")
    assert world.okta.primary_authentications == 1


def test_no_password_on_stdin_is_said_and_not_sent(world) -> None:
    found = world.run("-P", "-", "adfs", stdin="")
    assert (found.returncode, found.stdout) == (2, "")
    assert "-P -: stdin holds no password" in found.stderr
    assert not [one for one in world.adfs.requests if one.method == "POST"]


def test_without_a_jump_role_the_session_is_the_roles_own(world) -> None:
    found = world.run("-sw", "-P", PASSWORD, "adfs")
    assert found.returncode == 0, found.stderr
    assert "assumed-role/adfs-developer/" in found.stdout


def test_fifty_commands_with_a_wrong_stored_password_send_it_once(world) -> None:
    assert world.run("-P", "-", "password", "okta", stdin="stale\n").returncode == 0
    found = []

    def one(number: int) -> None:
        role = f"arn:aws:iam::123456789012:role/none-{number}"
        found.append(world.run("-O", "json", "--set", f"role_arn={role}", "okta"))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert world.okta.primary_authentications == 1
    assert sorted({one.returncode for one in found}) == [75, 77]
    checked = world.run("password", "--check", "okta")
    assert checked.returncode == 78
    assert "set it anew" in checked.stderr


def test_a_stored_password_is_used_and_can_be_forgotten(world) -> None:
    assert world.run("-P", "-", "password", "okta", stdin=PASSWORD + "\n").returncode == 0
    assert world.run("password", "--check", "okta").returncode == 0
    assert world.run("-O", "json", "okta").returncode == 0
    assert world.run("password", "--delete", "okta").returncode == 0
    assert world.run("password", "--check", "okta").returncode == 78


def test_a_password_process_answers(world) -> None:
    found = world.run("-O", "json", "--set", f"password_process=echo {PASSWORD}", "okta")
    assert found.returncode == 0, found.stderr


def test_logout_ends_the_session_and_drops_what_it_won(world) -> None:
    assert world.run("-O", "json", "okta", **GIVEN).returncode == 0
    out = world.run("logout", "okta")
    assert out.returncode == 0, out.stderr
    assert "logged out of okta; cached credentials dropped: 1" in out.stderr
    assert world.run("-O", "json", "okta").returncode == 75


def test_a_transcript_has_no_secret(world) -> None:
    path = world.home / "login.jsonl"
    found = world.run("--record", str(path), "-O", "json", "okta", **GIVEN)
    assert found.returncode == 0, found.stderr
    text = path.read_text()
    assert "<password>" in text
    assert "/api/v1/authn" in text
    keys = json.loads(found.stdout)
    for secret in (PASSWORD + '"', keys["SecretAccessKey"], keys["SessionToken"]):
        assert secret not in text
    assert "PHNhbWxw" not in text


def test_nothing_secret_is_left_on_the_disk_outside_the_cache(world, home) -> None:
    assert world.run("-O", "json", "okta", **GIVEN).returncode == 0
    for path in home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"PHNhbWxw" not in content
            if "sandbox" not in PASSWORD:
                assert PASSWORD.encode() not in content
            if path.parent.name == "cookies":
                assert path.stat().st_mode & 0o077 == 0


def test_two_providers_that_claim_an_address_are_named(world) -> None:
    found = world.run("-O", "json", "-R", "nosuch", "okta")
    assert found.returncode == 78
    assert "pip install runas-plugin-nosuch" in found.stderr


def test_a_code_is_used_even_after_a_push(world) -> None:
    assert world.run("-O", "json", "-t", "push", "okta", **GIVEN).returncode == 0
    pushed = world.run("-rr", "-O", "json", "okta", **GIVEN)
    assert "iPhone" in pushed.stderr, "the factor of last time"
    coded = world.run("-rr", "-O", "json", "-o", world.totp.code(), "okta", **GIVEN)
    assert coded.returncode == 0, coded.stderr
    assert "iPhone" not in coded.stderr
