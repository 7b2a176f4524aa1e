"""The page of settings has every one of every provider, and examples that the real parser takes."""

import re
import shlex
from importlib import import_module

import pytest

from runas.config.commandline import parse
from runas.config.options import BY_FLAG

from .workspace import PLUGINS, ROOT, project

PAGE = (ROOT / "docs/settings.md").read_text("utf-8")
PROVIDERS = {
    name: module
    for package in PLUGINS
    for name, module in project(package)["entry-points"]["runas.providers"].items()
}
each = pytest.mark.parametrize("name", PROVIDERS)


def rows(name):
    """Return a provider's table, a list of cells for each line."""
    section = PAGE.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


@each
def test_every_setting_has_a_line(name):
    settings = list(import_module(PROVIDERS[name]).settings())
    assert len(rows(name)) == len(settings)
    for setting, cells in zip(settings, rows(name), strict=True):
        assert len(cells) == 7
        key, kind, default, *_, meaning = cells
        assert setting.name in key
        assert kind
        assert (default == "required") == setting.required
        assert meaning == setting.help


@each
def test_the_examples_are_taken(name):
    for _, _, _, flags, _, example, _ in rows(name):
        for flag in re.findall(r"`(-[^`]+)`", flags):
            assert flag in BY_FLAG
        if example:
            words = shlex.split(example.strip("`"))
            pair = parse([*words, "work"], {}).given["set"].text
            assert f"--set {shlex.quote(pair)}" == example.strip("`")


def test_no_example_puts_a_secret_on_a_command_line():
    secret = [cells for name in PROVIDERS for cells in rows(name) if "secret" in cells[0]]
    assert {cells[0].partition("`, ")[0].strip("`") for cells in secret} >= {
        "aws_secret_access_key",
        "aws_session_token",
    }
    assert not any(cells[5] for cells in secret)
