"""The AWS config and credentials files: sections by name, every value with its file and line.

What a section means is botocore's business (``ini.py`` has the rules of its lines, ``headers.py``
those of its names); here are the files as a whole: where they are, which section counts, and an
error that names file and line. A file is read when it is first asked for something. One
difference from the AWS CLI: it refuses a file with a broken line anywhere, here only the section
asked for must be whole, so that nobody's sign-in hangs on a profile that is not theirs. Another: a
byte order mark is skipped.

Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
"""

from __future__ import annotations

import os

from runas.config.headers import Headers, kind_and_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from runas.config.ini import Body
    from runas.errors import ConfigurationError

DEFAULTS = "DEFAULT"  # configparser's own section: its settings show through in every other one


class Section:
    """One section as written: nothing inherited but the ``[DEFAULT]`` of the same file.

    ``kind`` is ``profile``, ``sso-session`` or ``services``; ``path`` is fit for messages; ``line``
    is the header's. ``values`` and ``lines`` go by lower-cased key; a key whose value is a block of
    nested settings stands in ``nested`` instead (``s3 -> {"addressing_style": "path"}``), its line
    in ``lines`` all the same. ``text`` is the section verbatim, header included; bytes that are not
    UTF-8 (tolerated in comments) are lone surrogates there, see PEP 383.
    """

    __slots__ = ("kind", "line", "lines", "name", "nested", "path", "text", "values")

    def __init__(self, kind: str, name: str, path: str, line: int, text: str) -> None:
        self.kind = kind
        self.name = name
        self.path = path
        self.line = line
        self.text = text
        self.values: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        self.nested: dict[str, dict[str, str]] = {}

    def origin(self, key: str) -> str:
        """Say where a key stands, ``~/.aws/config:12``; the header's line for one that does not."""
        return f"{self.path}:{self.lines.get(key, self.line)}"

    def __repr__(self) -> str:
        return f"Section({self.kind!r}, {self.name!r}, {self.path}:{self.line})"


class AwsFile:
    """One AWS file. It need not exist, and is not read before something is asked of it."""

    def __init__(self, path: str, credentials: bool, home: str = "") -> None:
        self.path = path
        self.credentials = credentials
        self.shown = shown(path, home)
        self._headers: Headers | None = None
        self._found: dict[tuple[str, str], Section | None] = {}
        self._base: list[Body] | None = None

    def profile(self, name: str) -> Section | None:
        """Return a profile; None where the file has none of that name.

        In the config file it is ``[profile NAME]``, or ``[default]``; in the credentials file
        ``[NAME]``. Raise ConfigurationError where the section is there but broken.
        """
        return self.section("profile", name)

    def section(self, kind: str, name: str) -> Section | None:
        """Return a section by kind and name, see `profile`; looked for once."""
        if (kind, name) not in self._found:
            self._found[kind, name] = self._look_for(kind, name)
        return self._found[kind, name]

    def _look_for(self, kind: str, name: str) -> Section | None:
        if "\n" in name:
            return None
        if not self.credentials:
            bodies = self._read().called(kind, name)
        elif kind == "profile" and name != DEFAULTS:
            bodies = self._read().exactly(name)
        else:
            return None
        headers: dict[str | None, Body] = {}
        for body in bodies:
            self._refuse_second(body, headers)
        # Two spellings of one name, [default] and [profile default]: the later one counts.
        return self._section(kind, name, bodies[-1]) if bodies else None

    def profile_names(self) -> list[str]:
        """Return the names of all profiles in file order; bodies are not looked at."""
        headers = self._read().names()
        if self.credentials:
            return [name for name in dict.fromkeys(headers) if name != DEFAULTS]
        named = map(kind_and_name, headers)
        return list(dict.fromkeys([both[1] for both in named if both and both[0] == "profile"]))

    def sections(self, problems: list[ConfigurationError] | None = None) -> Iterator[Section]:
        """Yield every section, in file order.

        The first broken line raises ConfigurationError; with a list for *problems*, they are put
        there instead, and the sections that have them are left out.
        """
        from runas.errors import ConfigurationError

        headers: dict[str | None, Body] = {}
        for body in self._read().everything():
            try:
                self._refuse_second(body, headers)
                section = self._any_section(body)
            except ConfigurationError as error:
                if problems is None:
                    raise
                problems.append(error)
            else:
                if section is not None:
                    yield section

    def _any_section(self, body: Body) -> Section | None:
        both = ("profile", body.header) if self.credentials else kind_and_name(body.header)
        if body.header is None or body.header == DEFAULTS:
            same = [defaults for defaults in self._defaults() if defaults.line == body.line]
            self._refuse_broken((same or [body])[0])
            return None
        section = self._section(both[0] if both else "", (both and both[1]) or "", body)
        return section if both else None  # [plugins] and the like must be readable, no more

    def _section(self, kind: str, name: str, body: Body) -> Section:
        """Make a section of its lines and those of ``[DEFAULT]``."""
        section = Section(kind, name, self.shown, body.line, body.text)
        self._fill(section, body)
        for defaults in self._defaults():
            self._fill(section, defaults)
        return section

    def _defaults(self) -> list[Body]:
        """Return the ``[DEFAULT]`` sections; there may be several, but each key only once."""
        if self._base is None:
            self._base = self._read().exactly(DEFAULTS)
            keys: set[str] = set()
            for body in self._base:
                for key in keys & body.options.keys():
                    body.fail(body.options[key][0][0], f"'{key}' is set twice in [{DEFAULTS}]")
                keys |= body.options.keys()
        return self._base

    def _fill(self, section: Section, body: Body) -> None:
        """Add the options of a body that the section does not have yet."""
        for key, pieces in body.options.items():
            if key in section.lines:
                continue
            section.lines[key] = pieces[0][0]
            value = body.value(key)
            if isinstance(value, str):
                section.values[key] = value
            else:
                section.nested[key] = value
        self._refuse_broken(body)

    def _refuse_second(self, body: Body, headers: dict[str | None, Body]) -> None:
        first = headers.setdefault(body.header, body)
        if first is not body and body.header != DEFAULTS:
            fact = f"[{body.header}] stands in line {first.line} already"
            raise self._error(body.line, fact, "merge the two sections into one")

    def _refuse_broken(self, body: Body) -> None:
        if body.problem is not None:
            raise self._error(*body.problem)

    def _error(self, line: int, fact: str, hint: str = "") -> ConfigurationError:
        from runas.errors import ConfigurationError

        hint = hint or "correct that line, or begin it with '#'"
        return ConfigurationError(f"cannot read {self.shown}:{line}: {fact}", hint)

    def _read(self) -> Headers:
        if self._headers is None:
            self._headers = Headers(content(self.path, self.shown))
        return self._headers


