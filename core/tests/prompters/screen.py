"""A terminal that a test types at: what to type is known beforehand, what is shown is kept."""

from collections.abc import Callable

from runas.prompters.device import Tty, closed


class Screen(Tty):
    """A terminal without a device."""

    def __init__(self, *lines: str, size: tuple[int, int] = (80, 24), dumb: bool = False) -> None:
        self.lines = list(lines)
        self.shown = ""
        self.hidden: list[str] = []
        self.dumb = dumb
        self.foreground = True
        self._size = size

    @property
    def interactive(self) -> bool:
        return self.foreground

    @property
    def size(self) -> tuple[int, int]:
        return self._size

    def read_line(self, prompt: str) -> str:
        self.write(prompt)
        if not self.lines:
            closed()
        line = self.lines.pop(0)
        self.write(line + "\n")
        return line

    def read_hidden(self, prompt: str) -> str:
        self.write(prompt + "\n")
        self.hidden.append(prompt)
        if not self.lines:
            closed()
        return self.lines.pop(0)

    def read_unless(self, prompt: str, done: Callable[[], bool]) -> str | None:
        return None if done() else self.read_hidden(prompt)

    def _put(self, text: str) -> None:
        self.shown += text

    def close(self) -> None:
        pass
