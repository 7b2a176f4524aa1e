"""Which project files the user has confirmed.

A project file may come with a clone. What it says about names and durations is harmless; a command
or an address in it would run or receive secrets, so such a setting counts only once the user has
confirmed this content of this file. Like direnv's ``allow``: a changed file asks again.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from runas.config.folders import state_folder
from runas.config.project import ProjectFile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Trust:
    """The confirmations, one small file each, in a folder that only the user can enter."""

    def __init__(self, state_dir: str) -> None:
        self._folder = os.path.join(state_dir, "trusted")

    def trusted(self, path: str, content_digest: str) -> bool:
        """Tell whether this content of this file has been confirmed."""
        entry = self._entry(path, content_digest)
        return _ours(entry, stat.S_IFREG) and _ours(self._folder, stat.S_IFDIR)

    def confirm(self, path: str, content_digest: str) -> None:
        """Remember that it has; the entry says in plain text what was confirmed."""
        os.makedirs(self._folder, mode=0o700, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        entry = self._entry(path, content_digest)
        if not _ours(entry, stat.S_IFREG):
            with suppress(FileNotFoundError):
                os.unlink(entry)
        with suppress(FileExistsError):
            handle = os.open(entry, flags, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape") as file:
                file.write(f"{os.path.realpath(path)}\nsha256 {content_digest}\n")

    def _entry(self, path: str, content_digest: str) -> str:
        """Name the entry after real path and content; neither can escape the folder."""
        both = f"{os.path.realpath(path)}\0{content_digest}"
        name = hashlib.sha256(both.encode("utf-8", "surrogateescape")).hexdigest()
        return os.path.join(self._folder, name)


if sys.platform == "win32":

    def _ours(path: str, kind: int) -> bool:
        """Tell what nobody else can have put there: on Windows its access list sees to that."""
        return os.path.exists(path)

else:

    def _ours(path: str, kind: int) -> bool:
        """Tell what nobody else can have put there, nor written to."""
        try:
            facts = os.lstat(path)
        except OSError:
            return False
        closed = facts.st_uid == os.geteuid() and not facts.st_mode & 0o022
        return closed and stat.S_IFMT(facts.st_mode) == kind


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file's content, as hex."""
    return hashlib.sha256(content).hexdigest()


def untrusted_keys(project: ProjectFile, needs_trust: Callable[[str], bool]) -> list[str]:
    """Return the keys that need a confirmation, in file order."""
    return [key for key in project.values if needs_trust(key)]


def is_own(path: str, home: str) -> bool:
    """Tell a file that the user put under ``~/.aws`` from one that came with a project."""
    if not home:
        return False
    folder = os.path.realpath(os.path.dirname(path))
    own = os.path.realpath(os.path.join(home, ".aws"))
    return folder == own or folder.startswith(own.rstrip(os.sep) + os.sep)


def trusted_part(
    project: ProjectFile,
    needs_trust: Callable[[str], bool],
    environ: Mapping[str, str],
    home: str,
) -> ProjectFile:
    """Return the project without the settings that nobody has confirmed; `left_out` names them."""
    asking = untrusted_keys(project, needs_trust)
    if not asking or is_own(project.path, home):
        return project
    if Trust(state_folder(environ, home)).trusted(project.path, digest(project.content)):
        return project
    part = ProjectFile(project.path, project.shown, project.content)
    part.values = {key: text for key, text in project.values.items() if key not in asking}
    part.lines = project.lines
    part.left_out = tuple(asking)
    return part
