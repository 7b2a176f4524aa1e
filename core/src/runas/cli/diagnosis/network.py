"""Whether the services can be reached, and this machine's clock agrees with AWS's."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from runas.cli.diagnosis import reach
from runas.cli.diagnosis.case import Case, Finding, Mark
from runas.cli.diagnosis.provider import sign_in
from runas.errors import RunasError
from runas.http.addresses import refuse_plain_http
from runas.profile import Profile

_TOPIC = "network"
_NOTABLE, _TOO_MUCH = 60, 300
"""Seconds. AWS takes signatures that are 15 minutes off, and SAML responses that are five."""


@dataclass(frozen=True)
class Place:
    """A service on the way: what it is, where it is, for which profile."""

    what: str
    url: str
    profile: Profile
    aws: bool = True


def check(case: Case) -> Iterator[Finding]:
    """Go to every service that the login needs."""
    drifts: list[float] = []
    for place in places(case):
        yield from _one(place, drifts)
    if drifts:
        yield clock(drifts[0])


def places(case: Case) -> Iterator[Place]:
    """Name the services: STS, and whatever proves the identity."""
    from runas.aws.clients import client

    assert case.profile is not None
    first = case.first
    if first.family == "sso" and (region := first.get("sso_region")):
        portal = client("sso-oidc", first.having(region=region), None)
        yield Place("Identity Center", portal.meta.endpoint_url, first)
    if sign_in(first):
        yield Place("sign-in page", sign_in(first), first, aws=False)
    if first.family != "sso" or len(case.hops) > 1:
        sts = client("sts", case.profile, None)
        yield Place("STS", sts.meta.endpoint_url, case.profile)


def _one(place: Place, drifts: list[float]) -> Iterator[Finding]:
    host = urlsplit(place.url).netloc.rpartition("@")[2]
    bundle = reach.bundle(place.profile)
    if bundle:
        yield Finding(Mark.FINE, _TOPIC, f"certificates from {bundle}")
    proxy = reach.proxy(place.url)
    if proxy:
        yield Finding(Mark.FINE, _TOPIC, f"{place.what}: through the proxy {proxy}")
    else:
        try:
            refuse_plain_http(place.url)
            for fact in reach.steps(place.url, bundle):
                yield Finding(Mark.FINE, _TOPIC, f"{place.what}: {fact}", detail=True)
        except RunasError as error:
            yield Finding(Mark.WRONG, _TOPIC, f"{place.what}: {error.fact}", error.hint)
            return
    try:
        status, date = _get(place)
    except RunasError as error:
        yield Finding(Mark.WRONG, _TOPIC, f"{place.what}: {error.fact}", error.hint)
        return
    yield _answered(place, host, status)
    if place.aws and date is not None:
        drifts.append(date)


def _answered(place: Place, host: str, status: int) -> Finding:
    if not place.aws and status >= 400:
        hint = "open the address in a browser, and compare it with saml_auth_url"
        return Finding(Mark.WRONG, _TOPIC, f"{place.what}: {host} answers with {status}", hint)
    return Finding(Mark.FINE, _TOPIC, f"{place.what}: {host} answers")


def _get(place: Place) -> tuple[int, float | None]:
    """Ask for the page, or AWS for anything; return the status and how far the clocks differ."""
    from runas.http import session

    started = time.time()
    http = session(place.profile)
    answer = http.get(place.url, allow_redirects=not place.aws)
    middle = (started + time.time()) / 2
    try:
        there = parsedate_to_datetime(answer.headers["Date"]).timestamp()
    except (KeyError, ValueError, TypeError, OverflowError):
        return answer.status_code, None
    return answer.status_code, middle - there - 0.5  # its fraction was cut off


def clock(drift: float) -> Finding:
    """Judge how far this machine's clock is from AWS's."""
    seconds = round(abs(drift))
    direction = "ahead of" if drift > 0 else "behind"
    fact = f"this machine is {seconds} s {direction} AWS"
    if seconds > _TOO_MUCH:
        hint = "set the clock: AWS refuses signatures, and codes do not fit"
        return Finding(Mark.WRONG, "clock", fact, hint)
    if seconds > _NOTABLE:
        return Finding(Mark.LOOK, "clock", fact, "set the clock before codes stop fitting")
    return Finding(Mark.FINE, "clock", f"agrees with AWS's to {max(seconds, 1)} s")
