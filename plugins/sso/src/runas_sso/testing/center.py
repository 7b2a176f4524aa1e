"""The Identity Center as tests see it: furnish it, let a person decide, look what was asked."""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable

from runas.testing.loopback import Loopback
from runas_sso.testing import oidc, pages, portal
from runas_sso.testing.faults import Faults
from runas_sso.testing.minting import Mint, made_up
from runas_sso.testing.records import Account, Asked, Client, DeviceLogin, Login, Redirect
from runas_sso.testing.server import serving
from runas_sso.testing.wire import Answer, Refusal, Request, invalid

Operation = Callable[["IdentityCenter", Request], Answer]

_OIDC: dict[tuple[str, str], Operation] = {
    ("POST", "/client/register"): oidc.register_client,
    ("POST", "/device_authorization"): oidc.start_device_authorization,
    ("POST", "/token"): oidc.create_token,
}
_PORTAL: dict[tuple[str, str], Operation] = {
    ("GET", "/assignment/accounts"): portal.list_accounts,
    ("GET", "/assignment/roles"): portal.list_account_roles,
    ("GET", "/federation/credentials"): portal.get_role_credentials,
    ("POST", "/logout"): portal.logout,
}
_PAGES: dict[tuple[str, str], Operation] = {
    ("GET", "/authorize"): pages.authorize,
    ("POST", "/authorize/decide"): pages.decide,
    ("GET", "/device"): pages.device,
    ("POST", "/device/decide"): pages.decide_device,
    ("GET", "/alias"): pages.alias,
    ("HEAD", "/alias"): pages.alias,
}
_ELSEWHERE = "/elsewhere"


