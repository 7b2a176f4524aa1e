"""The profile keys that this provider reads, for help, checks and the reference page."""

from __future__ import annotations

import runas

SETTINGS = (
    runas.Setting(
        "saml_auth_url",
        "The address that opens AWS in a browser: the provider's sign-in page.",
        required=True,
        example="https://idp.example.com/realms/staff/protocol/saml/clients/aws",
    ),
    runas.Setting("username", "The user name at the provider.", example="alice@example.com"),
    runas.Setting(
        "remember_device",
        "Tick 'remember this device' and answer 'stay signed in?' with yes.",
        default="true",
        example="false",
        identity=False,
    ),
    runas.Setting(
        "form_fields",
        "Answers to what else the pages ask: NAME=VALUE, separated by commas.",
        example="organization=staff, source=ldap",
    ),
    runas.Setting(
        "trusted_hosts",
        "Hosts that may receive the password besides the page's own, separated by commas.",
        example="login.example.com",
        identity=False,
    ),
)


def form_fields(profile: runas.Profile) -> dict[str, str]:
    """Read ``form_fields``; raise ConfigurationError where an item is no ``NAME=VALUE``."""
    found = {}
    for item in (profile.get("form_fields") or "").split(","):
        name, equals, value = item.partition("=")
        if item.strip() and not (equals and name.strip()):
            raise runas.ConfigurationError(
                f"{profile.origin('form_fields')}: not a NAME=VALUE: {item.strip()!r}",
                "write form_fields = organization=staff, source=ldap",
            )
        if equals:
            found[name.strip()] = value.strip()
    return found
