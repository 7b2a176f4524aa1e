"""How many modules a command of runas needs."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence


def count_modules(python: str, words: Sequence[str], environ: Mapping[str, str]) -> int:
    """Count what is in ``sys.modules``, bare Python's own included, when the command is there.

    That is when ``runas`` becomes or starts the command, or else ends.
    """
    done = subprocess.run(
        [python, "-c", _COUNT, *words], env=environ, capture_output=True, text=True, check=True
    )
    return int(done.stderr.splitlines()[0])


_COUNT = """
import sys
told = []
def tell(event, arguments=()):
    if not told and event in ("os.exec", "os.posix_spawn", "the end"):
        told.append(event)
        sys.stderr.write(f"{len(sys.modules)}\\n")
        sys.stderr.flush()
if sys.argv[1:]:
    sys.addaudithook(tell)
    import os
    os._exit = sys.exit  # main ends at once; here the rest must still be told
    from runas.__main__ import main
    try:
        main()
    finally:
        tell("the end")
else:
    tell("the end")
"""
