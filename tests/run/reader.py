"""Somebody who does what a page of the documentation says, in an empty home."""

import json
import os
import shlex
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from runas.testing.aws import AwsEmulator

from .pages import Page, Step
from .person import Person
from .world import Home, living_at, reaching

_INSTALLED_ONLY = {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


@dataclass
class Reader(Home):
    """Somebody who writes and types; ``own`` is what they have in place of the page's examples."""

    opened: ExitStack
    own: dict[str, str]
    secrets: tuple[str, ...]

    def means(self, text: str) -> str:
        """Put their own in place of the page's examples."""
        for example, own in self.own.items():
            text = text.replace(example, own)
        return text

    def writes(self, block: str) -> None:
        """Put a block of the page into the config, which has to name a provider of theirs."""
        written = self.means(block)
        assert written != block, f"nothing in it is theirs: {block}"
        self.config.parent.mkdir(exist_ok=True)
        self.add(written)

    def types(
        self, step: Step, *answers: tuple[str, str], streams: str = "pipes"
    ) -> tuple[str, str]:
        """Type a command at a terminal and answer its questions; return stdout and stderr."""
        words = shlex.split(self.means(step.text))
        someone = Person.seated(self.opened, self, *words, streams=streams)
        for question, answer in answers:
            someone.sees(question)
            someone.types(answer)
        status, out, err = someone.waits()
        assert status == step.status, (step, out, err)
        shown = out + err + someone.shown
        secrets = {spelt for secret in self.secrets for spelt in spellings(secret)}
        assert not [each for each in secrets if each in shown]
        return out, err

    def gets(self, name: str, script: str) -> None:
        """Have a program on the PATH, of these lines of ``sh``."""
        program = self.home / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        self.environ["PATH"] = f"{program.parent}{os.pathsep}{os.environ['PATH']}"

    def loses_credentials(self) -> None:
        """Let all that is in the cache end."""
        for path in self.home.joinpath("cache").rglob("*"):
            if path.is_file():
                path.unlink()

    def follows(self, page: Page, tried: Mapping[str, Callable[[Any, Step], object]]) -> None:
        """Do what the page says, from top to bottom, each command in its own way."""
        assert list(self.home.iterdir()) == []
        for step in page.steps:
            if step.kind == "command":
                tried[step.text](self, step)
            elif step.text in page.profiles:
                self.writes(step.text)


def moved_in(aws: AwsEmulator, place: Path) -> dict[str, str]:
    """Make an empty home, and return its variables; ``pip`` knows what is installed, no more."""
    place.mkdir(parents=True)
    return {**reaching(aws), **living_at(place), **_INSTALLED_ONLY}


def spellings(secret: str) -> set[str]:
    """Return how a secret is written where it travels: as it is, in a form, in JSON."""
    return {secret, quote(secret), quote_plus(secret), json.dumps(secret)[1:-1]}
