"""The whole program in one user's home, and the AWS that it speaks to."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from runas.testing.aws import AwsEmulator
from runas.testing.aws.seed import Seeds

RUNAS = str(Path(sys.executable).with_name("runas"))
# Where everything of a user lies who is not the test's own.
_FOLDERS = {
    "HOME": ".",
    "AWS_CONFIG_FILE": ".aws/config",
    "AWS_SHARED_CREDENTIALS_FILE": ".aws/credentials",
    "RUNAS_CACHE_DIR": "cache",
    "RUNAS_STATE_DIR": "state",
}


def reaching(aws: AwsEmulator) -> dict[str, str]:
    """Return the variables that lead to an emulator, without a region: profiles have their own."""
    return {name: text for name, text in aws.environment().items() if "REGION" not in name}


def living_at(place: Path) -> dict[str, str]:
    """Return the variables of a user whose home this is."""
    return {name: str(place / folder) for name, folder in _FOLDERS.items()}


def alone(
    argv: Sequence[str],
    environ: Mapping[str, str],
    cwd: str | Path,
    *,
    stdin: str | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a program without a terminal, to its end; *environ* goes on top of the test's own."""
    return subprocess.run(
        argv,
        env={**os.environ, **environ},
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=cwd,
        start_new_session=True,
    )


@dataclass
class Home:
    """The files of one user, and the variables of their programs."""

    home: Path
    environ: dict[str, str]

    @property
    def config(self) -> Path:
        return self.home / ".aws" / "config"

    @property
    def credentials(self) -> Path:
        return self.home / ".aws" / "credentials"

    def add(self, text: str) -> None:
        """Append to the config file."""
        with self.config.open("a", encoding="utf-8") as file:
            file.write("\n" + text)

    def run(
        self, *words: str, stdin: str | None = None, cwd: str | Path | None = None, **environ: str
    ) -> subprocess.CompletedProcess[str]:
        """Run ``runas`` without a terminal and return what came out."""
        return alone([RUNAS, *words], {**self.environ, **environ}, cwd or self.home, stdin=stdin)


@dataclass
class World(Home):
    """A home, and the emulator that its variables lead to."""

    aws: AwsEmulator

    def calls(self, action: str) -> int:
        """Count the requests of one action that the emulator has seen."""
        return sum(1 for request in self.aws.requests if request.action == action)


@dataclass
class SeededWorld(World):
    """A world with people and roles, and the files that name them."""

    seeds: Seeds
