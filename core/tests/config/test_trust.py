"""A project file's commands and addresses count once its content has been confirmed."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from runas.config.folders import cache_folder, state_folder
from runas.config.project import ProjectFile, find
from runas.config.trust import Trust, digest, is_own, trusted_part, untrusted_keys

TEXT = 'region = "x"\nmfa_process = "evil"\nsaml_auth_url = "https://evil.example"\n'


def needs_trust(key: str) -> bool:
    return key.endswith(("_process", "_url"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home" / ".aws").mkdir(parents=True)
    (tmp_path / "clone").mkdir()
    return tmp_path / "home"


def write(path: Path, home: Path, text: str = TEXT) -> ProjectFile:
    path.write_text(text)
    found = find(str(path.parent), str(home))
    assert found is not None
    return found


def test_a_clones_commands_are_left_out_until_confirmed(home: Path) -> None:
    environ = {"RUNAS_STATE_DIR": str(home / "state")}
    project = write(home.parent / "clone" / "runas.toml", home)
    assert untrusted_keys(project, needs_trust) == ["mfa_process", "saml_auth_url"]
    part = trusted_part(project, needs_trust, environ, str(home))
    assert part.values == {"region": "x"}
    assert part.left_out == ("mfa_process", "saml_auth_url")
    assert part.origin("mfa_process").endswith("runas.toml:2")
    assert not (home / "state").exists()

    Trust(str(home / "state")).confirm(project.path, digest(project.content))
    assert trusted_part(project, needs_trust, environ, str(home)) is project


@pytest.mark.skipif(sys.platform == "win32", reason="there the folder's access list protects")
@pytest.mark.parametrize("planted", ["link", "open to others", "folder open to others"])
def test_a_confirmation_that_somebody_else_may_have_planted_does_not_count(
    home: Path, planted: str
) -> None:
    """Who can write to the state folder must not say what this user runs."""
    trust = Trust(str(home / "state"))
    path, content = str(home / "runas.toml"), digest(b"x")
    trust.confirm(path, content)
    (entry,) = (home / "state" / "trusted").iterdir()
    if planted == "link":
        entry.rename(home / "mine")
        entry.symlink_to(home / "mine")
    else:
        (entry if planted == "open to others" else entry.parent).chmod(0o777)
    assert not trust.trusted(path, content)
    if planted != "folder open to others":
        trust.confirm(path, content)
        assert trust.trusted(path, content)


def test_changed_content_and_another_place_ask_anew(home: Path) -> None:
    environ = {"RUNAS_STATE_DIR": str(home / "state")}
    project = write(home.parent / "clone" / "runas.toml", home)
    Trust(str(home / "state")).confirm(project.path, digest(project.content))
    other = home.parent / "clone" / "deep"
    other.mkdir()
    for path, text in ((Path(project.path), TEXT + "# changed\n"), (other / "runas.toml", TEXT)):
        again = write(path, home, text)
        assert trusted_part(again, needs_trust, environ, str(home)).left_out


def test_harmless_settings_ask_nothing(home: Path) -> None:
    project = write(home.parent / "clone" / "runas.toml", home, 'region = "x"\n')
    assert trusted_part(project, needs_trust, {}, str(home)) is project


def test_the_users_own_file_is_trusted(home: Path) -> None:
    project = write(home / ".aws" / "runas.toml", home)
    assert is_own(project.path, str(home))
    assert trusted_part(project, needs_trust, {}, str(home)) is project
    assert not is_own(project.path, "")
    assert not is_own(str(home / ".awsome" / "runas.toml"), str(home))


def test_a_confirmation_is_private_and_repeatable(home: Path) -> None:
    trust = Trust(str(home / "state"))
    path = str(home.parent / "clone" / ".." / "clone" / "runas.toml")
    assert not trust.trusted(path, digest(b"x"))
    trust.confirm(path, digest(b"x"))
    trust.confirm(path, digest(b"x"))
    assert trust.trusted(os.path.realpath(path), digest(b"x"))
    assert not trust.trusted(path, digest(b"y"))
    (entry,) = (home / "state" / "trusted").iterdir()
    assert os.path.realpath(path) in entry.read_text()
    if os.name != "nt":
        assert stat.S_IMODE(entry.stat().st_mode) == 0o600
        assert stat.S_IMODE(entry.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("platform", "state", "cache"),
    [
        ("linux", "/h/.local/share/runas", "/h/.cache/runas"),
        ("darwin", "/h/Library/Application Support/runas", "/h/Library/Caches/runas"),
        ("win32", "/h/AppData/Local/runas", "/h/AppData/Local/runas/cache"),
    ],
)
def test_folders(monkeypatch: pytest.MonkeyPatch, platform: str, state: str, cache: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert Path(state_folder({}, "/h")) == Path(state)
    assert Path(cache_folder({}, "/h")) == Path(cache)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="XDG")
def test_folders_can_be_named() -> None:
    environ = {"XDG_DATA_HOME": "/d", "XDG_CACHE_HOME": "relative"}
    assert state_folder(environ, "/h") == "/d/runas"
    assert cache_folder(environ, "/h") == "/h/.cache/runas"
    environ = {"RUNAS_STATE_DIR": "~/s", "RUNAS_CACHE_DIR": "c"}
    assert state_folder(environ, "/h") == "/h/s"
    assert cache_folder(environ, "/h") == os.path.abspath("c")
