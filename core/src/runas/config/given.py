"""One value that the user gave, and where."""

from __future__ import annotations


class Given:
    """A value and its origin, fit for a message: ``--region``, ``$MFA_CODE``, ``~/.aws/config:12``.

    The text may be a secret, so it stays out of the repr.
    """

    __slots__ = ("origin", "text")

    def __init__(self, text: str, origin: str) -> None:
        self.text = text
        self.origin = origin

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Given) and (self.text, self.origin) == (other.text, other.origin)

    def __hash__(self) -> int:
        return hash((self.text, self.origin))

    def __repr__(self) -> str:
        return f"Given(origin={self.origin!r})"
