"""Sign in at Active Directory Federation Services (AD FS), 2.0 to Windows Server 2022.

The modules, in the order of a login: `address` completes the sign-in address, `integrated` tries
Kerberos and NTLM, `pages` tells AD FS's pages apart, `login` walks through them up to the password,
`refusals` says why not, `factors` lists the second factors, `second` runs the one that was chosen
(`typed`, `approval`, `duo` and its generations).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import runas
from runas_adfs.settings import SETTINGS

if TYPE_CHECKING:
    from requests import Session

    from runas.html import Page

Outcome = runas.Identity | runas.MfaRequired


@runas.hookimpl
def settings() -> Sequence[runas.Setting]:
    """List the profile keys that this provider reads."""
    return SETTINGS


@runas.hookimpl
def detect(settings: Mapping[str, str], page: Callable[[], Page]) -> bool | None:
    """Know AD FS by ``/adfs/`` in the address, or by the ids on its sign-in page."""
    from runas_adfs.address import ours

    url = settings.get("saml_auth_url")
    return ours(url, page) if url else None


@runas.hookimpl
def authenticate(profile: runas.Profile, http: Session) -> runas.Flow[Outcome]:
    """Open the sign-in page and go through it as far as the second factor."""
    from runas_adfs import login

    return login.sign_on(profile, http)


@runas.hookimpl
def mfa(
    profile: runas.Profile, http: Session, pending: runas.MfaRequired, factor: runas.Factor
) -> runas.Flow[Outcome] | None:
    """Satisfy an MFA adapter of AD FS."""
    from runas_adfs import second
    from runas_adfs.visit import Waiting

    if not isinstance(pending.state, Waiting):
        return None
    return second.prove(profile, http, pending.state, factor)
