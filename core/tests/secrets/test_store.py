"""Passwords: where they are kept, and when one is not offered again."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import keyring.core
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runas.errors import ConfigurationError
from runas.secrets import Absent, open_store
from runas.secrets import keepers as keepers_room
from runas.secrets.encrypted import EncryptedFile

REALM, USER, CANARY = "https://idp.example", "alice@example.com", "c4nary-pä$$ wörd"
BACKENDS = str(Path(__file__).parent / "backends")


@pytest.fixture
def ring(monkeypatch, tmp_path):
    """Choose which keyring this machine has."""
    monkeypatch.syspath_prepend(BACKENDS)
    monkeypatch.setenv("RUNAS_TEST_RING", str(tmp_path / "ring.json"))

    def choose(name):
        backend = name if "." in name else f"runas_test_ring.{name}"
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
        monkeypatch.setattr(keyring.core, "_keyring_backend", None)
        return tmp_path / "ring.json"

    choose("keyring.backends.fail.Keyring")
    return choose


@pytest.fixture
def folder(home):
    return Path(os.environ["RUNAS_STATE_DIR"]) / "passwords"


def store():
    return open_store(dict(os.environ), os.environ["HOME"])


def everything(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


NO_RING = [
    "keyring.backends.fail.Keyring", "keyring.backends.null.Keyring",
    "keyring.backends.chainer.ChainerBackend", "Locked", "Broken", "Never", "NoClass", "gone.Gone",
]  # fmt: skip


@pytest.mark.parametrize("backend", NO_RING)
def test_without_a_keyring_the_file_keeps_them(ring, folder, backend, capfd):
    ring(backend)
    one = store()
    with pytest.raises(Absent):
        one.get(REALM, USER)
    one.set(REALM, USER, CANARY)
    assert store().get(REALM, USER) == CANARY
    assert CANARY.encode() not in everything(folder)
    one.delete(REALM, USER)
    with pytest.raises(Absent):
        store().get(REALM, USER)
    with pytest.raises(Absent):
        one.delete(REALM, USER)
    assert capfd.readouterr() == ("", "")


def test_the_keyring_keeps_them_where_it_works(ring, folder):
    file = ring("Good")
    store().set(REALM, USER, CANARY)
    assert store().get(REALM, USER) == CANARY
    assert json.loads(file.read_text()) == {f"runas {REALM}|{USER}": CANARY}
    assert {path.suffix for path in folder.iterdir()} == {".lock"}
    store().delete(REALM, USER)
    with pytest.raises(Absent):
        store().get(REALM, USER)


def test_a_keyring_that_keeps_nothing_new(ring, folder):
    ring("ReadOnly")
    store().set(REALM, USER, CANARY)
    assert store().get(REALM, USER) == CANARY
    assert (folder / "passwords.json").exists()


def test_a_keyring_that_hangs_costs_a_moment(ring, monkeypatch):
    ring("Hanging")
    monkeypatch.setattr(keepers_room, "_PATIENCE", 0.2)
    started = time.monotonic()
    store().set(REALM, USER, CANARY)
    assert store().get(REALM, USER) == CANARY
    assert time.monotonic() - started < 10


def test_what_the_file_has_is_found_when_a_keyring_comes(ring, folder):
    store().set(REALM, USER, "old")
    ring("Good")
    assert store().get(REALM, USER) == "old"
    store().set(REALM, USER, CANARY)
    ring("keyring.backends.fail.Keyring")
    with pytest.raises(Absent):
        store().get(REALM, USER)


def test_entries_are_apart(ring):
    one = store()
    entries = [
        (REALM, USER), (REALM, "bob"), ("https://other.example", USER), ("", ""), ("a\nb", "c"),
        ("a", "b\nc"), ("a\nb\nc", ""), ("../../x", "/etc/passwd"),
    ]  # fmt: skip
    for number, entry in enumerate(entries):
        one.set(*entry, str(number))
    for number, entry in enumerate(entries):
        assert one.get(*entry) == str(number)
        one.mark_stale(*entry)
        assert sum(one.is_stale(*each) for each in entries) == number + 1


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_the_files_are_for_their_owner_only(ring, folder):
    store().set(REALM, USER, CANARY)
    store().mark_stale(REALM, USER)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    store().set(REALM, USER, CANARY)
    (folder / "passwords.key").chmod(0o644)
    with pytest.raises(Absent):
        store().get(REALM, USER)


def test_a_refused_password_is_not_offered_until_set_anew(ring):
    one = store()
    one.set(REALM, USER, "wrong")
    assert not one.is_stale(REALM, USER)
    one.mark_stale(REALM, USER)
    assert store().is_stale(REALM, USER)
    with pytest.raises(Absent):
        store().get(REALM, USER)
    one.set(REALM, USER, CANARY)
    assert store().get(REALM, USER) == CANARY
    one.mark_stale(REALM, USER)
    one.delete(REALM, USER)
    assert not one.is_stale(REALM, USER)


def test_the_refusal_of_the_old_one_does_not_mark_the_new_one(ring):
    one = store()
    one.set(REALM, USER, "old")
    setting = threading.Thread(target=store().set, args=(REALM, USER, CANARY))
    with one.guard(REALM, USER):
        setting.start()
        setting.join(0.2)
        one.mark_stale(REALM, USER)
    setting.join()
    assert store().get(REALM, USER) == CANARY


FULL = """
import os, resource
from runas.errors import ConfigurationError
from runas.secrets import open_store
store = open_store(os.environ, os.path.expanduser("~"))
store.set("https://idp.example", "me", "wrong")
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
store.mark_stale("https://idp.example", "me")
assert store.is_stale("https://idp.example", "me")
try:
    store.delete("https://idp.example", "me")
