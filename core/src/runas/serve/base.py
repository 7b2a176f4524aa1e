"""An HTTP server for SDKs on this machine, and for nobody else.

What is answered is an *application*'s business: a function from `Request` to `Reply`. Who may ask,
and how much and how long, is the business of `connection`, the same for every application.
"""

from __future__ import annotations

import logging
import socket
import threading
import time

from .connection import Handler

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from .messages import Reply, Request

    Application = Callable[[Request], Reply]

log = logging.getLogger(__name__)

_PATIENCE = 5.0  # seconds for a request to come and for its answer to go
_AT_ONCE = 64  # connections being handled; the kernel queues the rest


class Server:
    """Serve an application on a socket that is listening already; *hosts* are its own names."""

    def __init__(
        self,
        listening: int,
        application: Application,
        hosts: Collection[str],
        *,
        patience: float = _PATIENCE,
        at_once: int = _AT_ONCE,
    ) -> None:
        self._socket = socket.socket(fileno=listening)
        self._slots = threading.BoundedSemaphore(at_once)
        self._at_once = at_once
        self._handled: set[socket.socket] = set()
        self.application = application
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

    def _accept(self) -> None:
        while True:
            self._slots.acquire()
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
                time.sleep(0.05)  # out of file descriptors, say
                continue
            arguments = (connection, peer)
            threading.Thread(target=self._handle, args=arguments, daemon=True).start()

    def _handle(self, connection: socket.socket, peer: tuple[str, int]) -> None:
        self._handled.add(connection)
        try:
            with connection:
                Handler(connection, peer, self)  # type: ignore[arg-type] # socketserver's own
        except OSError as error:
            log.debug("connection lost: %s", error.strerror)
        finally:
            self._handled.discard(connection)
            self._slots.release()
