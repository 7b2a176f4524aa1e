"""The table of subcommands against what it names."""

from importlib import import_module

import pytest

from runas.cli.verbs import GROUPS, VERBS
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
