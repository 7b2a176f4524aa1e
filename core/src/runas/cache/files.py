"""Write a file so that a reader sees the old content or the new one, whatever happens between."""

from __future__ import annotations

import contextlib
import os
import sys
import time

TEMPORARY = ".tmp"
_RANDOM = 8  # bytes, in the name of a file that is being written

# Seconds after which a file of ours is litter: what a killed writer left behind, and credentials
# far older than an AWS session can be (36 hours). A wrong clock here costs a login at most.
_LITTER = {TEMPORARY: 3600, ".credentials": 7 * 86400}

# Windows refuses to replace a file while somebody reads it, which takes a reader microseconds.
_REPLACE_ATTEMPTS = 50
_REPLACE_PAUSE = 0.02  # seconds

if sys.platform == "win32":
    _CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_BINARY
else:
    _CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


def publish(path: str, content: bytes) -> None:
    """Make *content* the file's content, on the disk, readable by its owner only.

    Creates the folder for the owner only; the mode of one that exists is its owner's business.
    """
    folder = os.path.dirname(path)
    os.makedirs(folder, 0o700, exist_ok=True)
    temporary = f"{path}.{os.urandom(_RANDOM).hex()}{TEMPORARY}"
    try:
        _write(temporary, content)
        _replace(temporary, path)
    except BaseException:  # Ctrl-C too: what was begun holds secrets
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_folder(folder)
    sweep(folder, _begun(folder))


def sweep(folder: str, names: list[str]) -> None:
    """Remove those of our files that nobody can want any more."""
    now = time.time()
    for name in names:
        path = os.path.join(folder, name)
        life = _LITTER.get(os.path.splitext(name)[1])
        try:
            if life is not None and os.lstat(path).st_mtime + life < now:
                os.unlink(path)
        except OSError:  # another process was quicker, or it is no file
            continue


def _begun(folder: str) -> list[str]:
    """List what writers have begun there, now or long ago; others may keep things there too."""
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    return [name for name in names if name.endswith(TEMPORARY) and _is_random(name)]


def _is_random(name: str) -> bool:
    text = name[: -len(TEMPORARY)].rpartition(".")[2]
    return len(text) == 2 * _RANDOM and not text.strip("0123456789abcdef")


def _write(path: str, content: bytes) -> None:
    handle = os.open(path, _CREATE, 0o600)
    try:
        while content:
            content = content[os.write(handle, content) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _replace(temporary: str, path: str) -> None:
    for _ in range(_REPLACE_ATTEMPTS if sys.platform == "win32" else 0):
        try:
            os.replace(temporary, path)
        except PermissionError:
            time.sleep(_REPLACE_PAUSE)
        else:
            return
    os.replace(temporary, path)


def _sync_folder(folder: str) -> None:
    """Make the new name durable too. Where that cannot be, the content is whole all the same."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
