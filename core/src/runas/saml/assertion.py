"""What a SAML response says to AWS, as far as runas needs to know."""

from __future__ import annotations

from dataclasses import dataclass, field

from runas.model import Role
from runas.saml.acs import sign_in

REDEEMABLE = 240
"""Seconds after its issue for which a response is taken for good.

AWS redeems it for five minutes ("Token must be redeemed within 5 minutes of issuance"), whatever
the response itself says; the fifth is left for the request and for clocks that differ.
"""


@dataclass(frozen=True)
class Assertion:
    """A SAML response, read but not verified: only AWS can check its signature.

    ``text`` is the base64 without white space, as STS wants it. Times are seconds since the epoch,
    None where the response does not say. ``not_on_or_after`` is the earliest end of validity,
    ``session_end`` what the provider allows sessions won with it at most (SessionNotOnOrAfter).
    ``encrypted`` says that the roles and all the rest are readable to AWS only.
    """

    text: str = field(repr=False)
    issuer: str = ""
    name_id: str = ""
    session_name: str = ""
    roles: tuple[Role, ...] = ()
    session_duration: int | None = None
    source_identity: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    transitive_tag_keys: tuple[str, ...] = ()
    issued: int | None = None
    not_on_or_after: int | None = None
    session_end: int | None = None
    destination: str = ""
    recipient: str = ""
    audiences: tuple[str, ...] = ()
    encrypted: bool = False

    @property
    def subject(self) -> str:
        """Name the user as CloudTrail will: the session's name, else the NameID."""
        return self.session_name or self.name_id

    @property
    def acs(self) -> str:
        """The address that the response is made for (Destination, else Recipient)."""
        return self.destination or self.recipient

    @property
    def partition(self) -> str | None:
        """The AWS partition of the ACS; None where the response is not addressed to AWS."""
        found = sign_in(self.acs) or sign_in(self.recipient)
        return found.partition if found else None

    @property
    def region(self) -> str | None:
        """The AWS region of the ACS; None where the response is not addressed to AWS."""
        found = sign_in(self.acs) or sign_in(self.recipient)
        return found.region if found else None

    @property
    def expiration(self) -> int | None:
        """Until when it may be redeemed: four minutes from its issue, or its own earlier end."""
        ends = [] if self.issued is None else [self.issued + REDEEMABLE]
        if self.not_on_or_after is not None:
            ends.append(self.not_on_or_after)
        return min(ends, default=None)
