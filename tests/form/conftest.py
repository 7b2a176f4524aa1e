"""The whole program against a provider that is a few pages, and AWS behind it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from runas.testing.aws import AwsEmulator
from runas.testing.sandbox import USER, Federation
from runas.testing.sandbox import World as Sandbox
from runas_form.testing import FormIdp

from ..run.person import Person  # noqa: TID252 - tests are not installed
from ..run.world import RUNAS, World, reaching  # noqa: TID252 - tests are not installed


@dataclass
class Pages(World):
    """A home whose profile ``work`` signs in by the pages of ``idp``."""

    idp: FormIdp
    trust: Federation

    def shows(self, *screens) -> None:
        """Let the provider show these pages, in this order."""
        self.idp.screens[:] = screens


@pytest.fixture
def world(home: Path) -> Iterator[Pages]:
    """Open the provider and write a profile for it."""
    with ExitStack() as stack:
        aws = stack.enter_context(AwsEmulator())
        trust = Sandbox(aws, stack).federate("form")
        idp = stack.enter_context(FormIdp(trust.issue, []))
        made = Pages(home, reaching(aws), aws, idp, trust)
        made.config.write_text(
            f"[default]\nregion = eu-west-1\n"
            f"[profile work]\nsaml_auth_url = {idp.url}\nsaml_username = {USER}\n"
            f"role_arn = {trust.developer}\n"
        )
        yield made


@pytest.fixture
def person(world: Pages) -> Iterator[Callable[..., Person]]:
    """Put someone at a terminal in front of runas."""
    with ExitStack() as opened:
        yield partial(Person.seated, opened, world, RUNAS)
