"""How much memory the parent holds while it waits for a wrapped command."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

# Fetch the credentials once, as an SDK does, say so, and live until stdin closes.
_CLIENT = """
import os, sys, urllib.request
asked = urllib.request.Request(
    os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"],
    headers={"Authorization": os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"]},
)
assert b"SecretAccessKey" in urllib.request.urlopen(asked).read()
print("served", flush=True)
sys.stdin.read()
"""


def waiting_parent(
    runas: Sequence[str], python: str, environ: Mapping[str, str]
) -> tuple[float, float]:
    """Return the parent's resident and proportional memory in MiB, once it has answered."""
    command = [*runas, python, "-c", _CLIENT]
    with subprocess.Popen(
        command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        line = parent.stdout.readline()
        if line != b"served\n":
            parent.kill()
            raise SystemExit(f"{' '.join(runas)}: the endpoint did not serve")
        return _held(parent.pid)


def _held(pid: int) -> tuple[float, float]:
    folder = Path("/proc") / str(pid)
    return _kib(folder / "status", "VmRSS:") / 1024, _kib(folder / "smaps_rollup", "Pss:") / 1024


def _kib(file: Path, label: str) -> int:
    lines = file.read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(label))
