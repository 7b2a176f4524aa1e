"""A whole AD FS farm on loopback, strict about what a browser would do by itself.

It keeps the order of the pages, the request's address and ``client-request-id``, the cookies, the
AuthMethod and the Context of each page, and it spends a code once. What it cannot follow it
answers the way AD FS does: an error page in the farm's language with status 200.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode

from runas_adfs.testing import adapters
from runas_adfs.testing.duo import Duo
from runas_adfs.testing.integrated import integrated
from runas_adfs.testing.server import Reply, Request, Server, redirect
from runas_adfs.testing.state import Login, User, response
from runas_adfs.testing.templates import Templates

ACS = "https://signin.aws.amazon.com:443/saml"
AWS = "urn:amazon:webservices"
LOCAL = "AD AUTHORITY"
SITES = {
    "8f5a6e0c-1c6d-e511-80bb-0050568e3c3a": ("Amazon Web Services", AWS),
    "f3b1a9d2-aa20-e611-80c1-0050568e3c3a": ("Payroll", "https://payroll.example.com"),
}
Negotiator = Callable[[str, bytes], tuple[str | None, bytes]]
"""Takes the scheme and the client's message; gives the user's name once known, and a message."""


class AdfsFarm(Server):
    """A farm of one *version* with at most a few MFA *adapter* names; see ``adapters.ADAPTERS``.

    ``issue`` makes the base64 SAML response for a user's name. ``homes`` adds home-realm discovery
    with other claims providers beside the farm's own directory; ``choose_site`` shows the selection
    of relying parties, as where ``loginToRp`` is dropped on the way; ``negotiate`` answers Windows
    Integrated Authentication for browsers known to do it. To be set before the first request:
    ``audience``, AWS's name here; ``sites``, the relying parties; ``home_by_mail``, to ask for the
    mail address instead of the home; ``offers``, the schemes of Windows Integrated Authentication;
    ``rekeyed``, to fail at session cookies that it cannot read, as after a change of its keys.
    """

    def __init__(
        self,
        version: str = "2019",
        adapter: str | Sequence[str] = (),
        *,
        language: str = "en",
        issue: Callable[[str], str] | None = None,
        acs: str = ACS,
        homes: Mapping[str, str] | None = None,
        choose_site: bool = False,
        negotiate: Negotiator | None = None,
    ) -> None:
        super().__init__(self._answer)
        self.pages = Templates(version, language)
        self.adapters = (adapter,) if isinstance(adapter, str) else tuple(adapter)
        self.acs, self.audience = acs, AWS
        self.homes = {LOCAL: "Contoso", **homes} if homes else {}
        self.home_by_mail = self.rekeyed = False
        self.sites = dict(SITES)
        self.offers = ("Negotiate", "NTLM")
        self.choose_site, self.negotiate = choose_site, negotiate
        self.issue = issue or (lambda name: response(name, acs))
        self.users: dict[str, User] = {}
        self.logins: dict[str, Login] = {}
        self.primary = 0
        self.issued = 0
        self.duo = Duo(self)
        self._known: dict[str, Login] = {}

    def user(self, name: str, password: str, **facts: object) -> User:
        """Add an account; see ``User`` for what else can be said of it."""
        user = User(name, password, **facts)  # type: ignore[arg-type]
        self.users[name.lower()] = user
        return user

    @property
    def sign_in(self) -> str:
        """The address to put into ``saml_auth_url`` where a bare host will not do."""
        return f"{self.url}/adfs/ls/IdpInitiatedSignOn.aspx"

    def __enter__(self) -> AdfsFarm:
        self.duo.server.__enter__()
        super().__enter__()
        return self

    def __exit__(self, *details: object) -> None:
        super().__exit__(None, None, None)
        self.duo.server.__exit__(None, None, None)

    # The requests, in the order of a login.

    def _answer(self, request: Request) -> Reply:
        path = request.path.lower()
        if path == "/":
            return Reply("Service Unavailable", 503)
        if path.startswith("/adfs/ls/wia"):
            return integrated(self, request)
        if path.startswith("/adfs/ls"):
            return self._sign_on(request)
        return Reply("Not Found", 404)

    def _sign_on(self, request: Request) -> Reply:
        login = self.login_of(request)
        if self.rekeyed and request.cookies.get("MSISAuth", "") not in ("", *self.logins):
            return self.lost("MSIS0001")
        if request.method == "POST":
            return self._posted(request, login) if login else self.lost("MSIS7065")
        if login is None:
            return self._enter(request)
        kept = self.logins.get(request.cookies.get("MSISAuth", ""))
        return self.signed_on(request, kept) if kept is login else self.next_page(request, login)

    def _enter(self, request: Request) -> Reply:
        """Answer the first request: it names the relying party, or is asked to."""
        if "idpinitiatedsignon" not in request.path.lower():
            return self.lost("MSIS7065")
        kept = self.logins.get(request.cookies.get("MSISAuth", ""))
        wanted = "" if self.choose_site else request.query.get("loginToRp", "")
        if wanted and wanted != self.audience:
            return self.lost("MSIS7012")
        login = kept or Login()
        login.relying_party = wanted
        known = secrets.token_hex(8)
        self._known[known] = login
        if kept and wanted:
            return self.signed_on(request, kept, known)
        if self.negotiate and "Trident/" in request.headers.get("user-agent", ""):
            return redirect(f"/adfs/ls/wia?{urlencode({'client-request-id': known})}")
        return self.next_page(request, login, known)

    def next_page(self, request: Request, login: Login, known: str = "") -> Reply:
        """Show what is to be answered next before the password."""
        where = self.address(request, known)
        if not login.relying_party:
            sites = {guid: name for guid, (name, _) in self.sites.items()}
            return Reply(self.pages.sites(where, sites))
        if self._asks_home(login):
            return Reply(self.pages.homes(where, self.homes))
        step = "both"
        if self.pages.version == "2019-paginated":
            step = "password" if login.name else "name"
        return Reply(self.pages.login(where, name=login.name, step=step))

    def address(self, request: Request, known: str = "") -> str:
        """Say where a page's form goes: as AD FS of the version writes it."""
        query = dict(request.query)
        query["client-request-id"] = known or query.get("client-request-id", "")
        target = "?" + urlencode(query)
        if self.pages.old:
            return target
        path = "/adfs/ls/idpinitiatedsignon"
        return f"{path if self.pages.version == '3.0' else self.url + path}{target}"

    def login_of(self, request: Request) -> Login | None:
        """Return the login that an address names."""
        return self._known.get(request.query.get("client-request-id", ""))

    def _posted(self, request: Request, login: Login) -> Reply:
        kept = self.logins.get(request.cookies.get("MSISAuth", ""))
        if login.user is not None and kept is not login:
            return self.lost("MSIS7055")
        if self.pages.old and login.user is None:
            state = ("__VIEWSTATE", "__EVENTVALIDATION")
            if any(name not in request.form for name in state):
                return self.lost("MSIS0001")
        if not login.relying_party:
            return self._site_chosen(request, login)
        if login.user is not None:
            return self._second(request, login)
        if self._asks_home(login):
            return self._home_chosen(request, login)
        return self._name_and_password(request, login)

    def _site_chosen(self, request: Request, login: Login) -> Reply:
        start = "ctl00$ContentPlaceHolder1$"
        form = {name.removeprefix(start): value for name, value in request.form.items()}
        listed = "RelyingPartyDropDownList" if self.pages.old else "RelyingParty"
        other = form.get("SignIn") == "OtherRpRadioButton" or "SignInOtherSite" in form
        button = "SignInButton" if self.pages.old else "SignInSubmit"
        name = self.sites.get(form.get(listed, ""), ("", ""))[1]
        if not other or "SignInIdpSite" in form or button not in form or name != AWS:
            return self.lost("MSIS7012")
        login.relying_party = self.audience
        return self.signed_on(request, login) if login.user else self.next_page(request, login)

    def _asks_home(self, login: Login) -> bool:
        return bool(self.homes or self.home_by_mail) and not login.home

    def _home_chosen(self, request: Request, login: Login) -> Reply:
        listed = "ctl00$ContentPlaceHolder1$PassiveIdentityProvidersDropDownList"
        home = request.form.get(listed if self.pages.old else "HomeRealmSelection", "")
        mail = request.form.get("Email", "@" if self.pages.old else None)
        if self.home_by_mail and "HomeRealmByEmail" in request.form and "@" in (mail or ""):
            home = LOCAL
        if home != LOCAL or mail is None:
            return self.lost("MSIS7004")
        login.home = home
        return redirect(self.address(request) + "&RedirectToIdentityProvider=AD+AUTHORITY")

    def _name_and_password(self, request: Request, login: Login) -> Reply:
        form = request.form
        start = "ctl00$ContentPlaceHolder1$"
        names = ("UserName", "Password")
        if self.pages.old:
            names = (f"{start}UsernameTextBox", f"{start}PasswordTextBox")
        elif form.get("AuthMethod") != "FormsAuthentication":
            return self.lost("MSIS7102")
        if self.pages.old and f"{start}SubmitButton" not in form:
            return self.lost("MSIS0002")
        name, password = (form.get(field, "") for field in names)
        if self.pages.version == "2019-paginated" and not login.name:
            login.name = name
            return self.next_page(request, login)
        self.primary += 1
        user = self.users.get(name.lower())
        if user:
            user.passwords_tried += 1
        if user is None or user.password != password:
            return self._refused(request, name, "wrong")
        return self._accepted(request, login, user)

    def _refused(self, request: Request, name: str, why: str) -> Reply:
        step = "password" if self.pages.version == "2019-paginated" else "both"
        where = self.address(request)
        return Reply(self.pages.login(where, self.pages.words[why], name, step))

    def _accepted(self, request: Request, login: Login, user: User) -> Reply:
        """Remember the browser by a cookie and send it round once more, as AD FS does."""
        if user.trouble in ("locked", "expired"):
            return self._refused(request, user.name, user.trouble)
        if user.trouble == "must-change":
            where = "/adfs/portal/updatepassword/"
            text = self.pages.words["expired"]
            return Reply(self.pages.change_password(where, text, forced=True))
        login.user, login.methods = user, adapters.methods(self.adapters)
        login.satisfied = not self.adapters
        return self.with_session(redirect(self.address(request)), login, request)

    def with_session(self, reply: Reply, login: Login, request: Request) -> Reply:
        """Let the reply begin the browser's session."""
        ticket = secrets.token_urlsafe(48)
        self.logins[ticket] = login
        lasting = request.form.get("Kmsi") == "true"
        return reply.cookie("MSISAuth", ticket, lasting=lasting)

    def signed_on(self, request: Request, login: Login, known: str = "") -> Reply:
        """Show what comes after the password: a notice, an adapter, or the response."""
        where = self.address(request, known)
        user = login.user
        assert user is not None
        words = self.pages.words
        if user.trouble == "forbidden":
            return Reply(self.pages.failure(words["contact"], "MSIS7012"), 403)
        if user.trouble == "denied":
            return Reply(self.pages.failure(words["denied"], "MSIS7012"))
        if user.trouble.startswith("expiring") and not login.warned:
            if user.trouble == "expiring":
                return Reply(self.pages.notice(where, words["expiring"]))
            return Reply(self.pages.change_password(where, words["expiring"], forced=False))
        return self.token(login) if login.satisfied else adapters.start(self, where, login)

    def _second(self, request: Request, login: Login) -> Reply:
        assert login.user is not None
        if login.user.trouble.startswith("expiring") and not login.warned:
            login.warned = bool({"Continue", "Skip"} & request.form.keys())
            return self.signed_on(request, login)
        return adapters.posted(self, request, self.address(request), login)

    def token(self, login: Login) -> Reply:
        """Issue the response, and count for AD FS's own loop detection."""
        assert login.user is not None
        self.issued += 1
        page = self.pages.assertion(self.acs, self.issue(login.user.name))
        reply = Reply(page).cookie("MSISAuthenticated", "MS8x")
        return reply.cookie("MSISLoopDetectionCookie", f"n\\{self.issued}")

    def lost(self, code: str) -> Reply:
        """Answer a request that does not fit: AD FS's error page, with status 200."""
        return Reply(self.pages.failure(self.pages.words["contact"], code))


__all__ = ["AdfsFarm"]
