"""The six hooks: everything a provider can say. This file is the reference manual.

A provider is a module with some of these functions, marked ``@runas.hookimpl``, and an entry point
in the group ``runas.providers`` whose name is the provider's name:

    [project.entry-points."runas.providers"]
    acme = "runas_acme"

An implementation lists only the arguments it uses; ``http`` is a ``requests.Session`` with
timeouts, whose failures are errors of runas already. Four hooks are the login, in this order:
``authenticate``, ``mfa`` (as often as the provider asks), ``list_roles``, ``assume``. Two say what
the provider is: ``settings`` and ``detect``. A hook that returns None declines, and the next
implementation is asked; core has the last word for ``list_roles`` and ``assume`` (see
``runas.saml`` and ``runas.aws.sts``), so most providers write two functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import pluggy

from runas.challenges import Flow
from runas.model import Credentials, Factor, Identity, MfaRequired, Profile, Role, Setting

if TYPE_CHECKING:
    from requests import Session

    from runas.html import Page

api_version = "1.0"
"""The plugin interface: its minor grows with every addition, its major where something goes."""

hookspec = pluggy.HookspecMarker("runas")
hookimpl = pluggy.HookimplMarker("runas")


@hookspec(firstresult=True)
def authenticate(profile: Profile, http: Session) -> Flow[Identity | MfaRequired] | None:
    """Prove to the identity provider who the user is.

    A generator: it yields challenges and returns an identity, or what second factors are wanted.

    Example::

        @runas.hookimpl
        def authenticate(profile, http):
            username = profile.get("username") or (yield from runas.Username("acme"))
            password = yield from runas.Password("https://login.acme.example", username)
            ...
            return runas.SamlIdentity(subject=username, assertion=assertion)
    """


@hookspec(firstresult=True)
def mfa(
    profile: Profile, http: Session, pending: MfaRequired, factor: Factor
) -> Flow[Identity | MfaRequired] | None:
    """Satisfy one second factor; return None to leave it to another plugin.

    Core has chosen ``factor`` among ``pending.factors``. Raise ``runas.WrongCode`` where another
    try makes sense: core asks again, and calls this hook again with the same ``pending``.

    Example::

        @runas.hookimpl
        def mfa(http, pending, factor):
            if factor.kind != "totp":
                return None
            return _check_code(http, pending.state, factor)   # a generator
    """


@hookspec(firstresult=True)
def list_roles(profile: Profile, http: Session, identity: Identity) -> Sequence[Role] | None:
    """Say which roles the identity may assume.

    Example::

        @runas.hookimpl
        def list_roles(identity):
            return [runas.Role(runas.RoleArn.parse(arn)) for arn in identity.arns]
    """


@hookspec(firstresult=True)
def assume(
    profile: Profile, http: Session, identity: Identity, role: Role
) -> Credentials | MfaRequired | None:
    """Turn the identity into credentials of a role.

    Return what second factors are wanted where the role needs one that the identity lacks: core
    runs ``mfa`` and asks again with the stronger identity.

    Example::

        @runas.hookimpl
        def assume(profile, http, identity, role):
            keys = http.post(PORTAL, json={"role": str(role.arn)}).json()
            return runas.Credentials(keys["id"], keys["secret"], keys["token"], keys["expires"])
    """


@hookspec
def settings() -> Sequence[Setting]:
    """List the profile keys that the provider reads.

    Example::

        @runas.hookimpl
        def settings():
            return [runas.Setting("acme_realm", help="Acme's realm", example="corp")]
    """


@hookspec(firstresult=True)
def detect(settings: Mapping[str, str], page: Callable[[], Page]) -> bool | None:
    """Say whether the sign-in address in ``settings`` is this provider's; None where unsure.

    ``page()`` fetches the sign-in page, once for all providers that ask: look at the address first.
    It returns a ``runas.html.Page``. Mark the implementation ``trylast`` where it takes any page.

    Example::

        @runas.hookimpl
        def detect(settings, page):
            return ".acme.example/" in settings.get("saml_auth_url", "") or None
    """
