"""The first try: with the cookies of an earlier login, a provider may ask nothing at all.

Cookies go stale. Where a login that asked nobody fails on a page, they are dropped and it starts
over, once.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import runas
from runas_form.login import Login, Outcome

if TYPE_CHECKING:
    from requests import Session

log = logging.getLogger(__name__)


def prove(profile: runas.Profile, http: Session) -> runas.Flow[Outcome]:
    """Log in; start over without cookies where those led to a dead end."""
    kept = bool(http.cookies)
    login = Login(profile, http)
    try:
        return (yield from login.start())
    except (runas.PageNotRecognised, runas.Refused) as error:
        if not kept or login.asked:
            raise
        log.debug("the kept session leads nowhere (%s); starting over", type(error).__name__)
    # runas's own session also forgets the cookies that it keeps on disk.
    getattr(http, "forget", http.cookies.clear)()
    return (yield from Login(profile, http).start())
