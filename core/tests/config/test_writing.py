"""Section-wise writing: the section changes, every other byte stays."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from runas.config import atomic
from runas.config.aws_files import AwsFile
from runas.config.headers import kind_and_name
from runas.config.writing import append_section, header_for, remove_section, write_section
from runas.errors import ConfigurationError

BEFORE = """\
# mine
[default]
region = eu-west-1   ; stays

[profile a]
# about the role
role_arn  =  old
    continued
\tS3 = not an option of ours
source_profile: default
s3 =
    addressing_style = path
    # keep me
    max = 1

# about b
[profile "b c"]
region=x"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    config = tmp_path / "config"
    config.write_bytes(BEFORE.encode())
    return config


def read(path: Path, name: str) -> dict[str, object]:
    section = AwsFile(str(path), credentials=False).profile(name)
    return {**section.values, **section.nested} if section else {}


def test_a_value_is_replaced_in_its_own_style(path: Path) -> None:
    assert write_section(str(path), "profile a", {"ROLE_ARN": "new", "source_profile": "b c"})
    lines = "role_arn  =  old\n    continued\n\tS3 = not an option of ours\nsource_profile: default"
    after = BEFORE.replace(lines, "role_arn  =  new\nsource_profile: b c")
    assert path.read_bytes() == after.encode()


def test_a_new_key_goes_below_the_last_one(path: Path) -> None:
    assert write_section(str(path), "profile a", {"region": "y"})
    assert path.read_bytes() == BEFORE.replace("max = 1\n", "max = 1\nregion = y\n").encode()


def test_a_removed_key_takes_its_continuation_with_it(path: Path) -> None:
    assert write_section(str(path), "profile a", {"s3": None, "nothing": None})
    nested = "s3 =\n    addressing_style = path\n    # keep me\n    max = 1\n"
    assert path.read_bytes() == BEFORE.replace(nested, "    # keep me\n").encode()


def test_nested_settings_change_one_by_one(path: Path) -> None:
    change: dict[str, dict[str, str | None]] = {
        "s3": {"max": "2", "new": "z", "addressing_style": None},
        "dynamodb": {"a": "b"},
    }
    assert write_section(str(path), "profile a", {}, nested=change)
    nested = "    # keep me\n    max = 2\n    new = z\ndynamodb =\n    a = b\n"
    assert nested in path.read_text()
    assert read(path, "a")["s3"] == {"max": "2", "new": "z"}
    assert write_section(str(path), "profile a", {}, nested={"s3": {"max": None, "new": None}})
    assert "s3" not in read(path, "a")


def test_a_section_is_found_in_any_spelling(path: Path) -> None:
    assert write_section(str(path), header_for("profile", "b c"), {"region": "y", "output": "json"})
    assert path.read_text() == BEFORE.replace("region=x", "region=y\noutput = json\n")
    assert write_section(str(path), "profile  'b c'", {"output": None})
    assert path.read_text() == BEFORE.replace("region=x", "region=y\n")


def test_a_missing_section_is_appended(path: Path) -> None:
    assert write_section(str(path), "profile new", {"region": "x", "empty": ""})
    assert path.read_text() == BEFORE + "\n\n[profile new]\nregion = x\nempty =\n"
    assert read(path, "new") == {"region": "x", "empty": ""}


def written(path: Path) -> tuple[int, int, int]:
    """Return what is another after every write; reading a file changes its time of access."""
    facts = path.stat()
    return facts.st_ino, facts.st_mtime_ns, facts.st_ctime_ns


def test_what_the_file_says_already_is_not_written(path: Path) -> None:
    before = written(path)
    same = {"role_arn": str(read(path, "a")["role_arn"])}
    with pytest.raises(ConfigurationError):  # a value of several lines cannot be asked for
        write_section(str(path), "profile a", same)
    change = {"source_profile": "default", "gone": None}
    assert not write_section(str(path), "profile a", change, nested={"s3": {"max": "1"}})
    assert not write_section(str(path), "profile gone", {"region": None})
    assert not remove_section(str(path), "profile gone")
    assert written(path) == before


def test_a_removed_section_leaves_its_neighbours_comments(path: Path) -> None:
    assert remove_section(str(path), "profile a")
    start, end = BEFORE.index("[profile a]"), BEFORE.index("# about b")
    assert path.read_text() == BEFORE[:start] + BEFORE[end:]


def test_appending_refuses_a_section_that_exists(path: Path) -> None:
    with pytest.raises(ConfigurationError, match="already"):
        append_section(str(path), "profile b c".replace("b c", '"b c"'), {"region": "x"})
    assert append_section(str(path), "sso-session corp", {"sso_region": "x"})
    assert path.read_text().endswith("\n\n[sso-session corp]\nsso_region = x\n")


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_endings_and_the_byte_order_mark_stay(path: Path, ending: str) -> None:
    content = b"\xef\xbb\xbf" + BEFORE.replace("\n", ending).encode()
    path.write_bytes(content)
    assert write_section(str(path), "default", {"region": "z", "output": "json"})
    old, new = "region = eu-west-1   ; stays", f"region = z{ending}output = json"
    assert path.read_bytes() == content.replace(old.encode(), new.encode())


