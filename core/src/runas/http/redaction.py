"""Find a secret wherever it went, however it was written there.

An answer that a person gave is a *canary*: it must not be seen in a transcript, whether it stands
in a field, an address, a page, a script or an ``Authorization`` header. So it is looked for
character by character, each in any of the ways that URLs, HTML, JSON and JavaScript write it, and
in base64 at each of the three places it can begin at.
"""

from __future__ import annotations

import base64
import html
import json
import re
from urllib.parse import quote, quote_plus

_ANSWERS = ("password", "code")  # kinds that are looked for character by character
_LONGEST = 256  # characters; what is longer no person typed
_SHORTEST_BASE64 = 4  # bytes; fewer leave too little that is their own


class Redactor:
    """Replace what it was told to guard by the name of its kind, such as ``<password>``."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._kinds: list[str] = []
        self._pattern: re.Pattern[str] | None = None

    def guard(self, text: str, kind: str) -> None:
        """Remember a secret; the first kind that was told of it stays."""
        if text and text not in self._known:
            self._known[text] = kind
            self._pattern = None

    def redact(self, text: str) -> str:
        """Return the text without any of the secrets."""
        if not self._known:
            return text
        if self._pattern is None:
            longest_first = sorted(self._known, key=len, reverse=True)
            self._kinds = [self._known[secret] for secret in longest_first]
            self._pattern = re.compile(
                "|".join(
                    f"({_pattern(secret, kind)})"
                    for secret, kind in zip(longest_first, self._kinds, strict=True)
                )
            )
        return self._pattern.sub(self._replacement, text)

    def _replacement(self, found: re.Match[str]) -> str:
        return f"<{self._kinds[(found.lastindex or 1) - 1]}>"


def _pattern(secret: str, kind: str) -> str:
    if kind not in _ANSWERS or len(secret) > _LONGEST:
        return "|".join(re.escape(each) for each in sorted(_written(secret), key=len, reverse=True))
    one_by_one = "".join(_character(char) for char in secret)
    encoded = (re.escape(each) for each in _base64(secret))
    return "|".join([one_by_one, *encoded])


def _written(secret: str) -> set[str]:
    """Write a long text in the usual ways."""
    content = _bytes(secret)
    quoted = {quote(content, safe=""), quote_plus(content), html.escape(secret)}
    return {secret, json.dumps(secret)[1:-1], *quoted}


def _character(char: str) -> str:
    """Match a character in each of the ways it may be written."""
    code = ord(char)
    percent = "".join(f"%(?:25)?(?i:{byte:02x})" for byte in _bytes(char))
    ways = [
        re.escape(char),
        percent,
        f"&#0{{0,6}}{code};?",
        f"(?i:&#x0{{0,6}}{code:x};?)",
        rf"(?i:\\u{code:04x}|\\u{{0{{0,4}}{code:x}}}|\\x{code:02x})",
    ]
    if code > 0xFFFF:
        high, low = divmod(code - 0x10000, 0x400)
        ways.append(rf"(?i:\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x})")
    if char in "/\"'\\":
        ways.append(re.escape("\\" + char))
    if char in _NAMED:
        ways.append(f"&{_NAMED[char]};")
    if char == " ":
        ways.append(r"\+")
    return f"(?:{'|'.join(ways)})"


_NAMED = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _base64(secret: str) -> set[str]:
    """Return the base64 of the secret inside any other text, as far as it is its own."""
    content = _bytes(secret)
    if len(content) < _SHORTEST_BASE64:
        return set()
    found = set()
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + content).decode()
        own = whole[-(-8 * before // 6) : (8 * (before + len(content))) // 6]
        found |= {own, own.replace("+", "-").replace("/", "_"), quote(own, safe="")}
    return found
