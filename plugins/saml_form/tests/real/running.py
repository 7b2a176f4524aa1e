"""Start a provider of others on a loopback port, and stop it again."""

import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import requests

PATIENCE = 30  # seconds


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(
    command: Sequence[str], origin: str, folder: Path, environment: Mapping[str, str]
) -> Iterator[str]:
    """Start *command*, wait until *origin* answers, and end it afterwards."""
    with (folder / "output.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            _wait(process, origin, folder / "output.log")
            yield origin
        finally:
            process.terminate()
            process.wait(10)


def _wait(process: subprocess.Popen, origin: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(requests.ConnectionError):
            requests.get(origin, timeout=PATIENCE, allow_redirects=False)
            return
        time.sleep(0.1)
    raise AssertionError(f"it does not answer: {log.read_text('utf-8', 'replace')[-2000:]}")


def key_pair(folder: Path) -> tuple[Path, Path]:
    """Make a signing key and its certificate: ``idp.key`` and ``idp.crt``."""
    folder.mkdir(parents=True, exist_ok=True)
    key, certificate = folder / "idp.key", folder / "idp.crt"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30"]
    command += ["-subj", "/CN=idp.example.com", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return key, certificate
