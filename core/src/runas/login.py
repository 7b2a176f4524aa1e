"""Put a login together: which provider, its engine, and somebody who answers its questions.

What every way into runas that may log in needs: the command line, the endpoints, Python programs.
"""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from runas import plugins
from runas.cache import Cache
from runas.challenges import Flow, drive
from runas.config.folders import cache_folder, state_folder
from runas.config.values import bad_value
from runas.engine import Engine, Surroundings
from runas.errors import ConfigurationError, PageNotRecognised, ServiceUnavailable
from runas.memory import Memory
from runas.passwords import Passwords
from runas.provider import recognise

if TYPE_CHECKING:
    from collections.abc import Callable

    from runas.config.resolver import Config
    from runas.html import Page
    from runas.http import Session, Transcript
    from runas.plugins import Installed
    from runas.profile import Profile
    from runas.prompters.prompter import Prompter

R = TypeVar("R")
_WHOLE = "write the whole of it: https://..."


class Login:
    """Everything that logging in needs: configuration, cache, and who answers for a profile."""

    def __init__(
        self,
        config: Config,
        prompter: Callable[[Profile, Login], Prompter],
        notice: Callable[[str], None],
        record: str | None = None,
    ) -> None:
        home = os.path.expanduser("~")
        self.config = config
        self.folder = cache_folder(config.environ, home)
        self.state = state_folder(config.environ, home)
        self.cache = Cache(self.folder, notice)
        self.memory = Memory(self.cache)
        self.passwords = Passwords(config.environ, home)
        self._prompter = prompter
        self._record = record
        self._transcript: Transcript | None = None

    def engine(self, profile: Profile) -> Engine:
        """Compose the engine of a profile, and of the profiles whose roles come before it."""
        source = None
        if profile.source is not None and profile.source.ends_in_role:
            source = self.engine(profile.source)
        provider = self._provider(profile)
        return Engine(
            profile,
            plugins.load([provider]),
            self.cache,
            Memory(self.cache),
            source,
            Surroundings(
                self.config.margin,
                partial(self._session, provider.name),
                self.passwords.judged,
                code_given="otp" in self.config.given,
            ),
        )

    def drive(self, profile: Profile, flow: Flow[R]) -> R:
        """Run *flow* to its end, asking the person or whatever answers in their place."""
        try:
            return drive(flow, self._prompter(profile, self).answer)
        except PageNotRecognised:
            self.memory.forget_provider(profile)
            raise

    def _session(self, provider: str, profile: Profile) -> Session:
        """Open the provider's HTTP session, with the cookies of this user's last login."""
        from runas.http import CookieFile, Transcript, session

        user = profile.get("username") or ""
        store = CookieFile(self.state, provider, _place(profile), user)
        if self._record and self._transcript is None:
            self._transcript = Transcript(self._record)
        return session(profile, store=store, transcript=self._transcript)

    def _provider(self, profile: Profile) -> Installed:
        """Choose the provider: the only one there is, else the one that knows the address."""
        found = plugins.candidates(profile)
        if len(found) == 1:
            return found[0]
        known = self.memory.provider(profile)
        chosen = next((plugin for plugin in found if plugin.name == known), None)
        if chosen is None:
            chosen = self._recognised(profile, found)
            self.memory.learn_provider(profile, chosen.name)
        return chosen

    def _recognised(self, profile: Profile, found: list[Installed]) -> Installed:
        manager, page = plugins.load(found), _SignInPage(profile)
        names = recognise(manager, profile, page)
        if not names:
            raise _nobodys(profile, page.fetched, [plugin.name for plugin in found])
        if len(names) > 1:
            raise ConfigurationError(
                f"{' and '.join(names)} both claim {_address(profile)}",
                f"name one with -R or saml_provider: {names[0]}",
            )
        return next(plugin for plugin in found if plugin.name == names[0])


class _SignInPage:
    """The sign-in page, fetched once for all who ask."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self.fetched: Page | None = None

    def __call__(self) -> Page:
        if self.fetched is None:
            self.fetched = self._fetch()
        return self.fetched

    def _fetch(self) -> Page:
        from runas import html, http

        address = _address(self._profile)
        if not address.lower().startswith(("https://", "http://")):
            raise bad_value(_address_origin(self._profile), f"{address!r} is no address", _WHOLE)
        try:
            with http.session(self._profile) as session:
                return html.read(session.get(address))
        except ServiceUnavailable as error:
            hint = f"{error.hint}; a provider that is named (-R) is not looked for"
            raise ServiceUnavailable(error.fact, hint) from error


def _nobodys(profile: Profile, page: Page | None, installed: list[str]) -> PageNotRecognised:
    """Make the error for an address that no provider claims, by what its page turned out to be."""
    from runas import html

    fact = f"no installed provider knows {_address(profile)}"
    if page is not None and page.status >= 400:
        return PageNotRecognised(
            f"{fact}: it answers with status {page.status}",
            "check saml_auth_url: it must be the address that opens AWS in a browser",
        )
    script = page is not None and html.is_script_only(page)
    return PageNotRecognised(
        f"{fact}{', whose page needs a browser to run its script' if script else ''};"
        f" installed: {', '.join(installed)}",
        "name one with -R, or install its plugin: pip install runas-plugin-NAME",
    )


def _address(profile: Profile) -> str:
    return profile.get("saml_auth_url") or profile.get("web_identity_auth_url") or profile.name


def _address_origin(profile: Profile) -> str:
    return profile.origin(
        "saml_auth_url" if profile.get("saml_auth_url") else "web_identity_auth_url"
    )


def _place(profile: Profile) -> str:
    """Name the place whose cookies belong together: an origin, or whatever else stands for it."""
    from runas.http import origin

    try:
        return origin(_address(profile))
    except ConfigurationError:
        return profile.get("sso_start_url") or profile.name
