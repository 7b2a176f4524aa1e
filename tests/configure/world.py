"""The whole program in front of one user's files."""

import subprocess
import sys
from typing import Any

import runas
import runas_sso
from runas.challenges import drive
from runas.config.aws_files import AwsFile
from runas.http import session
from runas_sso.testing import IdentityCenter, Person

from ..run.world import Home, alone  # noqa: TID252 - tests are not installed

_WHO = """
import boto3, sys
session = boto3.Session(profile_name=sys.argv[1])
print(session.client("sts").get_caller_identity()["Arn"])
"""


class World(Home):
    """The files of one user of Identity Center, or of a sign-in page."""

    def boto3(self, profile: str) -> str:
        """Say who boto3 is with a profile of the files, else what it says is wrong."""
        done = alone([sys.executable, "-c", _WHO, profile], self.environ, self.home)
        return done.stdout or done.stderr

    def populate(self, *words: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        """Run ``runas configure populate``."""
        done = self.run("configure", "populate", *words)
        assert done.returncode == status, done.stderr
        return done

    def profiles(self) -> dict[str, dict[str, str]]:
        """Return what the profiles of the config say."""
        sections = AwsFile(str(self.config), credentials=False).sections()
        return {one.name: one.values for one in sections if one.kind == "profile"}


class _Front:
    def __init__(self) -> None:
        self.person = Person("allow")

    def answer(self, challenge: Any) -> None:
        if challenge.url not in self.person.opened:
            self.person.open(challenge.url)


def sign_in(center: IdentityCenter, **settings: str) -> None:
    """Sign in as the AWS CLI or `runas login` would; the token is kept in the test's home."""
    given = {
        "sso_start_url": center.start_url,
        "sso_region": center.region,
        "endpoint_url_sso": center.url,
        "endpoint_url_sso_oidc": center.url,
        "use_device_code": "true",
        **settings,
    }
    profile = runas.Profile("login", given, {}, None, "sso")
    with session(profile) as http:
        drive(runas_sso.authenticate(profile, http), _Front().answer)