class IdentityCenter:
    """One instance with one user, at `url`; a context manager.

    What may be set at any time, in seconds unless said otherwise: `token_life` (of an access
    token that can be renewed), `session_life` (of a session at the portal), `device_life`,
    `interval`, `registration_life`; `page_size` (items), `rate` (requests a second to the portal's
    lists and credentials, None: any), `retry_after` (what a refusal by rate tells to wait),
    `slow_downs` (how many polls are told to slow down), `strict_interval` (refuse hasty polls),
    `allows_redirects` (whether clients may register for the redirect).
    """

    def __init__(
        self,
        *,
        region: str = "us-east-1",
        start_url: str = "https://d-9067642ac7.awsapps.com/start",
        user: str = "me@example.com",
        mint: Mint = made_up,
        clock: Callable[[], float] = time.time,
        port: int = 0,
    ) -> None:
        self.region, self.start_url, self.user, self.mint = region, start_url, user, mint
        self.token_life, self.session_life = 3600.0, 8 * 3600.0
        self.device_life, self.interval = 600.0, 1
        self.registration_life = 90 * 86400.0
        self.page_size, self.slow_downs, self.rotations = 100, 0, 0
        self.rate: float | None = None
        self.retry_after: int | None = None
        self.strict_interval, self.allows_redirects = False, True
        self.faults = Faults()
        self.accounts: dict[str, Account] = {}
        self.clients: dict[str, Client] = {}
        self.devices: dict[str, DeviceLogin] = {}
        self.pending: dict[str, Redirect] = {}
        self.redirects: dict[str, Redirect] = {}
        self.logins: list[Login] = []
        self.page_tokens: dict[str, int] = {}
        self.asked: list[Asked] = []
        self.lock = threading.RLock()
        self._clock, self._passed, self._port = clock, 0.0, port
        self._decisions: deque[str] = deque()
        self._allowance, self._filled = 0.0, 0.0
        self._server: Loopback | None = None

    def __enter__(self) -> IdentityCenter:
        self._server = serving(self._respond, self._port)
        self._server.start()
        return self

    def __exit__(self, *raised: object) -> None:
        if self._server:
            self.faults.stop()
            self._server.stop()
            self._server = None

    @property
    def url(self) -> str:
        """The address of both services in the instance's region."""
        if self._server is None:
            raise RuntimeError("not running: use `with IdentityCenter() as center:`")
        return self._server.url

    @property
    def alias(self) -> str:
        """An address of another name that leads to the start URL, as an organisation's own may."""
        return f"{self.url}/alias"

    @property
    def elsewhere(self) -> str:
        """The address of the services in another region, which know nothing of this instance."""
        return self.url + _ELSEWHERE

    def environment(self) -> dict[str, str]:
        """Name the variables that point runas and the SDKs here."""
        return {"AWS_ENDPOINT_URL_SSO": self.url, "AWS_ENDPOINT_URL_SSO_OIDC": self.url}

    def account(self, account_id: str, name: str = "", email: str = "") -> Account:
        """Get the account of a number, or add it; `name` may stay empty, as it may at AWS."""
        if not (account_id.isdigit() and len(account_id) == 12):
            raise ValueError(f"an account number has 12 digits: {account_id}")
        found = self.accounts.setdefault(account_id, Account(account_id, name, email))
        found.name = name or found.name
        return found

    def approve_next(self) -> None:
        """Let the next login be confirmed, as by somebody who is quick."""
        self._decisions.append("approved")

    def deny_next(self) -> None:
        """Let the next login be declined."""
        self._decisions.append("denied")

    def decided(self) -> str | None:
        """Take the decision for a login that begins, if there is one."""
        return self._decisions.popleft() if self._decisions else None

    def revoke(self) -> None:
        """End all sessions, as an administrator may."""
        for login in self.logins:
            login.ended = True

    def forget_clients(self) -> None:
        """Let all registrations end."""
        self.clients.clear()

    def now(self) -> float:
        """Tell the time here."""
        return self._clock() + self._passed

    def advance(self, seconds: float) -> None:
        """Let time pass here; the clients' clock stays."""
        self._passed += seconds

    def fail(
        self,
        operation: str,
        status: int = 503,
        body: bytes = b"",
        *,
        times: int = 1,
        delay: float = 0.0,
        content_type: str = "application/json",
        **headers: str,
    ) -> None:
        """Let the next calls of an operation (its path; `*`: any) be answered so instead.

        Status 0 hangs up. `delay` comes before the answer.
        """
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.faults.add(operation, Answer(status, body, content_type, named), times, delay)

    def calls(self, operation: str) -> list[Asked]:
        """List what was asked of one operation (its path) so far."""
        with self.lock:
            return [one for one in self.asked if one.operation == operation]

    def page_token(self, start: int) -> str:
        """Make the token of the page that begins there."""
        token = secrets.token_urlsafe(24)
        self.page_tokens[token] = start
        return token

    def _respond(self, request: Request) -> Answer:
        path = request.path.removeprefix(_ELSEWHERE)
        answer, outcome = self.faults.take(path), "failed on demand"
        if answer is None:
            with self.lock:
                answer, outcome = self._judged(request, path)
        with self.lock:
            self.asked.append(Asked(path, outcome, answer.status, self.now()))
        return answer

    def _judged(self, request: Request, path: str) -> tuple[Answer, str]:
        place = (request.method, path)
        operation = _OIDC.get(place) or _PORTAL.get(place) or _PAGES.get(place)
        if operation is None:
            return Answer(404, b'{"message":null}'), "unknown"
        try:
            self._allowed(request, place)
            return operation(self, request), "done"
        except Refusal as refusal:
            return refusal.answer(place in _PORTAL), refusal.name

    def _allowed(self, request: Request, place: tuple[str, str]) -> None:
        """Refuse what comes too fast, and what belongs to another region's service."""
        if place in _PORTAL and self.rate is not None and place[1] != "/logout":
            self._spend(self.rate)
        if request.path.startswith(_ELSEWHERE):
            if place in _PORTAL:
                raise Refusal("UnauthorizedException", "Session token not found or invalid", 401)
            if b"Url" in request.body:
                raise invalid("Invalid start url provided")

    def _spend(self, rate: float) -> None:
        """Take one from a bucket that fills at *rate* a second and holds a second's worth."""
        now = time.monotonic()
        self._allowance = min(rate, self._allowance + (now - self._filled) * rate)
        self._filled = now
        if self._allowance < 1:
            wait = {} if self.retry_after is None else {"Retry_After": str(self.retry_after)}
            raise Refusal("TooManyRequestsException", "Rate exceeded", 429, **wait)
        self._allowance -= 1
