"""The project file: ``runas.toml`` or ``assume-role.yaml``, found upwards like git finds ``.git``.

Four keys are about runas itself (`SETTINGS`); every other one is a profile attribute that applies
to whatever is run in the project. The second name is that of assume-role-cli, whose file is read as
that tool reads it: a plain number for ``refresh_before_expiry`` is a Go ``time.Duration``, that is
nanoseconds, and 0 means its default.

Source: https://github.com/uber/assume-role-cli (config.go)
"""

from __future__ import annotations

import os

from runas.config.aws_files import shown
from runas.errors import ConfigurationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

NAMES = ("runas.toml", "assume-role.yaml")
SETTINGS = ("role_prefix", "refresh_before_expiry", "profile_name_prefix", "default_profile")
_NANOSECONDS = 1_000_000_000
_LARGEST = (1 << 63) - 1  # of whole numbers, in TOML as in Go


class ProjectFile:
    """One project file. ``values`` are texts: durations in seconds, booleans ``true``/``false``.

    ``content`` is what was read, byte for byte; ``left_out`` names the keys that do not count
    because nobody has confirmed them, see `runas.config.trust`.
    """

    __slots__ = ("content", "left_out", "lines", "path", "shown", "values")

    def __init__(self, path: str, shown: str, content: bytes = b"") -> None:
        self.path = path
        self.shown = shown
        self.content = content
        self.values: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        self.left_out: tuple[str, ...] = ()

    def origin(self, key: str) -> str:
        """Say where a key stands: ``~/app/runas.toml:3``."""
        line = self.lines.get(key)
        return f"{self.shown}:{line}" if line else self.shown

    def __repr__(self) -> str:
        return f"ProjectFile({self.path!r}, {sorted(self.values)})"


def find(cwd: str, home: str) -> ProjectFile | None:
    """Read the nearest project file: in *cwd* or a folder above it, else in ``~/.aws``.

    Raise ConfigurationError where it cannot be read.
    """
    own = [os.path.join(home, ".aws")] if home else []
    for folder in (*_upwards(cwd), *own):
        for name in NAMES:
            path = os.path.join(folder, name)
            if _is_file(path):
                return load(path, home)
    return None


def load(path: str, home: str) -> ProjectFile:
    """Read one project file."""
    where = shown(path, home)
    try:
        with open(path, "rb") as file:
            content = file.read()
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _broken(where, line, "not text in UTF-8") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigurationError(
            f"cannot read {where}: {reason}", "check the file's owner and mode"
        ) from error
    project = ProjectFile(path, where, content)
    entries = _from_yaml(text, where) if path.endswith(".yaml") else _from_toml(text, where)
    _fill(project, entries)
    return project


def _upwards(folder: str) -> Iterator[str]:
    while True:
        yield folder
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above


def _is_file(path: str) -> bool:
    try:
        return os.stat(path).st_mode & 0o170000 == 0o100000
    except (OSError, ValueError):
        return False


def _fill(project: ProjectFile, entries: Iterable[tuple[str, int, str | None]]) -> None:
    """Put keys in lower case, like those of the AWS files, and durations in seconds."""
    for written, line, text in entries:
        key = written.lower()
        if key in project.lines:
            raise _broken(project.shown, line, f"'{key}' is set twice")
        project.lines[key] = line
        if text is not None and not _whole(text):
            raise _broken(project.shown, line, f"'{key}' holds half a character or a NUL")
        if text is not None:
            value = _seconds(project, key, text) if key == "refresh_before_expiry" else text
            project.values[key] = value


def _whole(text: str) -> bool:
    """Tell text that can be sent and named from what escapes can write besides."""
    return not any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in text)


def _seconds(project: ProjectFile, key: str, text: str) -> str:
    from runas.config.values import seconds

    try:
        return str(seconds(text))
    except ValueError:
        fact = f"'{key}' is {text!r}, which is no duration"
        raise _broken(project.shown, project.lines[key], fact, "write 15m, 900s or 1h30m") from None


def _from_toml(text: str, where: str) -> Iterator[tuple[str, int, str | None]]:
    from runas.config.toml_lines import NotToml, read

    try:
        values, lines = read(text)
    except NotToml as error:
        raise _broken(where, error.line, error.fact) from None
    for key, value in values.items():
        yield key, lines[key], _text(key, value, where, lines[key])


def _text(key: str, value: Any, where: str, line: int) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise _too_large(where, line, key)
    if isinstance(value, str | int | float):
        return str(value)
    raise _nested(where, line, key)


def _from_yaml(text: str, where: str) -> Iterator[tuple[str, int, str | None]]:
    from runas.config.yaml_lines import NotYaml, read

    try:
        entries = read(text)
    except NotYaml as error:
        raise _broken(where, error.line, error.fact) from None
    for key, line, value, written in entries:
        if isinstance(value, dict | list):
            raise _nested(where, line, key)
        if key.lower() == "refresh_before_expiry" and type(value) is int:
            if abs(value) > _LARGEST:
                raise _too_large(where, line, key)
            yield key, line, str(value // _NANOSECONDS) if value else None
        elif value is None or isinstance(value, bool):
            yield key, line, None if value is None else str(value).lower()
        else:
            yield key, line, written


def _too_large(where: str, line: int, key: str) -> ConfigurationError:
    return _broken(where, line, f"'{key}' is a number beyond all reason")


def _nested(where: str, line: int, key: str) -> ConfigurationError:
    fact = f"'{key}' is neither text, a number nor a boolean"
    return _broken(where, line, fact, "a project file is flat: write KEY = VALUE")


def _broken(where: str, line: int, fact: str, hint: str = "") -> ConfigurationError:
    hint = hint or "correct that line"
    return ConfigurationError(f"cannot read {where}:{line}: {fact}", hint)
