"""The whole program against a fake Identity Center whose keys work at the strict emulator."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from runas.testing.aws import AwsEmulator
from runas_sso.testing import IdentityCenter, minted_by

from ..run.person import Person  # noqa: TID252 - tests are not installed
from ..run.world import RUNAS, World, reaching  # noqa: TID252 - tests are not installed


@dataclass
class Portal(World):
    """A home whose config names an Identity Center session, and a browser that notes addresses."""

    center: IdentityCenter

    @property
    def opened(self) -> Path:
        """The file in which the user's browser notes what it was asked to open."""
        return self.home / "opened"

    def browser(self) -> str:
        """Return what ``BROWSER`` is set to."""
        script = self.home / "browser"
        script.write_text(f'#!/bin/sh\nprintf %s "$1" > {self.opened}.part\n'
                          f"mv {self.opened}.part {self.opened}\n")  # fmt: skip
        script.chmod(0o755)
        return str(script)


@pytest.fixture
def world(home: Path) -> Iterator[Portal]:
    """Open the instance and write profiles of both forms."""
    with AwsEmulator() as aws, IdentityCenter(mint=minted_by(aws)) as center:
        center.account("123456789012", "work").role("Developer")
        center.account("123456789012").role("Auditor")
        center.account("111122223333", "people").role("Developer")
        environ = {**reaching(aws), **center.environment()}
        made = Portal(home, environ, aws, center)
        made.config.write_text(
            "[default]\nregion = eu-west-1\n"
            f"[sso-session corp]\nsso_start_url = {center.start_url}\n"
            f"sso_region = {center.region}\nsso_registration_scopes = sso:account:access\n"
            "[profile sso]\nsso_session = corp\nsso_account_id = 123456789012\n"
            "sso_role_name = Developer\n"
            f"[profile legacy]\nsso_start_url = {center.start_url}\nsso_region = {center.region}\n"
            "sso_account_id = 123456789012\nsso_role_name = Auditor\n"
        )
        yield made


@pytest.fixture
def person(world: Portal) -> Iterator[Callable[..., Person]]:
    """Put someone at a terminal in front of runas."""
    with ExitStack() as opened:
        yield partial(Person.seated, opened, world, RUNAS)
