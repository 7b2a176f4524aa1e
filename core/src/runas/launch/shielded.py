"""The copy of the config file that a wrapped command reads instead of the user's.

Only ``[default]`` is written anew. Of the other sections nothing is parsed and nothing changes but
that keys are left out: no secret gets into another file. Ten thousand sections are cut at their
brackets, and the copy is kept under a name made of what it was made of, so that it is written once.
Which content a large file has is told by its size and times, as make and git do: to read ten
thousand sections for it would take a tenth as long as to start Python.
"""

from __future__ import annotations

import os
import sys
import time

from runas.cache.document import digest
from runas.config.aws_files import content
from runas.config.headers import kind_and_name
from runas.config.ini import as_bytes, as_text, header_in, parse
from runas.errors import ConfigurationError

from .settings import leads_to_credentials

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from runas.config.aws_files import AwsFile

    from .settings import Settings

_FORMAT = "shield 2"
_PREFIX = "config-"
_BOM = b"\xef\xbb\xbf"
_SECRETS = (b"aws_access_key_id", b"aws_secret_access_key", b"aws_session_token", b"aws_security_")
_DAY = 86400
_KEPT = 30 * _DAY
_LARGE = 100_000  # bytes; fewer are read in no time
_SETTLED = 2 * 10**9  # nanoseconds: the times of two changes may be the same, but not for longer

# The time of last change that our files carry, in nanoseconds. One that a command has written to
# (``aws configure set``) has another, and is not used again. The time of last use is kept as well.
_UNTOUCHED = 1_000_000_000 * 10**9


def copy(config: AwsFile, credentials: AwsFile | None, settings: Settings, folder: str) -> str:
    """Return the path of the copy whose ``[default]`` has these settings.

    Profiles of *credentials*, a file about to be hidden, get sections without their keys.
    """
    made_of = (_FORMAT, settings, _state(config), _state(credentials))
    name = _PREFIX + digest(repr(made_of).encode())
    last: OSError | None = None
    for choice in _folders(folder):
        path = os.path.join(choice, name)
        try:
            if not _usable(path):
                _write(path, _text(_content(config), _content(credentials), settings))
        except OSError as error:
            last = error
        else:
            return path
    raise ConfigurationError(
        f"cannot hide the credentials of [default]: {last}", "free some space, or use -E"
    ) from last


def _state(file: AwsFile | None) -> object:
    """Return what is another whenever the file's content is."""
    if file is None:
        return None
    try:
        facts = os.stat(file.path)
    except OSError:
        return None
    times = facts.st_mtime_ns, facts.st_ctime_ns
    if facts.st_size < _LARGE or time.time_ns() - max(times) < _SETTLED:
        return digest(_content(file))
    return (file.path, facts.st_dev, facts.st_ino, facts.st_size, times)


def _content(file: AwsFile | None) -> bytes:
    return content(file.path, file.shown).removeprefix(_BOM) if file else b""


def _text(original: bytes, hidden: bytes, settings: Settings) -> bytes:
    sections = [section for section in _sections(original) if not _is_default(section)]
    text = b"\n".join(_without_secrets(section) for section in sections)
    extra = _default(settings) + _from_credentials(hidden, text)
    return text + (b"" if not text or text.endswith(b"\n") else b"\n") + extra


def _sections(text: bytes) -> Iterator[bytes]:
    """Cut a file at the brackets of the left margin; indented headers only where they matter."""
    text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    pieces = text.split(b"\n[")
    for number, piece in enumerate(pieces):
        head, _, rest = piece.partition(b"\n")
        section = b"[" + piece if number else piece
        if b"default" in head or (b"[" in rest and b"default" in rest):
            yield from _bodies(section)
        else:
            yield section


def _bodies(section: bytes) -> list[bytes]:
    lines = as_text(section).split("\n")
    bodies = parse(lines)
    first = bodies[0].line - 1 if bodies else len(lines)
    before = ["\n".join(lines[:first])] if first else []
    return [as_bytes(text) for text in before + [body.text for body in bodies]]


def _header(section: bytes) -> str | None:
    return header_in(as_text(section.split(b"\n", 1)[0]).strip())


def _is_default(section: bytes) -> bool:
    return kind_and_name(_header(section)) == ("profile", "default")


