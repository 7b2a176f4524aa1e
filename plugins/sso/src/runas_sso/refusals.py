"""Say in words what Identity Center's faults mean, and what to do about them."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import runas
from runas_sso.place import Place
from runas_sso.wire import Fault

_SPENT = ("invalidclient", "unauthorizedclient")


def registration_ended(fault: Fault) -> bool:
    """Tell a fault that a new registration mends."""
    return fault.code in _SPENT


def explain(fault: Fault, place: Place, profile: runas.Profile) -> runas.RunasError:
    """Return the error for a fault of the OIDC service."""
    code, again = fault.code, f"to try again: {login(profile, place)}"
    if fault.reason.startswith("KMS_"):
        error: runas.RunasError = runas.Refused(
            f"Identity Center in {place.region} cannot use its encryption key ({fault.reason})",
            "its administrator must look after the KMS key of the instance",
        )
    elif code == "accessdenied":
        error = runas.ApprovalRejected("the sign-in was declined in the browser", again)
    elif code == "expiredtoken":
        error = nobody_came(profile, place)
    elif code == "invalidrequest":
        error = wrong_place(profile, place)
    elif code == "invalidgrant" or registration_ended(fault):
        error = runas.Refused("the sign-in ended before it was complete", again)
    elif code == "invalidscope":
        error = runas.ConfigurationError(
            f"{profile.origin('sso_registration_scopes')}: a scope is refused:"
            f" {', '.join(place.scopes)}",
            "use sso:account:access",
        )
    elif code in ("slowdown", "toomanyrequests"):
        error = busy()
    else:
        error = runas.Refused(
            f"Identity Center in {place.region} refuses the sign-in ({code})",
            "check sso_start_url and sso_region, or try --use-device-code",
        )
    return error


def busy() -> runas.ServiceUnavailable:
    """Say that the service wants to be left in peace."""
    return runas.ServiceUnavailable(
        "Identity Center refuses for now: too many requests", "try again in a minute"
    )


def wrong_place(profile: runas.Profile, place: Place) -> runas.ConfigurationError:
    """Say that there is no such instance there: the commonest slip of all."""
    return runas.ConfigurationError(
        f"there is no Identity Center {place.start_url} in {place.region}",
        f"check sso_start_url ({profile.origin('sso_start_url')}) and sso_region"
        f" ({profile.origin('sso_region')}): the region of Identity Center, not of your work",
    )


def nobody_came(profile: runas.Profile, place: Place) -> runas.ApprovalExpired:
    """Say that the time for the browser is over."""
    return runas.ApprovalExpired(
        "nobody confirmed the sign-in in the browser in time",
        f"to try again: {login(profile, place)}",
    )


def login(profile: runas.Profile, place: Place) -> str:
    """Write the command that signs in to a place."""
    named = "sso_start_url" in profile.settings and not profile.origin("sso_start_url").startswith(
        "-"
    )
    if named and profile.name and " " not in profile.name:
        session = "--sso-session " if profile.get("sso_session") == profile.name else ""
        return f"runas login {session}{profile.name}"
    region = f" --sso-region {place.region}" if place.region else ""
    return f"runas login --sso-start-url '{place.start_url}'{region}"


def ask(
    profile: runas.Profile, place: Place, browse: runas.Browse
) -> Generator[runas.Challenge[Any], Any, str | None]:
    """Ask for the browser; where nobody can be asked, say which command would.

    Returns what the front-end answers: None to look again, or the address that a person copied.
    """
    try:
        return (yield from browse)
    except runas.InteractionRequired as nobody:
        raise runas.InteractionRequired(
            nobody.fact, f"sign in at a terminal first: {login(profile, place)}"
        ) from nobody
