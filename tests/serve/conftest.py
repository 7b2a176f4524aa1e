"""`runas serve` as a process, against an AWS and an identity provider of the test's own."""

import os
import re
import signal
import subprocess
import threading
import time
from contextlib import ExitStack

import pytest

from runas.testing.aws import AwsEmulator
from runas.testing.aws.seed import aws_files, seed
from runas.testing.sandbox import World as Furniture

from ..run.world import RUNAS, reaching  # noqa: TID252 - tests are not installed

PATIENCE = 30


class Served:
    """One running `runas serve`: what it printed, and how it ends."""

    def __init__(self, argv, environ, cwd):
        self.process = subprocess.Popen(
            argv, env=environ, cwd=cwd, text=True, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self.out, self.err = "", ""
        self._readers = [
            threading.Thread(target=self._read, args=(name,)) for name in ("out", "err")
        ]
        for reader in self._readers:
            reader.start()

    def _read(self, name):
        for line in getattr(self.process, "std" + name):
            setattr(self, name, getattr(self, name) + line)

    def says(self, text, where="err"):
        """Wait until something has been printed."""
        until = time.monotonic() + PATIENCE
        while text not in getattr(self, where):
            alive = self.process.poll() is None
            assert alive or text in getattr(self, where), f"ended: {self.err}"
            assert time.monotonic() < until, f"not said: {text!r} in {self.out}{self.err}"
            time.sleep(0.01)
        return self

    @property
    def variables(self):
        """What the shell would take over."""
        return dict(re.findall(r"^export (\w+)='(.*)'$", self.out, re.M))

    @property
    def link(self):
        return re.search(r"page: +(\S+)", self.err)[1]

    @property
    def address(self):
        return self.link.partition("/?")[0]

    def ends(self, number=signal.SIGTERM):
        """Send a signal; return the status and how long it took."""
        started = time.monotonic()
        self.process.send_signal(number)
        status = self.process.wait(PATIENCE)
        return status, time.monotonic() - started

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for reader in self._readers:
            reader.join()
        self.process.stdout.close()
        self.process.stderr.close()


class World:
    """An AWS, the files that name it, and services in it."""

    def __init__(self, aws, seeds, home, stack):
        self.aws, self.seeds, self.home, self._stack = aws, seeds, home, stack
        self.furniture = Furniture(aws, stack)
        self.environ = {**os.environ, **reaching(aws)}

    def add(self, text):
        with (self.home / ".aws" / "config").open("a", encoding="utf-8") as file:
            file.write("\n" + text)

    def start(self, *words, **environ):
        """Start `runas WORDS`; what is printed can be waited for."""
        served = Served([RUNAS, *words], {**self.environ, **environ}, self.home)
        self._stack.callback(served.close)
        return served

    def serve(self, *words, **environ):
        """Start `runas serve WORDS` and wait until it serves."""
        served = self.start("serve", *words, **environ).says("page:")
        lines = 1 if "ec2" in words or "--no-token" in words else 2
        until = time.monotonic() + PATIENCE
        while served.out.count("\n") < lines and time.monotonic() < until:
            time.sleep(0.01)  # printed before, read by another thread
        return served

    def client(self, served, **more):
        """Return the environment of a program that knows nothing but the service."""
        kept = ("PATH", "HOME", "LANG", "TMPDIR")
        known = {name: os.environ[name] for name in kept if name in os.environ}
        return {
            **known,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            **dict.fromkeys(("AWS_REGION", "AWS_DEFAULT_REGION"), "eu-west-1"),
            "AWS_ENDPOINT_URL_STS": self.aws.url,
            **served.variables,
            **more,
        }


@pytest.fixture
def world(home):
    with ExitStack() as stack:
        aws = stack.enter_context(AwsEmulator(control=True))
        seeds = seed(aws)
        aws_files(seeds, home / ".aws")
        yield World(aws, seeds, home, stack)


@pytest.fixture
def eventually():
    def wait(condition, seconds=PATIENCE):
        until = time.monotonic() + seconds
        while not (found := condition()):
            assert time.monotonic() < until, "it never came true"
            time.sleep(0.05)
        return found

    return wait
