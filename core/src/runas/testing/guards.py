"""While a plugin is tried out, it may not do what a provider never does.

Printing, prompting, sleeping, opening a browser and leaving this machine are refused with a message
that says what to do instead. Only the plugin's own calls count, and those made on its behalf: who
is on the stack decides. Its ``testing`` modules (the fake identity provider) are left alone.
"""

from __future__ import annotations

import builtins
import getpass
import ipaddress
import socket
import sys
import time
import webbrowser
from collections.abc import Callable, Sequence
from types import ModuleType, TracebackType
from typing import Any, Self

__all__ = ["Guard", "NotAllowed", "owned"]

_INSTEAD = {
    "print": "yield a Challenge instead, or log with logging.getLogger(__name__)",
    "input": "yield a Challenge instead: runas.Username or runas.Code",
    "getpass": "yield a Challenge instead: runas.Password",
    "sleep": "yield a Challenge instead: runas.Approval waits, and shows what for",
    "browser": "yield a Challenge instead: runas.Browse",
}
_WAIT_FOR_THE_NET = ("urllib3", "requests", "botocore", "boto3", "runas")
"""Who may wait before trying again; here it need not, so tests stay quick."""

_WAIT_FOR_A_CHILD = ("subprocess", "threading")


class NotAllowed(AssertionError):
    """The plugin did what only a front-end may do."""


class Guard:
    """Refuse such calls while the ``with`` block runs; ``caught`` keeps even those swallowed."""

    def __init__(self, modules: Sequence[str]) -> None:
        self.caught: list[str] = []
        self._modules = tuple(modules)
        self._theirs: list[ModuleType] = []
        self._undo: list[tuple[object, str, object]] = []

    def __enter__(self) -> Self:
        self._theirs = [module for name, module in list(sys.modules.items())
                        if owned(name, self._modules)]  # fmt: skip
        for what, home, name in (
            ("print", builtins, "print"),
            ("input", builtins, "input"),
            ("getpass", getpass, "getpass"),
            ("browser", webbrowser, "open"),
            ("browser", webbrowser, "open_new"),
            ("browser", webbrowser, "open_new_tab"),
        ):
            shown = name if what != "browser" else f"webbrowser.{name}"
            self._replace(home, name, self._refusing(what, shown, getattr(home, name)))
        self._replace(time, "sleep", self._sleeping(time.sleep))
        for name in ("connect", "connect_ex"):
            self._replace(socket.socket, name, self._connecting(getattr(socket.socket, name)))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for home, name, original in reversed(self._undo):
            setattr(home, name, original)
        self._undo.clear()

    def _replace(self, home: object, name: str, substitute: object) -> None:
        """Put *substitute* in place, also where the plugin has imported the original by name."""
        original = getattr(home, name)
        self._set(home, name, substitute)
        for module in self._theirs:
            for own, value in list(vars(module).items()):
                if value is original:
                    self._set(module, own, substitute)

    def _set(self, home: object, name: str, value: object) -> None:
        self._undo.append((home, name, getattr(home, name)))
        setattr(home, name, value)

    def _refusing(self, what: str, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if self._acting():
                raise self._refusal(name, _INSTEAD[what])
            return original(*args, **kwargs)

        return guarded

    def _sleeping(self, original: Callable[[float], None]) -> Callable[[float], None]:
        def guarded(seconds: float) -> None:
            caller = _caller().partition(".")[0]
            if caller in _WAIT_FOR_A_CHILD or not self._acting():
                original(seconds)
            elif caller not in _WAIT_FOR_THE_NET:
                raise self._refusal("time.sleep", _INSTEAD["sleep"])

        return guarded

    def _connecting(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(sock: socket.socket, address: Any) -> Any:
            inet = sock.family in (socket.AF_INET, socket.AF_INET6)
            if inet and not _loopback(str(address[0])):
                raise self._refusal(f"a connection to {address[0]}", "reach your fake instead")
            return original(sock, address)

        return guarded

    def _refusal(self, what: str, instead: str) -> NotAllowed:
        text = f"{what} is refused while a plugin is tried out: {instead}"
        self.caught.append(text)
        return NotAllowed(text)

    def _acting(self) -> bool:
        """Tell whether the plugin's code is on the stack."""
        frame = sys._getframe(2)
        while frame.f_back is not None:
            if owned(frame.f_globals.get("__name__", ""), self._modules):
                return True
            frame = frame.f_back
        return False


def owned(name: str, modules: Sequence[str]) -> bool:
    """Tell whether a module belongs to one of *modules*, its ``testing`` rooms left out."""
    return any(
        name == each or (name.startswith(f"{each}.") and not _testing(name, each))
        for each in modules
    )


def _testing(name: str, module: str) -> bool:
    return name.removeprefix(f"{module}.").partition(".")[0] == "testing"


def _caller() -> str:
    name = sys._getframe(2).f_globals.get("__name__", "")
    return str(name)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"
