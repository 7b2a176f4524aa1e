"""Many sections in one pass: as if each were written by itself, and every other byte stays."""

from __future__ import annotations

import stat
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runas.config.writing import remove_section, write_section, write_sections
from runas.errors import ConfigurationError

BEFORE = """\
# mine
[default]
region = eu-west-1   ; stays

[profile a]
# about the role
role_arn  =  old
    continued
s3 =
    addressing_style = path
    # keep me

# about b
[profile "b c"]
region=x

[profile d]
[profile e]
region = z"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    config = tmp_path / "config"
    config.write_bytes(BEFORE.encode())
    return config


def test_sections_change_appear_and_go_in_one_writing(path: Path) -> None:
    changes: dict[str, dict[str, str | None]] = {
        "profile a": {"ROLE_ARN": "new", "region": "y"},
        "profile 'b c'": {"region": "w"},
        "profile d": {"output": "json"},
        "profile new": {"region": "n", "gone": None},
        "profile other": {"a": "b"},
        "profile nothing": {"gone": None},
    }
    assert write_sections(str(path), changes, ["profile e", "profile unknown"])
    expected = (
        BEFORE.replace("  old\n    continued", "  new")
        .replace("addressing_style = path\n", "addressing_style = path\n    # keep me\n", 1)
        .replace("    # keep me\n    # keep me\n", "    # keep me\n")
        .replace("region=x", "region=w")
        .replace("[profile d]\n[profile e]\nregion = z", "[profile d]\noutput = json\n")
    )
    expected = expected.replace(
        "addressing_style = path\n", "addressing_style = path\nregion = y\n", 1
    )
    expected += "\n[profile new]\nregion = n\n\n[profile other]\na = b\n"
    assert path.read_text() == expected
    assert not write_sections(str(path), changes)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_line_endings_and_a_byte_order_mark_stay(path: Path, ending: str, bom: bytes) -> None:
    path.write_bytes(bom + BEFORE.replace("\n", ending).encode())
    assert write_sections(
        str(path), {"profile e": {"output": "json"}, "profile new": {"region": "n"}}
    )
    after = BEFORE + "\noutput = json\n\n[profile new]\nregion = n\n"
    assert path.read_bytes() == bom + after.replace("\n", ending).encode()


def test_mode_link_and_backup(path: Path, tmp_path: Path) -> None:
    path.chmod(0o640)
    link = tmp_path / "link"
    link.symlink_to(path)
    assert write_sections(str(link), {"profile d": {"region": "1"}}, backup=True)
    once = path.read_bytes()
    assert write_sections(str(link), {"profile d": {"region": "2"}}, backup=True)
    kept = path.with_name("config.runas-backup")
    assert link.is_symlink()
    assert kept.read_bytes() == once
    assert [stat.S_IMODE(one.stat().st_mode) for one in (path, kept)] == [0o640, 0o640]


def test_a_new_file_is_private(tmp_path: Path) -> None:
    path = tmp_path / "new" / "config"
    assert write_sections(str(path), {"profile a": {"region": "x"}, "default": {"b": ""}})
    assert path.read_text() == "[profile a]\nregion = x\n\n[default]\nb =\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("[profile x]\na = 1\n\n[profile d]\nnonsense\n", 5),
        ("[profile d]\na = 1\n[profile x]\n[profile d]\n", 4),
    ],
)
def test_a_broken_section_is_named_and_nothing_is_written(
    path: Path, content: str, line: int
) -> None:
    path.write_text(content)
    with pytest.raises(ConfigurationError, match=f":{line}: "):
        write_sections(str(path), {"profile x": {"a": "2"}, "profile d": {"a": "b"}})
    assert path.read_text() == content
    assert write_sections(str(path), {"profile x": {"a": "2"}})


@pytest.mark.parametrize(
    "changes",
    [
        {"profile d": {"a": "b\nc"}},
        {"profile d\n[x": {"a": "b"}},
        {"profile d": {"a": " b"}},
        {"profile d": {"a=b": "c"}},
        {"profile new": {"# a": "c"}},
        {"x]\0": {"a": "c"}},
    ],
)
def test_what_would_not_read_back_is_refused(path: Path, changes: dict) -> None:
    with pytest.raises(ConfigurationError):
        write_sections(str(path), changes)
    assert path.read_text() == BEFORE


def test_an_indented_header_behind_a_section_that_goes(path: Path) -> None:
    path.write_text("[profile a]\n[profile b]\n [profile c]\n d = e\n")
    assert write_sections(str(path), {"profile a": {"x": "1"}}, {"profile b"})
    assert path.read_text() == "[profile a]\n x = 1\n [profile c]\n d = e\n"


NAMES = [f"profile n{number}" for number in range(6)]
PIECES = st.sampled_from(
    ["", "# c\n", "\n", "a = 1\n", "  b = 2\n", "s3 =\n  x = y\n", "c: 3\n   more\n", "\t; d\n"]
)
SECTIONS = st.lists(
    st.tuples(st.sampled_from(["", "", " "]), st.lists(PIECES, max_size=5, unique=True)),
    max_size=5,
)
CHANGES = st.dictionaries(
    st.sampled_from(NAMES),
    st.dictionaries(st.sampled_from("abcxz"), st.sampled_from(["1", "9", None]), max_size=3),
    max_size=5,
)


@given(SECTIONS, CHANGES, st.sets(st.sampled_from(NAMES), max_size=2))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_as_one_section_after_the_other(
    tmp_path: Path, sections: list, changes: dict, remove: set
) -> None:
    """Wherever the single edits succeed, the outcome is theirs, but for how new keys indent.

    A new key is indented by what stands below it, and that may go in the same pass.
    """
    text = "".join(
        f"{indent}[{name}]\n" + "".join(pieces)
        for name, (indent, pieces) in zip(NAMES, sections, strict=False)
    )
    one, many = tmp_path / "one", tmp_path / "many"
    one.write_text(text)
    many.write_text(text)
    changes = {header: keys for header, keys in changes.items() if header not in remove}
    try:
        for header in sorted(remove):
            remove_section(str(one), header)
        for header, keys in changes.items():
            write_section(str(one), header, keys)
    except ConfigurationError:
        return
    write_sections(str(many), changes, remove)
    told = [[line.strip() for line in path.read_text().splitlines()] for path in (one, many)]
    assert told[0] == told[1]


@pytest.mark.timing
def test_time_is_linear(tmp_path: Path) -> None:
    def seconds(pairs: int) -> float:
        path = tmp_path / f"{pairs}"
        path.write_text("".join(f"[profile o{n}]\nregion = x\n\n" for n in range(pairs * 2)))
        changes = {f"profile n{n}": {"a": "b"} for n in range(pairs)}
        changes |= {f"profile o{n}": {"region": "y"} for n in range(0, pairs, 2)}
        begun = time.process_time()
        write_sections(str(path), changes)
        return time.process_time() - begun

    assert min(seconds(2000) for _ in range(3)) < 4 * min(seconds(1000) for _ in range(3))
