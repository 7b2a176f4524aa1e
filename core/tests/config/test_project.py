"""The project file: found upwards, read in two languages, every value with its line."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runas.config.project import ProjectFile, find
from runas.config.toml_lines import plain
from runas.errors import ConfigurationError

TOML = """\
# for everybody here
role_prefix           = "arn:aws:iam::123456789012:role/"
refresh_before_expiry = "15m"   # a comment
profile_name_prefix = 'my"account'
default_profile = "dev"

Region = "eu-west-1"
remember_device = false
max_attempts = 5
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home" / ".aws").mkdir(parents=True)
    return tmp_path / "home"


def project(home: Path, name: str, text: str | bytes) -> ProjectFile:
    path = home / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = find(str(home), str(home))
    assert found is not None
    assert found.path == str(path)
    return found


def test_toml(home: Path) -> None:
    found = project(home, "runas.toml", TOML)
    assert found.values == {
        "role_prefix": "arn:aws:iam::123456789012:role/",
        "refresh_before_expiry": "900",
        "profile_name_prefix": 'my"account',
        "default_profile": "dev",
        "region": "eu-west-1",
        "remember_device": "false",
        "max_attempts": "5",
    }
    assert found.origin("region") == "~/runas.toml:7"
    assert found.origin("absent") == "~/runas.toml"
    assert found.content == TOML.encode()


def test_toml_that_is_not_plain_knows_its_lines_too(home: Path) -> None:
    text = '"a" = """\nx"""\nb.c = 1\n'.replace("b.c", "b_c") + 'd = "\\u00e9"\nf = 1.5\n'
    found = project(home, "runas.toml", "\ufeff" + text.replace("\n", "\r\n"))
    assert found.values == {"a": "x", "b_c": "1", "d": "é", "f": "1.5"}
    assert found.lines == {"a": 1, "b_c": 3, "d": 4, "f": 5}


def test_yaml_as_assume_role_reads_it(home: Path) -> None:
    text = (
        "role_prefix: arn:aws:iam::1234567890:role/ # c\nrefresh_before_expiry: 900000000000\n"
        "Profile_Name_Prefix: 'x y'\nsso_account_id: 001234567890\nremember_device: yes\nempty:\n"
    )
    found = project(home, "assume-role.yaml", text)
    assert found.values == {
        "role_prefix": "arn:aws:iam::1234567890:role/",
        "refresh_before_expiry": "900",
        "profile_name_prefix": "x y",
        "sso_account_id": "001234567890",
        "remember_device": "true",
    }
    assert found.origin("sso_account_id") == "~/assume-role.yaml:4"


@pytest.mark.parametrize(
    ("name", "text", "seconds"),
    [
        ("runas.toml", "refresh_before_expiry = 90", "90"),
        ("runas.toml", 'refresh_before_expiry = "1h30m"', "5400"),
        ("runas.toml", 'refresh_before_expiry = "900s"', "900"),
        ("runas.toml", "refresh_before_expiry = 0", "0"),
        ("assume-role.yaml", "refresh_before_expiry: 15m", "900"),
        ("assume-role.yaml", "refresh_before_expiry: 60000000000", "60"),
        ("assume-role.yaml", "refresh_before_expiry: 0", None),
        ("assume-role.yaml", "", None),
    ],
)
def test_durations(home: Path, name: str, text: str, seconds: str | None) -> None:
    assert project(home, name, text).values.get("refresh_before_expiry") == seconds


