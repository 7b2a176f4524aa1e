"""The socket that a wrapped command's endpoint listens on: open before the command starts.

Clients that come before the server has been imported wait in the kernel's queue. Nothing here needs
``socket``, which costs half as much as starting Python: ``_socket`` is its C half.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _socket as sockets
else:
    try:
        import _socket as sockets
    except ImportError:  # another Python than CPython
        import socket as sockets

PATH = "/credentials"
_LOOPBACK = "127.0.0.1"  # the one spelling that every SDK accepts over plain http
_QUEUE = 512  # a burst of clients at start; the kernel may allow fewer


class Listener:
    """A listening socket on a random port of the loopback interface, and the token to use it."""

    __slots__ = ("_socket", "port", "token")

    port: int
    token: str

    def __init__(self, socket: sockets.socket, token: str) -> None:
        self._socket = socket
        self.port = socket.getsockname()[1]
        self.token = token

    @classmethod
    def open(cls) -> Listener:
        """Listen. Python's sockets are not inherited: the command gets none of this."""
        socket = sockets.socket(sockets.AF_INET, sockets.SOCK_STREAM)
        try:
            socket.bind((_LOOPBACK, 0))
            socket.listen(_QUEUE)
        except OSError:
            socket.close()
            raise
        return cls(socket, random_token())

    @property
    def address(self) -> str:
        """The host and port, as they stand in a URL and in a client's Host header."""
        return f"{_LOOPBACK}:{self.port}"

    def variables(self) -> dict[str, str]:
        """Return what leads an SDK here.

        Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
        """
        return {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://{self.address}{PATH}",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": self.token,
        }

    def detach(self) -> int:
        """Give the listening socket away, as a file descriptor."""
        return self._socket.detach()

    def close(self) -> None:
        """Stop listening, unless the socket has been given away."""
        self._socket.close()


def random_token() -> str:
    """Return 192 random bits, fit for a header, a URL and a shell."""
    import binascii

    text = binascii.b2a_base64(os.urandom(24), newline=False).decode()
    return text.replace("+", "-").replace("/", "_")
