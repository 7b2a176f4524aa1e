"""Say in one line why runas ends, and with which status."""

from __future__ import annotations

import sys

from runas.errors import RunasError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# What steers a terminal, C1 included, or turns the direction of writing.
# Source: ECMA-48; Unicode Standard Annex #9
_HIDDEN = dict.fromkeys(
    (
        *(*range(32), *range(127, 160), 0x061C, 0x200E, 0x200F),
        *(*range(0x2028, 0x202F), *range(0x2066, 0x206A)),
    ),
    "?",
)


def failure(error: RunasError) -> int:
    """Print *error* as one line on stderr and return its exit status.

    What a helper process has already said to the person is not said again.
    """
    if not getattr(error, "said", False):
        say(str(error))
    return error.status


def say(text: str) -> None:
    """Print one line on stderr, even where stderr is closed or narrow in what it can encode."""
    line = f"runas: {text.translate(_HIDDEN)}\n"
    stream = sys.stderr
    try:
        stream.write(line)
        stream.flush()
    except UnicodeEncodeError:
        stream.write(line.encode("ascii", "backslashreplace").decode("ascii"))
    except (AttributeError, OSError, ValueError):
        pass  # nobody listens; the exit status still tells


def once() -> Callable[[str], None]:
    """Return a way to say things that says each text only once."""
    said: set[str] = set()

    def speak(text: str) -> None:
        if text not in said:
            said.add(text)
            say(text)

    return speak
