"""Run any command with the credentials of an AWS role.

This is the door for plugin authors and Python programs. Names load on first use, so importing
``runas`` costs next to nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runas import html as html
    from runas import http as http
    from runas import saml as saml
    from runas.api import boto3_session, credentials
    from runas.challenges import (
        Approval,
        Browse,
        Challenge,
        Choice,
        Code,
        Flow,
        Password,
        Username,
    )
    from runas.errors import (
        AccessDenied,
        AccountLocked,
        ActionRequired,
        ApprovalExpired,
        ApprovalRejected,
        Cancelled,
        ConfigurationError,
        InteractionRequired,
        PageNotRecognised,
        Refused,
        RoleNotOffered,
        RunasError,
        ServiceUnavailable,
        WrongCode,
        WrongPassword,
    )
    from runas.hookspecs import api_version, hookimpl
    from runas.model import (
        Credentials,
        Factor,
        Identity,
        KeyIdentity,
        MfaCode,
        MfaRequired,
        Profile,
        Role,
        RoleArn,
        SamlIdentity,
        Setting,
    )

__version__ = "0.1.0"

_ROOMS = {
    "api": "boto3_session credentials",
    "challenges": "Approval Browse Challenge Choice Code Flow Password Username",
    "errors": "AccessDenied AccountLocked ActionRequired ApprovalExpired ApprovalRejected Cancelled"
    " ConfigurationError InteractionRequired PageNotRecognised Refused RoleNotOffered RunasError"
    " ServiceUnavailable WrongCode WrongPassword",
    "hookspecs": "api_version hookimpl",
    "model": "Credentials Factor Identity KeyIdentity MfaCode MfaRequired Profile Role RoleArn"
    " SamlIdentity Setting",
}
_DOORS = ("html", "http", "saml")
"""Rooms that providers use whole: ``runas.html.read(...)`` loads an HTML parser, and only then."""

_HOME = {name: room for room, names in _ROOMS.items() for name in names.split()}

__all__ = [
    "AccessDenied",
    "AccountLocked",
    "ActionRequired",
    "Approval",
    "ApprovalExpired",
    "ApprovalRejected",
    "Browse",
    "Cancelled",
    "Challenge",
    "Choice",
    "Code",
    "ConfigurationError",
    "Credentials",
    "Factor",
    "Flow",
    "Identity",
    "InteractionRequired",
    "KeyIdentity",
    "MfaCode",
    "MfaRequired",
    "PageNotRecognised",
    "Password",
    "Profile",
    "Refused",
    "Role",
    "RoleArn",
    "RoleNotOffered",
    "RunasError",
    "SamlIdentity",
    "ServiceUnavailable",
    "Setting",
    "Username",
    "WrongCode",
    "WrongPassword",
    "api_version",
    "boto3_session",
    "credentials",
    "hookimpl",
]


def __getattr__(name: str) -> object:
    """Load a public name from its room (PEP 562)."""
    room = _HOME.get(name)
    if room is None and name not in _DOORS:
        raise AttributeError(f"module 'runas' has no attribute {name!r}")
    from importlib import import_module

    if room is None:
        return import_module("runas." + name)
    value = getattr(import_module("runas." + room), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
