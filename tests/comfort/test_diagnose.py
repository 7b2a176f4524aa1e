"""``runas diagnose``: a test for each line that it may say."""

import json
import os
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from runas.cli.diagnosis import Mark, network, reach
from runas.errors import ServiceUnavailable


def lines(done) -> str:
    """Join what was said, hints included."""
    return done.stdout + done.stderr


def test_a_profile_that_is_fine(world):
    done = world.run("diagnose", "ops")
    assert done.returncode == 0, lines(done)
    text = done.stdout
    assert "✓ ~/.aws/config: 8 profiles" in text
    start = world.config.read_text().splitlines().index("[profile ops]") + 1
    assert f"✓ ops: source_profile = default  (~/.aws/config:{start + 3})" in text
    assert f"✓ eu-west-1 (~/.aws/config:{start + 1})" in text
    assert "iam (runas-plugin-iam 0.1.0): the only one installed for keys" in text
    assert "✓ agrees with AWS's to 1 s" in text
    assert "no credentials yet" in text
    assert text.endswith("0 wrong, 0 worth a look\n")
    assert not world.aws.calls("AssumeRole")


def test_the_short_form_and_what_is_cached(world):
    world.run("ops", "true")
    done = world.run("-Dv", "ops", TZ="UTC")
    assert re.search(r"UTC \(in (59 minutes|1 hour)\)", done.stdout)
    assert "port " in done.stdout


def test_for_programs(world):
    done = world.run("diagnose", "ops", "--json")
    document = json.loads(done.stdout)
    assert document["profile"] == "ops"
    assert {one["mark"] for one in document["findings"]} == {"ok"}
    assert {"files", "values", "provider", "network", "clock"} <= {
        one["topic"] for one in document["findings"]
    }


CASES = {
    "a source that is missing": (
        "source_profile = nope\nrole_arn = arn:aws:iam::123456789012:role/x",
        "profile 'p' names the source_profile 'nope', which does not exist",
    ),
    "a loop": ("source_profile = p\nrole_arn = arn:aws:iam::123456789012:role/x", "loop: p -> p"),
    "two identities": (
        "credential_process = x\nsaml_auth_url = https://127.0.0.1:1/",
        "says twice who you are: credential_process (~/.aws/config:",
    ),
    "two sources": (
        "credential_source = Environment\nsource_profile = default\nregion = eu-west-1",
        "credential_source beside source_profile",
    ),
    "no such region": ("region = Ireland\nsource_profile = default", "'Ireland' is no region"),
    "no such session": ("sso_session = corp", "there is no section [sso-session corp]"),
    "a malformed duration": (
        "source_profile = default\nduration_seconds = soon",
        "duration_seconds: 'soon' is not a duration",
    ),
    "a provider that is not installed": (
        "saml_provider = acme\nsaml_auth_url = https://127.0.0.1:1/",
        "needs the provider 'acme'",
    ),
    "a page that cannot be reached": (
        "saml_provider = iam\nsaml_auth_url = https://127.0.0.1:1/",
        "no connection to 127.0.0.1:1",
    ),
    "plain http": (
        "saml_provider = iam\nsaml_auth_url = http://sign-in.example/",
        "refusing plain http://",
    ),
}


@pytest.mark.parametrize(("text", "said"), CASES.values(), ids=CASES)
def test_what_is_wrong_ends_with_78(text, said, world):
    world.add(f"[profile p]\n{text}\n")
    done = world.run("diagnose", "p", HTTPS_PROXY="", https_proxy="")
    assert said in done.stdout, lines(done)
    assert "✗" in done.stdout
    assert "-> " in done.stdout
    assert done.returncode == 78


LOOKS = {
    "a misspelt key": ("rolearn = x", {}, "unknown key 'rolearn' (~/.aws/config:"),
    "what was meant": ("mfa_serail = x", {}, "did you mean mfa_serial?"),
    "keys in the environment": (
        "",
        {"AWS_ACCESS_KEY_ID": "AKIAX", "AWS_SECRET_ACCESS_KEY": "x"},
        "$AWS_ACCESS_KEY_ID is set, but profile 'default' has its own source",
    ),
    "a profile in the environment": ("", {"AWS_PROFILE": "ops"}, "$AWS_PROFILE is 'ops'"),
    "nobody to ask": ("", {"CI": "true"}, "$CI forbids questions"),
    "a region elsewhere": ("", {"AWS_REGION": "cn-north-1"}, "is not in the role's partition"),
}


@pytest.mark.parametrize(("text", "environ", "said"), LOOKS.values(), ids=LOOKS)
def test_what_is_worth_a_look(text, environ, said, world):
    world.add(
        "[profile p]\nregion = eu-west-1\nsource_profile = default\n"
        f"role_arn = arn:aws:iam::123456789012:role/ops\n{text}\n"
    )
    done = world.run("-D", "p", **environ)
    assert said in done.stdout, lines(done)
    assert "! " in done.stdout
    assert done.returncode == 0


def test_a_misspelt_key_of_the_command_line(world):
    done = world.run("-D", "--set", "duration_secnds=900", "ops")
    assert "unknown key 'duration_secnds' (--set)" in done.stdout
    assert "did you mean duration_seconds?" in done.stdout


def test_no_region_and_no_identity(world):
    world.config.write_text("[profile bare]\n")
    (world.home / ".aws" / "credentials").write_text("")
    done = world.run("diagnose", "bare")
    assert "no region: many commands will ask for one" in done.stdout
    assert "nothing says who you are" in done.stdout
    assert done.returncode == 78