def test_bytes_that_are_no_text_stay(path: Path) -> None:
    content = b"# caf\xe9\n[profile x]\nregion = \xff\n\n" + BEFORE.encode()
    path.write_bytes(content)
    assert write_section(str(path), "default", {"region": "z"})
    assert path.read_bytes() == content.replace(b"eu-west-1   ; stays", b"z")


def test_an_indented_header_below_stays_a_header(path: Path) -> None:
    path.write_text("[a]\n  [profile b]\n  region = x\n")
    assert write_section(str(path), "a", {"output": "json"})
    assert path.read_text() == "[a]\n  output = json\n  [profile b]\n  region = x\n"
    path.write_text("[a]\nx = y\n[b]\n  [profile c]\n  region = x\n")
    with pytest.raises(ConfigurationError, match="another section"):
        remove_section(str(path), "b")
    assert read(path, "c") == {"region": "x"}


@pytest.mark.parametrize(
    ("header", "changes"),
    [
        ("profile a", {"region": "x\n[profile evil]"}),
        ("profile a", {"region": "x\0"}),
        ("profile a", {"re\rgion": "x"}),
        ("profile a\n[x", {"region": "x"}),
        ("profile a", {"region": " padded "}),
        ("profile a", {"# region": "x"}),
        ("profile a", {"[x]": "x"}),
        ("profile a", {"a=b": "x"}),
        ("profile a", {"": "x"}),
        ("", {"region": "x"}),
    ],
)
def test_what_would_break_the_file_is_refused(
    path: Path, header: str, changes: dict[str, str]
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        write_section(str(path), header, changes)
    assert caught.value.hint
    assert "evil" not in str(caught.value)
    assert path.read_bytes() == BEFORE.encode()


def test_a_broken_section_is_not_edited(path: Path) -> None:
    path.write_text("[profile a]\nregion = x\nregion = y\n[profile b]\n[profile b]\n")
    with pytest.raises(ConfigurationError, match=r"config:3: 'region' is set twice"):
        write_section(str(path), "profile a", {"region": "z"})
    with pytest.raises(ConfigurationError, match=r"config:5: "):
        write_section(str(path), "profile b", {"region": "z"})
    assert write_section(str(path), "profile c", {"region": "z"})


def test_names_are_quoted_where_needed() -> None:
    assert header_for("profile", "default") == "default"
    assert header_for("profile", "dev") == "profile dev"
    assert header_for("sso-session", "my corp") == 'sso-session "my corp"'
    for name in ('a "b" c', "a\\b", "it's", "é [1"):
        assert kind_and_name(header_for("profile", name)) == ("profile", name)
    for name in ("a]b", "a\nb"):
        with pytest.raises(ConfigurationError):
            header_for("profile", name)


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes and links")
class TestTheFileItself:
    def test_a_new_file_is_private_and_so_is_its_folder(self, tmp_path: Path) -> None:
        path = tmp_path / "new" / "credentials"
        assert write_section(str(path), "dev-runas", {"aws_access_key_id": "x"})
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert os.listdir(path.parent) == ["credentials"]  # neither lock nor temporary stays

    def test_mode_and_link_stay(self, path: Path, tmp_path: Path) -> None:
        path.chmod(0o640)
        link = tmp_path / "link"
        link.symlink_to(path.name)
        assert write_section(str(link), "default", {"region": "z"}, backup=True)
        assert link.is_symlink()
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        assert read(path, "default") == {"region": "z"}

    def test_the_backup_is_of_the_first_state(self, path: Path) -> None:
        backup = path.with_name("config.bak")
        write_section(str(path), "default", {"region": "1"})
        assert not backup.exists()
        first = path.read_bytes()
        write_section(str(path), "default", {"region": "2"}, backup=True)
        write_section(str(path), "default", {"region": "3"}, backup=True)
        assert backup.read_bytes() == first
        assert stat.S_IMODE(backup.stat().st_mode) == stat.S_IMODE(path.stat().st_mode)

    def test_a_device_is_never_replaced(self) -> None:
        with pytest.raises(ConfigurationError, match="not a file"):
            write_section("/dev/null", "default", {"region": "x"})
        assert stat.S_ISCHR(os.stat("/dev/null").st_mode)

    def test_a_failed_write_leaves_the_file(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(handle: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(ConfigurationError, match="no space left"):
            write_section(str(path), "default", {"region": "z"})
        assert path.read_bytes() == BEFORE.encode()
        assert os.listdir(path.parent) == ["config"]

    @pytest.mark.parametrize("moment", ["tempfile.mkstemp", "os.rename"])
    def test_what_a_killed_writer_leaves_goes_with_the_next_writing(
        self, path: Path, moment: str
    ) -> None:
        program = (
            "import os, sys; from runas.config.writing import write_section\n"
            "def hook(event, arguments):\n"
            "    if event == sys.argv[2]: os.kill(os.getpid(), 9)\n"
            "sys.addaudithook(hook)\n"
            "write_section(sys.argv[1], 'default', {'region': 'z'}, backup=True)"
        )
        done = subprocess.run([sys.executable, "-c", program, str(path), moment], check=False)
        assert done.returncode == -9
        assert path.read_bytes() == BEFORE.encode()
        for name in (".config.swp", ".config.other.runas-new", ".config.x.abcdefgh.runas-new"):
            path.with_name(name).touch()
        assert write_section(str(path), "default", {"region": "y"})
        assert len(os.listdir(path.parent)) == 4
        assert read(path, "default") == {"region": "y"}

    def test_what_a_program_without_locks_writes_meanwhile_stays(self, path: Path) -> None:
        """The AWS CLI writes in place; the hook does so once when our copy is about to be made."""
        program = (
            "import sys; from runas.config.writing import write_section, write_sections\n"
            "left = [1]\n"
            "def hook(event, arguments):\n"
            "    if event == 'tempfile.mkstemp' and left and left.pop():\n"
            "        with open(sys.argv[1], 'a') as file:\n"
            "            file.write('\\n[profile aws]\\na = b\\n')\n"
            "sys.addaudithook(hook)\n"
            "write_section(sys.argv[1], 'profile one', {'region': 'z'})\n"
            "left.append(1)\n"
            "write_sections(sys.argv[1], {'profile two': {'region': 'z'}})"
        )
        subprocess.run([sys.executable, "-c", program, str(path)], check=True)
        text = path.read_text()
        assert text.startswith(BEFORE)
        assert [text.count(f"[profile {name}]") for name in ("one", "two", "aws")] == [1, 1, 2]
        assert os.listdir(path.parent) == ["config"]

    def test_a_lock_held_elsewhere_ends_in_an_error(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(atomic, "PATIENCE", 0.0)
        with atomic.locked(str(path)), pytest.raises(ConfigurationError, match="another program"):
            write_section(str(path), "default", {"region": "z"})
        assert write_section(str(path), "default", {"region": "z"})


def test_parallel_writers_lose_nothing(path: Path) -> None:
    program = (
        "import sys; from runas.config.writing import write_section\n"
        "for n in range(15): write_section(sys.argv[1], f'profile {sys.argv[2]}{n}', {'a': 'b'})"
    )
    command = [sys.executable, "-c", program, str(path)]
    writers = [subprocess.Popen([*command, letter]) for letter in "pqrs"]
    assert [writer.wait() for writer in writers] == [0] * 4
    names = AwsFile(str(path), credentials=False).profile_names()
    assert len(names) == 3 + 4 * 15


settings_ = st.lists(
    st.sampled_from(
        [
            "a = 1",
            "b: 2",
            "  c = 3",
            "s3 =\n  x = 1\n  y = 2",
            "# no",
            "",
            "A = 4",
            "\td = 5",
            "e =",
        ]
    ),
    max_size=5,
)
sections = st.lists(
    st.tuples(st.sampled_from(["[a]", "[profile b]", "  [c]", "[default]", "[d] # x"]), settings_),
    max_size=4,
)
texts = st.sampled_from(["x", "", "a = b", "# c", "[d]", "é", None])
key = st.sampled_from(["a", "b", "c", "s3", "new"])


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sections, st.sampled_from(["a", "profile b", "c", "x"]), st.dictionaries(key, texts))
def test_any_edit_reads_back_and_touches_no_other_section(
    tmp_path: Path,
    content: list[tuple[str, list[str]]],
    header: str,
    changes: dict[str, str | None],
) -> None:
    path = tmp_path / "config"
    text = "\n".join("\n".join([head, *body]) for head, body in content)
    path.write_bytes(text.encode())
    problems: list[ConfigurationError] = []
    before = {s.line: s for s in AwsFile(str(path), credentials=True).sections(problems)}
    assume(not problems)
    try:
        changed = write_section(str(path), header, changes)
    except ConfigurationError:
        assert path.read_bytes() == text.encode()
        return
    assert changed == (path.read_bytes() != text.encode())
    assert not write_section(str(path), header, changes)
    file = AwsFile(str(path), credentials=True)
    after = {s.name: (s.values, s.nested) for s in file.sections()}
    for old in before.values():
        if old.name != header:
            assert after[old.name] == (old.values, old.nested)
    values, nested = after.get(header, ({}, {}))
    for one, wanted in changes.items():
        assert values.get(one) == wanted
        assert one not in nested
