"""Sign in through any SAML sign-in page that is an HTML form.

Keycloak, Shibboleth, SimpleSAMLphp, LemonLDAP::NG, PingFederate, CAS, Gluu and what else asks for a
name, a password and a code on plain pages. The modules, in the order of a login: `silent` tries it
without a question, `login` walks from page to page, `recognising` tells which of the `scenes` a
page is, with `fields` for what is typed, `clicks` for what is clicked and `words` for what things
are called; `factors` and `second` are the second step, `push` the pages that wait for a phone,
`faults` the errors, `claiming` the detection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import runas
from runas_form.settings import SETTINGS

if TYPE_CHECKING:
    from requests import Session

    from runas import html

Outcome = runas.Identity | runas.MfaRequired


@runas.hookimpl
def settings() -> Sequence[runas.Setting]:
    """List the profile keys that this provider reads."""
    return SETTINGS


@runas.hookimpl(trylast=True)
def detect(settings: Mapping[str, str], page: Callable[[], html.Page]) -> bool | None:
    """Claim a page with a sign-in form that carries no other product's mark."""
    from runas_form.claiming import claims

    return claims(settings, page)


@runas.hookimpl
def authenticate(profile: runas.Profile, http: Session) -> runas.Flow[Outcome]:
    """Walk through the sign-in pages; the cookies of an earlier login may make it a silent one."""
    from runas_form.silent import prove

    return prove(profile, http)


@runas.hookimpl
def mfa(
    profile: runas.Profile, http: Session, pending: runas.MfaRequired, factor: runas.Factor
) -> runas.Flow[Outcome] | None:
    """Send the code, or wait for the tap, that the pages asked for."""
    from runas_form.login import Waiting
    from runas_form.second import satisfy

    if not isinstance(pending.state, Waiting) or factor.kind in ("webauthn", "duo"):
        return None
    return satisfy(profile, http, pending.state, factor)
