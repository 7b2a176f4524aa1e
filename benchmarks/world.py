"""What the commands meet: an AWS emulator on loopback, and the files of a user with N profiles."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from runas.testing import AwsEmulator
from runas.testing.aws.seed import WORK, Seeds, seed

PROFILE = "work"
REGION = "eu-west-1"
SSO = {
    "sso_start_url": "https://example.awsapps.com/start",
    "sso_region": REGION,
    "sso_account_id": WORK,
    "sso_role_name": "Developer",
}


class World:
    """An emulator with the seeded accounts, and homes of made-up users."""

    def __init__(self, folder: Path, path: str) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        self._folder = folder
        self._path = path
        self.aws = AwsEmulator()
        self.seeds: Seeds = seed(self.aws)

    def home(self, name: str, profiles: int = 10, *, default_keys: bool = False) -> Home:
        """Make a home whose config has *profiles* profiles, the one in use amid the others.

        With *default_keys* the credentials file has a ``[default]`` too, which a wrapped command
        must not fall for.
        """
        return Home(self, self._folder / name, profiles, default_keys)

    def assumed(self) -> int:
        """Count the calls of AssumeRole so far."""
        return len(self.aws.calls("AssumeRole"))

    def environ(self, home: Path) -> dict[str, str]:
        """Return all that a command gets to see."""
        return {
            "PATH": self._path,
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "RUNAS_CACHE_DIR": str(home / "cache"),
            "RUNAS_STATE_DIR": str(home / "state"),
            **self.aws.environment(),
        }


class Home:
    """The files of one user."""

    def __init__(self, world: World, folder: Path, profiles: int, default_keys: bool) -> None:
        self.folder = folder
        self.environ = world.environ(folder)
        key = world.seeds.key
        self.keys = {
            "AWS_ACCESS_KEY_ID": key.access_key_id,
            "AWS_SECRET_ACCESS_KEY": key.secret_access_key,
        }
        aws = folder / ".aws"
        aws.mkdir(parents=True)
        (aws / "config").write_text(_config(world.seeds.read_only.arn, profiles), "utf-8")
        (aws / "credentials").write_text(self._credentials(default_keys), "utf-8")
        (aws / "credentials").chmod(0o600)

    def _credentials(self, default_keys: bool) -> str:
        lines = "".join(f"{name.lower()} = {text}\n" for name, text in self.keys.items())
        return "".join(f"[{name}]\n{lines}\n" for name in ["default"] * default_keys + ["alice"])

    def forget(self, *folders: str) -> Callable[[], None]:
        """Return what empties caches, each a folder of this home."""

        def empty() -> None:
            for name in folders:
                shutil.rmtree(self.folder / name, ignore_errors=True)

        return empty


def _config(role: str, profiles: int) -> str:
    sections = [_section(f"team-{number:05}", f"{role}-{number}") for number in range(profiles - 2)]
    sections.insert(len(sections) // 2, _section(PROFILE, role))
    sso = "".join(f"{name} = {text}\n" for name, text in SSO.items())
    return "\n".join([f"[default]\nregion = {REGION}\n", *sections, f"[profile sso]\n{sso}"])


def _section(name: str, role: str) -> str:
    lines = {"role_arn": role, "source_profile": "alice", "region": REGION, "output": "json"}
    return f"[profile {name}]\n" + "".join(f"{key} = {text}\n" for key, text in lines.items())


def cache_sso(python: str, environ: Mapping[str, str]) -> None:
    """Give aws-sso-util cached credentials: the emulator has no Identity Center."""
    subprocess.run([python, "-c", _CACHE_SSO], env=environ, check=True)


# Run by the Python that aws-sso-util lives in: leave role credentials where it looks for them.
_CACHE_SSO = f"""
from aws_sso_lib import sso
where = {json.dumps(SSO)}
cache = sso.JSONFileCache(sso.CREDENTIALS_CACHE_DIR)
fetcher = sso.SSOCredentialFetcher(
    where["sso_start_url"], where["sso_region"], where["sso_role_name"], where["sso_account_id"],
    None, token_loader=None, cache=cache,
)
cache[fetcher._create_cache_key()] = {{
    "ProviderType": "sso",
    "Credentials": {{
        "AccessKeyId": "ASIAEXAMPLE", "SecretAccessKey": "example", "SessionToken": "example",
        "Expiration": "2099-01-01T00:00:00Z",
    }},
}}
"""

# The least that a Python program can do to assume a role.
BARE_BOTO3 = """
import json, sys
import boto3
answer = boto3.client("sts").assume_role(RoleArn=sys.argv[1], RoleSessionName="bench")
print(json.dumps(answer["Credentials"], default=str))
"""
