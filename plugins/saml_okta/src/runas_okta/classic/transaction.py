"""One transaction of the authentication API, and the calls that move it on."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import runas
from runas_okta.classic import faults
from runas_okta.reading import Json, dig, rows, table, text
from runas_okta.wire import Answer, Org

START = "/api/v1/authn"
"""The one address that is built: the API's documented entry. All others are links."""


@dataclass(frozen=True)
class Transaction:
    """Where a sign-in stands. ``token`` names it and slides its end (5 minutes) with each call."""

    status: str
    result: str = ""
    token: str = field(default="", repr=False)
    session_token: str = field(default="", repr=False)
    embedded: Json = field(default_factory=dict, repr=False)
    links: Json = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, body: Json) -> Transaction:
        """Read a transaction; raise ServiceUnavailable where the answer is none."""
        status = text(body, "status")
        if not status:
            raise runas.ServiceUnavailable(
                "okta answered without the state of the sign-in", "try again later"
            )
        return cls(
            status,
            text(body, "factorResult"),
            text(body, "stateToken"),
            text(body, "sessionToken"),
            table(body, "_embedded"),
            table(body, "_links"),
        )

    def offers(self, name: str) -> bool:
        """Tell whether there is a link of that name."""
        return bool(self._href(name))

    def link(self, name: str) -> str:
        """Return the address of a link; raise ServiceUnavailable where it is missing."""
        href = self._href(name)
        if not href:
            raise runas.ServiceUnavailable(
                f"okta's answer ({self.status}) lacks the link '{name}'", "try again later"
            )
        return href

    @property
    def factor(self) -> Json:
        """The factor that is being verified."""
        return table(self.embedded, "factor")

    @property
    def remembers(self) -> bool:
        """Whether the org's policy lets this device be remembered."""
        return dig(self.embedded, "policy", "allowRememberDevice") is True

    def _href(self, name: str) -> str:
        # `resend` is an array with one entry per way to send: the first is the factor's own.
        return text(self.links, name, "href") or text(dig(self.links, name), 0, "href")

    def factors(self) -> list[Json]:
        """Return the factors offered. Okta's document calls them `factor`, Okta `factors`."""
        return rows(self.embedded, "factors") or rows(self.embedded, "factor")


class Authn:
    """The API of one org, and the transaction that goes on there now."""

    def __init__(self, org: Org, remember: bool) -> None:
        self.org = org
        self._remember = remember
        self._open: Transaction | None = None

    def sign_in(self, username: str, password: str) -> Transaction:
        """Send the password: the primary authentication."""
        options = {"multiOptionalFactorEnroll": False, "warnBeforePasswordExpired": True}
        body = {"username": username, "password": password, "options": options}
        answer = self.org.post(self.org.origin + START, body)
        return self._read(answer, faults.Step.PASSWORD, username, password)

    def resume(self, token: str) -> Transaction:
        """Ask where a transaction stands that began on a page."""
        answer = self.org.post(self.org.origin + START, {"stateToken": token})
        return self._read(answer, faults.Step.OTHER, token)

    def follow(self, transaction: Transaction, link: str, **fields: str) -> Transaction:
        """Follow one of a transaction's links."""
        self._open = transaction
        step = faults.Step.PASSWORD if "password" in fields else faults.Step.OTHER
        return self._post(transaction, transaction.link(link), step, **fields)

    def verify(self, transaction: Transaction, href: str, **fields: str) -> Transaction:
        """Begin a factor's verification, send its answer, or ask whether it was given elsewhere.

        `rememberDevice` is a parameter of the address: with the cookie `DT` it spares the second
        factor next time, for as long as the org's policy says.
        """
        if self._remember:
            href = _with_query(self.org.own(href), rememberDevice="true")
        self._open = transaction
        step = faults.Step.FACTOR if fields else faults.Step.POLL
        return self._post(transaction, href, step, **fields)

    def _post(
        self, transaction: Transaction, href: str, step: faults.Step, **fields: str
    ) -> Transaction:
        answer = self.org.post(href, {"stateToken": transaction.token, **fields})
        return self._read(answer, step, transaction.token, *fields.values())

    def cancel(self) -> None:
        """End the open transaction, and with it a push that waits on a phone."""
        transaction, self._open = self._open, None
        if transaction is not None and transaction.offers("cancel"):
            token = {"stateToken": transaction.token}
            self.org.post(transaction.link("cancel"), token, hurry=True)

    def take_up(self, transaction: Transaction, remember: bool) -> None:
        """Go on with a transaction at its second factor, where a device may be remembered."""
        self._open = transaction
        self._remember = remember and transaction.remembers

    def _read(self, answer: Answer, step: faults.Step, *secrets: str) -> Transaction:
        if not answer.fine:
            raise faults.translated(answer, step, lambda words: self.org.safe(words, *secrets))
        transaction = Transaction.read(answer.body)
        self._open = transaction if transaction.token else None
        return transaction


def _with_query(href: str, **values: str) -> str:
    parts = urlsplit(href)
    query = {**dict(parse_qsl(parts.query)), **values}
    return urlunsplit(parts._replace(query=urlencode(query)))
