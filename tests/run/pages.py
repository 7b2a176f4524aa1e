"""A page of the documentation as its reader takes it: what to write, what to type, in its order."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).parents[2]
TYPED = ("runas", "pip", "apt", "kinit")
"""The programs with which a command in a sentence or a table begins."""

_BLOCK = re.compile(
    r"^ *```(?P<language>[^\n]*)\n(?P<fenced>.*?)^ *```$"
    r"|(?P<indented>(?:^    [^\n]*(?:\n|\Z))+)",
    re.DOTALL | re.MULTILINE,
)
_SPAN = re.compile(r"`([^`]+)`")
_SETTING = re.compile(r"[\[#]|[a-z_]+ *=")
_BORDER = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Step:
    """A block to write, whose language is its kind; or a command, and how it is to end."""

    kind: str
    text: str
    status: int = 0


class Page:
    """What a page says, block by block and command by command."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._parts = [
            (kind, list(_READ.get(kind, _block)(kind, part))) for kind, part in _parts(text)
        ]

    @classmethod
    def named(cls, name: str) -> "Page":
        """Open a page of ``docs``."""
        return cls((ROOT / "docs" / name).read_text("utf-8"))

    @property
    def steps(self) -> list[Step]:
        """All there is to write and type, from top to bottom; what the page repeats, once."""
        return list(dict.fromkeys(step for _, part in self._parts for step in part))

    @property
    def blocks(self) -> list[Step]:
        """What stands in blocks, as often as it stands there."""
        return [step for kind, part in self._parts if kind != "prose" for step in part]

    @property
    def spans(self) -> list[str]:
        """The commands in sentences and tables, each once."""
        found = [step.text for kind, part in self._parts if kind == "prose" for step in part]
        return list(dict.fromkeys(found))

    @property
    def commands(self) -> list[str]:
        """All that is typed."""
        return [step.text for step in self.steps if step.kind == "command"]

    @property
    def kinds(self) -> list[str]:
        """The languages of the blocks that are not typed."""
        return [step.kind for step in self.steps if step.kind != "command"]

    @property
    def profiles(self) -> list[str]:
        """The blocks for the config: settings below a header."""
        return [text for text in self.written("ini") if re.search(r"(?m)^\[", text)]

    def written(self, kind: str) -> list[str]:
        """Return the blocks of one language."""
        return [step.text for step in self.steps if step.kind == kind]


def rows(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each row of the tables: its table's first heading, and its cells."""
    heading = ""
    for line in text.splitlines():
        if not line.startswith("|"):
            heading = ""
            continue
        cells = [cell.strip().replace("\\|", "|") for cell in _BORDER.split(line)[1:-1]]
        if not heading:
            heading = cells[0]
        elif set("".join(cells)) != {"-"}:
            yield heading, cells


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Part a page into its blocks, by their language, and what stands between them: prose."""
    end = 0
    for found in _BLOCK.finditer(text):
        yield "prose", text[end : found.start()]
        kind = "indented" if found["indented"] else found["language"]
        yield kind, dedent(found["indented"] or found["fenced"])
        end = found.end()
    yield "prose", text[end:]


def _prose(_: str, part: str) -> Iterator[Step]:
    assert "```" not in part, f"a block that does not end: {part}"
    for span in _SPAN.findall(part):
        program, *words = span.split() or [""]
        if program in TYPED and words:
            yield _command(span)


def _console(_: str, part: str) -> Iterator[Step]:
    for line in part.splitlines():
        assert line.startswith("$ "), f"not typed: {line}"
        yield _command(line[2:])


def _indented(_: str, part: str) -> Iterator[Step]:
    """Tell settings, a run of lines, from commands, one a line unless it ends in a backslash."""
    settings: list[str] = []
    for line in part.replace("\\\n", "").splitlines():
        if _SETTING.match(line):
            settings.append(line)
            continue
        if settings:
            yield Step("ini", "\n".join(settings))
            settings = []
        yield _command(line)
    if settings:
        yield Step("ini", "\n".join(settings))


def _block(kind: str, part: str) -> Iterator[Step]:
    yield Step(kind, part)


def _command(text: str) -> Step:
    """Read a command; a remark behind it may say with which status it ends."""
    typed, _, remark = text.partition("  #")
    status = re.search(r"status (\d+)", remark)
    return Step("command", " ".join(typed.split()), int(status[1]) if status else 0)


_READ: dict[str, Callable[[str, str], Iterator[Step]]] = {
    "prose": _prose,
    "console": _console,
    "indented": _indented,
}
