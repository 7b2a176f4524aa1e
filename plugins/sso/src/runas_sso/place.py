"""What a profile says about its Identity Center: which one, under which name, reached how."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import runas
from runas_sso import endpoints
from runas_sso.instances import Instance, find_instance, read_instances

ACCESS = "sso:account:access"
"""The scope that the portal's API wants; asking for any scope is what brings refresh tokens.

Without one a token lasts as long as the portal's session, with one for an hour at a time. The older
form asks for none: the other AWS tools do not renew its tokens.
"""

_PORTALS = (
    *(".awsapps.com", ".awsapps.cn", ".app.aws", ".app.amazonwebservices.com.cn"),
    *(".portal.amazonaws.com", ".portal.amazonaws.com.cn", ".portal.amazonaws.eu"),
    ".api.amazonwebservices.eu",
)
_PORTAL = (
    *("identitycenter.amazonaws.com", "identitycenter.amazonaws.com.cn"),
    *("identitycenter.amazonaws.eu", "identitycenter.us-gov.amazonaws.com"),
)
"""The hosts of access portals. Source: aws-cli v2, ``awscli/customizations/sso/resolve.py``."""


@dataclass(frozen=True)
class Place:
    """One Identity Center as one profile sees it.

    ``start_url`` is spelt as in the config: the name of the shared token file depends on every
    character. ``session`` is the name of its ``[sso-session]``; None for the older form. ``oidc``
    and ``portal`` are the addresses of its services. ``leads_to`` is the portal behind an alias,
    once that is known; until then its ``region`` may be empty.
    """

    start_url: str
    region: str
    session: str | None
    scopes: tuple[str, ...]
    oidc: str
    portal: str
    leads_to: str = ""

    @classmethod
    def of(cls, profile: runas.Profile) -> Place:
        """Read a profile's settings; raise ConfigurationError for what is missing or wrong."""
        found = _instance(profile)
        return cls(
            found.start_url,
            found.region,
            found.session,
            _scopes(profile) or ((ACCESS,) if found.session else ()),
            endpoints.oidc(profile, found.region) if found.region else "",
            endpoints.portal(profile, found.region) if found.region else "",
        )

    @property
    def name(self) -> str:
        """What the AWS tools file the login under: the session's name, else the address."""
        return self.session or self.start_url

    @property
    def address(self) -> str:
        """The start URL as it goes over the wire: ``#/`` is the portal's page, not the instance."""
        return self.leads_to or self.start_url.partition("#")[0]


def is_alias(start_url: str) -> bool:
    """Tell an address under a name of one's own from those that AWS gives to portals."""
    try:
        host = (urlsplit(start_url).hostname or "").rstrip(".")
    except ValueError:
        return False  # no address at all: that is said elsewhere
    return not host.endswith(_PORTALS) and host not in _PORTAL


def _instance(profile: runas.Profile) -> Instance:
    start_url, region = profile.get("sso_start_url"), profile.get("sso_region")
    session = profile.get("sso_session")
    known = profile.get("sso_instances")
    if known is not None and not _whole(start_url, region, known):
        found = find_instance(start_url, region, read_instances(known))
    else:
        _complete(profile, start_url, region)
        # An address typed by hand is not what the session's name stands for.
        typed = profile.origins.get("sso_start_url", "").startswith("-")
        found = Instance(start_url or "", region or "", None if typed else session)
    _check(profile, found)
    return found


def _whole(start_url: str | None, region: str | None, known: str) -> bool:
    """Tell whether nothing is left to be searched for; an alias tells its region by itself."""
    if not start_url or not start_url.startswith("http"):
        return False
    listed = any(one.start_url == start_url for one in read_instances(known))
    return bool(region) or (is_alias(start_url) and not listed)


def _complete(profile: runas.Profile, start_url: str | None, region: str | None) -> None:
    values = {"sso_start_url": start_url, "sso_region": region}
    missing = [name for name, value in values.items() if not value]
    if missing == ["sso_region"] and is_alias(start_url or ""):
        return
    session = profile.get("sso_session")
    if len(missing) == 2 and session:
        raise runas.ConfigurationError(
            f"{profile.origin('sso_session')}: there is no [sso-session {session}]",
            "add that section, with sso_start_url and sso_region",
        )
    if missing:
        raise runas.ConfigurationError(
            f"profile '{profile.name}' lacks {' and '.join(missing)}",
            f"add {'them' if len(missing) > 1 else 'it'} to the profile"
            + (f", or to [sso-session {session}]" if session else ""),
        )


def _check(profile: runas.Profile, found: Instance) -> None:
    if found.region and not endpoints.is_region(found.region):
        origin = profile.origin("sso_region")
        raise runas_error(origin)(
            f"{origin}: {found.region!r} is no region",
            "name the region of the Identity Center, such as eu-west-1",
        )
    if not endpoints.is_web(found.start_url):
        origin = profile.origin("sso_start_url")
        raise runas_error(origin)(
            f"{origin}: {endpoints.shown(found.start_url)!r} is no address",
            "write the portal's whole address: https://...",
        )


def runas_error(origin: str) -> type[runas.RunasError]:
    """Return the error for a bad value: an option's is a usage error."""
    from runas.errors import UsageError

    return UsageError if origin.startswith("-") else runas.ConfigurationError


def _scopes(profile: runas.Profile) -> tuple[str, ...]:
    text = profile.get("sso_registration_scopes") or ""
    return tuple(part for part in (one.strip() for one in text.split(",")) if part)