except ConfigurationError:
    assert store.is_stale("https://idp.example", "me")
else:
    raise SystemExit("deleted")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_a_full_disk_does_not_send_a_wrong_password_again(ring):
    subprocess.run([sys.executable, "-B", "-c", FULL], check=True)


def test_the_mark_survives_being_torn(ring, folder):
    one = store()
    one.set(REALM, USER, CANARY)
    one.mark_stale(REALM, USER)
    [mark] = folder.glob("*.stale")
    mark.write_bytes(b"")
    assert one.is_stale(REALM, USER)


def _attempt(gate, tries):
    """Do what a login with a kept password does; the provider always says no."""
    gate.wait()
    one = store()
    with one.guard(REALM, USER):
        try:
            one.get(REALM, USER)
        except Absent:
            return
        with open(tries, "a") as file:
            file.write("x")
        time.sleep(0.05)
        one.mark_stale(REALM, USER)


def test_fifty_commands_at_once_try_a_wrong_password_once(ring, tmp_path):
    store().set(REALM, USER, "wrong")
    tries = tmp_path / "tries"
    threads = threading.Barrier(30)
    running = [threading.Thread(target=_attempt, args=(threads, tries)) for _ in range(30)]
    for each in running:
        each.start()
    for each in running:
        each.join()
    assert tries.read_text() == "x"


