"""Sign in with Okta: Classic and Identity Engine.

The modules, in the order of a login: `login` opens the app's page and finds the engine; `classic`
and `idx` speak to it; `pages` reads Okta's pages; `wire` judges every answer. What is known between
the password and the second factor is a frozen dataclass without a secret of the person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import runas
from runas_okta.settings import SETTINGS

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
    """Know Okta by the address, else by the sign-in widget in the page."""
    from runas_okta.detecting import is_okta

    return is_okta(settings, page)


@runas.hookimpl
def authenticate(profile: runas.Profile, http: Session) -> runas.Flow[Outcome]:
    """Open the AWS app; sign in where the last session has ended."""
    from runas_okta import login

    return login.authenticate(profile, http)


@runas.hookimpl(trylast=True)  # an extension for a factor, such as a security key, goes first
def mfa(
    http: Session, pending: runas.MfaRequired, factor: runas.Factor
) -> runas.Flow[Outcome] | None:
    """Satisfy one of Okta's factors."""
    from runas_okta import login
    from runas_okta.classic import offers as classic
    from runas_okta.idx import offers as idx

    if not isinstance(pending.state, (classic.Waiting, idx.Waiting)):
        return None
    return login.second(http, pending, factor)
