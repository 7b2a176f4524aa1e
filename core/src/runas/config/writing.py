"""Change sections of an AWS file and leave every other byte as it is.

Comments, order, line endings, a byte order mark, the file's mode and a link to it all stay. The
section is edited line by line; before anything is written, the result is read back: the section
must say what was asked for and all others what they said before, else the file stays untouched.
"""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from runas.config import atomic
from runas.config.aws_files import content as read
from runas.config.headers import kind_and_name
from runas.config.lines import Lines
from runas.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    Changes = Mapping[str, str | None]
    Nested = Mapping[str, Mapping[str, str | None]]

_BACKUPS = (".bak", ".runas-backup")
_ATTEMPTS = 20  # at an edit while programs write that know of no lock, each in milliseconds


def write_section(
    path: str,
    header: str,
    changes: Changes,
    *,
    mode: int = 0o600,
    nested: Nested | None = None,
    backup: bool = False,
) -> bool:
    """Set keys of the section ``[header]``, made where missing; None removes a key.

    *nested* changes settings below a key, ``{"s3": {"addressing_style": "path"}}``. *mode* is for a
    new file. Return whether the file changed: what it says already is not written again.
    """
    edit = _Edit(path, header, changes, nested or {})
    return _change(path, header, edit, mode, backup)


def append_section(
    path: str,
    header: str,
    values: Mapping[str, str],
    *,
    mode: int = 0o600,
    nested: Mapping[str, Mapping[str, str]] | None = None,
    backup: bool = False,
) -> bool:
    """Add a section at the end of the file; refuse where there is one of that name."""
    edit = _Edit(path, header, values, nested or {}, new=True)
    return _change(path, header, edit, mode, backup)


def remove_section(path: str, header: str, *, backup: bool = False) -> bool:
    """Remove ``[header]`` up to its last setting, and the blank lines that follow.

    Comments after the last setting stay: as a rule they introduce the next section.
    """
    if not os.path.exists(path):
        return False
    return _change(path, header, lambda lines: lines.remove(header), 0o600, backup)


def write_sections(
    path: str,
    changes: Mapping[str, Changes],
    remove: Collection[str] = (),
    *,
    mode: int = 0o600,
    backup: bool = False,
) -> bool:
    """Change and remove many sections, by their headers, in one reading and one writing.

    As `write_section` for each of *changes* and `remove_section` for each of *remove*, in linear
    time and all or nothing. With *backup*, what the file said before is kept as
    ``PATH.runas-backup``, replaced at every change.
    """
    from runas.config.many import edit_many

    lowered = {
        header: {key.lower(): text for key, text in one.items()} for header, one in changes.items()
    }
    for header, one in lowered.items():
        _refuse_breaks(path, [("a section's name", header), *one.items()])

    def edit(before: bytes) -> bytes:
        return edit_many(before, path, lowered, remove)

    return _replace(path, edit, mode, ".runas-backup" if backup else "")


def header_for(kind: str, name: str) -> str:
    """Spell a config file's header, quoted where needed: ``profile "a b"``.

    Raise ConfigurationError for a name that no header can hold.
    """
    if (kind, name) == ("profile", "default"):
        return name
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    for header in (f"{kind} {name}", f"{kind} {quoted}"):
        if kind_and_name(header) == (kind, name) and not set(name) & set("\r\n\0]"):
            return header
    raise ConfigurationError(f"{name!r} cannot be the name of a section", "choose a plainer name")


def _change(path: str, header: str, edit: Callable[[Lines], None], mode: int, backup: bool) -> bool:
    """Edit one section; the first backup ever stays."""
    once = backup and not os.path.lexists(f"{os.path.realpath(path)}.bak")
    return _replace(
        path, lambda before: _edited(before, path, header, edit), mode, ".bak" if once else ""
    )


