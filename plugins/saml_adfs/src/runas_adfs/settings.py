"""The profile keys that this provider reads, for help, checks and the reference page."""

from __future__ import annotations

import runas

SETTINGS = (
    runas.Setting(
        "saml_auth_url",
        "The AD FS host, or the full address of its IdP-initiated sign-on page.",
        required=True,
        example="https://adfs.example.com/adfs/ls/IdpInitiatedSignOn.aspx",
    ),
    runas.Setting(
        "saml_entity_id",
        "AWS's name at AD FS; the default follows the partition of the role.",
        default="urn:amazon:webservices",
        example="urn:amazon:webservices:govcloud",
    ),
    runas.Setting(
        "saml_username",
        "The user name: user@example.com, DOMAIN\\user, or bare with adfs_domain.",
        example="alice@example.com",
    ),
    runas.Setting(
        "adfs_domain",
        "The domain of a bare user name: CORP gives CORP\\alice, corp.example.com gives"
        " alice@corp.example.com.",
        example="CORP",
    ),
    runas.Setting(
        "adfs_home_realm",
        "Where the account is, when AD FS asks: the name shown, or its identifier.",
        default="AD AUTHORITY",
        example="http://partner.example.com/adfs/services/trust",
    ),
    runas.Setting(
        "adfs_integrated",
        "Sign in with this machine's Kerberos ticket, else by NTLM (needs the extra 'kerberos').",
        default="false",
        example="true",
    ),
    runas.Setting(
        "remember_device",
        "Let AD FS keep the session: 'Keep me signed in'.",
        default="true",
        example="false",
        identity=False,
    ),
    runas.Setting(
        "mfa_type",
        "The second factor to use, where there is a choice.",
        default="auto",
        example="push",
        identity=False,
    ),
)
