"""The pages for authors: each block of code runs or is what the code has; each link leads on."""

import configparser
import os
import re
import shlex
import subprocess
import sys
import tomllib

import pytest

from runas.cli.plugin_new import project

from .workspace import ROOT

DOCS = ROOT / "docs/plugins"
PAGES = sorted(DOCS.glob("*.md"))
BLOCK = re.compile(r"(?:<!-- (\w+): ([^>]+) -->\n)?```(\w+)\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
HAND = [page for page in PAGES if page.name != "reference.md"]


def blocks(page):
    """Yield the fenced blocks of a page: what they are, and their text."""
    for mark, about, language, text in BLOCK.findall(page.read_text("utf-8")):
        yield mark, about.strip(), language, text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for link in LINK.findall(page.read_text("utf-8")):
        assert "://" in link or (page.parent / link).exists(), f"{page.name}: {link}"


@pytest.mark.parametrize("page", HAND, ids=lambda page: page.name)
def test_code_is_run_or_compared(page, tmp_path, monkeypatch):
    for mark, about, language, text in blocks(page):
        if mark == "template":
            kind, _, path = about.partition(" ")
            name = path.split("/")[1].removeprefix("runas_")
            assert dict(project(name, kind))[path] == text, f"{page.name}: not the template's"
        elif mark == "example":
            assert text in (ROOT / "docs/examples" / about).read_text("utf-8"), about
        elif language == "python" and mark != "file":
            exec(compile(text, page.name, "exec"), {})
        elif language == "toml":
            tomllib.loads(text)
        elif language == "ini":
            configparser.ConfigParser().read_string(text)
        else:
            assert mark == "file" or (language, page.name) == ("console", "tutorial.md")


def test_the_tutorial_works(tmp_path, home, monkeypatch):
    """Do what the page says; its `pip install .` is done by hand, from its pyproject.toml."""
    (home / ".aws").mkdir(exist_ok=True)
    for mark, about, language, text in blocks(DOCS / "tutorial.md"):
        if mark == "file":
            folder = home / ".aws" if about == "config" else tmp_path
            (folder / about).write_text(text, "utf-8")
        if about == "runas_toy.py":
            assert len(text.splitlines()) <= 30
        if language == "console":
            for line in text.splitlines():
                command, _, wanted = line.removeprefix("$ ").partition("  # status ")
                shell(command, tmp_path, int(wanted or 0))


def shell(command, folder, status):
    """Run one line of the page."""
    if command.startswith("pip install"):
        install(folder)
        return
    words = shlex.split(command)
    given = dict(word.split("=") for word in words if re.match(r"[A-Z_]+=", word))
    done = subprocess.run(
        [sys.executable, "-m", *words[len(given) :]],
        env={**os.environ, **given, "PYTHONPATH": str(folder)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, f"{command}\n{done.stdout}{done.stderr}"


def install(folder):
    """Write what an installer would."""
    table = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    info = folder / f"{table['name'].replace('-', '_')}-{table['version']}.dist-info"
    info.mkdir()
    about = f"Metadata-Version: 2.1\nName: {table['name']}\nVersion: {table['version']}\n"
    (info / "METADATA").write_text(about, "utf-8")
    lines = []
    for group, points in table["entry-points"].items():
        lines += [f"[{group}]", *(f"{name} = {value}" for name, value in points.items())]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n", "utf-8")
