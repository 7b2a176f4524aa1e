"""The profile keys that this provider reads, for help, checks and the reference page."""

from __future__ import annotations

import runas

SETTINGS = (
    runas.Setting(
        "sso_session",
        "The [sso-session] section with the portal's address and region.",
        example="corp",
    ),
    runas.Setting(
        "sso_start_url",
        "The access portal's address; a pattern picks one of those in the config.",
        required=True,
        example="https://example.awsapps.com/start",
    ),
    runas.Setting(
        "sso_region",
        "The region that Identity Center itself is in.",
        required=True,
        example="eu-west-1",
    ),
    runas.Setting(
        "sso_registration_scopes",
        "What a login of an [sso-session] may be used for, separated by commas.",
        default="sso:account:access",
        example="sso:account:access, codewhisperer:analysis",
    ),
    runas.Setting(
        "sso_account_id",
        "The account, by number or by name; without it you choose.",
        example="123456789012",
        identity=False,
    ),
    runas.Setting(
        "sso_role_name",
        "The permission set's name; without it you choose.",
        example="Developer",
        identity=False,
    ),
    runas.Setting(
        "use_device_code",
        "Log in by device code (true), or always by a local redirect (false).",
        default="true over SSH, in containers and without a browser",
        example="true",
        identity=False,
    ),
    runas.Setting(
        "redirect_port",
        "The loopback port of the local redirect, for forwarding it; implies the redirect.",
        default="any free one",
        example="8400",
        identity=False,
    ),
)
