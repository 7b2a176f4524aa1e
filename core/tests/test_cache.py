"""Entries: what comes back, and what is a miss."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runas._credentials import Credentials
from runas.cache import VERSION, Cache, Entry, Miss
from runas.cache.document import digest, seal, unseal

KEY = "0123456789abcdef" * 2 + "01234567"
OTHER = "f" * 40
NOW = 1_800_000_000
KEYS = Credentials("ASIA1", "secret", "token\nwith a line and ☃", NOW + 3600)
ENTRY = Entry(KEYS, NOW, {"role": "arn:aws:iam::111122223333:role/x", "odd name\n": ""})
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX owners and modes")
text = st.text(st.characters(), max_size=30)


@pytest.fixture
def notices() -> list[str]:
    return []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "cache"


@pytest.fixture
def cache(folder: Path, notices: list[str]) -> Cache:
    return Cache(str(folder), notices.append)


def file_of(folder: Path) -> Path:
    return folder / f"{KEY}.credentials"


class TestEntries:
    def test_come_back_as_written(self, cache: Cache) -> None:
        cache.write(KEY, ENTRY)
        assert cache.read(KEY) == ENTRY

    def test_are_replaced(self, cache: Cache) -> None:
        cache.write(KEY, ENTRY)
        cache.write(KEY, Entry(Credentials("AKIA", "long-term"), 7))
        assert cache.read(KEY) == Entry(Credentials("AKIA", "long-term"), 7)

    def test_of_nobody_are_a_miss_and_leave_no_folder(self, cache: Cache, folder: Path) -> None:
        with pytest.raises(Miss):
            cache.read(KEY)
        assert list(cache.entries()) == []
        assert cache.clear() == 0
        cache.drop(KEY)
        assert not folder.exists()

    def test_are_dropped_one_by_one_and_keep_their_notes(self, cache: Cache) -> None:
        cache.write(KEY, ENTRY)
        cache.write(OTHER, ENTRY)
        cache.note(KEY, {"used": "1"}, 2**40)
        cache.drop(KEY)
        assert [name for name, _ in cache.entries()] == [OTHER]
        assert cache.noted(KEY) == {"used": "1"}

    def test_are_cleared_but_not_what_is_not_ours(self, cache: Cache, folder: Path) -> None:
        cache.write(KEY, ENTRY)
        cache.write(OTHER, ENTRY)
        cache.note(KEY, {"a": "b"}, 2**40)
        foreign = ["beef.credentials", "README", "x.note", f"{KEY}.json"]
        for name in foreign:
            (folder / name).write_text("not ours")
        (folder / f"{KEY}.credentials.00ff.tmp").write_text("of a killed writer")
        with cache.lock(KEY):
            pass
        assert cache.clear() == 2
        assert cache.noted(KEY) == {}
        assert sorted(os.listdir(folder)) == sorted([*foreign, f"{KEY}.lock"])

    def test_are_listed_without_what_cannot_be_read(self, cache: Cache, folder: Path) -> None:
        cache.write(KEY, ENTRY)
        (folder / f"{OTHER}.credentials").write_bytes(b"torn")
        (folder / "foreign.credentials").write_bytes(b"")
        (folder / f"{'e' * 40}.credentials").mkdir()
        assert list(cache.entries()) == [(KEY, ENTRY)]

    @posix
    def test_are_the_owners_alone_whatever_the_umask(self, cache: Cache, folder: Path) -> None:
        before = os.umask(0)
        try:
            cache.write(KEY, ENTRY)
            cache.note(KEY, {}, 2**40)
            with cache.lock(KEY):
                pass
        finally:
            os.umask(before)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}

    def test_litter_is_swept_when_old(self, cache: Cache, folder: Path) -> None:
        cache.write(KEY, ENTRY)
        young, old = (folder / f"{KEY}.credentials.{n}.tmp" for n in ("01", "02"))
        dead, stranger = folder / f"{'d' * 40}.credentials", folder / "old.tmp"
        for file in (young, old, dead, stranger):
            file.write_text("")
        for file in (old, dead, stranger):
            os.utime(file, (1, 1))
        cache.write(OTHER, ENTRY)
        assert (young.exists(), stranger.exists()) == (True, True)
        assert (old.exists(), dead.exists()) == (False, False)

    @pytest.mark.parametrize("name", ["", "../../x", "abc", "G" * 40, KEY.upper(), f"{KEY}/x"])
    def test_names_that_are_no_key_never_reach_the_disk(self, cache: Cache, name: str) -> None:
        with pytest.raises(ValueError, match="cache key"):
            cache.read(name)
        with pytest.raises(ValueError, match="cache key"):
            cache.write(name, ENTRY)

    def test_keep_secrets_out_of_their_repr_and_do_not_change(self) -> None:
        assert "secret" not in repr(ENTRY)
        assert "with a line" not in repr(ENTRY)
        with pytest.raises(AttributeError):
            ENTRY.obtained = 1
        with pytest.raises(AttributeError):
            del ENTRY.obtained
        assert len({ENTRY, Entry(KEYS, NOW, ENTRY.facts)}) == 1


class TestAFileIsAMiss:
    def test_when_of_a_future_version(self, cache: Cache, folder: Path) -> None:
        cache.write(KEY, ENTRY)
        body = file_of(folder).read_bytes()[:-50]
        future = body.replace(b"cache %d\n" % VERSION, b"cache %d\n" % (VERSION + 1), 1)
        file_of(folder).write_bytes(future + f"checksum {digest(future)}\n".encode())
        with pytest.raises(Miss):
            cache.read(KEY)
        cache.write(KEY, ENTRY)
        assert cache.read(KEY) == ENTRY

    def test_when_of_another_key(self, cache: Cache, folder: Path) -> None:
        cache.write(KEY, ENTRY)
        shutil.copy(file_of(folder), folder / f"{OTHER}.credentials")
        with pytest.raises(Miss):
            cache.read(OTHER)

    @pytest.mark.parametrize(
        "fields",
        [
            {"key": KEY},
            {"key": KEY, "access_key_id": "A", "secret_access_key": "S", "obtained": "soon"},
            {"key": KEY, "access_key_id": "A", "secret_access_key": "S"},
            {"access_key_id": "A", "secret_access_key": "S", "obtained": "1"},
        ],
    )
    def test_when_whole_but_senseless(
        self, cache: Cache, folder: Path, fields: dict[str, str]
    ) -> None:
        cache.write(KEY, ENTRY)
        file_of(folder).write_bytes(seal(fields))
        with pytest.raises(Miss):
            cache.read(KEY)

    @pytest.mark.parametrize("lines", [b"3 3 keyabc\n", b"x\n", b"-9 3 k v\n", b"1 1 \xff v\n"])
    def test_when_well_summed_but_not_ours(self, cache: Cache, folder: Path, lines: bytes) -> None:
        cache.write(KEY, ENTRY)
        body = b"runas cache %d\n%b" % (VERSION, lines)
        file_of(folder).write_bytes(body + f"checksum {digest(body)}\n".encode())
        with pytest.raises(Miss):
            cache.read(KEY)

    @posix
    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o777])
    def test_when_others_may_read_or_write_it(self, cache: Cache, folder: Path, mode: int) -> None:
        cache.write(KEY, ENTRY)
        file_of(folder).chmod(mode)
        with pytest.raises(Miss):
            cache.read(KEY)

    @pytest.mark.skipif(
        sys.platform == "win32" or os.geteuid() != 0, reason="needs root to give a file away"
    )
    def test_when_somebody_elses(self, cache: Cache, folder: Path) -> None:
        cache.write(KEY, ENTRY)
        os.chown(file_of(folder), 65534, 65534)
        with pytest.raises(Miss):
            cache.read(KEY)
        cache.write(KEY, ENTRY)
        assert cache.read(KEY) == ENTRY

    @posix
    def test_when_a_link_a_pipe_or_a_folder(
        self, cache: Cache, folder: Path, notices: list[str]
    ) -> None:
        cache.write(KEY, ENTRY)
        real = folder / "elsewhere"
        file_of(folder).rename(real)
        file_of(folder).symlink_to(real)
        with pytest.raises(Miss):
            cache.read(KEY)
        file_of(folder).unlink()
        os.mkfifo(file_of(folder), 0o600)
        with pytest.raises(Miss):
            cache.read(KEY)
        file_of(folder).unlink()
        file_of(folder).mkdir(mode=0o700)
        with pytest.raises(Miss):
            cache.read(KEY)
        cache.write(KEY, ENTRY)
        cache.drop(KEY)
        assert len(notices) == 1

    @given(st.data())
    def test_or_the_very_entry_after_any_damage(
        self, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
    ) -> None:
        folder = tmp_path_factory.getbasetemp() / "damage"
        cache = Cache(str(folder))
        cache.write(KEY, ENTRY)
        whole = file_of(folder).read_bytes()
        start = data.draw(st.integers(0, len(whole)))
        end = data.draw(st.integers(start, len(whole)) | st.just(len(whole)))
        file_of(folder).write_bytes(whole[:start] + data.draw(st.binary(max_size=9)) + whole[end:])
        try:
            assert cache.read(KEY) == ENTRY
        except Miss:
            assert file_of(folder).read_bytes() != whole

    @given(st.dictionaries(text, text))
    def test_never_when_it_holds_any_text(self, fields: dict[str, str]) -> None:
        assert unseal(seal(fields)) == fields


class TestNotes:
    def test_come_back_until_they_expire(self, cache: Cache) -> None:
        cache.note(KEY, {"duration": "3600", "": "☃\n"}, 2**40)
        assert cache.noted(KEY) == {"duration": "3600", "": "☃\n"}
        cache.note(KEY, {"duration": "3600"}, 1)
        assert cache.noted(KEY) == {}

    def test_are_nothing_when_absent_torn_or_credentials(self, cache: Cache, folder: Path) -> None:
        assert cache.noted(KEY) == {}
        cache.write(KEY, ENTRY)
        shutil.copy(file_of(folder), folder / f"{KEY}.note")
        assert cache.noted(KEY) == {}
        (folder / f"{KEY}.note").write_bytes(b"torn")
        assert cache.noted(KEY) == {}

    def test_cannot_pass_for_credentials(self, cache: Cache, folder: Path) -> None:
        cache.note(KEY, {"access_key_id": "A", "secret_access_key": "S", "obtained": "1"}, 2**40)
        shutil.copy(folder / f"{KEY}.note", file_of(folder))
        with pytest.raises(Miss):
            cache.read(KEY)


READ_ONE = """
import sys
import runas.cache, runas.formats
from runas._credentials import Credentials
cache = runas.cache.Cache(sys.argv[1])
entry = cache.read(sys.argv[2])
assert entry.fresh(1_800_000_000, 300)
runas.formats.render("json", entry.credentials)
runas.formats.render("env", entry.credentials)
print("\\n".join(sys.modules))
"""


def test_reading_imports_next_to_nothing(cache: Cache) -> None:
    cache.write(KEY, Entry(Credentials("ASIA", "S", "T", NOW + 3600), NOW))

    def modules(*arguments: str) -> set[str]:
        command = [sys.executable, "-S", "-c", *arguments]
        paths = os.pathsep.join(path for path in sys.path if path)
        environment = {**os.environ, "PYTHONPATH": paths}
        return set(subprocess.check_output(command, text=True, env=environment).split())

    bare = modules("import os, sys; print('\\n'.join(sys.modules))")
    read = modules(READ_ONE, cache._folder, KEY)
    assert read - bare <= {
        "__future__",
        "_blake2",
        "runas",
        "runas.cache",
        "runas.cache.document",
        "runas.cache.keys",
        "runas._credentials",
        "runas.formats",
    }
