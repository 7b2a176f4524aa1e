"""How long sessions may last, and how to find out what a role allows.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from runas.aws.faults import DurationRefused
from runas.config.values import span
from runas.errors import Refused
from runas.model import RoleArn

notice = logging.getLogger("runas.notice")

A = TypeVar("A")

HOUR = 3600
CHAINED = HOUR
"""The longest session that AWS grants for temporary keys, whatever the role allows."""

SESSION_DEFAULT, SESSION_LEAST, SESSION_MOST = 12 * HOUR, 900, 36 * HOUR
"""GetSessionToken's own limits."""

_STEPS = (8 * HOUR, 4 * HOUR, 2 * HOUR, HOUR)


def session_life(text: str | None) -> int:
    """Return the life of session-token credentials, in seconds, within AWS's limits."""
    asked = int(text) if text else SESSION_DEFAULT
    return min(max(asked, SESSION_LEAST), SESSION_MOST)


def chained(role: RoleArn, asked: int | None) -> int | None:
    """Cap a life asked for with temporary keys, and say so."""
    if asked is None or asked <= CHAINED:
        return asked
    notice.warning(
        "%s: AWS limits a role taken with temporary credentials to 1h (%s were asked for)",
        role.name,
        span(asked),
    )
    return CHAINED


def granted(
    role: RoleArn,
    asked: int | None,
    attempt: Callable[[int | None], A],
    maximum: Callable[[], int | None] = lambda: None,
) -> A:
    """Make *attempt* with the life asked for; where the role allows less, with what it allows.

    AWS does not say what the maximum is. Where *maximum* knows neither, usual values are tried,
    the longest first.
    """
    try:
        return attempt(asked)
    except DurationRefused:
        if asked is None or asked <= HOUR:
            raise
    for life in (maximum(), *_STEPS):
        if life is None or life >= asked:
            continue
        try:
            answer = attempt(life)
        except DurationRefused:
            continue
        say_less(role, asked, life)
        return answer
    raise Refused(f"{role.name} allows no session of an hour", "see the role's trust policy")


def say_less(role: RoleArn, asked: int, life: int) -> None:
    """Tell the user that a role allows less than was asked for."""
    notice.warning("%s does not allow %s; using %s", role.name, span(asked), span(life))
