"""Identity Center and Okta, furnished and signed in to."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from runas.testing.aws import AwsEmulator
from runas.testing.sandbox import PASSWORD, Federation
from runas.testing.sandbox import World as Sandbox
from runas_okta.testing import OktaOrg
from runas_sso.testing import IdentityCenter, minted_by

from ..run.world import reaching  # noqa: TID252 - tests are not installed
from .world import World, sign_in


@pytest.fixture
def aws() -> Iterator[AwsEmulator]:
    with AwsEmulator(control=True) as emulator:
        yield emulator


@pytest.fixture
def center(aws: AwsEmulator) -> Iterator[IdentityCenter]:
    with IdentityCenter(mint=minted_by(aws)) as running:
        running.account("111111111111", "Production (EU)").role("Admin").role("ReadOnly")
        running.account("222222222222", "dev").role("Admin")
        yield running


@pytest.fixture
def world(home: Path, aws: AwsEmulator, center: IdentityCenter) -> World:
    """Have an Identity Center in the config, and be signed in to it."""
    environ = {**reaching(aws), **center.environment(), "AWS_EC2_METADATA_DISABLED": "true"}
    made = World(home, environ)
    made.config.write_text(
        f"# mine\n[sso-session corp]\nsso_start_url = {center.start_url}\n"
        f"sso_region = {center.region}\n\n[profile own]\n# stays\nregion = us-east-1\n"
    )
    sign_in(center, sso_session="corp")
    return made


@pytest.fixture
def okta(aws: AwsEmulator) -> Iterator[tuple[OktaOrg, Federation]]:
    with ExitStack() as stack:
        federation = Sandbox(aws, stack).federate("okta")
        org = stack.enter_context(OktaOrg(issue=federation.issue))
        org.user("alice@example.com", PASSWORD, [])
        yield org, federation
