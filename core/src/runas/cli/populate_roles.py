"""List the roles that a sign-in offers, with a spinner while nobody is being asked."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from runas.cli.progress import working

if TYPE_CHECKING:
    from collections.abc import Callable

    from runas.challenges import Flow
    from runas.login import Login
    from runas.model import Role
    from runas.profile import Profile

R = TypeVar("R")


def offered(session: Login, profile: Profile) -> list[Role]:
    """Sign in where that is needed, and return every role; progress shows on a terminal only."""
    return session.drive(profile, watched(session.engine(profile).roles(), "listing the roles"))


def watched(flow: Flow[R], text: str) -> Flow[R]:
    """Run a flow with a spinner between its challenges, so that none spins into a question."""
    advance: Callable[[], Any] = partial(next, flow)
    try:
        while True:
            with working(text):
                challenge = advance()
            try:
                advance = partial(flow.send, (yield challenge))
            except GeneratorExit:
                raise
            except BaseException as refusal:  # noqa: BLE001 - the flow decides, not we
                advance = partial(flow.throw, refusal)
    except StopIteration as done:
        result: R = done.value
        return result
    finally:
        flow.close()
