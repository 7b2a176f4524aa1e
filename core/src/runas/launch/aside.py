"""Run a program for ourselves, beside what the person sees, and return what it says."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from .environment import without_secrets


def said(argv: Sequence[str], patience: float) -> subprocess.CompletedProcess[str]:
    """Return the ended program, with its output as text; it gets no input and none of our secrets.

    Raises OSError where it cannot be started, TimeoutExpired after *patience* seconds.
    """
    return subprocess.run(
        list(argv),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=without_secrets(os.environ),
        text=True,
        timeout=patience,
        check=False,
    )
