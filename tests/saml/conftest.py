"""The whole program against identity providers: AWS, an Okta org, an AD FS farm, a form page."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from runas.testing.aws import AwsEmulator
from runas.testing.sandbox import PASSWORD, USER, Federation, World
from runas_adfs.testing import AdfsFarm
from runas_okta.testing import OktaOrg, Push, Totp

from ..run.conftest import RUNAS  # noqa: TID252 - tests are not installed
from ..run.conftest import World as Home  # noqa: TID252 - tests are not installed
from ..run.person import Person  # noqa: TID252 - tests are not installed


@dataclass
class Providers(Home):
    """A home whose config names three providers."""

    okta: OktaOrg = None  # type: ignore[assignment]
    adfs: AdfsFarm = None  # type: ignore[assignment]
    totp: Totp = None  # type: ignore[assignment]
    trust: Federation = None  # type: ignore[assignment]


@pytest.fixture
def world(home: Path) -> Iterator[Providers]:
    """Open the providers and write profiles for them."""
    with ExitStack() as stack:
        aws = stack.enter_context(AwsEmulator())
        outside = World(aws, stack)
        trust, other = outside.federate("okta"), outside.federate("adfs")
        totp = Totp()
        okta = stack.enter_context(OktaOrg(issue=trust.issue))
        okta.user(USER, PASSWORD, [Push(number="42"), totp])
        adfs = stack.enter_context(AdfsFarm("2019", issue=other.issue))
        adfs.user(USER, PASSWORD)
        environ = {name: text for name, text in aws.environment().items() if "REGION" not in name}
        made = Providers(aws, None, home, environ, okta, adfs, totp, trust)  # type: ignore[arg-type]
        common = f"saml_auth_url = {okta.app_url}\nsaml_username = {USER}\n"
        made.config.write_text(
            f"[default]\nregion = eu-west-1\n"
            f"[profile okta]\n{common}role_arn = {trust.developer}\n"
            f"[profile deploy]\n{common}jump_role_arn = {trust.jump}\nrole_arn = {trust.target}\n"
            f"[profile adfs]\nsaml_auth_url = {adfs.sign_in}\nsaml_username = {USER}\n"
            f"role_arn = {other.developer}\n"
        )
        yield made


@pytest.fixture
def person(world: Providers) -> Iterator[Callable[..., Person]]:
    """Put someone at a terminal in front of runas."""
    with ExitStack() as opened:

        def start(*words: str, **environ: str) -> Person:
            full = {**os.environ, **world.environ, **environ}
            someone = Person((RUNAS, *words), full, str(world.home))
            opened.callback(someone.close)
            return someone

        yield start
