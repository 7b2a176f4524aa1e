"""The contract's exit statuses and streams, through the real command."""

import json
import os
import stat
import subprocess
import sys

import pytest

MODES = pytest.mark.parametrize("mode", [[], ["-E"]], ids=["endpoint", "environment"])


@MODES
@pytest.mark.parametrize(
    ("script", "status"),
    [
        ("exit 0", 0),
        ("exit 1", 1),
        ("exit 2", 2),
        ("exit 255", 255),
        ("kill -TERM $$", 143),
        ("kill -KILL $$", 137),
        ("kill -INT $$", 130),
    ],
)
def test_the_status_is_the_commands_own(world, mode, script, status) -> None:
    found = world.run(*mode, "read-only", "sh", "-c", script)
    expected = status if mode != ["-E"] or status < 128 or status == 255 else 128 - status
    assert found.returncode == expected
    assert (found.stdout, found.stderr) == ("", "")


@MODES
def test_a_command_that_does_not_exist_is_127_before_any_login(world, mode) -> None:
    found = world.run(*mode, "read-only", "no-such-command-here", SHELL="")
    assert found.returncode == 127
    assert "command not found: 'no-such-command-here'" in found.stderr
    assert found.stderr.count("\n") == 1
    assert world.aws.requests == []


@MODES
def test_a_command_that_is_not_executable_is_126(world, mode) -> None:
    path = world.home / "script"
    path.write_text("#!/bin/sh\nexit 0\n")
    found = world.run(*mode, "read-only", str(path))
    assert found.returncode == 126
    assert found.stderr.count("\n") == 1


