"""Start URLs under a name of one's own (``https://sso.example.com``): where they lead.

Such an address answers with one redirect to the access portal, whose name tells the region. The
AWS tools file the login under the address as it is configured; where it leads goes over the wire.
Source: aws-cli v2, ``awscli/customizations/sso/resolve.py``
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import runas
from runas.http import join, loopback
from runas_sso import endpoints, kept
from runas_sso.place import Place, is_alias

if TYPE_CHECKING:
    from requests import Response, Session

notice = logging.getLogger("runas.notice")

_REGIONS = (  # of the portals' hosts
    r"[^.]+\.portal\.(?P<region>[a-z0-9-]+)\.app\.(aws|amazonwebservices\.com\.cn)",
    r"[^.]+\.(?P<region>[a-z0-9-]+)\.portal\.amazonaws\.(com|com\.cn|eu)",
    r"[^.]+\.portal\.(?P<region>[a-z0-9-]+)\.api\.amazonwebservices\.eu",
)
_NOT_SO = (405, 501)  # for those that know no HEAD


def remembered(place: Place, profile: runas.Profile) -> Place:
    """Give an alias the region that the kept login was made in; asks no network."""
    region = kept.region(place) if is_alias(place.start_url) else ""
    return place if region in ("", place.region) else _in(region, place, profile)


def resolved(place: Place, profile: runas.Profile, http: Session) -> Place:
    """Find out where an alias leads, and in which region that is."""
    if not is_alias(place.start_url):
        return place
    _sealed(place, profile)
    target = _target(place, http)
    if target is None and place.region:
        return place  # no alias, but a portal with a name that we do not know
    host = urlsplit(target or "").hostname or ""
    if target is None or is_alias(target) or not target.startswith("https://"):
        raise _nowhere(place, profile, host)
    region = _region(host) or place.region
    if not region:
        raise runas.ConfigurationError(
            f"{place.start_url} leads to {host}, which does not tell its region",
            "add sso_region to the profile, or to its [sso-session]",
        )
    if region != profile.get("sso_region"):
        notice.warning(
            "%s is in %s: the other AWS tools need sso_region = %s in the config",
            *(place.start_url, region, region),
        )
    return _in(region, replace(place, leads_to=target), profile)


def _sealed(place: Place, profile: runas.Profile) -> None:
    """Refuse to follow what anybody on the way could have written."""
    parts = urlsplit(place.start_url)
    if parts.scheme != "https" and not loopback(parts.hostname or ""):
        raise runas.ConfigurationError(
            f"{place.start_url} is not https: nobody can say where it really leads",
            f"write https:// in sso_start_url ({profile.origin('sso_start_url')})",
        )


def _in(region: str, place: Place, profile: runas.Profile) -> Place:
    if not endpoints.is_region(region):
        raise _nowhere(place, profile, region)
    oidc, portal = endpoints.oidc(profile, region), endpoints.portal(profile, region)
    return replace(place, region=region, oidc=oidc, portal=portal)


def _target(place: Place, http: Session) -> str | None:
    """Return where the address leads, without what belongs to the page alone; None: nowhere."""
    answer = _asked(http, "HEAD", place)
    if answer.status_code in _NOT_SO:
        answer = _asked(http, "GET", place)
    location = answer.headers.get("Location", "") if answer.is_redirect else ""
    if not location:
        return None
    target = join(place.start_url, location)
    if not endpoints.is_web(target):
        return "-"
    return urlsplit(target)._replace(query="", fragment="").geturl().rstrip("/")


def _asked(http: Session, method: str, place: Place) -> Response:
    url = place.start_url.partition("#")[0]
    return http.request(method, url, allow_redirects=False)


def _region(host: str) -> str:
    found = (re.fullmatch(pattern, host.lower()) for pattern in _REGIONS)
    return next((one["region"] for one in found if one), "")


def _nowhere(place: Place, profile: runas.Profile, host: str) -> runas.ConfigurationError:
    where = f"leads to {host}, which is no access portal" if host else "leads to no access portal"
    return runas.ConfigurationError(
        f"{place.start_url} {where} of AWS",
        f"check sso_start_url ({profile.origin('sso_start_url')});"
        " the portal's own address ends in awsapps.com or amazonaws.com",
    )
