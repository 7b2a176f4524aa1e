"""What a page may want: the kinds of scene that a login meets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from runas import html


@dataclass(frozen=True)
class SignIn:
    """A form for the name, the password, or both; ``code`` where a one-time code goes with them."""

    form: html.Form
    username: html.Field | None
    password: html.Field | None
    code: html.Field | None = None


@dataclass(frozen=True)
class CodeEntry:
    """A form for a one-time code. ``devices`` are radio buttons: which of several sends it."""

    form: html.Form
    code: html.Field
    devices: tuple[html.Field, ...] = ()


@dataclass(frozen=True)
class Option:
    """One way on: the form to send, with what is set or pressed in it; ``kind`` of which factor."""

    label: str
    form: html.Form
    name: str = ""
    value: str = ""
    press: html.Button | None = None
    kind: str = ""

    @property
    def key(self) -> str:
        """What tells the option from the others, in this login and the next."""
        return self.value or (self.press and (self.press.value or self.press.name)) or self.label

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True)
class Picker:
    """A page that asks which: source, organisation, device, method."""

    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Push:
    """A page that waits for a tap on ``device``, with the ``number`` to choose there.

    ``poll`` asks how it stands, ``send`` goes on when it is there; without that, the answer to
    ``poll`` is the next page. ``code`` is the address where a code may be typed instead.
    """

    poll: html.Form
    send: html.Form | None
    number: str = ""
    device: str = ""
    code: str = ""


@dataclass(frozen=True)
class Confirm:
    """A page that wants a click: consent, a notice, 'stay signed in?'."""

    form: html.Form
    yes: html.Button | None
    no: html.Button | None = None
    stay: bool = False


@dataclass(frozen=True)
class Wall:
    """A page that the provider cannot pass, and why."""

    why: Literal["password", "enrolment", "terms", "captcha", "key"]
    detail: str = field(default="")


Scene = SignIn | CodeEntry | Picker | Push | Confirm | Wall
