"""The AWS files as a whole: where they are, what counts, errors that name file and line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from botocore import configloader

from runas.config import headers, ini
from runas.config.aws_files import AwsFile, expand, locate
from runas.errors import ConfigurationError

CONFIG = """\
[default]
region = eu-west-1

[profile dev]
ROLE_ARN = arn:aws:iam::123456789012:role/dev # not a comment
s3 =
    addressing_style = path
sso_session = corp

[sso-session corp]
sso_region = eu-west-1

[services local]
sts =
    endpoint_url = http://localhost:1

[plugins]
cli = x
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / ".aws").mkdir()
    return tmp_path


def config(home: Path, content: str | bytes = CONFIG) -> AwsFile:
    path = home / ".aws" / "config"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return locate({}, str(home))[0]


def test_every_value_knows_its_file_and_line(home: Path) -> None:
    dev = config(home).profile("dev")
    assert dev is not None
    assert (dev.kind, dev.name, dev.path, dev.line) == ("profile", "dev", "~/.aws/config", 4)
    assert dev.values["role_arn"] == "arn:aws:iam::123456789012:role/dev # not a comment"
    assert dev.origin("role_arn") == "~/.aws/config:5"
    assert dev.origin("sso_session") == "~/.aws/config:8"
    assert dev.origin("absent") == "~/.aws/config:4"
    assert dev.nested == {"s3": {"addressing_style": "path"}}
    assert dev.lines["s3"] == 6
    assert dev.text == CONFIG[CONFIG.index("[profile dev]") : CONFIG.index("[sso-session")]


def test_sections_are_told_by_kind(home: Path) -> None:
    file = config(home)
    corp = file.section("sso-session", "corp")
    local = file.section("services", "local")
    assert corp is not None
    assert corp.values == {"sso_region": "eu-west-1"}
    assert local is not None
    assert local.nested == {"sts": {"endpoint_url": "http://localhost:1"}}
    assert file.profile("corp") is None
    assert file.profile("plugins") is None
    assert file.profile_names() == ["default", "dev"]
    assert [(one.kind, one.name) for one in file.sections()] == [
        ("profile", "default"),
        ("profile", "dev"),
        ("sso-session", "corp"),
        ("services", "local"),
    ]


def test_a_credentials_file_has_bare_names(home: Path) -> None:
    (home / ".aws" / "credentials").write_text("[dev]\naws_access_key_id = x\n[profile y]\n")
    file = locate({}, str(home))[1]
    dev = file.profile("dev")
    assert dev is not None
    assert dev.origin("aws_access_key_id") == "~/.aws/credentials:2"
    assert file.profile_names() == ["dev", "profile y"]
    assert file.section("sso-session", "dev") is None
    assert file.profile("y") is None


