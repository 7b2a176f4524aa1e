"""The one table: every option, its environment variables and its profile keys.

The command line, the environment overlay, the messages about bad values and the reference page are
all made from it. Read on every command, so it is plain data: no ``dataclasses``, no ``re``.

*scope* says whom a value belongs to:

``run``     this invocation alone; never a profile attribute
``hop``     the profile that states it, and only that one (``role_arn``, ``external_id``, ...)
``family``  may also stand in the ``source_profile`` or in ``[default]`` (region, MFA, SAML, ...)
"""

from __future__ import annotations


class Option:
    """One row. ``keys`` are its profile attributes, the canonical one first; ``flags`` short first.

    ``kind`` is ``switch``, ``count``, ``text``, ``boolean``, ``duration``, ``choice``, ``account``,
    ``port`` or ``region``. ``low`` and ``high`` bound a duration, in seconds.
    """

    __slots__ = (
        "choices", "env", "flags", "help", "high", "keys", "kind",
        "low", "metavar", "name", "panel", "scope", "secret",
    )  # fmt: skip

    def __init__(  # noqa: PLR0913 - a row has as many columns as it has
        self,
        name: str,
        flags: str,
        env: str,
        keys: str,
        help: str,
        *,
        kind: str = "text",
        scope: str = "run",
        metavar: str = "TEXT",
        panel: str = "Running",
        low: int = 0,
        high: int = 0,
        choices: str = "",
        secret: bool = False,
    ) -> None:
        self.name = name
        self.flags = tuple(flags.split())
        self.env = tuple(env.split())
        self.keys = tuple(keys.split())
        self.help = help
        self.kind = kind
        self.scope = scope
        self.metavar = metavar
        self.panel = panel
        self.low = low
        self.high = high
        self.choices = tuple(choices.split())
        self.secret = secret

    @property
    def takes_value(self) -> bool:
        """Tell an option with an argument from a switch."""
        return self.kind not in ("switch", "count")

    def __repr__(self) -> str:
        return f"Option({self.name!r})"


_FACTORS = "push totp hotp token sms call email question webauthn duo code auto"
_HOUR = 3600
_ROLE, _MFA, _SAML = "Role and session", "Second factor", "SAML and web identity"
_SSO, _NET = "IAM Identity Center", "Asking and showing"

