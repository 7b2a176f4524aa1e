"""One login however many ask: processes and threads, held, killed and interrupted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from runas._credentials import Credentials
from runas.cache import Cache, Entry, Miss
from runas.cache.locks import inside_login

KEY = "ab" * 20
OTHER = "cd" * 20
GENEROUS = 60  # seconds

LOG_IN = """
import os, sys, time
from runas.cache import Cache, Entry, Miss
from runas._credentials import Credentials
folder, key = sys.argv[1] + "/cache", "ab" * 20
cache = Cache(folder, lambda text: None)
print("ready", flush=True)
sys.stdin.readline()
try:
    entry = cache.read(key)
except Miss:
    with cache.lock(key):
        try:
            entry = cache.read(key)
        except Miss:
            log = os.open(sys.argv[1] + "/logins", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.write(log, b"login\\n")
            time.sleep(0.5)
            entry = Entry(Credentials(f"ASIA{os.getpid()}", "S", "T", 2**40), int(time.time()))
            cache.write(key, entry)
print(entry.credentials.access_key_id)
"""

HOLD = """
import sys
from runas.cache import Cache
with Cache(sys.argv[1]).lock("ab" * 20):
    print("held", flush=True)
    sys.stdin.readline()
"""

WAIT = """
import sys
from runas.cache import Cache
def told(text):
    print(text, flush=True)
print("asking", flush=True)
with Cache(sys.argv[1], told).lock("ab" * 20):
    print("entered", flush=True)
"""


ASKS = """
import sys
from runas.cache import Cache, locks
locks._PATIENCE = 0
print("asking", flush=True)
with Cache(sys.argv[1], lambda text: print(text, flush=True)).lock("ab" * 20):
    print("entered", flush=True)
"""


def start(
    script: str, folder: Path, environ: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environ,
    )


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with start(HOLD, tmp_path) as process:
        assert line_of(process) == "held\n"
        yield process
        process.kill()


def test_forty_processes_log_in_once_and_all_get_the_same(tmp_path: Path) -> None:
    processes = [start(LOG_IN, tmp_path) for _ in range(40)]
    for process in processes:
        assert line_of(process) == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=GENEROUS) for process in processes]
    assert (tmp_path / "logins").read_text() == "login\n"
    assert len({out for out, _ in answers}) == 1
    assert {error for _, error in answers} == {""}
    assert {process.returncode for process in processes} == {0}


def test_a_waiter_is_told_for_whom_once_and_goes_on(
    holder: subprocess.Popen[str], tmp_path: Path
) -> None:
    with start(WAIT, tmp_path) as waiter:
        assert line_of(waiter) == "asking\n"
        expected = f"waiting for process {holder.pid}, which is logging in\n"
        assert line_of(waiter) == expected
        holder.communicate("done\n", timeout=GENEROUS)
        assert waiter.communicate(timeout=GENEROUS) == ("entered\n", "")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_killed_holder_lets_the_waiter_in(holder: subprocess.Popen[str], tmp_path: Path) -> None:
    with start(WAIT, tmp_path) as waiter:
        assert line_of(waiter) == "asking\n"
        assert waiter.poll() is None
        holder.send_signal(signal.SIGKILL)
        assert "entered\n" in waiter.communicate(timeout=GENEROUS)[0]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("told", [False, True])
def test_ctrl_c_ends_the_waiting(holder: subprocess.Popen[str], tmp_path: Path, told: bool) -> None:
    with start(WAIT, tmp_path) as waiter:
        line_of(waiter)
        if told:
            line_of(waiter)
        else:
            time.sleep(0.2)
        waiter.send_signal(signal.SIGINT)
        out, error = waiter.communicate(timeout=GENEROUS)
    assert "entered" not in out
    assert error.endswith("KeyboardInterrupt\n")
    assert holder.poll() is None


def test_threads_exclude_each_other(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path))
    inside = most = logins = 0

    def ask() -> None:
        nonlocal inside, most, logins
        with cache.lock(KEY):
            inside += 1
            most = max(most, inside)
            try:
                cache.read(KEY)
            except Miss:
                logins += 1
                time.sleep(0.05)
                cache.write(KEY, Entry(Credentials("A", "S"), 1))
            inside -= 1

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(GENEROUS)
    assert (inside, most, logins) == (0, 1, 1)


def test_different_keys_nest_and_errors_let_go(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path), pytest.fail)
    with pytest.raises(RuntimeError), cache.lock(KEY), cache.lock(OTHER):
        raise RuntimeError
    with cache.lock(OTHER), cache.lock(KEY):
        assert (tmp_path / f"{KEY}.lock").read_text().startswith(f"{os.getpid()}.")
    assert (tmp_path / f"{KEY}.lock").read_text() == ""


@pytest.mark.skipif(sys.platform == "win32", reason="an open file stays there")
def test_a_lock_file_deleted_under_its_holder_does_not_trap_the_waiter(
    holder: subprocess.Popen[str], tmp_path: Path
) -> None:
    with start(WAIT, tmp_path) as waiter:
        line_of(waiter)
        (tmp_path / f"{KEY}.lock").unlink()
        assert "entered\n" in waiter.communicate(timeout=GENEROUS)[0]
    with Cache(str(tmp_path)).lock(KEY):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="an open file stays there")
def test_a_folder_that_vanishes_is_made_anew_and_still_locks(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    with Cache(str(folder)).lock(KEY), start(ASKS, folder) as waiter:
        assert line_of(waiter) == "asking\n"
        assert line_of(waiter) == f"waiting for process {os.getpid()}, which is logging in\n"
        folder.rename(tmp_path / "gone")
        assert waiter.communicate(timeout=GENEROUS) == ("entered\n", "")
    assert (folder / f"{KEY}.lock").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a way to link")
def test_a_link_in_the_lock_files_place_is_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("precious")
    folder = tmp_path / "cache"
    folder.mkdir()
    (folder / f"{KEY}.lock").symlink_to(precious)
    notices: list[str] = []
    with Cache(str(folder), notices.append).lock(KEY):
        pass
    assert precious.read_text() == "precious"
    assert len(notices) == 1


def test_a_program_waits_for_another_thread_of_the_login_that_waits_for_it(tmp_path: Path) -> None:
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with Cache(str(tmp_path)).lock(KEY):
            held.set()
            done.wait(GENEROUS)

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(GENEROUS)
    try:
        with start(ASKS, tmp_path, inside_login(os.environ)) as waiter:
            lines = [line_of(waiter), line_of(waiter)]
            done.set()
            out, error = waiter.communicate(timeout=GENEROUS)
    finally:
        done.set()
        other.join(GENEROUS)
    waiting = f"waiting for process {os.getpid()}, which is logging in\n"
    assert (lines, out, error) == (["asking\n", waiting], "entered\n", "")


def test_a_program_is_refused_what_waits_for_it(tmp_path: Path) -> None:
    with (
        Cache(str(tmp_path)).lock(KEY),
        start(ASKS, tmp_path, inside_login(inside_login(os.environ))) as waiter,
    ):
        out, error = waiter.communicate(timeout=GENEROUS)
    assert out == "asking\n"
    assert "ConfigurationError: these credentials come from a command" in error
