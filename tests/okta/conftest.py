"""An Okta org on either engine, AWS behind it, and someone in front: at a terminal, or nobody."""

import itertools
import json
import os
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from runas.testing.aws import AwsEmulator
from runas.testing.sandbox import Federation
from runas.testing.sandbox import World as Sandbox
from runas_okta.testing import Enrolled, OktaOrg, User

from ..run.person import Person  # noqa: TID252 - tests are not installed
from ..run.reader import spellings  # noqa: TID252 - tests are not installed
from ..run.world import (  # noqa: TID252 - tests are not installed
    RUNAS,
    World,
    living_at,
    reaching,
)

USER, PASSWORD, WRONG = "alice@example.com", "canary-pa55 7f3a", "909090"
WORDS = ("-v", "-O", "json", "okta")
GIVEN = {"RUNAS_PASSWORD": PASSWORD}
ASSERTION = "PHNhbWxw"
"""How every SAML response begins: ``<samlp`` in base64."""

TYPED = {"password", "passcode", "passCode", "totp", "answer"}
TOKENS = {"stateToken", "stateHandle", "sessionToken", "sig_response", "sid", "tx"}
LOG = re.compile(r"\d\d:\d\d:\d\d runas[\w.]* ")


@dataclass(frozen=True)
class Ended:
    """How a run ended. ``said`` is stderr without the log of ``-v``; ``shown`` the terminal."""

    status: int
    out: str
    err: str
    shown: str = ""

    @property
    def said(self) -> list[str]:
        return [line for line in self.err.splitlines() if not LOG.match(line)]


class Alone:
    """A run without a terminal."""

    def __init__(self, argv: tuple[str, ...], environ: dict[str, str], cwd: str) -> None:
        self._process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environ,
            cwd=cwd,
            start_new_session=True,
            text=True,
        )

    def ends(self) -> Ended:
        out, err = self._process.communicate(timeout=60)
        return Ended(self._process.returncode, out, err)

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()


class Seat(Person):
    """Someone at a terminal who remembers all that was shown."""

    screen = ""

    def signs_in(self) -> None:
        """Type the password, unseen."""
        self.sees(f"Password for {USER} at http://127.0.0.1:")
        assert not self.echo
        self.types(PASSWORD + "\n")

    def code(self, code: str, prompt: str = "MFA code for ") -> None:
        """Type a code, unseen."""
        self.sees(prompt)
        assert not self.echo
        self.types(code + "\n")

    def ends(self) -> Ended:
        return Ended(*self.waits(), self.screen)

    def _read(self, seconds: float) -> None:
        before = len(self.shown)
        super()._read(seconds)
        self.screen += self.shown[before:]


@dataclass
class Okta(World):
    """A home with the profile ``okta``, and the org that it signs in to."""

    org: OktaOrg
    user: User
    trust: Federation
    opened: ExitStack

    def starts(self, *options: str, **environ: str) -> Alone:
        """Start ``runas`` where nobody can be asked; the password was given beforehand."""
        full = {**os.environ, **self.environ, **GIVEN, **environ}
        run = Alone((RUNAS, *options, *WORDS), full, str(self.home))
        self.opened.callback(run.close)
        return run

    def alone(self, *options: str, **environ: str) -> Ended:
        """Run to the end where nobody can be asked."""
        return self.starts(*options, **environ).ends()

    def seat(self, *options: str, **environ: str) -> Seat:
        """Put someone at a terminal in front of ``runas``."""
        return Seat.seated(self.opened, self, RUNAS, *options, *WORDS, **environ)

    def got_in(self, ended: Ended, *said: str, logins: int = 1) -> None:
        """Check a run that had to end with the role, and what it said on the way."""
        assert ended.status == 0, ended
        self._said(ended, said)
        arn = self.aws.issued[json.loads(ended.out)["AccessKeyId"]].arn
        assert arn.endswith(f":assumed-role/okta-developer/{USER}")
        self.behaved(ended, logins)

    def refused(self, ended: Ended, status: int, *said: str, logins: int = 1) -> None:
        """Check a run that had to end without: its status and its last line on stderr."""
        assert (ended.status, ended.out) == (status, ""), ended
        self._said(ended, said)
        assert ended.said[-1].startswith("runas: ")
        self.behaved(ended, logins)

    def behaved(self, ended: Ended, logins: int = 1) -> None:
        """Check that Okta was spoken to as it wants, the password sent once, no secret shown."""
        assert self.org.primary_authentications == logins
        assert self.org.violations == []
        typed, tokens = secrets_of(self.org)
        for text in (ended.out, ended.err, ended.shown):
            assert not found(text, typed | tokens), text
            assert ASSERTION not in text
        for path in filter(Path.is_file, self.home.rglob("*")):
            text = path.read_bytes().decode("latin-1")
            assert not found(text, typed), path
            assert ASSERTION not in text, path
            if path.parent.name == "cookies":
                assert path.stat().st_mode & 0o077 == 0
            else:
                assert not found(text, tokens), path

    def _said(self, ended: Ended, said: tuple[str, ...]) -> None:
        assert len(ended.said) == len(said), ended.said
        for line, part in zip(ended.said, said, strict=True):
            assert part in line


def secrets_of(org: OktaOrg) -> tuple[set[str], set[str]]:
    """Return what was typed, and the tokens and cookies, that the org was ever sent."""
    sent = [pair for one in org.requests for pair in fields({**one.json, **one.form, **one.query})]
    cookies = {value for one in org.requests for value in one.cookies.values()}
    typed = {value for name, value in sent if name in TYPED} | {PASSWORD}
    typed = {each for value in typed for each in spellings(value)}
    return typed, {value for name, value in sent if name in TOKENS} | cookies


def fields(body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the strings of a JSON object with their names."""
    for name, value in body.items():
        if isinstance(value, dict):
            yield from fields(value)
        elif isinstance(value, str):
            yield name, value


def found(text: str, secrets: Iterable[str]) -> list[str]:
    """Return the secrets that stand in a text; six digits inside a longer number are none."""
    there = [each for each in secrets if each in text]
    return [each for each in there if re.search(rf"(?<!\w){re.escape(each)}(?!\w)", text)]


@pytest.fixture
def okta(home: Path) -> Iterator[Callable[..., Okta]]:
    """Open an org: its engine, the user's factors and facts, more of the profile, the policy.

    Each has a home of its own, so that what waits for phones can wait at the same time. Two looks
    at a phone are a second apart, where Okta asks for four.
    """
    places = itertools.count()
    with ExitStack() as stack:

        def opened(
            engine: str = "classic",
            *factors: Enrolled,
            user: dict[str, Any] | None = None,
            profile: str = "",
            **policy: Any,
        ) -> Okta:
            aws = stack.enter_context(AwsEmulator())
            trust = Sandbox(aws, stack).federate("okta")
            policy = {"refresh": 1000, **policy}
            org = stack.enter_context(OktaOrg(engine, issue=trust.issue, **policy))
            person = org.user(USER, PASSWORD, factors, **(user or {}))
            place = home / str(next(places))
            environ = {**reaching(aws), **living_at(place)}
            made = Okta(place, environ, aws, org, person, trust, stack)
            made.config.parent.mkdir(parents=True)
            made.config.write_text(
                f"[default]\nregion = eu-west-1\n\n[profile okta]\nsaml_auth_url = {org.app_url}\n"
                f"saml_username = {USER}\nrole_arn = {trust.developer}\n{profile}"
            )
            return made

        yield opened
