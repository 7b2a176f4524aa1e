"""Open an address in the person's browser, where they have one in front of them."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from runas.config.options import SECRET_VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterator


def open_browser(url: str, environ: Mapping[str, str]) -> bool:
    """Open *url* and say whether that worked.

    Not over SSH, and not on a Linux without a display: there a browser would be one in the
    terminal, or on somebody else's screen. ``BROWSER`` decides for itself.
    """
    if not environ.get("BROWSER"):
        if environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"):
            return False
        display = environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
        if sys.platform not in ("win32", "darwin") and not display:
            return False
    try:
        with apart():
            return _opened(url, environ.get("BROWSER"))
    except (webbrowser.Error, OSError):
        return False


def _opened(url: str, named: str | None) -> bool:
    """Open *url* in the browsers that the person named, one after the other, and in no other.

    Left to itself, `webbrowser` goes on to whatever it finds, down to one inside the terminal.
    """
    if not named:
        return webbrowser.open(url)
    for name in filter(None, named.split(os.pathsep)):
        with suppress(webbrowser.Error, OSError, ValueError):
            if webbrowser.get(name).open(url):
                return True
    return False


@contextmanager
def apart() -> Iterator[None]:
    """Start a browser that says nothing on our stdout, and hears none of the secrets given to us.

    What it says goes to stderr: stdout carries only what was asked for.
    """
    secrets = {name: os.environ.pop(name) for name in SECRET_VARIABLES if name in os.environ}
    try:
        with _stdout_untouched():
            yield
    finally:
        os.environ.update(secrets)


@contextmanager
def _stdout_untouched() -> Iterator[None]:
    try:
        kept = os.dup(1)
    except OSError:
        yield
        return
    try:
        with suppress(OSError):
            os.dup2(2, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