def content(path: str, shown: str) -> bytes:
    """Read a file whole. Like for the AWS CLI, what is no file (or /dev/null) is an empty one."""
    try:
        if os.stat(path).st_mode & 0o170000 != 0o100000:
            return b""
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""
    except (OSError, ValueError) as error:
        from runas.errors import ConfigurationError

        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigurationError(
            f"cannot read {shown}: {reason.lower()}", "check the file's owner and mode"
        ) from error


def locate(environ: Mapping[str, str], home: str) -> tuple[AwsFile, AwsFile]:
    """Return the config and the credentials file that the AWS CLI would use.

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html
    """
    environ = unshielded(environ)
    config = environ.get("AWS_CONFIG_FILE", "~/.aws/config")
    credentials = environ.get("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")
    return (
        AwsFile(expand(config, home), credentials=False, home=home),
        AwsFile(expand(credentials, home), credentials=True, home=home),
    )


SHIELDED = {
    "AWS_CONFIG_FILE": ("RUNAS_SHIELD_CONFIG", "RUNAS_BEHIND_CONFIG"),
    "AWS_SHARED_CREDENTIALS_FILE": ("RUNAS_SHIELD_CREDENTIALS", "RUNAS_BEHIND_CREDENTIALS"),
}
"""The files that a wrapped command is shown others for, and the variables that say so."""


def unshielded(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment as it was before a runas around this one hid the user's files.

    A file that somebody has named since is left alone.
    """
    restored = dict(environ)
    for variable, (shield, behind) in SHIELDED.items():
        shown_instead, original = restored.pop(shield, None), restored.pop(behind, None)
        if original and restored.get(variable) == shown_instead:
            restored[variable] = original
    return restored


def expand(path: str, home: str) -> str:
    """Expand variables and a leading ``~``, as botocore does with the names of its files."""
    if "$" in path or os.name == "nt":
        path = os.path.expandvars(path)
    if path == "~" or path[:2] in ("~/", "~" + os.sep):
        return home.rstrip("/" + os.sep) + path[1:]
    return os.path.expanduser(path) if path.startswith("~") else path


def shown(path: str, home: str) -> str:
    """Spell a path for messages, with ``~`` for the home folder."""
    home = home.rstrip("/" + os.sep)
    inside = home and path.startswith((home + "/", home + os.sep))
    return "~" + path[len(home) :] if inside else path
