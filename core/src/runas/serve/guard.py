"""Which requests are meant for us: a program's on this machine, or those of our own page.

Any web page can make a browser send requests to 127.0.0.1, from the page's own origin or under a
name that its owner has pointed there (DNS rebinding). The Host header gives the second away; the
first shows in headers that no SDK sends and that no script can take away.
Source: https://www.w3.org/TR/fetch-metadata/
"""

from __future__ import annotations

from .messages import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .messages import Request

_FROM = "Sec-Fetch-Site"
_PAGES = ("Origin", "Referer")
_PROXIES = ("X-Forwarded-For", "Forwarded", "Via")


def means_us(request: Request, hosts: frozenset[str]) -> None:
    """Refuse what was meant for another host, or came through a proxy."""
    if request.header("Host").lower() not in hosts:
        raise Refusal(403, "ForbiddenHost", "the Host header is not the address served")
    if any(name in request.headers for name in _PROXIES):
        raise Refusal(403, "ForbiddenOrigin", "requests of web pages and proxies are refused")


def only_programs(request: Request) -> None:
    """Refuse requests of web pages, our own included. What a person typed is harmless."""
    if any(name in request.headers for name in _PAGES):
        raise Refusal(403, "ForbiddenOrigin", "requests of web pages and proxies are refused")
    if _FROM in request.headers and request.header(_FROM) != "none":
        raise Refusal(403, "ForbiddenOrigin", "requests of web pages are refused")


def only_our_page(request: Request) -> None:
    """Refuse requests of all web pages but ours; another port of this machine is another origin."""
    ours = "http://" + request.header("Host").lower()
    foreign = Refusal(403, "ForbiddenOrigin", "requests of other web pages are refused")
    if "Origin" in request.headers and request.header("Origin").lower() != ours:
        raise foreign
    referer = request.header("Referer").lower()
    if "Referer" in request.headers and referer != ours and not referer.startswith(ours + "/"):
        raise foreign
    if _FROM in request.headers and request.header(_FROM) not in ("none", "same-origin"):
        raise foreign
