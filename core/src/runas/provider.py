"""The plugins of one login, as the engine calls them. The only file that calls hooks.

``mfa`` has no method here: ``factors`` calls it through ``call``, by the factor that was chosen.
pluggy's callers take and return anything; here they have types, and one HTTP session for all steps
of a login, made when the first plugin asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING, Any, cast

from runas.errors import PluginError
from runas.model import Credentials, Identity, MfaRequired, Profile, Role, Setting

if TYPE_CHECKING:
    from pluggy import HookImpl, PluginManager

    from runas.challenges import Flow
    from runas.html import Page
    from runas.http import Session


class Provider:
    """What a profile's plugins do together. *session* makes the HTTP session."""

    def __init__(
        self,
        plugins: PluginManager,
        profile: Profile,
        session: Callable[[Profile], Session] | None = None,
    ) -> None:
        self._hook = plugins.hook
        self._profile = profile
        self._session = session
        self._http: Session | None = None
        self._secrets: list[tuple[str, str]] = []

    def settings(self) -> list[Sequence[Setting]]:
        """Return what each plugin declares."""
        return cast("list[Sequence[Setting]]", self.call("settings"))

    def authenticate(self, profile: Profile) -> Flow[Identity | MfaRequired]:
        """Begin to prove who the user is. Raises PluginError where no plugin does."""
        flow = self.call("authenticate", profile=profile)
        if isinstance(flow, Generator):
            return cast("Flow[Identity | MfaRequired]", flow)
        given = "is missing or declines" if flow is None else f"returns {type(flow).__name__}"
        raise PluginError(
            f"the hook 'authenticate' of {profile.provider or 'the provider'} {given}",
            "if it is your own: mark it with @runas.hookimpl, and ask with 'yield from'",
        )

    def list_roles(self, profile: Profile, identity: Identity) -> list[Role]:
        """Return the roles on offer."""
        offered = self.call("list_roles", profile=profile, identity=identity)
        return list(cast("Sequence[Role] | None", offered) or ())

    def assume(
        self, profile: Profile, identity: Identity, role: Role
    ) -> Credentials | MfaRequired | None:
        """Take a role, or learn what it wants first."""
        outcome = self.call("assume", profile=profile, identity=identity, role=role)
        return cast("Credentials | MfaRequired | None", outcome)

    def call(self, hook: str, **arguments: Any) -> Any:
        """Call one hook with those of *arguments* that its specification has."""
        caller = getattr(self._hook, hook)
        wanted = {name for impl in caller.get_hookimpls() for name in impl.argnames}
        arguments.setdefault("profile", self._profile)
        arguments["http"] = self._open() if "http" in wanted else None
        names = caller.spec.argnames
        return caller(**{name: value for name, value in arguments.items() if name in names})

    def guard(self, answer: str, kind: str) -> None:
        """Tell the HTTP session of a secret, now or when there is one."""
        if self._http is not None:
            self._http.guard(answer, kind)
        else:
            self._secrets.append((answer, kind))

    def keep(self) -> None:
        """Keep the provider's cookies for the next login."""
        if self._http is not None:
            self._http.keep()

    def close(self) -> None:
        """Hang up; what comes after opens new connections."""
        if self._http is not None:
            self._http.close()

    def forget(self) -> None:
        """Begin anew with the provider, where it is spoken to by HTTP."""
        impls = self._hook.authenticate.get_hookimpls()
        if any("http" in impl.argnames for impl in impls):
            self._open().forget()

    def _open(self) -> Session:
        if self._http is None:
            from runas.http import session

            self._http = (self._session or session)(self._profile)
            for answer, kind in self._secrets:
                self._http.guard(answer, kind)
            self._secrets.clear()
        return self._http


def recognise(plugins: PluginManager, profile: Profile, page: Callable[[], Page]) -> list[str]:
    """Return the names of the providers that claim the profile's sign-in address.

    First by the address alone; the page is fetched only where none knows that, once for all. Those
    that take any page (``trylast``) are asked when no other claims it.
    """
    impls = plugins.hook.detect.get_hookimpls()
    for last in (False, True):
        for look in (_no_page, page):
            claims = [
                str(impl.plugin_name)
                for impl in impls
                if impl.opts["trylast"] == last and _claims(impl, profile, look)
            ]
            if claims:
                return claims
    return []


class _PageWanted(Exception):
    """A provider cannot tell by the address."""


def _no_page() -> Page:
    raise _PageWanted


def _claims(impl: HookImpl, profile: Profile, page: Callable[[], Page]) -> bool:
    offered = {"settings": profile.settings, "page": page}
    try:
        return bool(impl.function(*(offered[name] for name in impl.argnames)))
    except _PageWanted:
        return False