def test_files_that_others_read_and_broken_sections(world):
    credentials = world.home / ".aws" / "credentials"
    credentials.chmod(0o644)
    world.add("[profile broken]\nthis is no setting\n")
    done = world.run("diagnose", "ops")
    assert "others may read it (mode 0644)" in done.stdout
    assert "chmod 600 ~/.aws/credentials" in done.stdout
    assert "neither a section, a comment nor a setting" in done.stdout
    assert done.returncode == 0


def test_the_same_key_in_both_files(world):
    with (world.home / ".aws" / "credentials").open("a") as file:
        file.write("\n[ops]\nregion = us-east-1\n")
    done = world.run("diagnose", "ops")
    start = world.config.read_text().splitlines().index("[profile ops]") + 1
    both = f"region stands in ~/.aws/config:{start + 1} and in ~/.aws/credentials:6"
    assert both in done.stdout


def test_a_project_file_that_nobody_confirmed(world):
    (world.home / "runas.toml").write_text('region = "eu-west-1"\nmfa_process = "evil"\n')
    done = world.run("diagnose", "ops")
    assert "~/runas.toml (project file) sets region" in done.stdout
    assert "mfa_process left out, not confirmed yet" in done.stdout


def test_without_the_network(world):
    done = world.run("diagnose", "ops", "--offline")
    assert done.returncode == 0
    assert "network" not in done.stdout
    assert not world.aws.requests


@pytest.mark.parametrize(
    ("drift", "mark", "said"),
    [
        (1, Mark.FINE, "agrees"),
        (-90, Mark.LOOK, "90 s behind AWS"),
        (4000, Mark.WRONG, "4000 s ahead of AWS"),
    ],
)
def test_the_clock(drift, mark, said):
    found = network.clock(drift)
    assert found.mark is mark
    assert said in found.text


def test_the_clock_is_compared_with_the_date_of_aws_s_answer(world):
    world.aws.signing_clock = lambda: time.time() - 1000
    done = world.run("diagnose", "ops")
    assert "this machine is 100" in done.stdout
    assert "ahead of AWS" in done.stdout
    assert done.returncode == 78


def test_a_date_beyond_every_calendar_tells_no_time(world):
    class Odd(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def date_time_string(self, timestamp: float | None = None) -> str:
            return f"Fri, 20 Nov {10**12} 16:00:00 GMT"

        def log_message(self, *words: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Odd) as server:
        threading.Thread(target=server.serve_forever).start()
        address = f"http://127.0.0.1:{server.server_port}/saml"
        world.add(f"[profile odd]\nsaml_auth_url = {address}\nsaml_provider = form\n")
        done = world.run("diagnose", "odd")
        server.shutdown()
    assert f"127.0.0.1:{server.server_port} answers" in done.stdout
    assert "unexpected" not in lines(done)


def test_a_certificate_that_is_not_trusted(tmp_path):
    import socket
    import ssl

    from .certificate import make

    certificate, key = make(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        for _ in range(2):
            connection, _ = server.accept()
            try:
                context.wrap_socket(connection, server_side=True).close()
            except OSError:
                connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    url = f"https://localhost:{server.getsockname()[1]}/"
    with pytest.raises(
        ServiceUnavailable, match="certificate of localhost is not trusted"
    ) as caught:
        list(reach.steps(url, None))
    assert "AWS_CA_BUNDLE" in caught.value.hint
    found = list(reach.steps(url, str(certificate)))
    assert "certificate by runas tests" in found[-1]
    thread.join(5)
    server.close()


def test_the_proxy_is_named_without_its_password(monkeypatch):
    monkeypatch.setenv("https_proxy", "http://me:canary@proxy.example:3128")
    assert reach.proxy("https://sts.eu-west-1.amazonaws.com") == "proxy.example:3128"
    monkeypatch.setenv("no_proxy", "amazonaws.com")
    assert reach.proxy("https://sts.eu-west-1.amazonaws.com") is None


@pytest.mark.parametrize("command", ["runas -O json p", "a-tool credential-process --profile p"])
def test_a_process_for_other_programs_is_no_second_identity(command, world):
    world.add(
        "[profile p]\nregion = eu-west-1\nsaml_provider = form\n"
        f"saml_auth_url = https://127.0.0.1:1/\ncredential_process = {command}\n"
    )
    done = world.run("diagnose", "p", "--offline")
    assert "conflicts\n  ✓ none" in done.stdout
    assert done.returncode == 0


def test_every_way_to_say_who_you_are_counts_once(world):
    world.add(
        "[profile p]\nregion = eu-west-1\naws_access_key_id = AKIAX\naws_secret_access_key = x\n"
        "sso_start_url = https://127.0.0.1:1/start\nsso_region = eu-west-1\n"
        "sso_account_id = 123456789012\nsso_role_name = x\n"
    )
    start = world.config.read_text().splitlines().index("[profile p]") + 1
    file = "~/.aws/config"
    both = f"aws_access_key_id ({file}:{start + 2}) and sso_start_url ({file}:{start + 4})"
    assert f"says twice who you are: {both}\n" in world.run("diagnose", "p", "--offline").stdout


def test_a_narrow_terminal_and_no_colour(world, at_terminal):
    from ..run.world import RUNAS  # noqa: TID252 - tests are not installed

    for environ, colours in (({"NO_COLOR": "1"}, False), ({}, True)):
        window = at_terminal(RUNAS, "diagnose", "ops", lines=100, **environ)
        assert window.ends() == 0
        assert ("\x1b[32m" in window.written) is colours
        assert "0 wrong" in window.screen()[-1]
    assert os.environ.get("NO_COLOR") is None
