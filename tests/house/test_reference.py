"""What is generated from the option table is up to date."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_the_options_page_is_made_from_the_table() -> None:
    checked = subprocess.run(
        [sys.executable, str(ROOT / ".ci" / "reference.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
