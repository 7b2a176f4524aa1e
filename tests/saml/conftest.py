"""The whole program against identity providers: AWS, an Okta org, an AD FS farm, a form page."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from runas.testing.aws import AwsEmulator
from runas.testing.sandbox import PASSWORD, USER, Federation
from runas.testing.sandbox import World as Sandbox
from runas_adfs.testing import AdfsFarm
from runas_okta.testing import OktaOrg, Push, Totp

from ..run.person import Person  # noqa: TID252 - tests are not installed
from ..run.world import RUNAS, World, reaching  # noqa: TID252 - tests are not installed


@dataclass
class Providers(World):
    """A home whose config names three providers."""

    okta: OktaOrg
    adfs: AdfsFarm
    totp: Totp
    trust: Federation


@pytest.fixture
def world(home: Path) -> Iterator[Providers]:
    """Open the providers and write profiles for them."""
    with ExitStack() as stack:
        aws = stack.enter_context(AwsEmulator())
        outside = Sandbox(aws, stack)
        trust, other = outside.federate("okta"), outside.federate("adfs")
        totp = Totp()
        okta = stack.enter_context(OktaOrg(issue=trust.issue))
        okta.user(USER, PASSWORD, [Push(number="42"), totp])
        adfs = stack.enter_context(AdfsFarm("2019", issue=other.issue))
        adfs.user(USER, PASSWORD)
        made = Providers(home, reaching(aws), aws, okta, adfs, totp, trust)
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
        yield partial(Person.seated, opened, world, RUNAS)
