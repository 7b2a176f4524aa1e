"""Open the terminal that the process belongs to.

Questions go to the device itself and not to stdin and stdout, so they can be asked while those are
pipes: ``eval "$(runas prof)"``, ``runas prof cmd | jq``, ``credential_process``.
"""

from __future__ import annotations

import sys

from runas.prompters.device import BACKGROUND, NoTerminal, Tty

__all__ = ["BACKGROUND", "NoTerminal", "Tty", "open_terminal"]


def open_terminal() -> Tty:
    """Open the controlling terminal; raise NoTerminal where there is none to ask at now."""
    if sys.platform == "win32":
        from runas.prompters.windows import open_device
    else:
        from runas.prompters.posix import open_device
    return open_device()
