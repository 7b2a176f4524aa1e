"""Disks that refuse, and writers killed in the middle: nothing torn, nothing failed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from runas._credentials import Credentials
from runas.cache import Cache, Entry, Miss
from runas.cache.files import publish

KEY = "ab" * 20
ENTRY = Entry(Credentials("ASIA", "secret", "T" * 2000, 1_800_003_600), 1_800_000_000)
linux = pytest.mark.skipif(sys.platform != "linux", reason="uses what only Linux has")


def use_everything(folder: str) -> list[str]:
    """Do all that a command does with its cache; return what the person was told."""
    notices: list[str] = []
    cache = Cache(folder, notices.append)
    ran = 0
    with cache.lock(KEY), cache.lock("cd" * 20):
        ran += 1
        cache.write(KEY, ENTRY)
        cache.note(KEY, {"a": "b"}, 2**40)
        cache.drop(KEY)
        with pytest.raises(Miss):
            cache.read(KEY)
    assert ran == 1
    assert cache.noted(KEY) == {}
    assert list(cache.entries()) == []
    assert cache.clear() == 0
    return notices


def test_a_folder_that_cannot_be_made_costs_one_notice(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    folder = str(tmp_path / "file" / "cache")
    notices = use_everything(folder)
    assert len(notices) == 1
    assert folder in notices[0]
    assert "not caching" in notices[0]


@linux
def test_a_folder_that_takes_no_files_costs_one_notice() -> None:
    assert len(use_everything("/proc/self/cache")) == 1
    assert len(use_everything("/proc/self")) == 1


WRITE_LIMITED = """
import resource, sys
from runas.cache import Cache, Entry, Miss
from runas._credentials import Credentials
key, notices = "ab" * 20, []
old = Entry(Credentials("OLD", "secret"), 1)
cache = Cache(sys.argv[1], notices.append)
cache.write(key, old)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
with cache.lock("cd" * 20):
    cache.write(key, Entry(Credentials("NEW", "secret", "T" * 2000), 2))
    cache.write("ef" * 20, Entry(Credentials("NEW", "secret", "T" * 2000), 2))
assert cache.read(key) == old
print(*notices, sep="\\n")
"""


@linux
@pytest.mark.parametrize("limit", [0, 1, 1000])
def test_a_disk_that_fills_up_keeps_the_old_entry(tmp_path: Path, limit: int) -> None:
    # -B: the limit would cut the .pyc files of what is imported under it, too.
    command = [sys.executable, "-B", "-c", WRITE_LIMITED, str(tmp_path), str(limit)]
    told = subprocess.check_output(command, text=True, timeout=60)
    assert len(told.splitlines()) == 1
    assert not [name for name in os.listdir(tmp_path) if name.endswith(".tmp")]


@linux
@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="mounting needs root")
@pytest.mark.parametrize("options", ["size=64k", "ro"])
def test_a_full_or_read_only_file_system_costs_one_notice(tmp_path: Path, options: str) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(tmp_path)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this sandbox does not mount")
    try:
        if options != "ro":
            with pytest.raises(OSError, match="No space"), open(tmp_path / "all", "wb") as file:
                while True:
                    file.write(b"x" * 512)
                    file.flush()
        assert len(use_everything(str(tmp_path))) == 1
    finally:
        subprocess.run(["umount", "-l", str(tmp_path)], check=True)


KILL_WRITERS = """
import os, random, signal, sys, time
from runas.cache import Cache, Entry, Miss
from runas._credentials import Credentials

key, folder, rounds = "ab" * 20, sys.argv[1], int(sys.argv[2])
cache = Cache(folder, lambda text: sys.exit(text))

def entry(number):
    return Entry(Credentials(f"ASIA{number}", f"{number}" * 500, f"{number}\\n" * 700), number)

def write_for_ever():
    while True:
        number = random.randrange(10)
        with cache.lock(key):
            cache.write(key, entry(number))
            cache.note(key, {"number": f"{number}" * 500}, 2**40)

seen = torn = 0
for _ in range(rounds):
    child = os.fork()
    if child == 0:
        random.seed()
        try:
            write_for_ever()
        finally:
            os._exit(1)
    end = time.monotonic() + random.random() * 0.02
    while True:
        try:
            found = cache.read(key)
            seen += 1
            torn += found != entry(found.obtained)
        except Miss:
            torn += bool(seen)
        if time.monotonic() >= end:
            break
    os.kill(child, signal.SIGKILL)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    digits = cache.noted(key).get("number", "")
    torn += len(set(digits)) > 1 or len(digits) not in (0, 500)

with cache.lock(key):
    cache.write(key, entry(3))
assert cache.read(key) == entry(3)
assert cache.clear() == 1
print(torn, seen > 0, *os.listdir(folder))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_two_hundred_writers_killed_at_random_moments_tear_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILL_WRITERS, str(tmp_path), "200"]
    told = subprocess.check_output(command, text=True, timeout=300)
    assert told.split() == ["0", "True", f"{KEY}.lock"]


def test_what_a_killed_writer_leaves_is_swept_in_every_folder_of_secrets(tmp_path: Path) -> None:
    """Tokens and cookies too, whatever the names of their files are."""
    program = (
        "import os, sys; from runas.cache.files import publish\n"
        "hook = lambda event, _: os._exit(9) if event == 'os.rename' else None\n"
        "sys.addaudithook(hook)\n"
        "publish(sys.argv[1], b'secret')"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "token.json")]
    assert subprocess.run(command, check=False).returncode == 9
    (left,) = tmp_path.iterdir()
    others = [tmp_path / name for name in ("others.tmp", f"{'g' * 16}.tmp", "ab.tmp", ".tmp")]
    for other in others:
        other.touch()
        os.utime(other, (1, 1))
    publish(str(tmp_path / "other.json"), b"{}")
    assert left.exists()  # somebody may be at it
    os.utime(left, (1, 1))
    publish(str(tmp_path / "other.json"), b"{}")
    assert sorted(tmp_path.iterdir()) == sorted([*others, tmp_path / "other.json"])
