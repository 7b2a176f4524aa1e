"""The commands that print an answer."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runas.config.given import Given
from runas.errors import ConfigurationError
from runas.prompters.commands import output, split

SECRET = "hunter2"


def printing(script: str, **kwargs) -> str:
    """Run a Python script as mfa_process."""
    line = subprocess.list2cmdline([sys.executable, "-c", script])
    if sys.platform != "win32":
        import shlex

        line = shlex.join([sys.executable, "-c", script])
    return output("mfa_process", Given(line, "~/.aws/config:7"), **kwargs)


def test_the_answer_is_what_it_prints():
    assert printing("print(' 123456 ')") == "123456"


def test_stdin_is_empty_and_stderr_is_ours(capfd):
    script = "import sys; sys.stderr.write('touch it'); print(len(sys.stdin.read()))"
    assert printing(script) == "0"
    assert capfd.readouterr() == ("", "touch it")


def test_secrets_given_to_runas_stay_with_runas(monkeypatch):
    for name in ("RUNAS_PASSWORD", "SAML_PASSWORD", "WEB_PASSWORD", "MFA_CODE"):
        monkeypatch.setenv(name, SECRET)
    monkeypatch.setenv("VAULT_ADDR", "kept")
    script = f"import os; e = os.environ; print({SECRET!r} in e.values(), e['VAULT_ADDR'])"
    assert printing(script) == "False kept"


@pytest.mark.parametrize(
    ("script", "fact"),
    [
        (f"print('{SECRET}'); raise SystemExit(3)", "failed with status 3"),
        ("pass", "printed nothing"),
        ("print('   ')", "printed nothing"),
        (f"print('{SECRET}'); print('url: x')", "printed several lines"),
        (
            "import sys; sys.stdout.buffer.write(b'\\xff')",
            "printed something that is not UTF-8 text",
        ),
    ],
)
def test_what_goes_wrong_names_the_setting_and_not_the_output(script, fact):
    with pytest.raises(ConfigurationError) as failure:
        printing(script)
    assert failure.value.fact == f"mfa_process (~/.aws/config:7) {fact}"
    assert failure.value.status == 78
    assert SECRET not in str(failure.value)
    assert failure.value.__cause__ is None
    assert failure.value.__suppress_context__ or failure.value.__context__ is None


def test_a_command_that_hangs_is_ended():
    script = f"import time; print('{SECRET}', flush=True); time.sleep(60)"
    with pytest.raises(ConfigurationError, match=r"did not finish within 0\.5 seconds"):
        printing(script, timeout=0.5)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_command_that_was_killed():
    with pytest.raises(ConfigurationError, match="was ended by signal 9"):
        printing("import os; os.kill(os.getpid(), 9)")


@pytest.mark.parametrize(
    ("line", "fact"),
    [
        ("no-such-program-anywhere --now", "there is no command 'no-such-program-anywhere'"),
        ("", "mfa_process (--mfa-process) is empty"),
        ('pass "open', "has a quote that is never closed"),
        ("'' x", "mfa_process"),
        ("a\0b", "mfa_process"),
    ],
)
def test_what_cannot_be_run(line, fact):
    with pytest.raises(ConfigurationError) as failure:
        output("mfa_process", Given(line, "--mfa-process"))
    assert fact in failure.value.fact


@pytest.mark.skipif(sys.platform == "win32", reason="modes")
def test_what_may_not_be_run(tmp_path):
    file = tmp_path / "code"
    file.write_text("x")
    with pytest.raises(ConfigurationError, match="Permission denied"):
        output("mfa_process", Given(str(file), "--mfa-process"))


def test_no_shell_is_involved():
    assert printing("import sys; print(sys.argv[0], '$HOME; `id` | x')") == "-c $HOME; `id` | x"


@pytest.mark.parametrize(
    ("line", "arguments"),
    [
        ("", []),
        ("  a \t b ", ["a", "b"]),
        (r"C:\bin\x.exe -p C:\y\ z", ["C:\\bin\\x.exe", "-p", "C:\\y\\", "z"]),
        (r'"C:\Program Files\x.exe" "" a', [r"C:\Program Files\x.exe", "", "a"]),
        (r'a\"b "c\\" d', ['a"b', "c\\", "d"]),
        (r'a\\\"b c\\\\"d e"', ['a\\"b', "c\\\\d e"]),
        ("'a b'", ["'a", "b'"]),
        ('a"b c"d', ["ab cd"]),
        ("a\nb", ["a\nb"]),
    ],
)
def test_windows_rules(line, arguments):
    assert split(line, "win32") == arguments


@given(st.lists(st.text(alphabet="ab\\\" \t'", max_size=6) | st.text(max_size=6)))
def test_windows_rules_undo_windows_quoting(arguments):
    # list2cmdline leaves some line breaks bare; they separate nothing here either.
    assert split(subprocess.list2cmdline(arguments), "win32") == arguments


def test_posix_rules():
    assert split("op 'read x' a\\ b \"c d\"", "linux") == ["op", "read x", "a b", "c d"]
