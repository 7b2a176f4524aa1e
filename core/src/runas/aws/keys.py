"""What may be a key or a token of AWS, wherever it comes from."""

from __future__ import annotations


def sendable(text: str) -> bool:
    """Tell a text that can go into headers and variables as it is."""
    return text.isascii() and text.isprintable()
