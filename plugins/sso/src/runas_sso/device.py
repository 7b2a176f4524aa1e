"""Log in by device code: a person confirms a code in any browser, anywhere.

Source: RFC 8628; aws-cli v2, ``SSOTokenFetcher``.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import runas
from runas_sso import kept, oidc
from runas_sso.oidc import DeviceLogin
from runas_sso.place import Place
from runas_sso.refusals import ask, explain, nobody_came, registration_ended
from runas_sso.token import Client, Token
from runas_sso.wire import Fault

if TYPE_CHECKING:
    from requests import Session

_SLOWER = 5  # seconds more between questions after each "slow down" (RFC 8628, section 3.5)
_OUTAGES = 3  # failures in a row that a wait survives: laptops change networks


def by_device(profile: runas.Profile, http: Session, place: Place) -> runas.Flow[Token]:
    """Show code and address until the person has confirmed."""
    try:
        client, login = _start(place, http)
        wait = _Wait(place, http, client, login)
        # Asked once before anybody is troubled: the client may already be approved.
        token = wait.look()
        while token is None:
            if wait.over():
                raise nobody_came(profile, place)
            yield from ask(profile, place, runas.Browse(login.url, login.user_code, wait.interval))
            token = wait.look()
    except Fault as fault:
        if registration_ended(fault):
            kept.forget_client(place, "device")
        raise explain(fault, place, profile) from fault
    return token


def _start(place: Place, http: Session) -> tuple[Client, DeviceLogin]:
    """Begin the login; a registration that the service no longer knows is made anew, once."""
    client = oidc.register(place, http, "device")
    try:
        return client, oidc.start_device_login(place, http, client)
    except Fault as fault:
        if not registration_ended(fault):
            raise
    kept.forget_client(place, "device")
    client = oidc.register(place, http, "device")
    return client, oidc.start_device_login(place, http, client)


class _Wait:
    """The state of one wait: how often to ask, until when, and what went wrong so far."""

    def __init__(self, place: Place, http: Session, client: Client, login: DeviceLogin) -> None:
        self._place = place
        self._http = http
        self._client = client
        self._login = login
        self._end = time.monotonic() + login.life
        self._outages = 0
        self.interval = float(login.interval)

    def over(self) -> bool:
        """Tell whether the code has ended."""
        return time.monotonic() > self._end

    def look(self) -> Token | None:
        """Ask once; None where it is to be asked again."""
        try:
            token = oidc.device_token(self._place, self._http, self._client, self._login)
        except Fault as fault:
            self._outages = 0
            if fault.code not in ("authorizationpending", "slowdown", "toomanyrequests"):
                raise
            if fault.code != "authorizationpending":
                self.interval += _SLOWER
        except runas.ServiceUnavailable:
            self._outages += 1
            if self._outages > _OUTAGES:
                raise
        else:
            return token
        return None
