"""An HTTP server for SDKs on this machine, and for nobody else.

What is answered is an *application*'s business: a function from `Request` to `Reply`. Who may ask,
and how much and how long, is the business of `connection`, the same for every application.
"""

from __future__ import annotations

import logging
import select
import socket
import sys
import threading
import time

from .connection import Handler
from .guard import only_programs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from .messages import Application, Guard

log = logging.getLogger(__name__)

_PATIENCE = 5.0  # seconds for a request to come and for its answer to go
_AT_ONCE = 64  # connections being handled; the kernel queues the rest
_PAUSE = 0.05  # seconds for the system to have again what it lacks
_SILENCE = 0.1  # seconds after which a client that says nothing may lose its place


class Server:
    """Serve an application on a socket that is listening already; *hosts* are its own names.

    *guard* refuses requests before their body is read; bodies are no longer than *largest_body*.
    Where all the places are taken, whoever has been silent for longest loses theirs: slow clients
    cannot keep others out.
    """

    def __init__(
        self,
        listening: int,
        application: Application,
        hosts: Collection[str],
        *,
        guard: Guard = only_programs,
        largest_body: int = 0,
        patience: float = _PATIENCE,
        at_once: int = _AT_ONCE,
    ) -> None:
        self._socket = socket.socket(fileno=listening)
        self._slots = threading.BoundedSemaphore(at_once)
        self._at_once = at_once
        self._handled: set[socket.socket] = set()
        self._silent: dict[socket.socket, float] = {}  # since when, the longest first
        self._lock = threading.Lock()
        self.application = application
        self.guard = guard
        self.largest_body = largest_body
        self.hosts = frozenset(hosts)
        self.patience = patience

    def start(self) -> None:
        """Serve from now on, in threads that end with the process."""
        threading.Thread(target=self._accept, name="accept", daemon=True).start()

    def close(self) -> None:
        """Listen no more. Answers under way are not waited for."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes accept() up, where the kernel does that
        except OSError:
            pass
        finally:
            self._socket.close()

    @property
    def busy(self) -> bool:
        """Tell whether a client should make place for the next one after its answer."""
        return len(self._handled) > self._at_once // 2

    def idle(self, connection: socket.socket) -> None:
        """Note that a connection waits for its client: it may be closed to make room."""
        with self._lock:
            self._silent.pop(connection, None)
            self._silent[connection] = time.monotonic()

    def working(self, connection: socket.socket) -> None:
        """Note that a connection's client has said all and waits for us."""
        with self._lock:
            self._silent.pop(connection, None)

    def _take_place(self) -> None:
        if self._slots.acquire(blocking=False):
            return
        self._make_room()
        while not self._slots.acquire(timeout=_SILENCE):
            self._make_room()

    def _make_room(self) -> None:
        """Hang up on who has been silent for longest; honest clients ask at once."""
        with self._lock:
            for connection, since in self._silent.items():
                if time.monotonic() - since < _SILENCE:
                    return
                if not _has_spoken(connection):
                    del self._silent[connection]
                    _hang_up(connection)
                    return

    def _accept(self) -> None:
        while True:
            self._take_place()
            try:
                connection, peer = self._socket.accept()
            except ConnectionError:  # this client has gone already
                self._slots.release()
                continue
            except OSError as error:
                if self._socket.fileno() < 0:
                    return
                log.debug("cannot accept a connection: %s", error.strerror)
                self._slots.release()
                time.sleep(_PAUSE)  # out of file descriptors, say
                continue
            self._hand_over(connection, peer)

    def _hand_over(self, connection: socket.socket, peer: tuple[str, int]) -> None:
        thread = threading.Thread(target=self._handle, args=(connection, peer), daemon=True)
        try:
            thread.start()
        except RuntimeError as error:  # the system has no more: a container's limit, say
            log.debug("cannot answer a connection: %s", error)
            connection.close()
            self._slots.release()
            time.sleep(_PAUSE)

    def _handle(self, connection: socket.socket, peer: tuple[str, int]) -> None:
        self._handled.add(connection)
        try:
            with connection:
                Handler(connection, peer, self)  # type: ignore[arg-type] # socketserver's own
        except OSError as error:
            log.debug("connection lost: %s", error.strerror)
        finally:
            self.working(connection)
            self._handled.discard(connection)
            self._slots.release()


if sys.platform == "win32":

    def _has_spoken(connection: socket.socket) -> bool:
        """Tell whether something has come that nobody has read yet."""
        try:
            return bool(select.select((connection,), (), (), 0)[0])
        except (OSError, ValueError):  # closed
            return False
else:

    def _has_spoken(connection: socket.socket) -> bool:
        """Tell whether something has come that nobody has read yet."""
        try:
            poll = select.poll()  # select() knows no file number above 1023
            poll.register(connection, select.POLLIN)
            return bool(poll.poll(0))
        except (OSError, ValueError):  # closed
            return False


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)  # its thread wakes up and closes it
    except OSError:
        pass  # the client was quicker
