"""The whole program against the strict emulator: a world, and ways to run in it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from runas.testing.aws import AwsEmulator
from runas.testing.aws.seed import aws_files, seed

from .person import Person
from .world import RUNAS, SeededWorld, reaching


@pytest.fixture
def world(home: Path) -> Iterator[SeededWorld]:
    """Start an emulator and write the files of its world into the test's home."""
    with AwsEmulator(control=True) as aws:
        seeds = seed(aws)
        aws_files(seeds, home / ".aws")
        environ = {**reaching(aws), "AWS_EC2_METADATA_DISABLED": "true"}
        yield SeededWorld(home, environ, aws, seeds)


@pytest.fixture
def person(world: SeededWorld) -> Iterator[Callable[..., Person]]:
    """Put someone at a terminal in front of a program."""
    with ExitStack() as opened:

        def start(*words: str, streams: str = "pipes", **environ: str) -> Person:
            argv = words if words[0] != "runas" else (RUNAS, *words[1:])
            return Person.seated(opened, world, *argv, streams=streams, **environ)

        yield start
