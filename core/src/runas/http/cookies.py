"""Cookies between runs: a second role within the provider's session asks nothing.

One file per provider, sign-in origin and user, in ``cookies/`` of the state folder, readable by
its owner only. A file that is torn, foreign or of another key is no file: that costs a login.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from hashlib import blake2b
from http.cookiejar import Cookie, CookieJar
from typing import Any

from requests.cookies import RequestsCookieJar, create_cookie

from runas.secrets import private

_VERSION = 1
_SESSION_LIFE = 12 * 3600
"""Seconds for which cookies without an end are kept: a browser, too, is closed at night."""

_NEVER = 1 << 53
"""Seconds since the epoch, more than any calendar has: the jar counts in floats."""

_FIELDS = ("name", "value", "domain", "path", "secure", "expires")


class CookieFile:
    """Where the cookies of one user at one provider are kept."""

    def __init__(self, folder: str, provider: str, origin: str, username: str) -> None:
        """Name the file; *folder* is the state folder, *origin* the sign-in address's."""
        text = "\0".join((provider.lower(), origin, username))
        self._key = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
        self.path = os.path.join(folder, "cookies", f"{self._key}.json")

    def load(self) -> RequestsCookieJar:
        """Read the cookies that are still good; none where there is no file that can be trusted."""
        jar = RequestsCookieJar()
        try:
            read = private.table(private.content(self.path))
        except FileNotFoundError:
            return jar
        saved = read.get("saved")
        if (read.get("version"), read.get("key")) != (_VERSION, self._key):
            return jar
        if not isinstance(saved, int) or saved > time.time() + 60:
            return jar
        kept = read.get("cookies")
        for each in kept if isinstance(kept, list) else ():
            cookie = _cookie(each, saved)
            if cookie is not None and not cookie.is_expired():
                jar.set_cookie(cookie)
        return jar

    def save(self, cookies: CookieJar) -> None:
        """Replace what is kept; a folder that cannot be written costs the next login a question."""
        kept = [
            {name: getattr(cookie, name) for name in _FIELDS}
            | {"httponly": cookie.has_nonstandard_attr("HttpOnly"), "dot": cookie.domain_specified}
            for cookie in cookies
            if not cookie.is_expired()
        ]
        document = {"version": _VERSION, "key": self._key, "saved": int(time.time())}
        with suppress(OSError):
            private.save(self.path, document | {"cookies": kept})

    def clear(self) -> None:
        """Forget them."""
        with suppress(OSError):
            os.unlink(self.path)


def _cookie(fields: Any, saved: int) -> Cookie | None:
    """Make a cookie of what the file says; None for what is none, or too old."""
    if not isinstance(fields, dict):
        return None
    expires = fields.get("expires")
    texts = [fields.get(name) for name in ("name", "value", "domain", "path")]
    if not all(isinstance(text, str) for text in texts):
        return None
    if expires is None and saved + _SESSION_LIFE < time.time():
        return None
    if expires is not None and not (isinstance(expires, int) and expires < _NEVER):
        return None
    name, value, domain, path = texts
    cookie: Cookie = create_cookie(  # type: ignore[no-untyped-call]
        name,
        value,
        domain=domain,
        path=path,
        secure=bool(fields.get("secure")),
        expires=expires,
        discard=expires is None,
        rest={"HttpOnly": None} if fields.get("httponly") else {},
    )
    # A cookie set for one host alone must not go to hosts below it.
    cookie.domain_specified = bool(fields.get("dot"))
    return cookie
