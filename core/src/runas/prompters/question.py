"""A challenge as a page shows it: plain values, and how its answer is read."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from runas.challenges import Approval, Browse, Challenge, Choice, Code, Password, Username
from runas.prompters.words import plain, unknown

__all__ = ["Question", "Stale"]


class Stale(Exception):
    """The question has been answered meanwhile, or was never asked."""


@dataclass(frozen=True)
class Question:
    """One question. ``fields`` are fit for JSON; ``wanted`` is a sentence for who cannot answer."""

    id: str
    kind: str
    wanted: str
    fields: dict[str, Any]
    challenge: type[Challenge[Any]]
    options: tuple[Any, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, challenge: Challenge[Any]) -> Question:
        """Describe a challenge."""
        kind, wanted, fields = _described(challenge)
        options = tuple(challenge.options) if isinstance(challenge, Choice) else ()
        return cls(secrets.token_hex(8), kind, wanted, fields, type(challenge), options)

    def same(self, other: Question) -> bool:
        """Tell a wait that goes on from a new one; every other question is new."""
        waits = self.challenge in (Approval, Browse)
        return waits and (self.kind, self.fields) == (other.kind, other.fields)

    def read(self, text: str) -> Any:
        """Return the answer that *text* stands for; ValueError where it stands for none."""
        if self.challenge is Choice:
            index = int(text)
            if not 0 <= index < len(self.options):
                raise ValueError("there is no such option")
            return self.options[index]
        if self.challenge is Code:
            text = "".join(text.split())
        if self.challenge not in (Username, Password, Code) or not text:
            raise ValueError("the answer is empty")
        return text.strip() if self.challenge is Username else text


def _described(challenge: Challenge[Any]) -> tuple[str, str, dict[str, Any]]:
    match challenge:
        case Username(realm, default):
            fields: dict[str, Any] = {"realm": plain(realm), "default": default}
            return "username", f"a username for {plain(realm)} is needed", fields
        case Password(realm, username):
            fields = {"realm": plain(realm), "username": plain(username)}
            wanted = f"the password of {plain(username)} at {plain(realm)} is needed"
            return "password", wanted, fields
        case Code(device, attempt, words):
            fields = {"device": plain(device), "attempt": attempt, "words": list(map(plain, words))}
            return "code", f"an MFA code for {plain(device) or 'your device'} is needed", fields
        case Choice(title, options):
            labels = [plain(challenge.label(option)) for option in options]
            return (
                "choice",
                f"a choice is needed: {plain(title)}",
                {
                    "title": plain(title),
                    "options": labels,
                },
            )
        case Approval(device, number):
            fields = {"device": plain(device), "number": plain(number or "")}
            return "approval", f"an approval on {plain(device) or 'a device'} is awaited", fields
        case Browse(url, user_code):
            # The address comes from a server: other schemes would start other programs with it.
            harmless = url.startswith(("https://", "http://")) and plain(url) == url
            fields = {"url": url if harmless else "", "user_code": plain(user_code or "")}
            return "browse", "a sign-in in the browser is awaited", fields
    raise unknown(challenge)
