"""The lines of an AWS config file -> keys and values, exactly as the AWS CLI reads them.

The AWS CLI hands its files to Python's ``configparser.RawConfigParser`` (see
``botocore.configloader``), so that class's rules are the format: ``=`` or ``:`` delimits, keys are
lower-cased, ``#`` and ``;`` start a comment only at the beginning of a line (``key = a # b`` has
the value ``a # b``), and a line indented deeper than its key continues the value. What botocore
adds: a value that begins with a line break is a block of nested ``key = value`` lines.
``configparser`` itself is not imported: it costs as much as starting Python, and it reads the whole
file where one section is wanted.

Source: https://docs.python.org/3/library/configparser.html#supported-ini-file-structure
"""

from __future__ import annotations

COMMENTS = ("#", ";")
_SHELL_SPACE = " \t\r\n"


class Body:
    """What stands below one header: options as lists of (line number, text), not yet joined.

    ``problem`` is the first line that makes the section unreadable, as (line number, fact): it
    only matters to whoever asks for this section. Lines before any header have the header None.
    ``text`` is all of it, the header included, as it stands in the file.
    """

    __slots__ = ("header", "line", "options", "problem", "text")

    def __init__(self, header: str | None, line: int) -> None:
        self.header = header
        self.line = line
        self.text = ""
        self.options: dict[str, list[tuple[int, str]]] = {}
        self.problem: tuple[int, str] | None = None

    def fail(self, line: int, fact: str) -> None:
        """Remember the first problem."""
        self.problem = self.problem or (line, fact)

    def option(self, line: int, text: str) -> str:
        """Take a ``key = value`` line and return the key, '' where there is none."""
        cut = min((at for at in (text.find("="), text.find(":")) if at >= 0), default=-1)
        key = text[:cut].rstrip().lower() if cut > 0 else ""
        if cut < 0:
            self.fail(line, "neither a section, a comment nor a setting")
        elif not key:
            self.fail(line, "a value without a key")
        elif key in self.options:
            self.fail(line, f"'{key}' is set twice in [{self.header}]")
        else:
            self.options[key] = [(line, text[cut + 1 :].strip())]
        return key

    def value(self, key: str) -> str | dict[str, str]:
        """Put a value and its continuation lines together, or read them as nested settings.

        Nested keys keep their case, and the last of two equal ones wins: as botocore has it.
        """
        pieces = self.options[key]
        value = "\n".join([text for _, text in pieces]).rstrip()
        if not value.startswith("\n"):
            return value
        settings: dict[str, str] = {}
        for number, text in pieces:
            for line in text.splitlines():
                name, equals, inner = line.strip().partition("=")
                if equals:
                    settings[name.strip()] = inner.strip()
                elif name:
                    self.fail(number, f"no setting, but '{key}' holds nested ones")
        return settings


class _Parser:
    """The state that decides what a line is: the section, the key and the key's indentation."""

    def __init__(self) -> None:
        self.bodies: list[Body] = []
        self.key = ""
        self.indent = 0

    def feed(self, number: int, line: str) -> None:
        text = line.strip()
        if text.startswith(COMMENTS):
            return
        body = self.bodies[-1] if self.bodies else None
        if not text:
            if body is not None and self.key in body.options:
                body.options[self.key].append((number, ""))
            return
        indent = len(line) - len(line.lstrip())
        header = header_in(text)
        if body is not None and self.key and indent > self.indent:
            body.options.get(self.key, []).append((number, text))
        elif header is not None:
            self._open(header, number, indent)
            body = self.bodies[-1]
        else:
            body = body or self._open(None, number, indent)
            self.indent = indent
            if body.header is None:
                body.fail(number, "a setting outside of any section")
            else:
                self.key = body.option(number, text)
        if not clean(text):
            self.bodies[-1].fail(number, "not text in UTF-8")

    def _open(self, header: str | None, number: int, indent: int) -> Body:
        self.bodies.append(Body(header, number))
        self.key, self.indent = "", indent
        return self.bodies[-1]


def parse(lines: list[str], first: int = 1) -> list[Body]:
    """Parse lines, the first of which has the number *first*, into sections in file order."""
    parser = _Parser()
    for number, line in enumerate(lines, first):
        parser.feed(number, line)
    end, tail = first + len(lines), ""
    for body in reversed(parser.bodies):
        body.text = "\n".join(lines[body.line - first : end - first]) + tail
        end, tail = body.line, "\n"
    return parser.bodies


def header_in(text: str) -> str | None:
    """Return the name in a stripped ``[name]`` line; whatever follows the last ``]`` is ignored."""
    end = text.rfind("]")
    return text[1:end] if end > 1 and text[0] == "[" else None


def words(text: str) -> list[str]:
    """Split like a POSIX shell, as botocore does with ``shlex.split``; [] where a quote is open.

    Source: https://docs.python.org/3/library/shlex.html#parsing-rules
    """
    if not any(mark in text for mark in "\"'\\"):
        return [word for word in text.replace("\t", " ").replace("\r", " ").split(" ") if word]
    found: list[str] = []
    word: str | None = None
    quote = ""
    letters = iter(text)
    for letter in letters:
        if letter == quote:
            quote = ""
        elif letter == "\\" and quote != "'":
            following = next(letters, "")
            if not following:
                return []
            kept = "\\" if quote and following not in (quote, "\\") else ""
            word = (word or "") + kept + following
        elif quote or letter not in "\"'" + _SHELL_SPACE:
            word = (word or "") + letter
        elif letter not in _SHELL_SPACE:
            quote, word = letter, word or ""
        elif word is not None:
            found.append(word)
            word = None
    if word is not None:
        found.append(word)
    return [] if quote else found


def clean(text: str) -> bool:
    """Tell text from NULs and from the lone surrogates that stand for bytes that are no UTF-8."""
    if text.isascii():
        return "\0" not in text
    return not any(letter == "\0" or "\udc80" <= letter <= "\udcff" for letter in text)


def as_text(content: bytes) -> str:
    """Decode UTF-8; bytes that are none become lone surrogates (PEP 383), see `clean`."""
    return content.decode("utf-8", "surrogateescape")


def as_bytes(text: str) -> bytes:
    """Undo `as_text`."""
    return text.encode("utf-8", "surrogateescape")
