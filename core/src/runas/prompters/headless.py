"""Nobody can be asked: say which answer is missing, and what would have given it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar, cast

from runas.challenges import Approval, Browse, Challenge, Choice, Code, Password, Username
from runas.errors import InteractionRequired
from runas.model import Factor, Role, RoleArn
from runas.prompters.words import Once, notice, plain, unknown

T = TypeVar("T")

__all__ = ["Headless", "nobody", "to_stderr"]

_LISTED = 20

_HINTS = {
    Username: "set RUNAS_USERNAME or saml_username",
    Password: "set RUNAS_PASSWORD, store it with 'runas password', or set password_process",
    Code: "set MFA_CODE, give --otp or set mfa_process",
    Approval: "choose a factor that is typed with --mfa-type and give its code with --otp",
    Browse: "sign in once at a terminal with 'runas login'",
}


def to_stderr(text: str) -> None:
    """Write one line to stderr, where there is one."""
    if sys.stderr is None:
        return
    with suppress(OSError, ValueError):  # closed: nobody to tell either
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


class Headless:
    """The front-end of cron jobs, CI and SDKs.

    Only an approval can be had without a terminal, for it is given on the phone: the push is
    waited for, unless ``no_input`` promises that nobody need do anything. ``why`` says in messages
    what keeps runas from asking.
    """

    def __init__(
        self,
        *,
        no_input: bool = False,
        why: str = "",
        tell: Callable[[str], None] = to_stderr,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._no_input = no_input
        self._why = why
        self._tell = tell
        self._sleep = sleep
        self._once = Once()

    def answer(self, challenge: Challenge[T]) -> T:
        """Wait for an approval; raise InteractionRequired for everything else."""
        new = self._once.new(challenge)
        if not isinstance(challenge, Approval) or self._no_input:
            raise nobody(challenge, self._why)
        if new:
            self.tell(notice(challenge))
        self._sleep(max(challenge.poll_after, 0.0))
        return cast(T, None)

    def tell(self, text: str) -> None:
        """Write one line to stderr."""
        self._tell(text)


def nobody(challenge: Challenge[Any], why: str = "") -> InteractionRequired:
    """Return the error for a challenge that nobody can be asked; ``why`` says what keeps us."""
    reason = f" ({why})" if why else ""
    fact = f"{_wanted(challenge)} is needed and nobody can be asked{reason}"
    if isinstance(challenge, Choice):
        return InteractionRequired(fact, _choice_hint(challenge))
    hints = [hint for kind, hint in _HINTS.items() if isinstance(challenge, kind)]
    return InteractionRequired(fact, *hints)


def _wanted(challenge: Challenge[Any]) -> str:
    """Name a challenge in plain words."""
    match challenge:
        case Username(realm):
            return f"a username for {plain(realm)}"
        case Password(realm, username):
            return f"the password of {plain(username)} at {plain(realm)}"
        case Code(device):
            return f"an MFA code for {plain(device)}" if plain(device) else "an MFA code"
        case Choice(title):
            return f"a choice ({plain(title)})"
        case Approval(device):
            return f"an approval on {plain(device) or 'a device'}"
        case Browse():
            return "a sign-in in the browser"
    raise unknown(challenge)


def _choice_hint(challenge: Choice[Any]) -> str:
    """Name what would have chosen, by what the options are, and list them."""
    kinds = {type(option) for option in challenge.options}
    if kinds and kinds <= {Role, RoleArn}:
        chooser = "give --role"
    elif kinds == {Factor}:
        chooser = "give --mfa-type or set mfa_type"
    else:
        chooser = "name it in the profile"
    labels = [plain(challenge.label(option)) for option in challenge.options]
    more = f", and {len(labels) - _LISTED} more" if len(labels) > _LISTED else ""
    return f"{chooser}: one of {', '.join(labels[:_LISTED])}{more}"
