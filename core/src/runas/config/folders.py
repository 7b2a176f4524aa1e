"""Where runas keeps its own files on each platform.

Sources: the XDG Base Directory Specification; Apple's File System Programming Guide; Microsoft's
KNOWNFOLDERID (FOLDERID_LocalAppData).
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def state_folder(environ: Mapping[str, str], home: str) -> str:
    """Return where passwords, sessions and confirmations live: losing it means signing in anew."""
    given = environ.get("RUNAS_STATE_DIR")
    if given:
        return _expanded(given, home)
    if sys.platform == "win32":
        folder = os.path.join(_local(environ, home), "runas")
    elif sys.platform == "darwin":
        folder = os.path.join(home, "Library", "Application Support", "runas")
    else:
        folder = os.path.join(_xdg(environ, "XDG_DATA_HOME", home, ".local/share"), "runas")
    return folder


def cache_folder(environ: Mapping[str, str], home: str) -> str:
    """Return where cached credentials live: losing it costs a few calls to AWS."""
    given = environ.get("RUNAS_CACHE_DIR")
    if given:
        return _expanded(given, home)
    if sys.platform == "win32":
        folder = os.path.join(_local(environ, home), "runas", "cache")
    elif sys.platform == "darwin":
        folder = os.path.join(home, "Library", "Caches", "runas")
    else:
        folder = os.path.join(_xdg(environ, "XDG_CACHE_HOME", home, ".cache"), "runas")
    return folder


def _xdg(environ: Mapping[str, str], variable: str, home: str, default: str) -> str:
    """Read a base directory; the specification has relative ones ignored."""
    folder = environ.get(variable, "")
    return folder if os.path.isabs(folder) else os.path.join(home, default)


def _local(environ: Mapping[str, str], home: str) -> str:
    return environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")


def _expanded(path: str, home: str) -> str:
    """Make a folder given by the user absolute: secrets must not follow the working directory."""
    if path == "~" or path.startswith(("~/", "~" + os.sep)):
        path = home + path[1:]
    return os.path.abspath(path)