OPTIONS: tuple[Option, ...] = (
    Option("env", "-E --env", "RUNAS_ENV_CREDENTIALS", "",
           "Hand the credentials over in environment variables instead of a local endpoint.",
           kind="switch"),
    Option("output", "-O --output", "RUNAS_OUTPUT_FORMAT", "",
           "Print the credentials in this format.", kind="choice", metavar="FORMAT",
           choices="env json dotenv fish powershell cmd"),
    Option("session", "-s --session", "RUNAS_SESSION_CREDENTIALS", "",
           "Use the session-token (source) credentials instead of the role's; with a jump role,"
           " the jump role's.", kind="switch"),
    Option("refresh", "-r --refresh -f --force-refresh", "", "",
           "Drop the cached credentials first; twice (-rr): log in anew as well.", kind="count"),
    Option("expiration", "-e --expiration", "", "",
           "Show when the credentials expire.", kind="switch"),
    Option("whoami", "-w --whoami", "", "",
           "Show the caller identity: account, ARN, user id.", kind="switch"),
    Option("list_roles", "-l --list-roles", "", "", "As 'runas list roles'.", kind="switch"),
    Option("list_mfa", "-m --list-mfa", "", "", "As 'runas list mfa'.", kind="switch"),
    Option("diagnose", "-D --diagnose", "", "", "As 'runas diagnose'.", kind="switch"),
    Option("update", "-u --update", "", "", "As 'runas update'.", kind="switch"),
    Option("ec2", "--ec2", "", "", "As 'runas serve ec2'.", kind="switch"),
    Option("profile", "--profile", "", "",
           "The profile by name, wherever it stands.", metavar="NAME"),
    Option("set", "--set", "", "",
           "Any other profile attribute, for instance a plugin's own; may be repeated.",
           metavar="KEY=VALUE"),

    Option("role_arn", "--role --role-name", "", "role_arn",
           "The role, by ARN or by name, instead of PROFILE.", scope="hop", metavar="ROLE",
           panel=_ROLE),
    Option("source_profile", "--source-profile", "", "source_profile",
           "The profile whose credentials assume the role.", scope="hop", metavar="NAME",
           panel=_ROLE),
    Option("jump_role_arn", "-J --jump-role", "JUMP_ROLE_ARN", "jump_role_arn",
           "The role to take first with the identity provider's identity.", scope="hop",
           metavar="ARN", panel=_ROLE),
    Option("external_id", "-X --external-id", "EXTERNAL_ID", "external_id",
           "The external id that the role's trust policy asks for.", scope="hop", metavar="ID",
           panel=_ROLE),
    Option("role_session_name", "--role-session-name", "AWS_ROLE_SESSION_NAME",
           "role_session_name",
           "The session's name in CloudTrail; default: your own name at the provider.",
           scope="hop", metavar="NAME", panel=_ROLE),
    Option("session_token_duration", "-d --duration", "SESSION_TOKEN_DURATION",
           "session_token_duration", "Life of session-token credentials; default 12h.",
           kind="duration", scope="family", metavar="DURATION", panel=_ROLE,
           low=900, high=36 * _HOUR),
    Option("credentials_duration", "-a --role-duration", "CREDENTIALS_DURATION",
           "credentials_duration duration_seconds",
           "Life of role credentials; default: what the provider says, else 1h.",
           kind="duration", scope="family", metavar="DURATION", panel=_ROLE,
           low=900, high=12 * _HOUR),
    Option("session_policy", "--policy", "", "session_policy",
           "A file with a session policy that narrows what the credentials allow.", scope="hop",
           metavar="FILE", panel=_ROLE),
    Option("session_policy_arns", "--policy-arn", "", "session_policy_arns",
           "A managed session policy; may be repeated.", scope="hop", metavar="ARN",
           panel=_ROLE),
    Option("read_only", "--read-only", "", "read_only",
           "Narrow the session by AWS's managed ReadOnlyAccess policy.", kind="switch",
           scope="hop", panel=_ROLE),
    Option("region", "--region", "AWS_REGION AWS_DEFAULT_REGION", "region",
           "The AWS region, for the command too.", kind="region", scope="family",
           metavar="REGION", panel=_ROLE),

    Option("otp", "-o --otp", "MFA_CODE", "", "The MFA code.", metavar="CODE", panel=_MFA,
           secret=True),
    Option("mfa_process", "--mfa-process", "RUNAS_MFA_PROCESS", "mfa_process",
           "A command whose output is the MFA code.", scope="family", metavar="CMD",
           panel=_MFA),
    Option("mfa_serial", "-M --mfa-serial", "MFA_SERIAL", "mfa_serial",
           "The MFA device's ARN or serial number; 'auto' finds your own.", scope="family",
           metavar="ARN", panel=_MFA),
    Option("mfa_type", "-t --mfa-type", "MFA_TYPE", "mfa_type", "The factor to use.",
           kind="choice", scope="family", metavar="TYPE", choices=_FACTORS, panel=_MFA),
    Option("remember_device", "", "", "remember_device",
           "Let the provider remember this device; default true.", kind="boolean",
           scope="family", panel=_MFA),

    Option("saml_auth_url", "-S --saml-url", "SAML_AUTH_URL", "saml_auth_url",
           "The SAML sign-in page of the identity provider.", scope="family", metavar="URL",
           panel=_SAML),
    Option("saml_entity_id", "-I --saml-entityid", "SAML_ENTITY_ID",
           "saml_entity_id saml_auth_entityid",
           "The relying party at the provider; default urn:amazon:webservices.",
           scope="family", metavar="ID", panel=_SAML),
    Option("saml_principal_arn", "", "", "saml_principal_arn",
           "The provider's ARN, where an encrypted assertion hides the roles.",
           scope="family", metavar="ARN", panel=_SAML),
    Option("web_identity_auth_url", "-W --web-url", "WEB_AUTH_URL WEB_IDENTITY_AUTH_URL",
           "web_identity_auth_url", "The OpenID Connect issuer.", scope="family",
           metavar="URL", panel=_SAML),
    Option("web_identity_client_id", "-C --web-client", "WEB_CLIENT_ID WEB_IDENTITY_CLIENT_ID",
           "web_identity_client_id", "The OpenID Connect client id.", scope="family",
           metavar="ID", panel=_SAML),
    Option("web_identity_redirect_uri", "-T --web-redirect",
           "WEB_REDIRECT_URI WEB_IDENTITY_REDIRECT_URI",
           "web_identity_redirect_uri web_identity_callback_uri",
           "The OpenID Connect redirect address.", scope="family", metavar="URL",
           panel=_SAML),
    Option("username", "-U --username --saml-user",
           "RUNAS_USERNAME SAML_USERNAME WEB_USERNAME",
           "saml_username web_identity_username", "The user name at the provider.",
           scope="family", metavar="NAME", panel=_SAML),
    Option("password", "-P --password --saml-password",
           "RUNAS_PASSWORD SAML_PASSWORD WEB_PASSWORD", "",
           "The password ('-' reads one line of stdin); rather use 'runas password'.",
           metavar="PASSWORD", panel=_SAML, secret=True),
    Option("password_process", "", "", "password_process",
           "A command whose output is the password.", scope="family", metavar="CMD",
           panel=_SAML),
    Option("runas_provider", "-R --provider --saml-provider",
           "RUNAS_PROVIDER SAML_PROVIDER WEB_PROVIDER",
           "runas_provider saml_provider web_identity_provider",
           "The provider by name, instead of detecting it.", scope="family",
           metavar="NAME", panel=_SAML),
    Option("ca_bundle", "", "", "ca_bundle", "Certificates to trust, for AWS and the provider.",
           scope="family", metavar="FILE", panel=_SAML),

    Option("sso_session", "", "", "sso_session", "The [sso-session] section to use.",
           scope="family", metavar="NAME", panel=_SSO),
    Option("sso_start_url", "--sso-start-url", "AWS_DEFAULT_SSO_START_URL", "sso_start_url",
           "The access portal's address, or a pattern that picks it.", scope="family",
           metavar="URL", panel=_SSO),
    Option("sso_region", "--sso-region", "AWS_DEFAULT_SSO_REGION", "sso_region",
           "The region of the Identity Center instance.", kind="region", scope="family",
           metavar="REGION", panel=_SSO),
    Option("sso_account_id", "--account-id", "", "sso_account_id", "The account.",
           kind="account", scope="hop", metavar="ACCOUNT", panel=_SSO),
    Option("sso_role_name", "", "", "sso_role_name", "The permission set's name.",
           scope="hop", metavar="NAME", panel=_SSO),

    Option("write_credentials", "-c --write-credentials", "RUNAS_WRITE_CREDENTIALS", "",
           "Also write them to the credentials file, section PROFILE-runas.", kind="switch",
           panel=_NET),
    Option("no_input", "--no-input", "RUNAS_NO_INPUT CI", "",
           "Never ask anything; fail with status 75 instead.", kind="switch", panel=_NET),
    Option("no_browser", "--no-browser", "AWS_SSO_DISABLE_BROWSER", "",
           "Print a login address instead of opening it.", kind="switch", panel=_NET),
    Option("use_device_code", "--use-device-code", "", "use_device_code",
           "Log in by device code instead of a local redirect.", kind="switch", scope="family",
           panel=_NET),
    Option("redirect_port", "--redirect-port", "", "redirect_port",
           "A fixed loopback port for the login's redirect.", kind="port", scope="family",
           metavar="PORT", panel=_NET),
    Option("trusted_hosts", "", "", "trusted_hosts",
           "Hosts besides the sign-in page's own that may receive the password.",
           scope="family", metavar="HOSTS", panel=_NET),
    Option("record", "--record", "", "",
           "Write a redacted transcript of the exchange with the provider.", metavar="FILE",
           panel=_NET),
    Option("verbose", "-v --verbose", "RUNAS_VERBOSE", "",
           "Say more; twice: requests and tracebacks, redacted.", kind="count", panel=_NET),
    Option("version", "-V --version", "", "", "Show the versions of core and plugins.",
           kind="switch", panel=_NET),
    Option("help", "-h --help", "", "", "Show help.", kind="switch", panel=_NET),
)  # fmt: skip

BY_FLAG: dict[str, Option] = {flag: option for option in OPTIONS for flag in option.flags}
BY_NAME: dict[str, Option] = {option.name: option for option in OPTIONS}
BY_KEY: dict[str, Option] = {key: option for option in OPTIONS for key in option.keys}

SECRET_VARIABLES = frozenset(
    variable for option in OPTIONS if option.secret for variable in option.env
)
"""Variables that tell runas a secret; no process that it starts is told."""

SUBCOMMANDS = (
    "completion", "configure", "console", "diagnose", "ecr", "exec", "forward", "help", "list",
    "login", "logout", "password", "plugin", "sandbox", "serve", "shell", "ssm", "status", "update"
)  # fmt: skip
"""The words that are a subcommand when they stand first."""
