"""The whole program against the emulator; programs that record in place of AWS's and docker."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from runas.testing.aws import AwsEmulator
from runas.testing.aws.seed import WORK, aws_files, seed

from ..run.world import SeededWorld, reaching  # noqa: TID252 - tests are not installed

EVERYTHING = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"},
}

# Records its arguments, stdin and AWS's variables, and answers --version.
FAKE = """#!{python}
import json, os, sys
if sys.argv[1:] == ["--version"]:
    print(os.environ.get("FAKE_VERSION", "1.2.650.0"))
    sys.exit(0)
told = {{
    "argv": sys.argv[1:],
    "stdin": sys.stdin.read() if "--password-stdin" in sys.argv else None,
    "environ": {{k: v for k, v in os.environ.items() if k.startswith("AWS_")}},
}}
with open({record!r}, "a") as file:
    file.write(json.dumps(told) + "\\n")
sys.exit(int(os.environ.get("FAKE_STATUS", "0")))
"""


class World(SeededWorld):
    """A world with programs that record."""

    def program(self, name: str) -> Callable[[], list[dict]]:
        """Put a program on the PATH; return what gives its runs so far."""
        folder, record = self.home / "bin", self.home / f"{name}.json"
        folder.mkdir(exist_ok=True)
        script = folder / name
        script.write_text(FAKE.format(python=sys.executable, record=str(record)))
        script.chmod(0o755)
        self.environ["PATH"] = f"{folder}{os.pathsep}{os.path.dirname(sys.executable)}"
        self.environ["PATH"] += f"{os.pathsep}/usr/bin{os.pathsep}/bin"

        def runs() -> list[dict]:
            return [json.loads(line) for line in record.read_text().splitlines()]

        return runs

    def without(self, *names: str) -> dict[str, str]:
        """Return a PATH that has nothing but Python's folder on it."""
        folder = self.home / "bare"
        folder.mkdir(exist_ok=True)
        return {"PATH": str(folder)}


@pytest.fixture
def world(home: Path) -> Iterator[World]:
    """Start an emulator; `ops` may do everything, `chained` is reached through another role."""
    with AwsEmulator(control=True) as aws:
        seeds = seed(aws)
        work = aws.account(WORK)
        group = aws.account("111122223333").groups["developers"]
        ops = work.role(
            "ops", [seeds.user], policies={"all": EVERYTHING}, max_session_duration=43200
        )
        next_one = work.role("next", [ops], policies={"all": EVERYTHING})
        statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": ops.arn}
        group.inline("take-ops", {"Version": "2012-10-17", "Statement": statement})
        aws_files(seeds, home / ".aws")
        environ = {**reaching(aws), "AWS_EC2_METADATA_DISABLED": "true"}
        made = World(home, environ, aws, seeds)
        made.add(
            f"[profile ops]\nregion = eu-west-1\nrole_arn = {ops.arn}\nsource_profile = default\n"
            f"\n[profile chained]\nregion = eu-west-1\nrole_arn = {next_one.arn}\n"
            "source_profile = ops\n"
        )
        yield made


@pytest.fixture
def at_terminal(world: World) -> Iterator[Callable[..., "object"]]:
    """Start programs on a terminal of their own."""
    from .screen import Window  # not on Windows

    with ExitStack() as opened:

        def start(*argv: str, lines: int = 24, columns: int = 80, **environ: str) -> Window:
            full = {**os.environ, **world.environ, **environ}
            window = Window(argv, full, str(world.home), lines, columns)
            opened.callback(window.close)
            return window

        yield start
