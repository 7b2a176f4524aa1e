"""What a prompter is."""

from __future__ import annotations

from typing import Protocol, TypeVar

from runas.challenges import Challenge

T = TypeVar("T")

__all__ = ["Prompter"]


class Prompter(Protocol):
    """Someone who answers challenges, or knows who does."""

    def answer(self, challenge: Challenge[T]) -> T:
        """Answer the challenge, or raise what the flow that asked should see at its ``yield``."""

    def tell(self, text: str) -> None:
        """Show one line that wants no answer."""
