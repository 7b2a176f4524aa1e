"""The results as a table: in the terminal, and in README.md."""

from __future__ import annotations

import datetime as dt
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.pairs import Spread, Timings

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- results -->", "<!-- end of results -->"
HEAD = ("row", "what", "median", "compared with", "ratio (min-max)", "budget", "modules", "kept")


@dataclass(frozen=True)
class Line:
    """One line of the table. *ratio*, *modules* and *mebibytes* are held against their budgets."""

    row: int
    what: str
    median: str = ""
    versus: str = ""
    ratio: Spread | None = None
    budget: float | None = None
    modules: int | None = None
    most_modules: int | None = None
    mebibytes: float | None = None

    def kept(self) -> str:
        """Say whether every budget is kept, where there is one."""
        if self.budget is None:
            return ""
        measured = self.ratio.median if self.ratio else self.mebibytes
        if measured is None:
            return ""
        few = self.most_modules is None or (self.modules or 0) <= self.most_modules
        return "yes" if measured <= self.budget and few else "NO"

    def cells(self) -> tuple[str, ...]:
        """Return the texts, in the order of the table's head."""
        ratio = self.ratio
        spread = f"{ratio.median:.2f} ({ratio.least:.2f}-{ratio.most:.2f})" if ratio else ""
        unit = " MiB" if self.mebibytes is not None else " x"
        limit = f"{self.budget:g}{unit}" if self.budget is not None else ""
        modules = "" if self.modules is None else str(self.modules)
        if self.most_modules is not None:
            limit += f", {self.most_modules} modules"
        row = str(self.row)
        return (row, self.what, self.median, self.versus, spread, limit, modules, self.kept())


def timed(
    row: int,
    timings: Timings,
    name: str,
    to: str,
    budget: float | None = None,
    modules: int | None = None,
    most_modules: int | None = None,
) -> Line:
    """Make the line of a case that was timed beside another."""
    median = f"{timings.milliseconds(name):.1f} ms"
    ratio = timings.ratio(name, to)
    return Line(row, name, median, to, ratio, budget, modules, most_modules)


def table(lines: Sequence[Line]) -> str:
    """Lay the lines out in columns; it is Markdown too."""
    rows = [HEAD, *(line.cells() for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    texts = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in rows]
    texts.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(texts)


def machine() -> str:
    """Describe the machine, without saying whose it is."""
    system = f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    today = dt.datetime.now(dt.UTC).date()
    return f"{_processor()}, {os.cpu_count()} cores; {system}; {python}; load {load}; {today}"


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2] for line in text.splitlines() if line.startswith("model name")]
    return names[0].strip() if names else platform.machine()


def write_markdown(text: str) -> None:
    """Put the results into README.md, between the marks."""
    page = README.read_text("utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", "utf-8")
