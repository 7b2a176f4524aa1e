"""STS, AssumeRoleWithSAML: unsigned, proven by a response of a registered identity provider.

Source: STS API Reference, AssumeRoleWithSAML; IAM User Guide, "Troubleshoot SAML federation".
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

from runas.testing.aws import constraints, saml_response, session_options, sessions
from runas.testing.aws.answers import Node
from runas.testing.aws.arns import Arn
from runas.testing.aws.authorize import Facts, federated_may_assume
from runas.testing.aws.calls import Call, Operation, Operations
from runas.testing.aws.constraints import Rule, Text
from runas.testing.aws.errors import AwsError, access_denied, validation_error
from runas.testing.aws.issued import IssuedCredentials
from runas.testing.aws.roles import Role
from runas.testing.aws.saml_provider import SamlProvider
from runas.testing.aws.saml_response import Statement, invalid
from runas.testing.aws.session_options import Asked

ACTION = "sts:AssumeRoleWithSAML"
_RULES: tuple[Rule, ...] = (
    *sessions.RULES,
    Text("PrincipalArn", 20, 2048, required=True),
    Text("SAMLAssertion", 4, 100_000, required=True),
    session_options.RULES[0],
)
_NAME = re.compile(r"[a-zA-Z_0-9+=,.@-]{2,64}")
_REDEEMABLE = 300  # seconds after its issue


def assume_role_with_saml(call: Call) -> Node:
    """Hand out credentials of a role for a response that pairs it with its provider."""
    constraints.check(call.form, _RULES)
    arn, principal = sessions.role_arn(call), call.form["PrincipalArn"]
    content = saml_response.decode(call.form["SAMLAssertion"])
    provider = _provider(call, principal)
    if not provider.idp.genuine(content):
        raise invalid("Response signature invalid")
    said = saml_response.read(provider.idp.decrypted(content))
    _check(said, provider, call.cloud.now())
    name = _named(said)
    asked = session_options.read(_carrying(call, said, name), arn.account_id)
    role = call.cloud.find_role(str(arn))
    paired = frozenset((str(arn), principal)) in said.pairs()
    if role is None or not paired or not _trusted(role, provider, said, asked, call):
        raise access_denied(f"Not authorized to perform {ACTION}")
    issued = _issued(call, role, said, asked, name)
    sessions.issue(call.cloud, issued)
    return sessions.told_role(issued, asked) | _told(said, arn, principal)


def _provider(call: Call, principal: str) -> SamlProvider:
    try:
        arn = Arn.parse(principal)
    except ValueError:
        raise validation_error(f"{principal} is invalid") from None
    account = call.cloud.accounts.get(arn.account_id)
    found = account.saml_providers.get(principal) if account else None
    if found is None:
        raise invalid("Specified provider doesn't exist.")
    return found


def _check(said: Statement, provider: SamlProvider, now: float) -> None:
    """Check what every response must have, whichever role is asked for."""
    if said.issuer != provider.idp.entity_id:
        raise invalid("Issuer not present in specified provider")
    if now >= said.issued_at + _REDEEMABLE:
        message = "Token must be redeemed within 5 minutes of issuance"
        raise AwsError("ExpiredTokenException", message)
    if any(now >= end for end in said.ends):
        raise AwsError("ExpiredTokenException", "Response has expired")
    if said.recipient not in provider.audiences:
        raise invalid("Response does not contain the required audience.")
    if not said.subject:
        raise access_denied(f"Not authorized to perform {ACTION}")


def _named(said: Statement) -> str:
    """Return the session's name, which comes out of the response alone."""
    name, source = said.one("RoleSessionName"), said.one("SourceIdentity")
    if name is None:
        raise invalid("RoleSessionName is required in AuthnResponse")
    if not _NAME.fullmatch(name):
        raise invalid("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}")
    if source is not None and (not _NAME.fullmatch(source) or source.startswith("aws:")):
        raise invalid(
            'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"'
        )
    return name


def _carrying(call: Call, said: Statement, name: str) -> Call:
    """Put what the response carries in place of parameters, which this operation has not."""
    dropped = ("Tags.", "TransitiveTagKeys.", "SourceIdentity", "RoleSessionName")
    form = {key: value for key, value in call.form.items() if not key.startswith(dropped)}
    form["RoleSessionName"] = name
    for number, (key, value) in enumerate(said.tags().items(), 1):
        form[f"Tags.member.{number}.Key"] = key
        form[f"Tags.member.{number}.Value"] = value
    for number, key in enumerate(said.attributes.get("TransitiveTagKeys", ()), 1):
        form[f"TransitiveTagKeys.member.{number}"] = key
    source = said.one("SourceIdentity")
    return replace(call, form=form | ({"SourceIdentity": source} if source else {}))


def _trusted(role: Role, provider: SamlProvider, said: Statement, asked: Asked, call: Call) -> bool:
    """Tell whether the role trusts the provider for all that the response carries."""
    form = _carrying(call, said, said.one("RoleSessionName") or "").form
    facts: Facts = {
        "SAML:aud": said.recipient,
        "SAML:iss": said.issuer,
        "SAML:sub": said.subject,
        "SAML:sub_type": said.subject_type,
        **session_options.role_facts(role, asked, form),
    }
    actions = [ACTION]
    if asked.new_tags:
        actions.append("sts:TagSession")
    if asked.options.source_identity:
        actions.append("sts:SetSourceIdentity")
    return all(federated_may_assume(role, provider.arn, each, facts) for each in actions)


def _issued(call: Call, role: Role, said: Statement, asked: Asked, name: str) -> IssuedCredentials:
    seconds = sessions.duration(call, role, chained=False)
    end = sessions.expiration(call.cloud, seconds)
    return IssuedCredentials(
        operation="AssumeRoleWithSAML",
        expiration=end if said.session_end is None else min(end, said.session_end),
        duration=seconds,
        source=None,
        mfa=False,
        issued_at=call.cloud.now(),
        role=role,
        session_name=name,
        chain_depth=1,
        options=asked.options,
    )


def _told(said: Statement, arn: Arn, principal: str) -> dict[str, Node]:
    provider = principal.rpartition("/")[2]
    digest = hashlib.sha1(f"{said.issuer}{arn.account_id}/{provider}".encode())  # noqa: S324 - AWS's
    return {
        "Subject": said.subject,
        "SubjectType": said.subject_type,
        "Issuer": said.issuer,
        "Audience": said.recipient,
        "NameQualifier": base64.b64encode(digest.digest()).decode(),
    }


OPERATIONS: Operations = {"AssumeRoleWithSAML": Operation(assume_role_with_saml, signed=False)}
