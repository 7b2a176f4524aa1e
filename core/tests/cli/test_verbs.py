"""The table of subcommands against what it names."""

from importlib import import_module

import pytest

from runas.cli.app import run_app
from runas.cli.verbs import EXAMPLES, GROUPS, VERBS
from runas.config.commandline import parse
from runas.config.options import SUBCOMMANDS


def test_the_fast_lane_knows_every_subcommand() -> None:
    first = {verb.path.split()[0] for verb in VERBS}
    assert first | {"help"} == set(SUBCOMMANDS)
    assert {verb.group for verb in VERBS if verb.group} == set(GROUPS)


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.path)
def test_every_subcommand_exists_and_shows_examples(verb) -> None:
    module, _, function = verb.target.partition(":")
    text = getattr(import_module("runas.cli." + module), function).__doc__
    assert "Examples:" in text
    assert f"runas {verb.path}" in text or "runas -" in text


PATHS = ["", *(verb.path for verb in VERBS), *GROUPS]


@pytest.mark.parametrize("path", PATHS)
def test_help_has_examples_and_fits_a_terminal_of_80_columns(path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert run_app(parse([*path.split(), "--help"], {})) == 0
    shown = capsys.readouterr().out
    assert "Examples:\n" in shown
    assert [line for line in shown.splitlines() if len(line) > 80] == []
    assert run_app(parse(["help", *path.split()], {})) == 0
    assert capsys.readouterr().out == shown


def test_the_examples_of_a_group_name_its_verbs() -> None:
    assert set(EXAMPLES) == set(GROUPS)
    known = {verb.path for verb in VERBS}
    for group, lines in EXAMPLES.items():
        assert all(line.startswith(f"{group} ") for line in lines)
        assert all(" ".join(line.split()[:2]) in known for line in lines)


def test_help_of_help_is_help(capsys) -> None:
    assert run_app(parse(["help", "help"], {})) == 0
    twice = capsys.readouterr().out
    assert run_app(parse(["--help"], {})) == 0
    assert capsys.readouterr().out == twice
