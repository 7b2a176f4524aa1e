"""May this caller do that? Identity policies, session policies and trust policies together.

Source: IAM User Guide, "Policy evaluation logic" and "Cross-account policy evaluation logic".
"""

from __future__ import annotations

from collections.abc import Iterable

from runas.testing.aws.callers import Caller
from runas.testing.aws.patterns import Value
from runas.testing.aws.policy import Decision, Statement, decide
from runas.testing.aws.roles import Role

Facts = dict[str, Value]


def facts_about(caller: Caller, now: float, *, mfa_now: bool = False) -> Facts:
    """Collect the condition keys that tell who calls and when.

    `aws:MultiFactorAuthPresent` is there only with temporary credentials, or when the call
    itself brought a code. A role session counts as one without MFA: taking the next role of a
    chain does not inherit the code of the first hop.
    """
    facts: Facts = {
        "aws:PrincipalArn": caller.role.arn if caller.role else caller.arn,
        "aws:PrincipalAccount": caller.account_id,
        "aws:PrincipalType": "AssumedRole" if caller.role else "User",
        "aws:userid": caller.user_id,
        "aws:EpochTime": str(int(now)),
        "aws:CurrentTime": str(int(now)),
        "aws:SourceIp": "127.0.0.1",
        "aws:SecureTransport": "false",
    }
    if caller.user is not None:
        facts["aws:username"] = caller.user.name
    issued = caller.credentials
    if issued is not None:
        facts["aws:MultiFactorAuthPresent"] = "true" if _carries_mfa(caller) else "false"
        if _carries_mfa(caller):
            facts["aws:MultiFactorAuthAge"] = str(int(now - issued.issued_at))
        facts |= {f"aws:PrincipalTag/{key}": value for key, value in issued.options.tags.items()}
        if issued.options.source_identity is not None:
            facts["aws:SourceIdentity"] = issued.options.source_identity
    if mfa_now:
        facts |= {"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "0"}
    return facts


def _carries_mfa(caller: Caller) -> bool:
    return caller.role is None and caller.credentials is not None and caller.credentials.mfa


def permitted(caller: Caller, action: str, resource: str, facts: Facts) -> Decision:
    """Decide by the caller's own policies, narrowed by the session's policies if it has some."""
    identity = decide(caller.statements(), action, resource, facts)
    session = _session(caller, action, resource, facts)
    if Decision.DENIED in (identity, session):
        return Decision.DENIED
    return identity if session is Decision.ALLOWED else Decision.SILENT


def _session(caller: Caller, action: str, resource: str, facts: Facts) -> Decision:
    statements = caller.session_statements()
    if statements is None:
        return Decision.ALLOWED
    return decide(statements, action, resource, facts)


def may_assume(caller: Caller, role: Role, action: str, facts: Facts) -> bool:
    """Tell whether a caller may do an action (sts:AssumeRole, sts:TagSession, ...) to a role.

    Across accounts the role must trust the caller *and* the caller's policies must allow it.
    Within an account a role that trusts the very principal (not just the account) is enough.
    """
    by_name = decide(_about(caller, role, whole_account=False), action, role.arn, facts)
    trusted = decide(_about(caller, role, whole_account=True), action, role.arn, facts)
    identity = permitted(caller, action, role.arn, facts)
    if trusted is not Decision.ALLOWED or identity is Decision.DENIED:
        return False
    if caller.account_id == role.account_id and by_name is Decision.ALLOWED:
        return _session(caller, action, role.arn, facts) is Decision.ALLOWED
    return identity is Decision.ALLOWED


def _about(caller: Caller, role: Role, *, whole_account: bool) -> Iterable[Statement]:
    names = {"*", caller.arn}
    if caller.role is not None:
        names.add(caller.role.arn)
    if whole_account:
        root = f"arn:{caller.partition}:iam::{caller.account_id}:root"
        names |= {caller.account_id, root}
    for statement in role.trust.statements:
        if names & set((statement.principals or {}).get("AWS", ())):
            yield statement


def federated_may_assume(role: Role, provider_arn: str, action: str, facts: Facts) -> bool:
    """Tell whether a role trusts what an identity provider says."""
    statements = [
        each
        for each in role.trust.statements
        if provider_arn in (each.principals or {}).get("Federated", ())
    ]
    return decide(statements, action, role.arn, facts) is Decision.ALLOWED
