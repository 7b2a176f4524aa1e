"""The pages for authors: each block of code is run, and none can be written that is not."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import dataclass

import pytest

from runas.cli.plugin_new import project

from .workspace import ROOT

DOCS = ROOT / "docs/plugins"
PAGES = sorted(DOCS.glob("*.md"))
FENCED = re.compile(
    r"(?:^<!-- (\w+): ([^>]+) -->\n)?^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE
)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
SOME = "logs_in or mistyped or rejected or waiting or takes_a_role or each_step"
"""Checks of the kit that lead through every line of a model provider; all run in core's tests."""


@dataclass(frozen=True)
class Block:
    """One fenced block: what the comment before it says it is, its language and its text."""

    page: str
    mark: str
    about: str
    language: str
    text: str

    @property
    def kind(self):
        """Say what is to be done with it."""
        if self.page == "reference.md":
            return "generated"
        if self.mark or self.language != "python":
            return self.mark or self.language
        return "tests" if "class Test" in self.text else "python"


def blocks(page):
    """List the fenced blocks of a page."""
    found = FENCED.findall((DOCS / page).read_text("utf-8"))
    return [Block(page, mark, about.strip(), *rest) for mark, about, *rest in found]


ALL = [block for page in PAGES for block in blocks(page.name)]


def of(kind):
    """Run a test for every block of a kind."""
    chosen = [block for block in ALL if block.kind == kind]
    assert chosen, kind
    return pytest.mark.parametrize("block", chosen, ids=lambda block: block.page)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for link in LINK.findall(page.read_text("utf-8")):
        assert "://" in link or (page.parent / link).exists(), f"{page.name}: {link}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_block_is_left_out(page):
    fences = re.findall(r"^\s*(?:```|~~~)", page.read_text("utf-8"), re.MULTILINE)
    assert len(fences) == 2 * len(blocks(page.name)), "a fence that this test cannot read"
    for block in blocks(page.name):
        known = {"template", "example", "python", "tests", "toml", "generated"}
        if block.page == "tutorial.md":  # all of it is done, in order
            known = {"file", "console"}
        assert block.kind in known, (
            f"nothing runs this {block.language or 'plain'} block:\n{block.text}"
        )


def test_the_generated_page_has_nothing_but_examples_of_hooks():
    languages = [block.language for block in blocks("reference.md")]
    headings = re.findall(r"^### `\w+\(", (DOCS / "reference.md").read_text("utf-8"), re.MULTILINE)
    assert languages == ["python"] * len(headings) + ["text"]  # test_hooks runs them


@of("template")
def test_a_model_is_what_plugin_new_writes_and_keeps_its_promises(block, tmp_path):
    kind, _, path = block.about.partition(" ")
    name = path.split("/")[1].removeprefix("runas_")
    files = dict(project(name, kind))
    assert files[path] == block.text
    keeps(tmp_path, {**files, path: block.text})


@of("tests")
def test_a_test_class_passes(block, tmp_path):
    keeps(tmp_path, {"test_it.py": block.text})


def keeps(folder, files):
    """Write a project and run some of its tests."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    done = run(folder, [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", SOME])
    assert re.search(r"^\d+ passed", done.stdout.splitlines()[-1]), done.stdout


@of("example")
def test_an_example_is_in_the_package_that_is_tested(block):
    assert block.text in (ROOT / "docs/examples" / block.about).read_text("utf-8")


@of("python")
def test_python_runs(block):
    exec(compile(block.text, block.page, "exec"), {})


@of("toml")
def test_metadata_is_what_plugin_new_writes(block):
    ours = tomllib.loads(dict(project("acme", "saml"))["pyproject.toml"])["project"]
    shown = tomllib.loads(block.text)["project"]
    assert shown == {key: ours[key] for key in shown}


def test_commands_shown_beside_the_text_work(tmp_path):
    lines = [line for page in PAGES for line in page.read_text("utf-8").splitlines()]
    shown = {line.strip() for line in lines if re.match(r" {4}(runas|pip) ", line)}
    assert {line for line in shown if line.startswith("pip")} == {
        "pip install 'runas-core[testing]'"  # tests/wheels does it
    }
    for line in sorted(shown):
        if line.startswith("runas"):
            assert not run(tmp_path, [sys.executable, "-m", *shlex.split(line)]).stdout


def test_the_tutorial_works(tmp_path, home):
    """Do what the page says; its `pip install .` is done by hand, from its pyproject.toml."""
    (home / ".aws").mkdir(exist_ok=True)
    for block in blocks("tutorial.md"):
        if block.mark == "file":
            folder = home / ".aws" if block.about == "config" else tmp_path
            (folder / block.about).write_text(block.text, "utf-8")
        if block.language == "console":
            for line in block.text.splitlines():
                command, _, wanted = line.removeprefix("$ ").partition("  # status ")
                shell(command, tmp_path, int(wanted or 0))


def shell(command, folder, status):
    """Run one line of the page."""
    if command.startswith("pip install"):
        install(folder)
        return
    words = shlex.split(command)
    given = dict(word.split("=") for word in words if re.match(r"[A-Z_]+=", word))
    line = [sys.executable, "-m", *words[len(given) :]]
    run(folder, line, status, **given, PYTHONPATH=str(folder))


def run(folder, command, status=0, **variables):
    """Run a program in a folder."""
    environ = {**os.environ, **variables}
    done = subprocess.run(
        command, env=environ, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == status, f"{command}\n{done.stdout}{done.stderr}"
    return done


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
