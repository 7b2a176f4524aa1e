"""The short-lived runas that logs in for a waiting one, played by small programs."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from runas.errors import PluginError
from runas.serve.helper import Helper, HelperFailed, parse

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")

DOCUMENT = {
    "Version": 1,
    "AccessKeyId": "AKIA",
    "SecretAccessKey": "secret-canary",
    "SessionToken": "token",
    "Expiration": "2033-05-18T03:33:20Z",
}
PRINT = f"print({json.dumps(json.dumps(DOCUMENT))})"


def _helper(code, **environ):
    return Helper([sys.executable, "-c", code], {**os.environ, **environ})


def test_a_document_becomes_credentials():
    credentials = parse(json.dumps(DOCUMENT).encode())
    assert credentials.expiration == 2_000_000_000
    assert credentials.session_token == "token"
    keys = {name: DOCUMENT[name] for name in ("AccessKeyId", "SecretAccessKey")}
    assert parse(json.dumps(keys).encode()).expiration is None


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "{", "{}", '"secret-canary"', '{"AccessKeyId": "secret-canary"}', "\xff",
     '{"AccessKeyId": "a", "SecretAccessKey": "secret-canary", "Expiration": "soon"}',
     '{"AccessKeyId": "a", "SecretAccessKey": "secret-canary", "Expiration": 5}'],
)  # fmt: skip
def test_anything_else_is_a_fault_that_repeats_nothing(text):
    with pytest.raises(PluginError) as caught:
        parse(text.encode("latin-1"))
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


RUN = """
import os, signal, sys
from runas.serve.helper import Helper, HelperFailed
try:
    print(Helper([sys.executable, "-c", sys.argv[1]], os.environ).obtain().access_key_id)
    print(sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])))
except HelperFailed as error:
    print(error.status, error.said)
"""


def _obtain(code, **options):
    argv = [sys.executable, "-c", RUN, code]
    return subprocess.run(argv, capture_output=True, text=True, timeout=20, check=False, **options)


def test_a_login_before_the_persons_eyes():
    done = _obtain("import sys; sys.stderr.write('code? '); " + PRINT)
    assert (done.stdout, done.stderr) == ("AKIA\n[]\n", "code? ")


@pytest.mark.parametrize("status", [1, 69, 75, 77, 130])
def test_its_failure_keeps_the_status(status):
    done = _obtain(f"import sys; sys.stderr.write('runas: why'); sys.exit({status})")
    assert (done.stdout, done.stderr) == (f"{status} True\n", "runas: why")


def test_what_is_typed_ahead_is_not_for_the_helper():
    done = _obtain("import sys; assert not sys.stdin.read(); " + PRINT, input="for the command")
    assert done.stdout.startswith("AKIA")


def test_an_agent_that_stays_behind_holds_nobody_up():
    agent = "import subprocess, sys; subprocess.Popen(['sleep', '15'], stderr=-3); "
    start = time.monotonic()
    assert _obtain(agent + PRINT).stdout.startswith("AKIA")
    assert time.monotonic() - start < 10


@pytest.mark.parametrize("name", ["TERM", "INT", "HUP"])
def test_who_ends_runas_ends_the_helper(name, tmp_path):
    code = (
        "import os, signal, time\nsignal.signal(signal.SIGINT, signal.SIG_DFL)\n"
        f"open({str(tmp_path / 'pid')!r} + '.new', 'w').write(str(os.getpid()))\n"
        f"os.rename({str(tmp_path / 'pid')!r} + '.new', {str(tmp_path / 'pid')!r})\n"
        "time.sleep(60)"
    )
    argv = [sys.executable, "-W", "ignore", "-c", RUN, code]
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + 20
    while not (tmp_path / "pid").exists():
        assert time.monotonic() < end
        time.sleep(0.01)
    number = getattr(signal, f"SIG{name}")
    process.send_signal(number)
    output, errors = process.communicate(timeout=20)
    assert (output, errors) == (f"{128 + number} True\n", "")
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_renewal_is_quiet_and_asks_nobody(capfd):
    code = (
        "import os, sys; assert os.environ['RUNAS_NO_INPUT'] == '1'; sys.stderr.write('noise'); "
        "assert os.getpgrp() == os.getpid(); " + PRINT
    )
    assert _helper(code).renew().access_key_id == "AKIA"
    assert capfd.readouterr() == ("", "")


def test_a_renewal_that_fails_says_why(capfd):
    code = "import sys; sys.stderr.write('noise\\nrunas: AWS is down; wait\\n'); sys.exit(69)"
    with pytest.raises(HelperFailed, match=r"^AWS is down; wait$") as caught:
        _helper(code).renew()
    assert (caught.value.status, caught.value.said) == (69, False)
    assert capfd.readouterr() == ("", "")


def test_a_renewal_that_needs_a_person_goes_to_the_terminal(monkeypatch, capfd):
    monkeypatch.setattr("runas.serve.background.terminal_is_ours", lambda: True)
    code = (
        "import os, sys\nif 'RUNAS_NO_INPUT' in os.environ: sys.exit(75)\n"
        f"sys.stderr.write('tap 42')\n{PRINT}"
    )
    assert _helper(code).renew().access_key_id == "AKIA"
    assert capfd.readouterr() == ("", "tap 42")


def test_a_terminal_that_the_command_has_taken_is_left_alone(monkeypatch):
    monkeypatch.setattr("runas.serve.background.terminal_is_ours", lambda: False)
    with pytest.raises(HelperFailed, match="a code is needed") as caught:
        _helper("import sys; sys.stderr.write('runas: a code is needed'); sys.exit(75)").renew()
    assert caught.value.status == 75


def test_a_renewal_hears_signals_though_runas_has_blocked_them():
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    try:
        code = (
            "import signal; assert not signal.pthread_sigmask(signal.SIG_BLOCK, []); "
            "assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL; " + PRINT
        )
        assert _helper(code).renew().access_key_id == "AKIA"
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@pytest.mark.parametrize("deaf", [False, True])
def test_a_cancelled_renewal_ends_at_once(tmp_path, deaf):
    ready = tmp_path / "ready"
    ignore = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " if deaf else ""
    helper = _helper(f"{ignore}open({str(ready)!r}, 'w').close(); import time; time.sleep(60)")
    ended = []

    def renew():
        try:
            helper.renew()
        except HelperFailed as error:
            ended.append(error.status)

    thread = threading.Thread(target=renew)
    thread.start()
    end = time.monotonic() + 20
    while not ready.exists():
        assert time.monotonic() < end
        time.sleep(0.01)
    helper.cancel()
    thread.join(20)
    assert ended == [137 if deaf else 143]
    with pytest.raises(HelperFailed):
        helper.renew()
