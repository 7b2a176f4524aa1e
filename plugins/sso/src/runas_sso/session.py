"""The login that is kept: use it, renew it ahead of its end, and know when it is over.

A refresh token can be spent once. So one process renews at a time, looks first whether another
has done it, and writes what it got before anything else can go wrong.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import runas
from runas_sso import kept, oidc
from runas_sso.place import Place
from runas_sso.refusals import busy, registration_ended
from runas_sso.token import Token
from runas_sso.wire import Fault

if TYPE_CHECKING:
    from requests import Session

log = logging.getLogger(__name__)

AHEAD = 900
"""Seconds before its end that a token is renewed; botocore's own value."""

_LAST = 30  # seconds that a token must still be good for, to be worth sending


def current(place: Place, http: Session) -> Token | None:
    """Return a token that is good by the clock: the one kept, or its renewal; else None."""
    found = kept.token(place)
    if found is None or found.left() > AHEAD:
        return found
    usable = found if found.left() > _LAST else None
    if not found.renewable() or (usable and not kept.writable()):
        return usable
    try:
        return renewed(place, http, found) or usable
    except runas.ServiceUnavailable:
        if usable is None:
            raise
        return usable


def renewed(place: Place, http: Session, old: Token) -> Token | None:
    """Renew a token, or take the one that another process got meanwhile; None: log in anew."""
    with kept.locked(place):
        found = kept.token(place)
        if found is None:  # logged out meanwhile
            return None
        if _newer(found, old):
            return found
        if not found.renewable():
            return None
        try:
            made = oidc.refreshed_token(place, http, found)
        except Fault as fault:
            log.debug("the token of %s is not renewed: %s", place.name, fault)
            _judge(fault, place, found)
            # A tool that knows nothing of our lock may have renewed it under our hands.
            again = kept.token(place)
            return again if again and _newer(again, found) else None
        kept.keep_token(place, made)
        return made


def _judge(fault: Fault, place: Place, token: Token) -> None:
    """Raise what is no refusal of the token; forget a registration that has ended."""
    if fault.code in ("slowdown", "toomanyrequests"):
        raise busy() from fault
    if registration_ended(fault) and token.client:
        for grant in ("device", oidc.CODE):
            known = kept.client(place, grant)
            if known and known.id == token.client.id:
                kept.forget_client(place, grant)


def _newer(found: Token, old: Token) -> bool:
    return found.access != old.access and found.left() > _LAST
