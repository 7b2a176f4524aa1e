"""The HTTP session that providers are handed.

A plugin uses ``http`` as the ``requests.Session`` it is. What it adds:

* every request has a timeout; idempotent ones are tried again, and ``Retry-After`` is respected;
* certificates are verified, always; plain ``http://`` is refused except on this machine;
* a redirect never carries a password or code to another origin;
* answers are read up to a limit; failures are errors of `runas.errors`;
* the log shows method, host, path, status and time, and never a body, query, header or cookie;
* cookies may be kept per provider and user (`CookieFile`), and the exchange recorded without its
  secrets (`Transcript`, ``--record``).
"""

from __future__ import annotations

from runas.http.addresses import join, loopback, origin
from runas.http.cookies import CookieFile
from runas.http.session import Session, session
from runas.http.transcript import Transcript
from runas.http.transport import TIMEOUT

__all__ = [
    "TIMEOUT",
    "CookieFile",
    "Session",
    "Transcript",
    "join",
    "loopback",
    "origin",
    "session",
]
