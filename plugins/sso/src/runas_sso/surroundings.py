"""Whether a browser that could come back to this machine is likely: it decides the kind of login.

A redirect needs a browser on the machine that `runas` runs on; a device code works from anywhere.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping

import runas
from runas_sso.place import Place

_REMOTE = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")
_ELSEWHERE = (
    "WSL_DISTRO_NAME",
    "WSL_INTEROP",
    "KUBERNETES_SERVICE_HOST",
    "CODESPACES",
    "container",
)
_MARKS = ("/.dockerenv", "/run/.containerenv")


def by_device(profile: runas.Profile, place: Place) -> bool:
    """Tell whether to log in by device code.

    The older form of profile always does, as with the AWS CLI. Otherwise the user's own word
    counts, then a fixed port (it is there to be forwarded), then what this machine looks like.
    """
    if place.session is None:
        return True
    wish = (profile.get("use_device_code") or "").strip().lower()
    if wish:
        return wish in ("true", "1", "yes", "on")
    if profile.get("redirect_port"):
        return False
    return not local_browser(os.environ)


def local_browser(
    environ: Mapping[str, str],
    platform: str = sys.platform,
    exists: Callable[[str], bool] = os.path.exists,
) -> bool:
    """Guess whether a browser on this very machine can be opened."""
    if any(environ.get(name) for name in _REMOTE) or environ.get("CI"):
        return False
    if environ.get("BROWSER"):  # somebody has arranged for one
        return True
    if any(environ.get(name) for name in _ELSEWHERE) or any(exists(mark) for mark in _MARKS):
        return False
    if platform in ("win32", "darwin"):
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
