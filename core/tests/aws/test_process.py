"""Credentials from a program."""

import json
import shlex
import sys
from datetime import UTC, datetime, timedelta

import pytest

from runas.aws.process import run
from runas.errors import ConfigurationError

GOOD = {"Version": 1, "AccessKeyId": "AKIAEXAMPLE", "SecretAccessKey": "CANARY"}
LATER = (datetime.now(UTC) + timedelta(hours=1)).replace(microsecond=0)


@pytest.fixture
def program(tmp_path):
    """Write a Python program and return the command that runs it."""

    def make(body: str) -> str:
        file = tmp_path / "my program.py"
        file.write_text(body)
        return shlex.join([sys.executable, str(file)])

    return make


def printing(answer: object) -> str:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return f"print({text!r})"


def test_long_term_keys(program):
    found = run(program(printing(GOOD)), "config:3")
    assert (found.access_key_id, found.secret_access_key) == ("AKIAEXAMPLE", "CANARY")
    assert (found.session_token, found.expiration) == (None, None)


@pytest.mark.parametrize(
    "written",
    [LATER.isoformat(), LATER.strftime("%Y-%m-%dT%H:%M:%SZ"), f"{LATER:%Y-%m-%dT%H:%M:%S}"],
    ids=["offset", "Z", "none"],  # not the time: two workers have to find the same tests
)
def test_temporary_keys(program, written):
    answer = {**GOOD, "SessionToken": "token", "Expiration": written}
    found = run(program(printing(answer)), "config:3")
    assert found.session_token == "token"
    assert found.expiration == int(LATER.timestamp())


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ("CANARY", "JSON"),
        ("", "JSON"),
        ([GOOD], "Version"),
        ({**GOOD, "Version": 2}, "Version"),
        ({**GOOD, "AccessKeyId": ""}, "AccessKeyId"),
        ({**GOOD, "SecretAccessKey": None}, "SecretAccessKey"),
        ({**GOOD, "SessionToken": 7}, "SessionToken"),
        ("[" * 100_000, "JSON"),
        ({**GOOD, "SessionToken": "CANARY\0"}, "keys"),
        ({**GOOD, "SecretAccessKey": "CANARY\ud800"}, "keys"),
        ({**GOOD, "AccessKeyId": "CANARY\nx"}, "keys"),
        ({**GOOD, "Expiration": "soon"}, "ISO 8601"),
        ({**GOOD, "Expiration": 7}, "ISO 8601"),
        ({**GOOD, "Expiration": "2020-01-01T00:00:00Z"}, "expired"),
    ],
)
def test_an_answer_that_is_none(program, answer, word):
    with pytest.raises(ConfigurationError) as caught:
        run(program(printing(answer)), "config:3")
    assert caught.value.fact.startswith("credential_process (config:3): ")
    assert word in caught.value.fact
    assert "CANARY" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_program_that_fails(program):
    with pytest.raises(ConfigurationError) as caught:
        run(program("print('CANARY'); raise SystemExit(3)"), "config:3")
    assert "status 3" in caught.value.fact
    assert "CANARY" not in str(caught.value)


@pytest.mark.parametrize("command", ["no-such-program --for me", "", "  ", "'open quote", "a\0b"])
def test_a_command_that_cannot_be_run(command):
    with pytest.raises(ConfigurationError):
        run(command, "config:3")


def test_no_shell_and_words_in_quotes(program):
    body = "import json, sys\n" + f"print(json.dumps({GOOD!r} | dict(SessionToken=sys.argv[1])))"
    assert run(program(body) + " '$HOME; a b'", "config:3").session_token == "$HOME; a b"


def test_what_the_program_does_not_see(program):
    withheld = ("AWS_PROFILE", "MFA_CODE", "RUNAS_PASSWORD")
    body = f"import json, os, sys\nassert not set({withheld!r}) & set(os.environ)\n"
    body += f"assert sys.stdin.read() == ''\nassert os.environ['KEPT']\nprint(json.dumps({GOOD!r}))"
    with pytest.MonkeyPatch.context() as patch:
        for name in (*withheld, "KEPT"):
            patch.setenv(name, "CANARY")
        assert run(program(body), "config:3").access_key_id


def test_its_own_words_reach_the_user(program, capfd):
    run(program(f"import sys; sys.stderr.write('touch the key\\n')\n{printing(GOOD)}"), "config:3")
    assert capfd.readouterr().err == "touch the key\n"
