"""What a process that has ended left in a pipe."""

from __future__ import annotations

import os
import sys

if sys.platform == "win32":

    def rest(handle: int) -> bytes:
        """Read what a process has left in a pipe."""
        with open(handle, "rb", closefd=False) as pipe:
            return pipe.read()

else:

    def rest(handle: int) -> bytes:
        """Read what a process has left in a pipe; another of its kind may still hold the end."""
        os.set_blocking(handle, False)
        with open(handle, "rb", closefd=False) as pipe:
            return pipe.read() or b""
