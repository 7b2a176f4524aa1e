"""Who answers challenges: a person at the terminal, nobody, or what was given beforehand.

A prompter has ``answer(challenge)``, to be handed to ``runas.challenges.drive``, and
``tell(text)`` for notices. Prompters are composed: ``Stored`` answers what it can from options,
environment and commands, and leaves the rest to the front-end behind it:

    prompter = Stored(Answers(code=Given("123456", "--otp")), front_end(no_input=False))
    identity = drive(flow, prompter.answer)

Nothing is ever shown on stdout.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from runas.prompters.prompter import Prompter

__all__ = ["front_end"]


def front_end(
    *,
    no_input: bool,
    no_input_origin: str = "--no-input",
    open_browser: Callable[[str], bool] | None = None,
) -> Prompter:
    """Pick who is asked: the terminal where there is one that may be used now, else nobody.

    ``no_input_origin`` names what forbids questions, for messages (``$CI``). ``open_browser``
    opens an address and says whether it did; without it addresses are only printed.
    """
    from runas.prompters.headless import Headless

    if no_input:
        return Headless(no_input=True, why=no_input_origin)
    from runas.prompters.tty import NoTerminal, open_terminal

    try:
        tty = open_terminal()
    except NoTerminal as reason:
        return Headless(why=str(reason))
    import os

    from runas.prompters.recent import Recent
    from runas.prompters.terminal import Terminal

    return Terminal(tty, open_browser=open_browser, recent=Recent.of(os.environ))
