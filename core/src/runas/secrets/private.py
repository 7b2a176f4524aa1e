"""Small files that only their owner can read: what is not so is taken for absent."""

from __future__ import annotations

import json
import os
import stat
import sys
from typing import Any

from runas.cache.files import publish

LARGEST = 4 << 20
"""Bytes; more than that is none of our files."""

if sys.platform == "win32":
    _READ = os.O_RDONLY | os.O_BINARY
else:
    # Neither a link nor a pipe that somebody left under our name leads astray or hangs.
    _READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


def content(path: str) -> bytes:
    """Read a file that is ours and closed to others; raise FileNotFoundError for any other."""
    try:
        handle = os.open(path, _READ)
    except OSError:
        raise FileNotFoundError(path) from None
    try:
        if not _ours(os.fstat(handle)):
            raise FileNotFoundError(path)
        return os.read(handle, LARGEST)
    finally:
        os.close(handle)


def _ours(status: os.stat_result) -> bool:
    if not stat.S_ISREG(status.st_mode):
        return False
    private = True  # on Windows by the folder's access list
    if sys.platform != "win32":
        private = status.st_uid == os.geteuid() and not status.st_mode & 0o077
    return private


def table(text: bytes | str) -> dict[str, Any]:
    """Read JSON that must be an object; an empty one for anything else."""
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def save(path: str, document: dict[str, Any]) -> None:
    """Write an object as JSON, whole or not at all, readable by its owner only."""
    publish(path, json.dumps(document).encode())


__all__ = ["LARGEST", "content", "publish", "save", "table"]
