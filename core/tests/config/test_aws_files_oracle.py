"""botocore is the oracle: whatever file it accepts, runas reads the same profiles in it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest
from botocore import configloader
from botocore.exceptions import ConfigParseError
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from runas.config.aws_files import AwsFile, Section
from runas.config.ini import words
from runas.errors import ConfigurationError

FILES = settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

space = st.sampled_from(["", "", "", " ", "  ", "\t", "    ", "\u00a0"])
name = st.sampled_from(
    ["a", "b", "dev", "default", '"a b"', "a b", "a\\ b", "'a'", 'a"b c"', "a]b", "a[b", '"', "é",
     '""', "DEFAULT", "x # y"]
)  # fmt: skip
word = st.sampled_from(
    ["profile", "profile", "profile", "sso-session", "services", "profiles", "plugins", "'profile'"]
)
header = st.one_of(
    st.builds("[{}{}{}{}]".format, word, st.sampled_from([" ", " ", "  ", "\t", ""]), name, space),
    st.builds("[{}]".format, name),
    st.sampled_from(["[default]", "[DEFAULT]", "[default]", "[]", "[profile a", "[ default ]"]),
)
key = st.sampled_from(["region", "Region", "role_arn", "s3", "a b", "é", "x[1]", "[x"])
value = st.sampled_from(
    ["", "", "eu-west-1", "a # b", "a ; b", "a=b:c", '["x", "y"]', " v ", "[profile a]", "\u2028x",
     "a\x0bb=c", "é"]
)  # fmt: skip
line = st.one_of(
    header,
    header,
    st.builds("{}{}{}{}{}".format, key, space, st.sampled_from("=:"), space, value),
    st.builds("  {} = {}".format, key, value),
    st.sampled_from(["", "  ", "# comment", " ; comment", "#[profile a]", "  indented", "bare"]),
    value,
)
setting = st.builds("{}{}{}{}{}".format, key, space, st.sampled_from("=:"), space, value)
block = st.sampled_from(["s3", "S3", "dynamodb", "deep"]).flatmap(
    lambda one: st.lists(
        st.sampled_from(["  a = b", "\tA=b # c", "  b = ", "", "  # no", "      c = d=e"]),
        max_size=4,
    ).map(lambda inner: "\n".join([f"{one} =", *inner]))
)
section = st.builds(
    lambda head, comment, options, blocks: "\n".join([head + comment, *options, *blocks]),
    header,
    st.sampled_from(["", "", " # comment", "]", "  "]),
    st.lists(setting, max_size=3, unique_by=lambda text: text[:1].lower()),
    st.lists(block, max_size=2, unique_by=lambda text: text[:1].lower()),
)
likely = st.lists(section, max_size=4, unique_by=lambda text: text.partition("\n")[0]).map(
    "\n".join
)
ending = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"])
wild = st.builds(
    lambda start, lines, end, last: end.join([start, *[a + b for a, b in lines]]) + last,
    header,
    st.lists(st.tuples(space, line), max_size=14),
    ending,
    st.sampled_from(["", "\n", "\r\n"]),
)
document = st.one_of(
    likely, likely, st.builds(lambda text, end: text.replace("\n", end), likely, ending), wild
)


def as_botocore_has_it(section: Section) -> dict[str, Any]:
    return {**section.values, **section.nested}


def ours(file: AwsFile, kind: str) -> dict[str, Any]:
    found = [section for section in file.sections() if section.kind == kind]
    return {section.name: as_botocore_has_it(section) for section in found}


@FILES
@given(document)
@example('[profile a]\nregion = x\n\n[profile "a"]\nregion = y\n')
@example("[default]\nregion = x\n[profile default]\nregion = y\n")
@example("[profile default]\nregion = x\n[default]\nregion = y\n")
@example("[profile a]\nregion = x\n  [profile b]\n[profile b]\nregion = y\n")
@example("  [profile a]\nregion = x\n  [profile b]\nregion = y\n")
@example("[profile a]\ns3 =\n  max = 1\n\n  # no\n  max = 2\n  A = b\nregion: x\n")
@example("[profile a]\n[DEFAULT]\nregion = x\ns3 =\n a = b\n[profile b]\nregion = y\n")
def test_a_config_file_reads_as_botocore_reads_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config"
    path.write_bytes(text.encode())
    try:
        loaded = configloader.load_config(str(path))
    except ConfigParseError:
        with pytest.raises(ConfigurationError):
            list(AwsFile(str(path), credentials=False).sections())
        return
    file = AwsFile(str(path), credentials=False)
    for kind, group in (
        ("profile", "profiles"),
        ("sso-session", "sso_sessions"),
        ("services", "services"),
    ):
        assert ours(file, kind) == loaded[group]
        for one, values in loaded[group].items():
            section = AwsFile(str(path), credentials=False).section(kind, one)
            assert section is not None
            assert as_botocore_has_it(section) == values
            assert set(section.lines) == set(values)
    assert set(file.profile_names()) == set(loaded["profiles"])
    assert file.profile("no such one") is None


@FILES
@given(document)
def test_a_credentials_file_reads_as_botocore_reads_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "credentials"
    path.write_bytes(text.encode())
    try:
        loaded = configloader.raw_config_parse(str(path))
    except ConfigParseError:
        return
    file = AwsFile(str(path), credentials=True)
    assert file.profile_names() == list(loaded)
    assert ours(file, "profile") == loaded
    for one, values in loaded.items():
        section = AwsFile(str(path), credentials=True).profile(one)
        assert section is not None
        assert as_botocore_has_it(section) == values


@FILES
@given(document)
def test_every_value_stands_in_the_line_it_names(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config"
    path.write_bytes(text.encode())
    lines = path.read_text(encoding="utf-8").split("\n")
    problems: list[ConfigurationError] = []
    for section in AwsFile(str(path), credentials=False).sections(problems):
        assert lines[section.line - 1].strip().startswith("[")
        assert section.text.strip().startswith("[")
        for one, number in section.lines.items():
            assert lines[number - 1].strip().lower().startswith(one)


@FILES
@given(st.text(alphabet="ab \t\"'\\\u00a0é", max_size=12))
def test_names_are_split_like_shlex(text: str) -> None:
    try:
        expected = shlex.split(text)
    except ValueError:
        expected = []
    assert words(text) == expected


@FILES
@given(st.binary(max_size=80), st.sampled_from([b"", b"[profile a]\n", b"[default]\nregion = x\n"]))
def test_garbage_never_ends_in_a_traceback(tmp_path: Path, data: bytes, before: bytes) -> None:
    path = tmp_path / "config"
    path.write_bytes(before + data)
    for credentials in (False, True):
        file = AwsFile(str(path), credentials)
        list(file.sections([]))
        for one in ["a", "default", *file.profile_names()]:
            try:
                file.profile(one)
            except ConfigurationError as error:
                assert error.fact.startswith(f"cannot read {path}:")
