"""Words that every front-end shows alike, made safe to show.

Device names, titles and addresses come from a server. Written raw, an escape sequence in one could
recolour, overwrite or retitle the terminal, and a line break could fake a second prompt.
"""

from __future__ import annotations

import re
from typing import Any

from runas.challenges import Approval, Browse, Challenge, Choice, Code, Password, Username
from runas.errors import PluginError

__all__ = ["Once", "notice", "plain", "unknown"]

# Whole sequences first (CSI, then OSC with its terminator), so that "[31m" is not left behind.
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b]*(?:\x07|\x1b\\)"
)


def plain(text: str) -> str:
    """Return *text* on one line, without control, bidi and other unprintable characters."""
    kept = _SEQUENCE.sub("", str(text))
    return "".join(c if c.isprintable() else " " if c.isspace() else "" for c in kept).strip()


def notice(challenge: Approval | Browse) -> str:
    """Say what a person has to do elsewhere."""
    if isinstance(challenge, Approval):
        tap = f" (tap {plain(challenge.number)})" if challenge.number else ""
        return f"approve the sign-in on {plain(challenge.device) or 'your device'}{tap}"
    check = f"\nand check that it shows {plain(challenge.user_code)}" if challenge.user_code else ""
    return f"open {plain(challenge.url)}{check}"


def unknown(challenge: Challenge[Any]) -> PluginError:
    """Return the error for a challenge that is none of the closed set."""
    known = (Username, Password, Code, Choice, Approval, Browse)
    names = ", ".join(kind.__name__ for kind in known)
    name = type(challenge).__name__
    return PluginError(f"a provider asked a {name}, which is none of {names}")


class Once:
    """Tell a notice that is new from one that merely goes on.

    A provider asks the same Approval again each time it has looked and found no answer.
    """

    def __init__(self) -> None:
        self._last = ""

    def new(self, challenge: Challenge[Any]) -> bool:
        """Say whether *challenge* differs from the one before; any question in between counts."""
        text = notice(challenge) if isinstance(challenge, (Approval, Browse)) else ""
        changed, self._last = text != self._last, text
        return changed
