"""Duo's traditional prompt inside Classic: what the frame in a browser does, without the browser.

Okta hands out a signed request; Duo's host answers it with a signed response; Okta's callback takes
that, and the transaction goes on. Source: https://duo.com/docs/okta (traditional prompt).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

import runas
from runas import html
from runas_okta.classic.offers import Offer, Waiting
from runas_okta.classic.transaction import Authn, Transaction
from runas_okta.classic.verify import LOOKS, PAUSE, SOON
from runas_okta.reading import Json, shown, table, text
from runas_okta.wire import AGENT, Org, host, judged, origin

HOSTS = (".duosecurity.com", ".duofederal.com")
"""Where Duo's prompt may be. A passcode typed here goes to no other host."""

_NOTHING = ("java_version", "flash_version", "screen_resolution_width", "screen_resolution_height",
            "color_depth")  # fmt: skip
"""What a browser would tell of itself; Duo takes it empty."""

_HOST = re.compile(r"([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::\d{1,5})?", re.ASCII)
_PUSH = runas.Factor("push", "Duo", "Duo Push")
_PASSCODE = runas.Factor("token", "Duo", "Passcode")
"""The two ways through the prompt that need no browser; their ids are Duo's names for them."""


@dataclass(frozen=True)
class Frame:
    """One visit to Duo's prompt; ``sid`` names it there."""

    org: Org
    base: str
    sid: str = field(default="", repr=False)

    def call(self, path: str, **form: str) -> Json:
        """Post a form to Duo and return its answer's content; raise where Duo says no."""
        url = self.base + path
        data = {"sid": self.sid, **form}
        headers = {"User-Agent": AGENT}
        answer = judged(self.org.http.post(url, data=data, headers=headers, allow_redirects=False))
        if text(answer.body, "stat") != "OK":
            said = self.org.safe(text(answer.body, "message"), self.sid, *form.values())
            raise runas.Refused("duo refused the request", f"duo says: {said}" if said else "")
        return table(answer.body, "response")


def verify(authn: Authn, waiting: Waiting, offer: Offer) -> runas.Flow[Transaction]:
    """Go through Duo and back."""
    way = waiting.ways.get(offer.factor.id) or (yield from _way())
    waiting.ways[offer.factor.id] = way
    transaction = authn.verify(waiting.transaction, offer.href)
    asked = table(transaction.factor, "_embedded", "verification")
    request, _, app = text(asked, "signature").partition(":")
    frame = _open(authn, text(asked, "host"), request)
    cookie = yield from _prompt(frame, way)
    form = {
        "id": text(transaction.factor, "id"),
        "stateToken": transaction.token,
        "sig_response": f"{cookie}:{app}",
    }
    href = authn.org.own(text(asked, "_links", "complete", "href"))
    done = authn.org.http.post(href, data=form, allow_redirects=False)
    if done.status_code >= 400:
        raise runas.Refused("okta did not accept duo's answer", "run the command again")
    return authn.verify(transaction, transaction.link("next"))


def _open(authn: Authn, name: str, request: str) -> Frame:
    """Load the prompt, for the ``sid`` in it."""
    base = _trusted(authn.org.origin, name)
    parent = authn.org.origin + "/signin/verify/duo/web"
    answer = authn.org.http.post(
        f"{base}/frame/web/v1/auth",
        params={"tx": request, "parent": parent, "v": "2.8"},
        data={"tx": request, "parent": parent, **dict.fromkeys(_NOTHING, "")},
        headers={"User-Agent": AGENT},
    )
    if origin(answer.url) != origin(base):
        raise runas.ServiceUnavailable("duo answered with a link that leads elsewhere")
    page = html.read(answer)
    soup = page.document
    if soup.select_one("form#client_cert_form, form#endpoint-health-form"):
        raise runas.ActionRequired(
            "duo wants to check this computer, which only a browser can do",
            "choose another factor with --mfa-type",
        )
    sid = _sid(page)
    if not sid:
        raise runas.PageNotRecognised(
            f"duo's page at {shown(host(base))} cannot be read (HTTP {page.status})",
            "choose another factor with --mfa-type",
        )
    return Frame(authn.org, base, sid)


def _sid(page: html.Page) -> str:
    """Find what names the visit: in the page, or in the address that it was redirected to."""
    field = page.document.select_one("input[name=sid]")
    named = str(field.get("value") or "") if field else ""
    return named or dict(parse_qsl(urlsplit(page.url).query)).get("sid", "")


def _trusted(org: str, name: str) -> str:
    """Return the address of Duo's host; raise ServiceUnavailable for one that is not Duo's."""
    parts = urlsplit(org)
    found = _HOST.fullmatch(name.lower())
    bare = found[1] if found else ""
    # A made-up org on this machine has a made-up Duo on this machine.
    local = bare == parts.hostname and bare in ("127.0.0.1", "localhost")
    if not (local or bare.endswith(HOSTS)):
        raise runas.ServiceUnavailable(
            "okta named a host for duo that is not duo's", "choose another factor with --mfa-type"
        )
    return f"{parts.scheme}://{name.lower()}"


def _way() -> runas.Flow[runas.Factor]:
    """Let the person choose, or the code that was given; a push where nobody can."""
    try:
        return (yield from runas.Choice("Which way with Duo?", (_PUSH, _PASSCODE), _named))
    except runas.InteractionRequired:
        return _PUSH


def _named(way: runas.Factor) -> str:
    return way.id


def _prompt(frame: Frame, way: runas.Factor) -> runas.Flow[str]:
    """Answer the prompt and return the signed cookie."""
    form = {"device": "phone1", "factor": way.id, "out_of_date": "false"}
    if way is _PUSH:
        # Asked before anything is sent: where nobody may be waited for, no phone rings.
        yield from runas.Approval("Duo", None, SOON)
    else:
        form["passcode"] = yield from runas.Code("Duo")
    started = frame.call("/frame/prompt", **form)
    txid = text(started, "txid")
    for _ in range(LOOKS):
        seen = frame.call("/frame/status", txid=txid)
        frame = Frame(frame.org, frame.base, text(seen, "sid") or frame.sid)
        if text(seen, "result") == "SUCCESS":
            return _cookie(frame, seen)
        if text(seen, "result") == "FAILURE":
            raise _failed(seen, way)
        yield from runas.Approval("Duo", None, PAUSE)
    raise runas.ApprovalExpired("nobody approved the sign-in on Duo in time", "run it again")


def _cookie(frame: Frame, seen: Json) -> str:
    path = text(seen, "result_url")
    if not path.startswith("/") or path.startswith("//"):
        raise runas.ServiceUnavailable("duo answered with a link that leads elsewhere")
    cookie = text(frame.call(path), "cookie")
    if not cookie:
        raise runas.ServiceUnavailable("duo's last answer lacks the signed response")
    return cookie


def _failed(seen: Json, way: runas.Factor) -> runas.RunasError:
    code = text(seen, "status_code")
    if code == "locked_out":
        return runas.AccountLocked("duo has locked the account", "ask your administrator")
    if way is not _PUSH:
        return runas.WrongCode("duo refused the passcode")
    if code == "timeout":
        fact = "nobody approved the sign-in on Duo in time"
        return runas.ApprovalExpired(fact, "run the command again for a new push")
    if code in ("deny", "fraud"):
        return runas.ApprovalRejected("the sign-in was declined on Duo")
    return runas.Refused(f"duo did not accept the sign-in ({shown(code) or 'no reason'})")
