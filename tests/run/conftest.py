"""The whole program against the strict emulator: a world, and ways to run in it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from runas.testing.aws import AwsEmulator
from runas.testing.aws.seed import Seeds, aws_files, seed

from .person import Person

RUNAS = str(Path(sys.executable).with_name("runas"))


@dataclass
class World:
    """One emulator, its people and roles, and the files that name them."""

    aws: AwsEmulator
    seeds: Seeds
    home: Path
    environ: dict[str, str] = field(default_factory=dict)

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
        self, *words: str, stdin: str | None = None, cwd: Path | None = None, **environ: str
    ) -> subprocess.CompletedProcess[str]:
        """Run ``runas`` without a terminal and return what came out."""
        return subprocess.run(
            [RUNAS, *words],
            env={**os.environ, **self.environ, **environ},
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            cwd=cwd or self.home,
            start_new_session=True,
        )

    def calls(self, action: str) -> int:
        """Count the requests of one action that the emulator has seen."""
        return sum(1 for request in self.aws.requests if request.action == action)


@pytest.fixture
def world(home: Path) -> Iterator[World]:
    """Start an emulator and write the files of its world into the test's home."""
    with AwsEmulator(control=True) as aws:
        seeds = seed(aws)
        aws_files(seeds, home / ".aws")
        environ = {name: text for name, text in aws.environment().items() if "REGION" not in name}
        yield World(aws, seeds, home, {**environ, "AWS_EC2_METADATA_DISABLED": "true"})


@pytest.fixture
def person(world: World) -> Iterator[Callable[..., Person]]:
    """Put someone at a terminal in front of a program."""
    with ExitStack() as opened:

        def start(*words: str, streams: str = "pipes", **environ: str) -> Person:
            argv = words if words[0] != "runas" else (RUNAS, *words[1:])
            full = {**os.environ, **world.environ, **environ}
            someone = Person(argv, full, str(world.home), streams=streams)
            opened.callback(someone.close)
            return someone

        yield start
