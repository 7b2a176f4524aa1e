"""The signals that runas deals in, without the weight of ``signal``'s enums.

``_signal`` is the C half of the standard library's ``signal``: the same functions, plain numbers.
"""

from __future__ import annotations

import sys

__all__ = ["signals"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as signals
else:
    try:
        import _signal as signals
    except ImportError:  # another Python than CPython
        import signal as signals

if sys.platform != "win32":
    __all__ += ["AWAITED", "DEFAULTED", "FORWARDED", "TYPED", "UNHEARD"]

    # Python ignores these two from its start on; the command must find them as they were.
    DEFAULTED = tuple(
        int(getattr(signals, name)) for name in ("SIGPIPE", "SIGXFSZ") if hasattr(signals, name)
    )

    # Sent to the waiting runas, they are meant for the command.
    FORWARDED = frozenset(
        int(number)
        for number in (
            signals.SIGHUP,
            signals.SIGINT,
            signals.SIGQUIT,
            signals.SIGUSR1,
            signals.SIGUSR2,
            signals.SIGTERM,
            signals.SIGCONT,
            signals.SIGTSTP,
            signals.SIGWINCH,
        )
    )

    # Those of them that the terminal sends by itself, to the whole foreground process group.
    TYPED = frozenset(
        int(number)
        for number in (signals.SIGINT, signals.SIGQUIT, signals.SIGTSTP, signals.SIGWINCH)
    )

    # What the waiting runas takes out of the queue.
    AWAITED = FORWARDED | {int(signals.SIGCHLD)}

    # A command in the background that wants the terminal stops; runas then stops by its own choice.
    UNHEARD = frozenset((int(signals.SIGTTIN), int(signals.SIGTTOU)))
