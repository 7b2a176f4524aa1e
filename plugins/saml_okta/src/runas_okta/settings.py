"""The profile keys that this provider reads, for help, checks and the reference page."""

from __future__ import annotations

import runas

SETTINGS = (
    runas.Setting(
        "saml_auth_url",
        "The address of the AWS app in Okta: the link of its tile (an embed link).",
        required=True,
        example="https://example.okta.com/home/amazon_aws/0oa1b2c3d4E5f6G7h8i9/272",
    ),
    runas.Setting("username", "Your name at Okta.", example="me@example.com"),
    runas.Setting(
        "mfa_type",
        "The second factor to use: push, totp, hotp, token, sms, call, email, question or duo.",
        default="auto",
        example="push",
        identity=False,
    ),
    runas.Setting(
        "remember_device",
        "Ask Okta to remember this device, where its policy allows that.",
        default="true",
        example="false",
        identity=False,
    ),
)
