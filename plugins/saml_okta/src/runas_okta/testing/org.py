"""A made-up Okta org on a loopback port, faithful and strict, for tests and for trying things out.

    with OktaOrg("classic") as org:
        totp = Totp()
        org.user("me@example.com", password="...", factors=[totp])
        ...  # saml_auth_url = org.app_url; a code is totp.code()

It shares no code with the provider that it judges.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from runas.testing.loopback import Fake
from runas_okta.testing import assertion
from runas_okta.testing.classic import API, Classic
from runas_okta.testing.duo import DuoHost
from runas_okta.testing.exchange import Reply, Request, serving
from runas_okta.testing.factors import Enrolled
from runas_okta.testing.idx import Idx
from runas_okta.testing.people import Session, SignIn, User
from runas_okta.testing.policy import Policy
from runas_okta.testing.web import Web

ACS = "https://signin.aws.amazon.com/saml"


class OktaOrg(Fake):
    """One org, on ``engine`` ``classic`` or ``identity``; more options are the `Policy`'s.

    ``issue`` makes the SAML response for a user name, in base64; ``acs`` is where the app's page
    posts it. ``tamper`` may replace any reply. ``requests`` are all that came in, ``cancelled`` the
    sign-ins that were ended early, ``violations`` what no real client may do.
    """

    def __init__(
        self,
        engine: str = "classic",
        *,
        issue: Callable[[str], str] | None = None,
        acs: str = ACS,
        port: int = 0,
        **policy: Any,
    ) -> None:
        self.engine = engine
        self.acs = acs
        self.policy = Policy(**policy)
        self.users: dict[str, User] = {}
        self.requests: list[Request] = []
        self.violations: list[str] = []
        self.cancelled: list[SignIn] = []
        self.primary_authentications = 0
        self.tamper: Callable[[Request, Reply], Reply] | None = None
        self.tokens: dict[str, SignIn] = {}
        self.handles: dict[str, SignIn] = {}
        self.sessions: dict[str, Session] = {}
        self.devices: set[tuple[str, str]] = set()
        self.duo = DuoHost()
        self.app_path = "/home/amazon_aws/0oa" + secrets.token_hex(8) + "/272"
        self._issue = issue
        self._session_tokens: dict[str, SignIn] = {}
        self._agents: dict[str, str] = {}
        self._rooms = Classic(self), Idx(self), Web(self)
        self._lock = threading.RLock()
        self._server = serving(self._respond, port)
        self.url = self._server.url

    @property
    def app_url(self) -> str:
        """The app's embed link: what a profile has as ``saml_auth_url``."""
        return self.url + self.app_path

    def user(self, name: str, password: str, factors: Sequence[Enrolled] = (), **more: Any) -> User:
        """Add a user; *more* are the fields of `User`."""
        self.users[name] = User(name, password, list(factors), **more)
        return self.users[name]

    def assertion(self, username: str) -> str:
        """Return a SAML response for a user."""
        return self._issue(username) if self._issue else assertion.issue(username, self.acs)

    def begin(self, for_app: bool = False, *, classic: bool = False) -> SignIn:
        """Open a transaction; a *classic* one where the org runs on Identity Engine too."""
        start = "00" if classic or self.engine == "classic" else "02.id."
        token = f"{start}{secrets.token_hex(6)}-{secrets.token_hex(6)}"
        sign_in = SignIn(token, time.time() + self.policy.lifetime, for_app)
        self.tokens[token] = sign_in
        return sign_in

    def sign_in(self, token: str) -> SignIn | None:
        """Return a live transaction, whose end slides with each call."""
        found = self.tokens.get(token)
        if found is None or not found.alive:
            return None
        found.expires = time.time() + self.policy.lifetime
        return found

    def remembers(self, sign_in: SignIn) -> bool:
        """Tell whether the device was remembered for the user."""
        user = sign_in.user
        return user is not None and (sign_in.device, user.name) in self.devices

    def remember(self, sign_in: SignIn) -> None:
        """Remember the device where that was asked for and is allowed."""
        if self.policy.remember and sign_in.remember and sign_in.device and sign_in.user:
            self.devices.add((sign_in.device, sign_in.user.name))

    def issue_session_token(self, sign_in: SignIn) -> str:
        """Return a token that buys one session."""
        token = "20111" + secrets.token_hex(12)
        self._session_tokens[token] = sign_in
        return token

    def redeem(self, token: str) -> SignIn | None:
        """Take a session token, which is good once."""
        return self._session_tokens.pop(token, None)

    def open_session(self, user: User) -> str:
        """Open a browser session and return its name."""
        name = "102" + secrets.token_hex(10)
        self.sessions[name] = Session(user)
        return name

    def violation(self, what: str, reply: Reply) -> Reply:
        """Note what no real client may do."""
        self.violations.append(what)
        return reply

    def _respond(self, request: Request) -> Reply:
        with self._lock:
            self.requests.append(request)
            self._recognise(request)
            reply = self._limited() or self._route(request)
            if self.tamper is not None:
                reply = self.tamper(request, reply)
        reply.headers.append(("x-okta-request-id", secrets.token_hex(8)))
        if reply.status != 429:
            # On every answer, and none of them asks to wait.
            left = (("Limit", 600), ("Remaining", 599), ("Reset", int(time.time()) + 60))
            reply.headers += [(f"X-Rate-Limit-{name}", str(value)) for name, value in left]
        return reply

    def _recognise(self, request: Request) -> None:
        """Note a device that comes as another browser: Okta takes that for a new one."""
        device, agent = request.cookies.get("DT"), request.headers.get("user-agent", "")
        if device and self._agents.setdefault(device, agent) != agent:
            self.violations.append("another User-Agent on a known device")

    def _limited(self) -> Reply | None:
        if self.policy.limit is None or len(self.requests) <= self.policy.limit:
            return None
        reply = Reply.of({"errorCode": "E0000047", "errorSummary": "API call exceeded limit"}, 429)
        reply.headers.append(("X-Rate-Limit-Remaining", "0"))
        reply.headers.append(("X-Rate-Limit-Reset", str(int(time.time()) + 40)))
        return reply

    def _route(self, request: Request) -> Reply:
        classic, idx, web = self._rooms
        foreign = request.headers.get("origin", self.url) != self.url
        if foreign:
            return self.violation("a request from elsewhere", Reply.of({}, 403))
        if request.path.startswith("/frame/"):
            return self.duo.answer(request)
        if request.path == API or request.path.startswith(API + "/"):
            return classic.answer(request)
        if request.path.startswith("/idp/idx/"):
            return idx.answer(request)
        return web.answer(request)