@pytest.mark.parametrize(
    ("name", "text", "line", "fact"),
    [
        ("runas.toml", "a = 1\n[table]\nb = 1", 2, "'table' is neither text"),
        ("runas.toml", "a = 1\nb = [1]", 2, "'b' is neither text"),
        ("runas.toml", "a = 1979-05-27", 1, "'a' is neither text"),
        ("runas.toml", "a = 1\n\nb = ", 3, "invalid value"),
        ("runas.toml", "a = 1\na = 2", 2, "cannot overwrite a value"),
        ("runas.toml", "a = 1\nA = 2", 2, "'a' is set twice"),
        ("runas.toml", 'a = "x', 1, "unterminated string"),
        ("runas.toml", 'refresh_before_expiry = "soon"', 1, "'soon', which is no duration"),
        ("runas.toml", "refresh_before_expiry = -1", 1, "'-1', which is no duration"),
        ("runas.toml", b"a = 1\nb = '\xff'", 2, "not text in UTF-8"),
        ("runas.toml", "a = 1" + "0" * 5000, 1, "a number beyond all reason"),
        ("runas.toml", "a = 0x" + "f" * 5000, 1, "'a' is a number beyond all reason"),
        ("assume-role.yaml", "a: 1\nb: !!bool maybe", 2, "no bool"),
        ("assume-role.yaml", "a: !!int ''", 1, "no int"),
        ("assume-role.yaml", 'a: "\\ud800"', 1, "'a' holds half a character"),
        ("runas.toml", 'a = "x\\u0000"', 1, "'a' holds half a character or a NUL"),
        ("assume-role.yaml", "a: !!timestamp soon", 1, "no timestamp"),
        ("assume-role.yaml", "refresh_before_expiry: 0x" + "f" * 5000, 1, "beyond all reason"),
        ("runas.toml", "a = " + "[" * 5000, 1, ""),
        ("assume-role.yaml", "a: 1\nb:\n  c: d", 2, "'b' is neither text"),
        ("assume-role.yaml", "a: 1\nb: [1]", 2, "'b' is neither text"),
        ("assume-role.yaml", "- a", 1, "not a list of KEY: VALUE"),
        ("assume-role.yaml", "a: 1\n b: 2", 2, "mapping values are not allowed here"),
        ("assume-role.yaml", "a: 1\nb: \x01", 2, "a character that YAML does not allow"),
        ("assume-role.yaml", "a: 1\n? [x]\n: y", 2, "a key that is no text"),
        ("assume-role.yaml", "a: !!int x", 1, "a value that is no int"),
        ("assume-role.yaml", "a: !!python/object:os.system x", 1, "a value that is no "),
        ("assume-role.yaml", "a: 1\na: 2", 2, "'a' is set twice"),
        ("assume-role.yaml", "a: " + "[" * 5000, 1, ""),
    ],
)
def test_a_broken_file_names_its_line(
    home: Path, name: str, text: str | bytes, line: int, fact: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        project(home, name, text)
    assert caught.value.fact.startswith(f"cannot read ~/{name}:{line}: ")
    assert fact.lower() in caught.value.fact.lower()
    assert caught.value.hint


def test_the_nearest_one_counts(home: Path) -> None:
    deep = home / "a" / "b"
    deep.mkdir(parents=True)
    for folder, name in (
        (home / ".aws", "assume-role.yaml"),
        (home / "a", "assume-role.yaml"),
        (home / "a", "runas.toml"),
        (deep, "assume-role.yaml"),
    ):
        path = folder / name
        path.write_text("")
        found = find(str(deep if folder != home / ".aws" else home), str(home))
        assert found is not None
        assert found.path == str(path)
    (home / "c" / "runas.toml").mkdir(parents=True)  # a folder of that name is none
    found = find(str(home / "c"), str(home))
    assert found is not None
    assert found.shown == "~/.aws/assume-role.yaml"


def test_none_is_none(home: Path) -> None:
    assert find(str(home), str(home)) is None
    assert find(str(home / "gone"), "") is None


line = st.builds(
    "{}{}{}".format,
    st.sampled_from(["a", "b-c", "d_1", "e.f", '"g"', "é", ""]),
    st.sampled_from([" = ", "=", "\t=\t", " "]),
    st.one_of(
        st.sampled_from(
            ["true", "1", "01", "0", "-1", "'x' # y", "''", '"""x"""', "'''", "[1]", "1 # 2", "1.5",
             '"a\\n"', "1_000", "tru", '"x" y', "'\x01'", '"\u2028"', "'\t'", "'é'\r"]
        ),
        st.text(alphabet="a\"'\\ #1\t\x7f", max_size=5),
    ),
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.lists(st.one_of(line, st.sampled_from(["", "# é", "[t]", " # \x01", "\r"])), max_size=4))
def test_what_is_read_as_plain_toml_is_toml(lines: list[str]) -> None:
    found = plain("\n".join(lines))
    if found is not None:
        assert found[0] == tomllib.loads("\n".join(lines))
        assert set(found[1]) == set(found[0])