def _replace(path: str, edit: Callable[[bytes], bytes], mode: int, backup: str) -> bool:
    """Edit the file that *path* leads to, under its lock; return whether it changed.

    *backup* is what to add to the name for a copy of what the file said before.
    """
    target = os.path.realpath(path)
    if os.path.exists(target) and not os.path.isfile(target):
        # Not even /dev/null, which stands for "no such file": a rename would replace the device.
        raise ConfigurationError(f"cannot write {path}: not a file", "name a file")
    try:
        os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
        with atomic.locked(target):
            for kept in ("", *_BACKUPS):
                atomic.sweep(target + kept)
            return _replaced(target, path, edit, mode, backup)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigurationError(
            f"cannot write {path}: {reason}", "check the owner and mode of the file and its folder"
        ) from error


def _replaced(
    target: str, path: str, edit: Callable[[bytes], bytes], mode: int, backup: str
) -> bool:
    """Edit what the file says, until nobody has changed it meanwhile.

    The AWS CLI takes no lock and writes the file in place: what it writes while we edit, or what we
    read while it is half written, must not get lost under our own.
    """
    for _ in range(_ATTEMPTS):
        before = read(target, path)
        after = edit(before)
        if after == before:
            return False
        if backup and before:
            atomic.replace(target + backup, before, os.stat(target).st_mode & 0o7777)
        unchanged = partial(_says, target, path, before)
        if atomic.replace(target, after, mode, unchanged):
            return True
    raise ConfigurationError(f"another program is writing {path}", "end it, and try again")


def _says(target: str, path: str, content: bytes) -> bool:
    return read(target, path) == content


def _edited(before: bytes, path: str, header: str, edit: Callable[[Lines], None]) -> bytes:
    """Return the file's new content; refuse an edit that would change what other sections say."""
    lines = Lines(before, path)
    body = lines.find(header)
    own = header if body is None or body.header is None else body.header
    others = lines.others(own)
    edit(lines)
    if lines.others(own) != others:
        raise ConfigurationError(
            f"cannot change [{header}] in {path} without changing another section",
            "begin every section's header at the left margin",
        )
    return lines.content()


def _refuse_breaks(path: str, texts: Iterable[tuple[str, str | None]]) -> None:
    """Refuse what would end the line, and with it the file's structure; the text stays unsaid."""
    for key, text in texts:
        if set(key + (text or "")) & set("\n\r\0"):
            raise ConfigurationError(
                f"cannot write {key!r} to {path}: a line break or NUL in it", "put it on one line"
            )


class _Edit:
    """The changes to one section, checked before and after."""

    def __init__(
        self, path: str, header: str, changes: Changes, nested: Nested, *, new: bool = False
    ) -> None:
        self.header = header
        self.changes = {key.lower(): text for key, text in changes.items()}
        self.nested = {key.lower(): dict(inner) for key, inner in nested.items()}
        self.new = new
        _refuse_breaks(path, [("a section's name", header), *self._texts()])

    def __call__(self, lines: Lines) -> None:
        """Edit the lines and read the section back."""
        exists = lines.find(self.header) is not None
        if exists and self.new:
            fact = f"{lines.path} has a section [{self.header}] already"
            raise ConfigurationError(fact, "choose another name")
        if not exists:
            if not self.new and all(text is None for _, text in self._texts()):
                return
            lines.append(self.header)
        for key, text in self.changes.items():
            lines.set(self.header, key, text)
        for key, inner in self.nested.items():
            lines.set_nested(self.header, key, inner)
        self._check(lines)

    def _texts(self) -> list[tuple[str, str | None]]:
        inner = [
            (key, name, text) for key, one in self.nested.items() for name, text in one.items()
        ]
        return [*self.changes.items(), *[(f"{key}.{name}", text) for key, name, text in inner]]

    def _check(self, lines: Lines) -> None:
        said = lines.values(self.header)
        wrong = [
            key
            for key, text in self.changes.items()
            if key not in self.nested and said.get(key) != text
        ]
        for key, inner in self.nested.items():
            block = said.get(key, {})
            found = block if isinstance(block, dict) else {}
            wrong += [f"{key}.{name}" for name, text in inner.items() if found.get(name) != text]
        if wrong:
            raise ConfigurationError(
                f"cannot write {wrong[0]!r} to {lines.path}: it would not read back the same",
                "leave out spaces around it, and '=', ':', '[' or '#' in the key",
            )
