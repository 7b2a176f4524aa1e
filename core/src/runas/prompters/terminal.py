"""Ask the person at the terminal."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import cycle
from typing import Any, TypeVar, cast

from runas.challenges import Approval, Browse, Challenge, Choice, Code, Password, Username
from runas.errors import PluginError
from runas.prompters.device import NoTerminal, Tty
from runas.prompters.headless import nobody
from runas.prompters.live import pick
from runas.prompters.picker import Picker
from runas.prompters.recent import Recent
from runas.prompters.words import Once, notice, plain, unknown

T = TypeVar("T")

__all__ = ["Terminal"]

_TICK = 0.2  # seconds between two frames of the spinner
_PAGE = 15
_PASTE = "If it ends on a page that does not open, paste that page's address: "
_ANNOUNCED = (Approval, Browse)


class Terminal:
    """A front-end on a terminal device.

    ``open_browser`` opens an address and says whether it did; without it no browser is opened.
    ``recent`` knows what was picked before, and puts it first.
    """

    def __init__(
        self,
        tty: Tty,
        *,
        open_browser: Callable[[str], bool] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        recent: Recent | None = None,
    ) -> None:
        self._tty = tty
        self._open_browser = open_browser
        self._sleep = sleep
        self._recent = recent
        self._once = Once()

    def answer(self, challenge: Challenge[T]) -> T:
        """Ask, and return what the person typed; raise InteractionRequired from the background."""
        try:
            return cast(T, self._answer(challenge))
        except NoTerminal as reason:
            raise nobody(challenge, str(reason)) from reason

    def tell(self, text: str) -> None:
        """Show one line."""
        self._tty.write(text + "\n")

    def _answer(self, challenge: Challenge[Any]) -> Any:
        new = self._once.new(challenge)
        match challenge:
            case Username():
                return self._username(challenge)
            case Password(realm, username):
                # Spaces stay: they may belong to the password.
                return self._insist(f"Password for {plain(username)} at {plain(realm)}: ")
            case Code():
                return self._code(challenge)
            case Choice():
                return self._choose(challenge)
            case Approval() | Browse():
                return self._await(challenge, new)
        raise unknown(challenge)

    def _username(self, challenge: Username) -> str:
        default = f" [{plain(challenge.default)}]" if challenge.default else ""
        while True:
            typed = self._tty.read_line(f"Username for {plain(challenge.realm)}{default}: ").strip()
            if typed or challenge.default:
                return typed or challenge.default

    def _code(self, challenge: Code) -> str:
        if challenge.attempt:
            self.tell("that code was refused; please try again")
        device, words = plain(challenge.device), plain(", ".join(challenge.words))
        prompt = f"MFA code for {device}" if device else "MFA code"
        prompt += f" (or {words}): " if words else ": "
        while True:
            # Apps show codes in groups, and a copied one brings its spaces along.
            code = "".join(self._insist(prompt).split())
            if code:
                return code

    def _insist(self, prompt: str) -> str:
        while True:
            typed = self._tty.read_hidden(prompt)
            if typed:
                return typed

    def _choose(self, challenge: Choice[T]) -> T:
        options = challenge.options
        if not options:
            raise PluginError(f"a choice without options was asked: {plain(challenge.title)}")
        labels = [challenge.label(option) for option in options]
        if self._recent is None:
            return options[self._picked(challenge.title, labels)]
        order = self._recent.order(challenge.title, labels)
        picked = order[self._picked(challenge.title, [labels[i] for i in order])]
        self._recent.picked(challenge.title, labels[picked])
        return options[picked]

    def _picked(self, title: str, labels: list[str]) -> int:
        """Let the person pick; on a terminal that can do no more, from a numbered list."""
        if self._tty.live:
            picked = pick(self._tty, title, labels)
            self.tell(f"{plain(title)} {plain(labels[picked])}")
            return picked
        picker = Picker(labels, page=min(_PAGE, max(self._tty.height - 4, 3)))
        self.tell(f"{plain(title)}:")
        while True:
            self._tty.write(picker.view())
            taken = picker.typed(self._tty.read_line(picker.question))
            if taken is not None:
                self.tell(f"-> {plain(labels[taken])}")
                return taken

    def _await(self, challenge: Approval | Browse, new: bool) -> str | None:
        if new:
            self.tell(notice(challenge))
            if isinstance(challenge, Browse):
                self._browse(challenge.url)
        if isinstance(challenge, Browse) and challenge.returned and self._tty.interactive:
            return self._pasted(challenge, challenge.returned)
        if self._tty.dumb or not self._tty.interactive:
            self._sleep(max(challenge.poll_after, 0.0))
        else:
            self._spin(challenge.poll_after)
        return None

    def _pasted(self, challenge: Browse, returned: Callable[[], bool]) -> str | None:
        """Wait for the browser, or for the address of the page that it could not open."""
        if challenge.attempt:
            self.tell("that is not where this sign-in ends; copy the browser's whole last address")
        while (typed := self._tty.read_unless(_PASTE, returned)) is not None:
            if typed.strip():
                return typed.strip()
        return None

    def _browse(self, url: str) -> None:
        # The address comes from a server: other schemes would start other programs with it.
        harmless = url.startswith(("https://", "http://")) and plain(url) == url
        if self._open_browser is not None and harmless and self._open_browser(url):
            self.tell("(a browser has been asked to open it)")

    def _spin(self, seconds: float) -> None:
        frames = cycle("|/-\\")
        try:
            while seconds > 0:
                self._tty.redraw(f"waiting {next(frames)}")
                self._sleep(min(seconds, _TICK))
                seconds -= _TICK
        finally:
            self._tty.redraw("")