def _without_secrets(section: bytes) -> bytes:
    lowered = section.lower()
    every = _header(section) == "DEFAULT"  # configparser's: it shows through in [default] too
    if not every and not any(secret in lowered for secret in _SECRETS):
        return section

    def goes(key: str) -> bool:
        return leads_to_credentials(key) if every else key.encode().startswith(_SECRETS)

    return b"\n".join(_lines(section, goes))


def _lines(section: bytes, goes: Callable[[str], bool]) -> Iterator[bytes]:
    """Yield the lines of a section but those of some keys, continuations included."""
    dropping, indent = False, 0
    for line in section.split(b"\n"):
        bare = line.strip()
        if bare and not bare.startswith((b"#", b";")):
            depth = len(line) - len(line.lstrip())
            if not dropping or depth <= indent:
                key = bare.replace(b":", b"=").split(b"=", 1)[0].strip().lower()
                dropping, indent = goes(as_text(key)), depth
        if not dropping:
            yield line


def _default(settings: Settings) -> bytes:
    lines = ["[default]"]
    for key, value in settings.items():
        if isinstance(value, dict):
            lines += [f"{key} =", *(f"    {name} = {text}" for name, text in value.items())]
        else:
            lines.append(f"{key} = " + value.replace("\n", "\n    "))
    return as_bytes("\n".join(lines) + "\n")


def _from_credentials(hidden: bytes, copied: bytes) -> bytes:
    """Return sections for the profiles that only the hidden file has, so that they stay known."""
    known = {kind_and_name(_header(section)) for section in _sections(copied)}
    added = []
    for section in _sections(hidden):
        name = _header(section)
        if name in (None, "default", "DEFAULT") or ("profile", name) in known:
            continue
        body = section.partition(b"\n")[2]
        kept = b"\n".join(_lines(body, leads_to_credentials)).rstrip()
        added.append(as_bytes(f"[profile {_word(name)}]\n") + kept + b"\n")
    return b"".join(added)


def _word(name: str) -> str:
    if name.replace("-", "").replace("_", "").replace(".", "").isalnum():
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _folders(folder: str) -> Iterator[str]:
    """Yield where the copy may lie: in *folder*, else where only this user can write."""
    shields = os.path.join(folder, "shields")
    if _closed(folder) and _closed(shields):
        yield shields
    import tempfile

    if sys.platform == "win32":  # the user's own already
        yield os.path.join(tempfile.gettempdir(), "runas-shields")
    else:
        path = os.path.join(tempfile.gettempdir(), f"runas-shields-{os.getuid()}")
        os.makedirs(path, 0o700, exist_ok=True)
        facts = os.lstat(path)
        ours = facts.st_uid == os.getuid() and facts.st_mode & 0o170077 == 0o040000
        yield path if ours else tempfile.mkdtemp(prefix="runas-shields-")


if sys.platform == "win32":

    def _closed(folder: str) -> bool:
        """Tell a folder that others cannot write to: on Windows its access list sees to that."""
        return True

    def _ours(facts: os.stat_result) -> bool:
        return True

else:

    def _closed(folder: str) -> bool:
        """Tell a folder that others cannot write to, or that is not there yet.

        The copy decides what the command runs (credential_process): nobody else may exchange it.
        """
        try:
            facts = os.stat(folder)
        except FileNotFoundError:
            return True
        except OSError:
            return False
        return facts.st_uid == os.getuid() and not facts.st_mode & 0o002

    def _ours(facts: os.stat_result) -> bool:
        return facts.st_uid == os.getuid() and facts.st_mode & 0o170077 == 0o100000


def _usable(path: str) -> bool:
    try:
        facts = os.lstat(path)
    except FileNotFoundError:
        return False
    if facts.st_mtime_ns != _UNTOUCHED or not _ours(facts):
        return False
    if facts.st_atime + _DAY < time.time():
        os.utime(path, ns=(time.time_ns(), _UNTOUCHED))
    return True


def _write(path: str, text: bytes) -> None:
    from runas.cache.files import publish

    publish(path, text)
    os.utime(path, ns=(time.time_ns(), _UNTOUCHED))
    _prune(os.path.dirname(path))


def _prune(folder: str) -> None:
    """Remove the copies that no command has asked for in a month."""
    for name in os.listdir(folder):
        if not name.startswith(_PREFIX):
            continue
        path = os.path.join(folder, name)
        try:
            if os.lstat(path).st_atime + _KEPT < time.time():
                os.unlink(path)
        except OSError:  # another runas was quicker
            continue
