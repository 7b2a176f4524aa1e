"""What a login proves, and how it is ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import runas
from runas_sso import kept, session
from runas_sso.place import Place
from runas_sso.portal import Portal
from runas_sso.token import Token
from runas_sso.wire import Fault

if TYPE_CHECKING:
    from requests import Session


@dataclass(frozen=True)
class Won:
    """Credentials that came along when the kept login was tried out."""

    account_id: str
    role_name: str
    credentials: runas.Credentials


@dataclass(frozen=True)
class SsoIdentity(runas.Identity):
    """A login at an Identity Center. Its user's name is not told; a role's session bears it.

    ``http`` is what the login was made with, and what ends it.
    """

    place: Place | None = None
    token: Token | None = field(default=None, repr=False)
    won: Won | None = field(default=None, repr=False, compare=False)
    http: Session | None = field(default=None, repr=False, compare=False)

    def portal(self, http: Session) -> Portal:
        """Return the portal, opened with this login."""
        assert self.place
        assert self.token
        return Portal(self.place, http, self.token.access)

    def end(self) -> None:
        """End the session at the portal, and remove it here, for the other AWS tools too.

        The file goes in any case; raises ServiceUnavailable where the portal could not be told.
        """
        assert self.place
        assert self.token
        assert self.http
        try:
            _end(self.place, self.http, self.token)
        except runas.ServiceUnavailable as outage:
            raise runas.ServiceUnavailable(
                f"the sign-in is removed here, but the portal could not be told: {outage.fact}",
                "end the session in the access portal's own page",
            ) from outage
        finally:
            with kept.locked(self.place):
                kept.forget_token(self.place, self.token.access)
            kept.forget_role_credentials()


def _end(place: Place, http: Session, token: Token) -> None:
    try:
        Portal(place, http, token.access).logout()
    except Fault:
        # The access token has ended, the session behind it perhaps not.
        fresh = session.renewed(place, http, token) if token.renewable() else None
        if fresh is None:
            return
        with kept.locked(place):
            kept.forget_token(place, fresh.access)
        try:
            Portal(place, http, fresh.access).logout()
        except Fault:
            return
