"""Measure the start-up of runas: ``make bench``, or ``make bench ARGS="--quick --rows 1,3"``."""

from __future__ import annotations

import argparse
import gc
import sys
from pathlib import Path


def main() -> int:
    """Install, measure the rows asked for, and print the table."""
    # As a script, what lies beside it would count as top-level modules.
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    from benchmarks import installs, report
    from benchmarks.rows import ROWS, Bench
    from benchmarks.world import World

    asked = _arguments(sorted(ROWS))
    runas = installs.install_runas()
    world = World(installs.BUILD / "world", "/usr/bin:/bin")
    print(f"{report.machine()}\n{runas.versions('runas-core', 'boto3')}", flush=True)
    lines = []
    gc.disable()
    with world.aws:
        bench = Bench(runas, world, 12 if asked.quick else 60)
        for row in asked.rows:
            measured = ROWS[row](bench)
            print(report.table(measured), flush=True)
            lines += measured
    versions = f"{runas.versions('runas-core', 'boto3')}"
    if 7 in asked.rows:
        versions += ", " + installs.install_others().versions(*installs.OTHERS)
    text = f"{report.machine()}; {versions}\n\n{report.table(lines)}"
    print(f"\n{text}")
    if asked.markdown:
        report.write_markdown(text)
    return 0


def _arguments(rows: list[int]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the start-up of runas.")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, rougher numbers")
    parser.add_argument("--rows", type=_numbers, default=rows, metavar="1,3", help="only these")
    parser.add_argument(
        "--markdown", action="store_true", help="write the table into benchmarks/README.md"
    )
    asked = parser.parse_args()
    if not set(asked.rows) <= set(rows):
        parser.error(f"the rows are {', '.join(map(str, rows))}")
    return asked


def _numbers(text: str) -> list[int]:
    return [int(word) for word in text.split(",")]


if __name__ == "__main__":
    sys.exit(main())
