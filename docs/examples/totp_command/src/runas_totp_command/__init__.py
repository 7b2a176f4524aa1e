"""A second factor for every provider: one-time codes from a command."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Generator, Sequence
from typing import Any

import runas

Login = runas.Flow[runas.Identity | runas.MfaRequired]


@runas.hookimpl
def settings() -> Sequence[runas.Setting]:
    """List the profile keys that this extension reads."""
    return [
        runas.Setting(
            "totp_command",
            "A command that prints the code; without it the person is asked.",
            example="oathtool --totp -b @seed",
            identity=False,
        )
    ]


@runas.hookimpl(wrapper=True)
def mfa(
    profile: runas.Profile, factor: runas.Factor
) -> Generator[None, Login | None, Login | None]:
    """Stand around the provider's own ``mfa``, and answer for the person where that is possible."""
    flow = yield
    command = profile.get("totp_command")
    if flow is None or not command or factor.kind != "totp":
        return flow
    return _answering(flow, command)


def _answering(flow: Login, command: str) -> Login:
    """Pass the provider's challenges on, all but its first wish for a code."""
    answer: Any = None
    try:
        while True:
            challenge = flow.send(answer)
            if isinstance(challenge, runas.Code) and not challenge.attempt:
                answer = _code(command)
            else:
                answer = yield from challenge
    except StopIteration as done:
        outcome: runas.Identity | runas.MfaRequired = done.value
        return outcome
    finally:
        flow.close()


def _code(command: str) -> str:
    try:
        done = subprocess.run(
            shlex.split(command), capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        # Not chained: what the command printed may be the code.
        raise runas.ConfigurationError(
            "totp_command prints no code", "run it in a shell to see why"
        ) from None
    return done.stdout.strip()
