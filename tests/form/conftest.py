"""The whole program against a provider that is a few pages, and AWS behind it."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from runas.testing.aws import AwsEmulator
from runas.testing.sandbox import USER, Federation
from runas.testing.sandbox import World as Sandbox
from runas_form.testing import FormIdp

from ..run.conftest import RUNAS  # noqa: TID252 - tests are not installed
from ..run.conftest import World as Home  # noqa: TID252 - tests are not installed
from ..run.person import Person  # noqa: TID252 - tests are not installed


@dataclass
class Pages(Home):
    """A home whose profile ``work`` signs in by the pages of ``idp``."""

    idp: FormIdp = None  # type: ignore[assignment]
    trust: Federation = None  # type: ignore[assignment]

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
        environ = {name: text for name, text in aws.environment().items() if "REGION" not in name}
        made = Pages(aws, None, home, environ, idp, trust)  # type: ignore[arg-type]
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

        def start(*words: str, **environ: str) -> Person:
            full = {**os.environ, **world.environ, **environ}
            someone = Person((RUNAS, *words), full, str(world.home))
            opened.callback(someone.close)
            return someone

        yield start
