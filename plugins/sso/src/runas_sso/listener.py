"""Catch the browser when it comes back from the sign-in: a page on a loopback port.

The answer carries a one-time code; it is worthless without the verifier (PKCE), and only one with
this login's `state` counts, so that no other page can end or replace the login.
Source: RFC 8252, section 7.3 (loopback redirects); RFC 7636 (PKCE).
"""

from __future__ import annotations

import hmac
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import runas

PATH = "/oauth/callback"

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>{title}</title>
<style>body{{font:1.1rem system-ui,sans-serif;max-width:34rem;margin:15vh auto}}</style>
<h1>{title}</h1><p>{text}</p></html>
"""
_DONE = ("Signed in", "runas has what it needs. You can close this window.")
_NOT_DONE = ("Not signed in", "The sign-in was declined or failed. runas tells more.")
_WRONG = ("Not this sign-in", "This answer belongs to another sign-in. Start again from runas.")


class Listener:
    """Listens from its creation on. ``code`` or ``error`` is set when the browser has come."""

    def __init__(self, state: str, port: int = 0) -> None:
        self.code: str | None = None
        self.error: str | None = None
        self._state = state
        try:
            self._server = _Server(self, port)
        except OSError as error:
            raise runas.ServiceUnavailable(
                f"port {port} cannot be listened on: {error.strerror}",
                "choose another with --redirect-port, or give --use-device-code",
            ) from error
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._server.server_address[1]

    @property
    def redirect(self) -> str:
        """Where the browser is to come back to."""
        return f"http://127.0.0.1:{self.port}{PATH}"

    @property
    def done(self) -> bool:
        """Tell whether there is an answer."""
        return self.code is not None or self.error is not None

    def pasted(self, text: str) -> bool:
        """Take the address that a person copied from a browser elsewhere; tell whether it fits.

        Browsers that hide ``http://`` may leave it out when it is copied.
        """
        url = text.strip()
        url = url if "://" in url else f"http://{url}"
        return url.startswith(self.redirect + "?") and self.offer(url)

    def offer(self, url: str) -> bool:
        """Take an address that the browser was sent to; tell whether it is this login's."""
        try:
            parts = urlsplit(url.strip())
            given = parse_qs(parts.query, max_num_fields=20)
        except ValueError:
            return False
        code, error = given.get("code", [""])[0], given.get("error", [""])[0]
        state = given.get("state", [""])[0]
        mine = hmac.compare_digest(state.encode("utf-8", "replace"), self._state.encode())
        if parts.path != PATH or self.done or not (mine or (error and not state)):
            return False
        if code and not error:
            self.code = code
        else:
            self.error = error or "no code"
        return True

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    """A thread for each connection: browsers open some on which they never say anything."""

    daemon_threads = True
    block_on_close = False
    # A fixed port must be free again at once. On Windows the same option would let another program
    # listen here as well, and there it is not needed.
    allow_reuse_address = os.name != "nt"

    def __init__(self, listener: Listener, port: int) -> None:
        self.listener = listener
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet about browsers that hang up."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 10
    server_version, sys_version = "runas", ""

    def do_GET(self) -> None:
        """Take the answer."""
        listener = self.server.listener
        if self.headers.get("Host", "") != f"127.0.0.1:{listener.port}":
            self._send(403, _WRONG)  # a name that somebody has pointed at this machine
        elif urlsplit(self.path).path != PATH:
            self._send(404, _WRONG)  # browsers ask for an icon
        elif not listener.offer(self.path):
            self._send(400, _WRONG)
        else:
            self._send(200, _DONE if listener.code else _NOT_DONE)

    def _send(self, status: int, words: tuple[str, str]) -> None:
        title, text = words
        body = _PAGE.format(title=title, text=text).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Write no log: the path holds the code."""
