"""Run a command beside an endpoint that keeps its credentials fresh."""

from __future__ import annotations

from runas.launch.supervise import Child

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from runas._credentials import Credentials
    from runas.cache import Entry

    from .base import Server
    from .listener import Listener
    from .renewal import Renewal


def run(
    argv: Sequence[str],
    environ: Mapping[str, str],
    listener: Listener,
    entry: Entry,
    obtain: Callable[[], Credentials],
    cancel: Callable[[], None] | None = None,
) -> int:
    """Start the command, serve it until it ends, and return its exit status.

    *environ* is complete: see `Listener.variables`. *obtain* is called in a thread whenever the
    credentials of *entry* near their end; *cancel* ends such a call when the command has ended.
    """
    child = Child.start(argv, environ)
    import threading  # by the main thread, which it takes whoever imports it first for

    service = _Service(listener, entry, obtain)
    threading.Thread(target=service.open, name="service", daemon=True).start()
    try:
        return child.wait()
    finally:
        service.close()
        if cancel is not None:
            cancel()


class _Service:
    """The endpoint, imported while the command starts; a command that is quicker does not wait."""

    def __init__(self, listener: Listener, entry: Entry, obtain: Callable[[], Credentials]) -> None:
        self._listener = listener
        self._entry = entry
        self._obtain = obtain
        self._server: Server | None = None
        self._renewal: Renewal | None = None

    def open(self) -> None:
        """Serve, and begin to renew."""
        from .base import Server
        from .container import Container
        from .renewal import Renewal

        listener, entry = self._listener, self._entry
        hosts = (listener.address, f"localhost:{listener.port}")
        self._renewal = renewal = Renewal(self._obtain, entry.credentials, entry.obtained)
        self._server = Server(listener.detach(), Container(renewal, listener.token), hosts)
        self._server.start()
        renewal.start()

    def close(self) -> None:
        """Stop both. What has not begun yet ends with this process, an instant later."""
        if self._server is not None:
            self._server.close()
        if self._renewal is not None:
            self._renewal.close()