def test_locations_are_expanded_like_the_aws_cli_does(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHERE", "there")
    environ = {"AWS_CONFIG_FILE": "~/c", "AWS_SHARED_CREDENTIALS_FILE": "/$WHERE/k"}
    found = locate(environ, str(home))
    assert [file.path for file in found] == [os.path.join(str(home), "c"), "/there/k"]
    assert [file.credentials for file in found] == [False, True]
    assert expand("~", "/homes/me/") == "/homes/me"
    assert expand("a~b", "/home/me") == "a~b"


def test_a_missing_file_is_an_empty_one(tmp_path: Path) -> None:
    for path in (str(tmp_path / "none"), "", os.devnull):
        file = AwsFile(path, credentials=False)
        assert file.profile("default") is None
        assert file.profile_names() == []
        assert list(file.sections()) == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_an_error(home: Path) -> None:
    file = config(home)
    os.chmod(file.path, 0)
    with pytest.raises(ConfigurationError, match=r"cannot read ~/.aws/config: permission denied"):
        file.profile("dev")


def test_a_failing_read_names_the_file(home: Path) -> None:
    file = AwsFile(str(home / ("x" * 300)), credentials=False, home=str(home))
    with pytest.raises(ConfigurationError, match=r"cannot read ~/x+: file name too long"):
        file.profile("dev")


@pytest.mark.parametrize(
    ("body", "line", "fact"),
    [
        ("bare words", 3, "neither a section, a comment nor a setting"),
        ("= value", 3, "a value without a key"),
        ("a = 1\nA: 2", 4, "'a' is set twice in [profile bad]"),
        ("s3 =\n  a = 1\n\n  b", 6, "no setting, but 's3' holds nested ones"),
        (b"a = \xff", 3, "not text in UTF-8"),
        (b"a = x\0y", 3, "not text in UTF-8"),
        ("[profile bad]", 3, "[profile bad] stands in line 2 already"),
    ],
)
def test_a_broken_section_matters_only_to_who_asks(
    home: Path, body: str | bytes, line: int, fact: str
) -> None:
    content = body if isinstance(body, bytes) else body.encode()
    file = config(home, b"# mine\n[profile bad]\n" + content + b"\n[profile good]\nregion = x\n")
    good = file.profile("good")
    assert good is not None
    assert good.values == {"region": "x"}
    assert file.profile_names() == ["bad", "good"]
    for ask in (lambda: file.profile("bad"), lambda: list(file.sections())):
        with pytest.raises(ConfigurationError) as caught:
            ask()
        assert caught.value.fact == f"cannot read ~/.aws/config:{line}: {fact}"
        assert caught.value.hint
    problems: list[ConfigurationError] = []
    names = [section.name for section in file.sections(problems)]
    assert len(problems) == 1
    assert names[-1] == "good"


def test_lines_before_any_section_matter_to_the_listing_only(home: Path) -> None:
    file = config(home, "region = x\n[profile good]\n")
    assert file.profile("good") is not None
    with pytest.raises(ConfigurationError, match=r"config:1: a setting outside of any section"):
        list(file.sections())


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_endings_tabs_and_a_byte_order_mark(home: Path, ending: str, mark: bytes) -> None:
    text = "[default]\n\tregion\t=\tx\n[profile\ta b]\n[profile 'a b']\ns3=\n\ta=b\n"
    file = config(home, mark + text.replace("\n", ending).encode())
    default, quoted = file.profile("default"), file.profile("a b")
    assert default is not None
    assert default.values == {"region": "x"}
    assert quoted is not None
    assert quoted.nested == {"s3": {"a": "b"}}
    assert quoted.origin("s3") == "~/.aws/config:5"
    if ending == "\r\n":
        assert quoted.text == text[text.index("[profile 'a b']") :].replace("\n", ending)


def test_garbage_elsewhere_does_not_matter(home: Path) -> None:
    file = config(home, b"\x7fELF\0\xff\xfe[\n[x\n" + CONFIG.encode() + b"[profile \xff]\n\xfe")
    assert file.profile("dev") is not None
    assert file.profile_names() == ["default", "dev"]
    assert file.profile("\udcff\n") is None


def many(quote: str, count: int) -> str:
    profile = '[profile {0}acct {1:05d}{0}]\nsso_session = corp\ncredential_process = x "{1}"\n\n'
    return CONFIG + "".join(profile.format(quote, number) for number in range(count))


@pytest.mark.parametrize("quote", ['"', "'"])
def test_in_ten_thousand_profiles_only_those_asked_for_are_parsed(
    home: Path, quote: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = config(home, many(quote, 10_000))
    parsed: list[int] = []

    def counting(lines: list[str], first: int = 1) -> list[ini.Body]:
        parsed.append(len(lines))
        return ini.parse(lines, first)

    monkeypatch.setattr(headers, "parse", counting)
    for name in ("acct 00000", "acct 09999", "default", "dev"):
        section = file.profile(name)
        assert section is not None
        first = section.text.partition("\n")[0]
        start = (home / ".aws" / "config").read_text().split("\n")
        assert start[section.line - 1] == first
    assert file.profile("acct 99999") is None
    assert sum(parsed) < 40
    assert len(file.profile_names()) == 10_002


def test_odd_headers_are_found_among_many(home: Path) -> None:
    content = many('"', 20) + "[profile  odd]\na = b\n  [profile in]\n[profile  x\\ y ]\nc = d\n"
    file = config(home, content)
    loaded = configloader.load_config(file.path)["profiles"]
    assert file.profile_names() == list(loaded)
    for name, values in loaded.items():
        section = file.profile(name)
        assert section is not None
        assert {**section.values, **section.nested} == values


def test_the_import_is_light() -> None:
    """What bare Python has not loaded already, the fast lane may not load for its files either."""
    program = (
        "import sys; before = set(sys.modules)\n"
        "import runas.config.aws_files, runas.config.project\n"
        "print(*sorted(name for name in set(sys.modules) - before if not name.startswith('runas')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split()) <= {"__future__"}
