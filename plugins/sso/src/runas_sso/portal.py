"""The portal's API: which accounts and roles, and a role's credentials.

Source: https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_Operations.html
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import runas
from runas_sso.oidc import clock_is_wrong
from runas_sso.pace import Pace
from runas_sso.place import Place
from runas_sso.wire import Answer, get, number, post_empty, strange, text

if TYPE_CHECKING:
    from requests import Session

THREADS = 8
"""With the one that reads the pages of accounts, no more than a session keeps connections."""

_PAGES = 1000


class Account(NamedTuple):
    """An account that the user has roles in; ``name`` may be empty."""

    id: str
    name: str


class Portal:
    """Asks with one token; good for several threads."""

    def __init__(self, place: Place, http: Session, token: str) -> None:
        self._place = place
        self._http = http
        self._token = token
        self.pace = Pace()

    def accounts(self, page: int = 100) -> Iterator[Account]:
        """List the accounts, as their pages come in."""
        for item in self._pages("/assignment/accounts", "accountList", {"max_result": str(page)}):
            name = item.get("accountName")
            yield Account(self._account_id(item), name if isinstance(name, str) else "")

    def roles(self, account_id: str) -> list[str]:
        """List the permission sets assigned to the user in an account."""
        asked = {"account_id": account_id, "max_result": "100"}
        items = self._pages("/assignment/roles", "roleList", asked)
        return [text(item, "roleName", self._place.portal) for item in items]

    def credentials(self, account_id: str, role_name: str) -> runas.Credentials:
        """Fetch credentials; how long they last is the permission set's business."""
        asked = {"role_name": role_name, "account_id": account_id}
        answer = self._get("/federation/credentials", asked)
        found, host = answer.get("roleCredentials"), self._place.portal
        if not isinstance(found, dict):
            raise strange(host)
        expiration = number(found, "expiration", host) // 1000
        if expiration <= time.time():
            raise clock_is_wrong()
        return runas.Credentials(
            text(found, "accessKeyId", host),
            text(found, "secretAccessKey", host),
            text(found, "sessionToken", host),
            expiration,
        )

    def probe(self) -> None:
        """Ask the smallest question there is, to see whether the token is taken."""
        self._get("/assignment/accounts", {"max_result": "1"})

    def logout(self) -> None:
        """End the session that the token belongs to."""
        post_empty(self._http, self._place.portal + "/logout", self._token)

    def _pages(self, path: str, name: str, asked: dict[str, str]) -> Iterator[dict[str, Any]]:
        for _ in range(_PAGES):
            answer = self._get(path, asked)
            items = answer.get(name)
            if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
                raise strange(self._place.portal)
            yield from items
            following = answer.get("nextToken")
            if not following:
                return
            if not isinstance(following, str) or following == asked.get("next_token"):
                break
            asked = asked | {"next_token": following}
        raise strange(self._place.portal)

    def _get(self, path: str, asked: dict[str, str]) -> Answer:
        url = self._place.portal + path
        return self.pace.ask(lambda: get(self._http, url, self._token, asked))

    def _account_id(self, item: dict[str, Any]) -> str:
        found = text(item, "accountId", self._place.portal)
        if not (found.isdigit() and len(found) == 12):
            raise strange(self._place.portal)
        return found