def test_processes_too(ring, tmp_path):
    store().set(REALM, USER, "wrong")
    tries = tmp_path / "tries"
    program = (
        "import sys, os, time\n"
        "from runas.secrets import Absent, open_store\n"
        "one = open_store(dict(os.environ), os.environ['HOME'])\n"
        f"with one.guard({REALM!r}, {USER!r}):\n"
        "    try:\n"
        f"        one.get({REALM!r}, {USER!r})\n"
        "    except Absent:\n"
        "        sys.exit()\n"
        f"    open({str(tries)!r}, 'a').write('x')\n"
        "    time.sleep(0.1)\n"
        f"    one.mark_stale({REALM!r}, {USER!r})\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(8)]
    assert [each.wait() for each in running] == [0] * 8
    assert tries.read_text() == "x"


def test_parallel_writers_lose_nothing(ring):
    def write(number):
        store().set(REALM, f"user{number}", str(number))

    running = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    for each in running:
        each.start()
    for each in running:
        each.join()
    assert [store().get(REALM, f"user{n}") for n in range(12)] == [str(n) for n in range(12)]


JUNK = [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"a": 7}', b"x" * 44]


@pytest.mark.parametrize("content", JUNK)
@pytest.mark.parametrize("name", ["passwords.json", "passwords.key"])
def test_a_torn_file_costs_a_question(ring, folder, name, content):
    store().set(REALM, USER, CANARY)
    (folder / name).write_bytes(content)
    with pytest.raises(Absent):
        store().get(REALM, USER)
    store().set(REALM, USER, "new")
    assert store().get(REALM, USER) == "new"


def test_an_entry_that_is_no_text(ring, folder):
    store().set(REALM, USER, CANARY)
    kept = json.loads((folder / "passwords.json").read_text())
    for value in (7, None, {}, "é", "junk"):
        (folder / "passwords.json").write_text(json.dumps(dict.fromkeys(kept, value)))
        with pytest.raises(Absent):
            store().get(REALM, USER)


def test_another_key_opens_nothing(ring, folder):
    from cryptography.fernet import Fernet

    store().set(REALM, USER, CANARY)
    (folder / "passwords.key").write_bytes(Fernet.generate_key())
    with pytest.raises(Absent):
        store().get(REALM, USER)


def test_a_folder_that_cannot_be_written(ring, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RUNAS_STATE_DIR", str(tmp_path / "file"))
    one = store()
    with pytest.raises(Absent):
        one.get(REALM, USER)
    for act in (
        lambda: one.set(REALM, USER, CANARY),
        lambda: one.mark_stale(REALM, USER),
        lambda: one.guard(REALM, USER).__enter__(),
    ):
        with pytest.raises(ConfigurationError, match="passwords cannot be kept in") as caught:
            act()
        assert "RUNAS_STATE_DIR" in caught.value.hint
        assert CANARY not in f"{caught.value}"


@settings(max_examples=30)
@given(st.text(st.characters(exclude_categories=[])), st.text(), st.text())
def test_any_password_comes_back(tmp_path_factory, password, realm, user):
    keeper = EncryptedFile(str(tmp_path_factory.getbasetemp() / "any"))
    keeper.set(realm, user, password)
    assert keeper.get(realm, user) == password


WITHOUT_EXTRA = """
import sys
sys.modules["keyring"] = sys.modules["cryptography"] = sys.modules["cryptography.fernet"] = None
import os
from runas.errors import ConfigurationError
from runas.secrets import open_store
one = open_store(dict(os.environ), os.environ["HOME"])
for act in (lambda: one.set("r", "u", "p"), lambda: one.get("r", "u")):
    try:
        act()
    except ConfigurationError as error:
        print(error.status, error)
"""


def test_without_the_extra_the_error_says_what_to_type():
    out = subprocess.check_output([sys.executable, "-c", WITHOUT_EXTRA], text=True)
    fact = "78 keeping passwords needs the extra 'keyring'; type: pip install 'runas-core[keyring]'"
    assert out.splitlines() == [fact] * 2


def test_importing_and_opening_load_nothing():
    program = (
        "import os, sys; from runas.secrets import open_store; open_store(dict(os.environ), '/')\n"
        "print(*{'keyring', 'cryptography', 'requests', 'boto3'} & set(sys.modules))"
    )
    assert subprocess.check_output([sys.executable, "-c", program], text=True).strip() == ""


def test_no_secret_in_a_repr(ring):
    one = store()
    one.set(REALM, USER, CANARY)
    assert CANARY not in repr(one)
