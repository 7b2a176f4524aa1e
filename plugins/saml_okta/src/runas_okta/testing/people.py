"""Users, and where their sign-ins stand."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field

from runas_okta.testing.factors import Enrolled


@dataclass(eq=False)
class User:
    """One user, with what the policies want of them.

    ``expires_in`` are the days that the password still has; ``enrolment`` is ``optional`` or
    ``required`` where a factor should be set up; ``state`` is a status that ends every sign-in,
    such as ``PASSWORD_RESET``. ``shows_lock``: the password policy tells of a lock.
    """

    name: str
    password: str = field(repr=False)
    factors: list[Enrolled] = field(default_factory=list)
    expires_in: int | None = None
    expired: bool = False
    locked: bool = False
    shows_lock: bool = True
    enrolment: str = ""
    state: str = ""
    assigned: bool = True
    id: str = field(default_factory=lambda: "00u" + secrets.token_hex(8))
    failures: int = 0

    def factor(self, name: str) -> Enrolled | None:
        """Return one of the user's factors by its id."""
        return next((one for one in self.factors if one.id == name), None)


@dataclass(eq=False)
class SignIn:
    """A transaction. ``link_key`` is in every link handed out: an address made up lacks it."""

    token: str = field(repr=False)
    expires: float
    for_app: bool = False
    user: User | None = None
    stage: str = "UNAUTHENTICATED"
    factor: Enrolled | None = None
    result: str = ""
    password: bool = False
    verified: bool = False
    skipped: set[str] = field(default_factory=set)
    warns: bool = False
    remember: bool = False
    code_due: bool = False
    kept: bool | None = None
    probed: bool = False
    cancelled: bool = False
    link_key: str = field(default_factory=lambda: secrets.token_hex(6), repr=False)
    device: str = ""

    @property
    def alive(self) -> bool:
        """Whether the transaction may still be moved on."""
        return not self.cancelled and time.time() < self.expires


@dataclass(eq=False)
class Session:
    """A browser's session; ``stepped_up`` after the app's own second factor."""

    user: User
    stepped_up: bool = False
