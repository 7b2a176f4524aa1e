"""``requests.Session`` with the rules of a login (see `runas.http`)."""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING, Any

import requests
from requests.exceptions import InvalidURL, RequestException

from runas.errors import ConfigurationError
from runas.http.addresses import origin
from runas.http.faults import explain
from runas.http.transport import Transport

if TYPE_CHECKING:
    from requests import PreparedRequest, Request, Response

    from runas.http.cookies import CookieFile
    from runas.http.transcript import Transcript
    from runas.profile import Profile

_REDIRECTS = 20


class Session(requests.Session):
    """The session of one login.

    ``trusted_hosts`` may receive passwords besides the origin that asks for them. ``answers`` are
    the secrets that a person gave in this login: see `guard`.
    """

    def __init__(
        self,
        *,
        ca_bundle: str | None = None,
        trusted_hosts: frozenset[str] = frozenset(),
        store: CookieFile | None = None,
        transcript: Transcript | None = None,
    ) -> None:
        super().__init__()
        self.trusted_hosts = trusted_hosts
        self.answers: set[str] = set()
        self.max_redirects = _REDIRECTS
        self.headers["User-Agent"] = "runas"
        self.headers["Accept-Language"] = "en"
        # Without this, requests would send what ~/.netrc has for the host.
        self.auth = _as_it_is
        self._ca_bundle = ca_bundle
        self._store = store
        self._transcript = transcript
        transport = Transport(self._observed)
        # Of an answer with a cookie that the library stumbles over it keeps none, with a traceback.
        warnings.filterwarnings("ignore", "http.cookiejar bug", UserWarning)
        self.mount("https://", transport)
        self.mount("http://", transport)
        if store is not None:
            self.cookies.update(store.load())

    def guard(self, answer: str, kind: str = "password") -> None:
        """Remember a secret that was given: no redirect takes it away, no transcript shows it.

        *kind* is ``password`` or ``code``.
        """
        if answer:
            self.answers.add(answer)
            if self._transcript is not None:
                self._transcript.guard(answer, kind)

    def keep(self) -> None:
        """Keep the cookies for the next login, where a file was given for them."""
        if self._store is not None:
            self._store.save(self.cookies)

    def forget(self) -> None:
        """Drop all cookies, those that were kept included: the next login begins anew."""
        self.cookies.clear()
        if self._store is not None:
            self._store.clear()

    def prepare_request(self, request: Request) -> PreparedRequest:
        """Prepare a request; an address that cannot be one is an error of configuration."""
        try:
            return super().prepare_request(request)
        except (RequestException, UnicodeError) as error:
            raise explain(error, "") from None
        except ValueError:  # an address that urllib3 reads and urllib does not
            raise explain(InvalidURL(), "") from None

    def send(self, request: PreparedRequest, **options: Any) -> Response:
        """Send a request and follow its redirects; each hop passes the `Transport`."""
        options["verify"] = self._ca_bundle or options.get("verify") or True
        try:
            return super().send(request, **options)
        except (RequestException, ValueError) as error:
            raise explain(error, _host(request)) from None

    def rebuild_auth(self, prepared_request: PreparedRequest, response: Response) -> None:
        """Drop Authorization where a redirect leads to another origin; never ask ``~/.netrc``."""
        if origin(prepared_request.url or "") != origin(response.url):
            prepared_request.headers.pop("Authorization", None)

    def rebuild_method(self, prepared_request: PreparedRequest, response: Response) -> None:
        """Refuse a redirect that would repeat a password or code to another origin (307, 308)."""
        super().rebuild_method(prepared_request, response)
        there = origin(prepared_request.url or "")
        repeats = response.status_code in (307, 308) and prepared_request.body is not None
        if repeats and there != origin(response.url) and self._carries(prepared_request):
            raise ConfigurationError(
                f"{origin(response.url)} would pass the password or code on to {there}",
                "tell the provider's administrator",
            )

    def _carries(self, request: PreparedRequest) -> bool:
        from runas.http.redaction import Redactor

        redactor = Redactor()
        for answer in self.answers:
            redactor.guard(answer, "password")
        body = request.body
        if isinstance(body, bytes):
            body = body.decode("utf-8", "replace")
        return not isinstance(body, str) or redactor.redact(body) != body

    def _observed(self, request: PreparedRequest, response: Response) -> None:
        if self._transcript is not None:
            self._transcript.record(request, response)


def session(
    profile: Profile,
    *,
    store: CookieFile | None = None,
    transcript: Transcript | None = None,
) -> Session:
    """Make the session of one login.

    Reads ``ca_bundle`` (``AWS_CA_BUNDLE`` goes before it) and ``trusted_hosts`` from the profile;
    proxies come from the environment. *store* keeps the cookies, *transcript* records.
    """
    hosts = (profile.get("trusted_hosts") or "").replace(",", " ").lower().split()
    return Session(
        ca_bundle=_certificates(profile),
        trusted_hosts=frozenset(hosts),
        store=store,
        transcript=transcript,
    )


def _certificates(profile: Profile) -> str | None:
    variable = os.environ.get("AWS_CA_BUNDLE")
    path = os.path.expanduser(variable or profile.get("ca_bundle") or "")
    if path and not os.path.exists(path):
        place = "$AWS_CA_BUNDLE" if variable else profile.origin("ca_bundle")
        raise ConfigurationError(f"{place}: there is no certificate file {path!r}")
    return path or None


def _as_it_is(request: PreparedRequest) -> PreparedRequest:
    return request


def _host(request: PreparedRequest) -> str:
    from urllib.parse import urlsplit

    try:
        return urlsplit(request.url or "").hostname or ""
    except ValueError:
        return ""