@MODES
def test_a_script_without_a_shebang_runs_as_in_a_shell(world, mode) -> None:
    path = world.home / "script"
    path.write_text("exit 9\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    assert world.run(*mode, "read-only", str(path)).returncode == 9


ARGUMENTS = [
    "plain",
    "",
    "two words",
    "  spaces  ",
    "'single'",
    '"double"',
    "$HOME `id` $(id)",
    "back\\slash",
    "new\nline",
    "tab\there",
    "*?[a-z]~",
    "-v",
    "--version",
    "--",
    "ünïcödé ☃ 😀",
    "!history",
    "#hash;semi&amp|pipe<>",
    "=equals=",
    "%percent%",
]
ECHO = "import json, sys; json.dump(sys.argv[1:], sys.stdout)"


@MODES
def test_arguments_arrive_unchanged(world, mode) -> None:
    found = world.run(*mode, "read-only", sys.executable, "-c", ECHO, *ARGUMENTS)
    assert json.loads(found.stdout) == ARGUMENTS


@pytest.mark.parametrize("dashes", [[], ["--"]])
def test_nothing_is_parsed_behind_the_command(world, dashes) -> None:
    words = ["-v", "-E", "--region", "x", "--", "-h"]
    found = world.run("read-only", *dashes, sys.executable, "-c", ECHO, *words)
    assert json.loads(found.stdout) == words


def test_an_option_behind_the_profile_says_where_options_go(world) -> None:
    found = world.run("read-only", "-E", "aws")
    assert (found.returncode, found.stdout) == (2, "")
    assert "options go before the profile" in found.stderr


FAILURES = [
    (["--nope"], {}, 2, "no such option: --nope"),
    (["-a", "5m", "read-only"], {}, 2, "-a: 5m is out of range; use 15m to 12h"),
    (["-O", "xml", "read-only"], {}, 2, "'xml' is not known"),
    (["-O", "json", "read-only", "env"], {}, 2, "takes no command"),
    (["--policy", "gone.json", "read-only"], {}, 2, "cannot read the policy"),
    ([], {}, 2, "no profile given"),
    (["nosuch"], {}, 78, "there is no profile or role 'nosuch'"),
    (["read-onyl", "env"], {}, 78, "did you mean 'read-only'?"),
    (["env"], {"AWS_PROFILE": "gone"}, 78, "$AWS_PROFILE names the profile 'gone'"),
    (["-R", "nosuch", "read-only"], {}, 78, "pip install runas-plugin-nosuch"),
    (["-W", "https://idp.example", "--role", "x"], {}, 78, "none comes with runas: install one"),
    (["read-only"], {"CREDENTIALS_DURATION": "x"}, 78, "$CREDENTIALS_DURATION: 'x' is not"),
    (["admin"], {}, 75, "set MFA_CODE, give --otp or set mfa_process"),
    (["admin"], {"CI": "1"}, 75, "($CI)"),
    (["--no-input", "admin"], {}, 75, "(--no-input)"),
    (["--otp", "000000", "admin"], {}, 77, "the code given by --otp was refused"),
    (["-X", "wrong", "partner"], {}, 75, "not authorized to perform: sts:AssumeRole"),
    (["-X", "wrong", "-o", "CODE", "partner"], {}, 77, "not authorized to perform"),
    (["arn:aws:iam::123456789012:role/none"], {}, 75, "not authorized"),
    (["arn:aws:iam::12:role/x"], {}, 2, "not the ARN of a role"),
    (["-S", "nonsense", "-l"], {}, 2, "-S: 'nonsense' is no address"),
    (["-J", "x", "read-only"], {}, 2, "-J: not the ARN of a role: 'x'"),
    (["read-only"], {"JUMP_ROLE_ARN": "x"}, 78, "$JUMP_ROLE_ARN: not the ARN of a role: 'x'"),
    (["-X", "##", "partner"], {}, 2, "external_id (-X): AWS does not accept the value"),
    (["--policy", os.devnull, "read-only"], {}, 2, "session_policy (--policy): not JSON"),
    (["--policy-arn", "x", "read-only"], {}, 2, "session_policy_arns (--policy-arn)"),
    (["list", "roles", "--mfa-serial", ""], {}, 2, "--mfa-serial needs a value"),
    (["list", "roles", "--redirect-port", "x"], {}, 2, "--redirect-port: 'x' is no port"),
    (
        ["-M", "arn:aws:iam::111122223333:mfa/other", "-o", "123456", "admin"],
        {},
        77,
        "mfa_serial must be",
    ),
]


@pytest.mark.parametrize(("words", "environ", "status", "fact"), FAILURES)
def test_every_failure_is_one_line_and_a_status(world, words, environ, status, fact) -> None:
    code = world.seeds.device.code()
    found = world.run(*[code if word == "CODE" else word for word in words], **environ)
    assert found.returncode == status, found.stderr
    assert fact in found.stderr
    assert found.stderr.startswith("runas: ")
    assert found.stderr.count("\n") == 1
    assert found.stdout == ""
    assert "Traceback" not in found.stderr


@pytest.mark.parametrize("mode", [["-O", "json"], []])
def test_an_unreachable_service_is_69(world, mode) -> None:
    words = [*mode, "read-only", *([] if mode else ["env"])]
    found = world.run(*words, AWS_ENDPOINT_URL="http://127.0.0.1:1")
    assert found.returncode == 69, found.stderr
    assert found.stderr.count("\n") == 1


def test_a_service_at_fault_is_69(world) -> None:
    world.aws.fail("AssumeRole", times=20)
    found = world.run("-O", "json", "read-only")
    assert found.returncode == 69, found.stderr


def test_aws_profile_in_the_way_is_explained(world) -> None:
    found = world.run("admin", "aws", "s3", "ls", AWS_PROFILE="read-only", SHELL="/bin/sh")
    assert found.returncode == 127
    assert "AWS_PROFILE is set to 'read-only'" in found.stderr
    assert "runas --profile admin aws s3 ls" in found.stderr


def test_stdout_has_only_what_was_asked_for(world) -> None:
    found = world.run("-v", "-e", "read-only", "echo", "hello")
    assert found.stdout == "hello\n"
    assert "the credentials end" in found.stderr


def test_credentials_on_stdout_evaluate_in_a_shell(world) -> None:
    line = f'eval "$({os.path.dirname(sys.executable)}/runas read-only)"; echo "$AWS_ACCESS_KEY_ID"'
    done = subprocess.run(
        ["sh", "-c", line],
        env={**os.environ, **world.environ},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("ASIA")


def test_no_secret_is_shown_at_any_verbosity(world) -> None:
    secret = world.seeds.key.secret_access_key
    code = world.seeds.device.wrong_code()
    for words in (["-vv", "-o", code, "admin"], ["-vv", "-O", "json", "read-only"]):
        found = world.run(*words, RUNAS_PASSWORD="canary-password")
        assert secret not in found.stdout + found.stderr
        assert "canary-password" not in found.stdout + found.stderr
        assert code not in found.stderr
        if found.returncode == 0:
            printed = json.loads(found.stdout)
            assert printed["SecretAccessKey"] not in found.stderr
            assert printed["SessionToken"] not in found.stderr
        else:
            assert "Traceback" in found.stderr


@pytest.mark.parametrize(
    ("variable", "address"),
    [
        ("HTTP_PROXY", "http://me:canary-word@127.0.0.1:1"),
        ("HTTP_PROXY", "socks5://me:canary-word@127.0.0.1:1"),  # botocore hides none of this
        ("HTTP_PROXY", "http://me:canary-word@ho st:99999"),
        ("AWS_ENDPOINT_URL_STS", "http://me:canary-word@127.0.0.1:1"),
        ("AWS_ENDPOINT_URL_STS", "htp://me:canary-word@127.0.0.1:1"),
    ],
)
def test_no_password_of_an_address_is_shown(world, variable, address) -> None:
    found = world.run("-vv", "-O", "json", "read-only", NO_PROXY="", **{variable: address})
    assert found.returncode in (69, 78)
    assert "Traceback" in found.stderr
    assert "canary-word" not in found.stderr
