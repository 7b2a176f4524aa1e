"""The repository says nothing about the machine that it was written on."""

import re
import subprocess

import pytest

from .workspace import ROOT

# None of these patterns matches itself, so this file passes its own check.
ANYWHERE = re.compile(r"(?<![\w.~$}<*-])/(?:root|work|home/[a-z]+|Users/[a-z]+|opt|mnt)/")
TEMPORARY = re.compile(r"(?<![\w.])/(?:var/)?tm[p]/")
REGISTRY = re.compile(r"(?i)pypi\.org|python[h]osted|registry\.npm|--(extra-)?index-url")


def texts(*pathspecs: str) -> dict[str, str]:
    """Read the text files that are, or are about to be, tracked."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--"]
    listing += pathspecs
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    found = {}
    for name in filter(None, names.split("\0")):
        file = ROOT / name
        data = file.read_bytes() if file.is_file() else b"\0"
        if b"\0" not in data:
            found[name] = data.decode("utf-8")
    return found


def offenders(pattern: re.Pattern[str], files: dict[str, str]) -> list[str]:
    """Return where a pattern occurs, one line each."""
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in files.items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


@pytest.mark.requires("git")
def test_no_path_of_a_machine():
    found = offenders(ANYWHERE, texts())
    assert not found, "\n".join(found)


@pytest.mark.requires("git")
def test_shipped_code_has_no_temporary_path():
    found = offenders(TEMPORARY, texts("core/src", "plugins/*/src", ".ci", "Makefile", "*.toml"))
    assert not found, "\n".join(found)


@pytest.mark.requires("git")
def test_what_is_installed_from_is_the_user_s_choice():
    files = texts("*.toml", "*.lock", "*.in", "*.json", "*.npmrc", "*.md", ".ci", "Makefile")
    found = offenders(REGISTRY, files)
    assert not found, "\n".join(found)
