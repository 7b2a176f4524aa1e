"""Windows Integrated Authentication: this machine's Kerberos ticket, else NTLM.

AD FS offers it to browsers on a list (``WIASupportedUserAgents``), so the request says it is one of
them; it redirects to ``/adfs/ls/wia``, which answers 401 with ``Negotiate`` and ``NTLM``. Only the
origin of ``saml_auth_url`` is ever answered. The packages come with the extra ``kerberos``.
Source: https://learn.microsoft.com/windows-server/identity/ad-fs/operations/configure-ad-fs-browser-wia
"""

from __future__ import annotations

import logging
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import runas
from runas import html
from runas.http import origin
from runas_adfs import names, refusals
from runas_adfs.visit import Visit

if TYPE_CHECKING:
    from requests import Response
    from requests.auth import AuthBase

BROWSER = "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko"
_EXTRA = "pip install 'runas-plugin-adfs[kerberos]'"
_TURNS = 10
_TIMEOUT = (5.0, 20.0)


def open_page(visit: Visit, url: str) -> runas.Flow[Response]:
    """Fetch the first page, answering for the user where AD FS asks for it."""
    visit.http.headers["User-Agent"] = BROWSER
    response = visit.http.get(url)
    if not _asks(response, url):
        return response  # a session that is still good, or a form after all
    offers, answer = _offers(response), response
    if "negotiate" in offers and not ("ntlm" in offers and _has_ntlm_alone()):
        answer = _answered(visit, response.url, _kerberos())
        if answer.status_code != 401:
            return answer
    if "ntlm" not in offers:
        raise _no_ticket(answer)
    return (yield from _by_password(visit, response))


def _no_ticket(answer: Response) -> runas.Refused:
    """Return the error for a ticket that was refused, or that was not there to be shown."""
    if "Authorization" in answer.request.headers:
        return runas.Refused(
            f"{origin(answer.url)} does not accept this machine's Kerberos ticket",
            "look with klist whose it is; get another: kinit USER@REALM",
        )
    return runas.Refused(
        f"this machine has no Kerberos ticket that {origin(answer.url)} could accept",
        "get one: kinit USER@REALM",
    )


def _by_password(visit: Visit, response: Response) -> runas.Flow[Response]:
    """Answer by NTLM, which proves the password without sending it; once."""
    page = html.Page(response.url, response.status_code, html.read(response).document)
    name = yield from names.ask(visit, page)
    password = yield from runas.Password(origin(response.url), name)
    visit.asked = True
    answer = _answered(visit, response.url, _ntlm(name, password))
    if answer.status_code == 401:
        raise runas.WrongPassword(
            f"{page.host} refused the name or password (NTLM)",
            "the name is DOMAIN\\user here; several wrong tries lock the account",
        )
    return answer


def _answered(visit: Visit, url: str, auth: AuthBase) -> Response:
    """Fetch *url* with an answer, and follow its redirects without."""
    from requests.adapters import HTTPAdapter

    here = origin(url) + "/"
    # For Extended Protection (RFC 5929) the packages look at the certificate of the connection
    # while it is open; the session's own transport has read the answer and let it go by then.
    visit.http.mount(here, HTTPAdapter())
    try:
        response = visit.http.get(url, auth=auth, allow_redirects=False, timeout=_TIMEOUT)
    except ImportError as error:  # raised for GSSAPI at the first use
        raise _missing(error.name or type(auth).__module__.partition(".")[0]) from error
    finally:
        visit.http.adapters.pop(here)
    for _ in range(_TURNS):
        onward = response.next
        if onward is None:
            return response
        response = visit.http.get(onward.url or "", allow_redirects=False)
    raise runas.PageNotRecognised(f"the sign-in at {origin(url)} redirects in a circle")


def _asks(response: Response, url: str) -> bool:
    return response.status_code == 401 and origin(response.url) == origin(url)


def _offers(response: Response) -> set[str]:
    offers = response.headers.get("WWW-Authenticate", "").split(",")
    return {offer.strip().partition(" ")[0].lower() for offer in offers}


def _has_ntlm_alone() -> bool:
    """Tell the extra ``ntlm`` from the extra ``kerberos``, which brings both."""
    return find_spec("requests_kerberos") is None and find_spec("requests_ntlm") is not None


def _kerberos() -> AuthBase:
    package = _package("requests_kerberos")
    made: AuthBase = package.HTTPKerberosAuth(mutual_authentication=package.OPTIONAL)
    return made


def _ntlm(name: str, password: str) -> AuthBase:
    made: AuthBase = _package("requests_ntlm").HttpNtlmAuth(name, password)
    return made


def _package(name: str) -> Any:
    for noisy in ("requests_kerberos", "requests_ntlm", "spnego"):
        # Their logs hold the tickets and messages themselves.
        logging.getLogger(noisy).setLevel(logging.CRITICAL + 1)
    try:
        return import_module(name)
    except ImportError as error:
        raise _missing(name) from error


def _missing(name: str) -> runas.ConfigurationError:
    package = name.replace("_", "-")
    return runas.ConfigurationError(
        f"adfs_integrated needs the package {package}, which is missing or incomplete", _EXTRA
    )


def wanted(response: Response) -> runas.RunasError:
    """Return the error for a 401 where nobody was to answer it."""
    if _offers(response) & {"negotiate", "ntlm"}:
        return runas.ConfigurationError(
            f"{origin(response.url)} wants Windows Integrated Authentication",
            f"set adfs_integrated = true, and {_EXTRA}",
        )
    return refusals.unknown(html.read(response))
