"""STS, AssumeRoleWithWebIdentity: unsigned, proven by an OpenID Connect token.

Tokens are believed when the test said so (`trust_web_identity`); an `exp` in their payload is
honoured all the same. AssumeRoleWithSAML will be the sibling of this module.
"""

from __future__ import annotations

import base64
import json
from dataclasses import replace

from runas.testing.aws import constraints, session_options, sessions
from runas.testing.aws.answers import Node
from runas.testing.aws.authorize import Facts, federated_may_assume
from runas.testing.aws.calls import Call, Operation, Operations
from runas.testing.aws.cloud import WebIdentity
from runas.testing.aws.constraints import Rule, Text
from runas.testing.aws.errors import AwsError, access_denied
from runas.testing.aws.issued import IssuedCredentials
from runas.testing.aws.roles import OidcProvider, Role
from runas.testing.aws.session_options import Asked

ACTION = "sts:AssumeRoleWithWebIdentity"
_RULES: tuple[Rule, ...] = (
    *sessions.RULES,
    sessions.NAME_RULE,
    Text("WebIdentityToken", 4, 20000, required=True),
    Text("ProviderId", 4, 2048),
    session_options.RULES[0],
)


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidIdentityToken", message)


def assume_role_with_web_identity(call: Call) -> Node:
    """Hand out credentials of a role that trusts the token's issuer and subject."""
    constraints.check(call.form, _RULES)
    arn = sessions.role_arn(call)
    identity = _identity(call)
    asked = session_options.read(_untagged(call), arn.account_id)
    provider = _provider(call, arn.account_id, identity)
    role = call.cloud.find_role(str(arn))
    if role is None or not _trusted(role, provider, identity, asked, call):
        raise access_denied(f"Not authorized to perform {ACTION}")
    seconds = sessions.duration(call, role, chained=False)
    issued = IssuedCredentials(
        operation="AssumeRoleWithWebIdentity",
        expiration=sessions.expiration(call.cloud, seconds),
        duration=seconds,
        source=None,
        mfa=False,
        issued_at=call.cloud.now(),
        role=role,
        session_name=call.form["RoleSessionName"],
        chain_depth=1,
        options=asked.options,
    )
    sessions.issue(call.cloud, issued)
    return sessions.told_role(issued, asked) | {
        "SubjectFromWebIdentityToken": identity.subject,
        "Provider": identity.issuer,
        "Audience": identity.audience,
    }


def _untagged(call: Call) -> Call:
    """Drop what this operation has no parameters for: tags and the source identity."""
    dropped = ("Tags.", "TransitiveTagKeys.", "SourceIdentity")
    kept = {name: value for name, value in call.form.items() if not name.startswith(dropped)}
    return replace(call, form=kept)


def _identity(call: Call) -> WebIdentity:
    """Read the token: shaped like a JWT, known to the test, not expired."""
    token = call.form["WebIdentityToken"]
    if token.count(".") != 2:
        raise _invalid(
            "The ID Token provided is not a valid JWT. (You may see this error if you sent an"
            " Access Token)"
        )
    identity = call.cloud.web_identities.get(token)
    if identity is None:
        raise _invalid(
            "Couldn't retrieve verification key from your identity provider,  please reference"
            " AssumeRoleWithWebIdentity documentation for requirements"
        )
    end, now = _expiration(token), int(call.cloud.now())
    if end is not None and end <= now:
        raise AwsError(
            "ExpiredTokenException",
            f"Token expired: current date/time {now} must be before the expiration date/time {end}",
        )
    return identity


def _expiration(token: str) -> int | None:
    """Read the `exp` claim, if the payload is JSON and has one."""
    payload = token.split(".")[1]
    try:
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except ValueError:
        return None
    end = claims.get("exp") if isinstance(claims, dict) else None
    return int(end) if isinstance(end, int | float) else None


def _provider(call: Call, account_id: str, identity: WebIdentity) -> OidcProvider:
    account = call.cloud.accounts.get(account_id)
    provider = account.oidc_providers.get(identity.issuer) if account else None
    if provider is None:
        raise _invalid(f"No OpenIDConnect provider found in your account for {identity.issuer}")
    if identity.audience not in provider.client_ids:
        raise _invalid("Incorrect token audience")
    return provider


def _trusted(
    role: Role, provider: OidcProvider, identity: WebIdentity, asked: Asked, call: Call
) -> bool:
    host = identity.issuer.removeprefix("https://")
    facts: Facts = {
        f"{host}:sub": identity.subject,
        f"{host}:aud": identity.audience,
        **session_options.role_facts(role, asked, call.form),
    }
    return federated_may_assume(role, provider.arn, ACTION, facts)


OPERATIONS: Operations = {
    "AssumeRoleWithWebIdentity": Operation(assume_role_with_web_identity, signed=False)
}
