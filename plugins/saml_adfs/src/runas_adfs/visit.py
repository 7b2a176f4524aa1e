"""How far a sign-in has come, within one call of a hook and between two."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import runas
from runas.html import Page

if TYPE_CHECKING:
    from requests import Session

    from runas_adfs.duo import Prompt


@dataclass
class Visit:
    """One browser's visit: what is known so far.

    ``asked`` says that a password was sent, ``astray`` that a page was reached that leads nowhere.
    """

    profile: runas.Profile
    http: Session
    username: str = ""
    named: bool = False
    asked: bool = False
    astray: bool = False


@dataclass
class Shown:
    """The page on show. Every page of an adapter has a new Context, and only the newest counts.

    ``prompt`` is Duo's, once opened, and ``way`` what was chosen there.
    """

    page: Page = field(repr=False)
    prompt: Prompt | None = field(default=None, repr=False)
    way: runas.Factor | None = None


@dataclass(frozen=True)
class Waiting:
    """What ``mfa`` needs to go on: whose login it is, and the page on show; no password."""

    username: str
    shown: Shown = field(repr=False)


def forgetting(page: Page) -> Page:
    """Return the page without the password that led to it."""
    return replace(page, secrets=frozenset())


def recalling(page: Page, http: Session) -> Page:
    """Return the page with all that the session has sent in secret, so that none of it is shown."""
    return replace(page, secrets=page.secrets | frozenset(getattr(http, "answers", ())))
