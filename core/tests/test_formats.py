"""Credentials as text, read back by the shells and parsers that will read them."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runas._credentials import Credentials
from runas.errors import UsageError
from runas.formats import (
    FORMATS,
    container_document,
    environment,
    left,
    moment,
    render,
    rfc3339,
    seconds_of,
)

END = 1_795_000_000
END_TEXT = "2026-11-18T11:06:40Z"
PLAIN = Credentials("ASIAEXAMPLE", "wJalr/XUt+nFEMI=", "IQoJb3JpZ2lu//+=", END)
LONG_TERM = Credentials("AKIAEXAMPLE", "secret")
HOSTILE = [
    "it's",
    "\"double\" and 'single'",
    "$HOME $(id) `id` ${x}",
    "back\\slash\\ and \\'",
    "two\nlines\n",
    "snow ☃ and ‘typographic’",
    "  spaces ; & | > < ! * ? # %PATH% ",
    "",
]
NAMES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
SHOW = (
    "import os, json; n = 'AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN "
    "AWS_CREDENTIAL_EXPIRATION'; print(json.dumps({k: os.environ.get(k) for k in n.split()}))"
)
STALE = dict.fromkeys([*NAMES, "AWS_CREDENTIAL_EXPIRATION"], "stale")


def evaluated(shell: list[str], script: str) -> dict[str, str | None]:
    """Return the variables that a child of the shell sees after it has run *script*."""
    show = f"{shlex.quote(sys.executable)} -X utf8 -c {shlex.quote(SHOW)}"
    environment = {**os.environ, **STALE}
    command = [*shell, f"{script}\n{show}"]
    answer: dict[str, str | None] = json.loads(subprocess.check_output(command, env=environment))
    return answer


def shell_or_skip(name: str) -> object:
    missing = shutil.which(name) is None or sys.platform == "win32"
    return pytest.param(name, marks=pytest.mark.skipif(missing, reason=f"no {name} here"))


posix_shells = [shell_or_skip(name) for name in ("sh", "bash", "dash", "zsh", "ksh")]
fish = pytest.mark.skipif(shutil.which("fish") is None, reason="no fish here")


class TestShells:
    @pytest.mark.parametrize("shell", posix_shells)
    @pytest.mark.parametrize("text", HOSTILE)
    def test_posix_take_any_text_literally(self, shell: str, text: str) -> None:
        script = render("env", Credentials("AKIA", text, text, END))
        seen = evaluated([shell, "-eu", "-c"], script)
        assert [seen[name] for name in NAMES] == ["AKIA", text, text]
        assert seen["AWS_CREDENTIAL_EXPIRATION"] == END_TEXT

    @pytest.mark.parametrize("shell", posix_shells)
    def test_posix_lose_a_stale_token(self, shell: str) -> None:
        seen = evaluated([shell, "-eu", "-c"], render("env", LONG_TERM))
        assert [seen[name] for name in NAMES] == ["AKIAEXAMPLE", "secret", None]
        assert seen["AWS_CREDENTIAL_EXPIRATION"] is None

    @fish
    @pytest.mark.parametrize("text", HOSTILE)
    def test_fish_takes_any_text_literally(self, text: str) -> None:
        seen = evaluated(["fish", "-c"], render("fish", Credentials("AKIA", text, text, END)))
        assert [seen[name] for name in NAMES] == ["AKIA", text, text]

    @fish
    def test_fish_loses_a_stale_token(self) -> None:
        seen = evaluated(["fish", "-c"], render("fish", LONG_TERM))
        assert [seen[name] for name in NAMES] == ["AKIAEXAMPLE", "secret", None]

    def test_fish_is_written_by_its_rules(self) -> None:
        text = render("fish", Credentials("A", "it's \\ $x", None))
        assert "set -gx AWS_SECRET_ACCESS_KEY 'it\\'s \\\\ $x'\n" in text
        assert text.endswith("set -eg AWS_SESSION_TOKEN\nset -eg AWS_CREDENTIAL_EXPIRATION\n")

    def test_powershell_is_written_by_its_rules(self) -> None:
        text = render("powershell", Credentials("A", "it's ‘$x’ `"))
        assert "$Env:AWS_SECRET_ACCESS_KEY = 'it''s ‘‘$x’’ `'\n" in text
        assert text.endswith("$Env:AWS_CREDENTIAL_EXPIRATION = $null\n")

    def test_cmd_is_written_by_the_rules_of_batch_files(self) -> None:
        text = render("cmd", Credentials("A", 'a&b|"c" %PATH% ^'))
        assert 'SET AWS_SECRET_ACCESS_KEY=a^&b^|^"c^" %%PATH%% ^^\n' in text
        assert text.endswith("SET AWS_SESSION_TOKEN=\nSET AWS_CREDENTIAL_EXPIRATION=\n")
        with pytest.raises(UsageError, match="line break"):
            render("cmd", Credentials("A", "x\ncalc.exe"))


class TestDotenv:
    def test_is_plain_lines_for_what_aws_gives(self) -> None:
        assert render("dotenv", PLAIN) == (
            "AWS_ACCESS_KEY_ID=ASIAEXAMPLE\n"
            "AWS_SECRET_ACCESS_KEY=wJalr/XUt+nFEMI=\n"
            "AWS_SESSION_TOKEN=IQoJb3JpZ2lu//+=\n"
            f"AWS_CREDENTIAL_EXPIRATION={END_TEXT}\n"
        )
        assert render("dotenv", LONG_TERM).splitlines() == [
            "AWS_ACCESS_KEY_ID=AKIAEXAMPLE",
            "AWS_SECRET_ACCESS_KEY=secret",
        ]

    @pytest.mark.skipif(shutil.which("sh") is None, reason="no sh here")
    @pytest.mark.parametrize("text", [text for text in HOSTILE if "\n" not in text])
    def test_is_understood_by_a_shell_too(self, text: str) -> None:
        script = render("dotenv", Credentials("AKIA", text, text, END))
        seen = evaluated(["sh", "-eu", "-c"], f"set -a\n{script}set +a")
        assert [seen[name] for name in NAMES] == ["AKIA", text, text]

    def test_is_one_line_per_variable_whatever_the_value(self) -> None:
        assert len(render("dotenv", Credentials("A", "x\ny", "z\r\n", END)).splitlines()) == 4


class TestJson:
    def test_is_a_credential_process_document(self) -> None:
        assert json.loads(render("json", PLAIN, "111122223333")) == {
            "Version": 1,
            "AccessKeyId": PLAIN.access_key_id,
            "SecretAccessKey": PLAIN.secret_access_key,
            "SessionToken": PLAIN.session_token,
            "Expiration": END_TEXT,
            "AccountId": "111122223333",
        }

    def test_has_only_what_there_is(self) -> None:
        assert json.loads(render("json", LONG_TERM)) == {
            "Version": 1,
            "AccessKeyId": "AKIAEXAMPLE",
            "SecretAccessKey": "secret",
        }

    @given(st.text(st.characters()), st.text(st.characters()))
    def test_holds_any_text(self, one: str, other: str) -> None:
        read = json.loads(render("json", Credentials(one, other, one, 0), other))
        assert [read["AccessKeyId"], read["SecretAccessKey"], read["AccountId"]] == [
            one,
            other,
            other,
        ]

    def test_of_a_container_is_what_ecs_answers(self) -> None:
        role = "arn:aws:iam::111122223333:role/x"
        assert json.loads(container_document(PLAIN, role, "111122223333")) == {
            "AccessKeyId": PLAIN.access_key_id,
            "SecretAccessKey": PLAIN.secret_access_key,
            "Token": PLAIN.session_token,
            "Expiration": END_TEXT,
            "RoleArn": role,
            "AccountId": "111122223333",
        }
        assert set(json.loads(container_document(PLAIN))) == {
            "AccessKeyId",
            "SecretAccessKey",
            "Token",
            "Expiration",
        }


def test_environment_has_only_what_there_is() -> None:
    assert environment(PLAIN) == {
        "AWS_ACCESS_KEY_ID": "ASIAEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalr/XUt+nFEMI=",
        "AWS_SESSION_TOKEN": "IQoJb3JpZ2lu//+=",
        "AWS_CREDENTIAL_EXPIRATION": END_TEXT,
    }
    assert set(environment(LONG_TERM)) == {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("credentials", [PLAIN, LONG_TERM])
def test_every_format_ends_its_lines_cleanly(format: str, credentials: Credentials) -> None:
    text = render(format, credentials)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert all(line == line.rstrip() for line in text.splitlines())


def test_an_unknown_format_names_the_known() -> None:
    with pytest.raises(UsageError, match=r"'yaml'.*dotenv"):
        render("yaml", PLAIN)


class TestMoments:
    @given(st.integers(0, 253402300799))
    def test_survive_the_round(self, seconds: int) -> None:
        assert seconds_of(rfc3339(seconds)) == seconds

    @pytest.mark.parametrize(
        "text",
        [
            END_TEXT,
            "2026-11-18t11:06:40z",
            "2026-11-18 11:06:40Z",
            "2026-11-18T11:06:40.999Z",
            "2026-11-18T11:06:40.123456789Z",
            "2026-11-18T12:06:40+01:00",
            "2026-11-18T12:06:40+0100",
            "2026-11-18T05:36:40.5-05:30",
        ],
    )
    def test_are_read_in_every_spelling(self, text: str) -> None:
        assert seconds_of(text) == END

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "soon",
            "1795000000",
            "2026-11-18",
            "2026-11-18T11:06:40",
            "2026-11-18T11:06Z",
            "2026-W47-3T11:06:40Z",
            "2026-13-18T11:06:40Z",
            "2026-11-18T25:06:40Z",
            "2026-11-18T11:06:40ZZ",
            "20261118T110640Z",
            "२०२६-११-१८T११:०६:४०Z",
        ],
    )
    def test_that_are_none_are_refused(self, text: str) -> None:
        with pytest.raises(ValueError):
            seconds_of(text)

    @given(st.text(max_size=30))
    def test_of_any_text_are_a_number_or_a_value_error(self, text: str) -> None:
        with contextlib.suppress(ValueError):
            assert isinstance(seconds_of(text), int)

    @pytest.mark.parametrize(
        ("seconds", "words"),
        [
            (0, "now"),
            (1, "in 1 second"),
            (30, "in 30 seconds"),
            (60, "in 1 minute"),
            (43 * 60 + 59, "in 43 minutes"),
            (3600, "in 1 hour"),
            (2 * 3600 + 5 * 60, "in 2 hours 5 minutes"),
            (3659, "in 1 hour"),
            (86400, "in 1 day"),
            (86400 + 300, "in 1 day"),
            (3 * 86400 + 4 * 3600 + 5, "in 3 days 4 hours"),
            (-180, "3 minutes ago"),
            (-1, "1 second ago"),
        ],
    )
    def test_are_said_in_words(self, seconds: int, words: str) -> None:
        assert left(seconds) == words

    @pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone cannot be changed here")
    def test_are_shown_in_the_machines_zone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
        time.tzset()
        try:
            assert moment(END) == "Wed 18 Nov 2026 12:06:40 CET"
        finally:
            monkeypatch.undo()
            time.tzset()
