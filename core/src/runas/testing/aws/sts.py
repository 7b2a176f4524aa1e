"""STS, the signed operations: AssumeRole, GetSessionToken, GetCallerIdentity.

Source: AWS Security Token Service API Reference.
"""

from __future__ import annotations

from runas.testing.aws import constraints, mfa, session_options, sessions
from runas.testing.aws.answers import Node
from runas.testing.aws.authorize import Facts, facts_about, may_assume
from runas.testing.aws.callers import Caller
from runas.testing.aws.calls import Call, Operation, Operations
from runas.testing.aws.constraints import Number, Rule, Text
from runas.testing.aws.errors import not_authorized
from runas.testing.aws.issued import IssuedCredentials
from runas.testing.aws.roles import Role
from runas.testing.aws.session_options import Asked

_ASSUME_ROLE: tuple[Rule, ...] = (
    *sessions.RULES,
    sessions.NAME_RULE,
    Text("ExternalId", 2, 1224, r"[\w+=,.@:\/-]*"),
    *mfa.RULES,
    *session_options.RULES,
)
_SESSION_TOKEN: tuple[Rule, ...] = (Number("DurationSeconds", 900, 129600), *mfa.RULES)


def assume_role(call: Call) -> Node:
    """Hand out credentials of a role that trusts the caller and that the caller may take."""
    constraints.check(call.form, _ASSUME_ROLE)
    arn, caller = sessions.role_arn(call), call.signer
    source = caller.credentials if caller.role else None
    asked = session_options.read(call, arn.account_id, source)
    mfa_now = mfa.check(caller, call.form)
    role = _allowed_role(call, str(arn), asked, mfa_now)
    seconds = sessions.duration(call, role, chained=caller.credentials is not None)
    issued = IssuedCredentials(
        operation="AssumeRole",
        expiration=sessions.expiration(call.cloud, seconds),
        duration=seconds,
        source=caller.access_key_id,
        mfa=mfa_now or (source is None and _session_mfa(caller)),
        issued_at=call.cloud.now(),
        role=role,
        session_name=call.form["RoleSessionName"],
        chain_depth=1 + (source.chain_depth if source else 0),
        options=asked.options,
    )
    sessions.issue(call.cloud, issued)
    return sessions.told_role(issued, asked)


def _session_mfa(caller: Caller) -> bool:
    return caller.credentials is not None and caller.credentials.mfa


def _allowed_role(call: Call, arn: str, asked: Asked, mfa_now: bool) -> Role:
    """Find the role; one that does not exist is refused like one that is not allowed."""
    role, caller = call.cloud.find_role(arn), call.signer
    if role is None or role.partition != caller.partition:
        raise not_authorized(caller.arn, "sts:AssumeRole", arn)
    facts: Facts = facts_about(caller, call.cloud.now(), mfa_now=mfa_now)
    facts |= session_options.role_facts(role, asked, call.form)
    actions = ["sts:AssumeRole"]
    actions += ["sts:TagSession"] if asked.options.tags else []
    actions += ["sts:SetSourceIdentity"] if asked.options.source_identity else []
    for action in actions:
        if not may_assume(caller, role, action, facts):
            raise not_authorized(caller.arn, action, arn)
    return role


def get_session_token(call: Call) -> Node:
    """Hand out session credentials of the calling user; default 12 h."""
    constraints.check(call.form, _SESSION_TOKEN)
    caller = call.signer
    assert caller.user is not None, "refused by callers.check_kind"
    seconds = int(call.form.get("DurationSeconds", "43200"))
    with_mfa = mfa.check(caller, call.form)
    issued = IssuedCredentials(
        operation="GetSessionToken",
        expiration=sessions.expiration(call.cloud, seconds),
        duration=seconds,
        source=caller.access_key_id,
        mfa=with_mfa,
        issued_at=call.cloud.now(),
        user=caller.user,
    )
    sessions.issue(call.cloud, issued)
    return {"Credentials": sessions.told(issued)}


def get_caller_identity(call: Call) -> Node:
    """Say who calls; no policy can forbid this."""
    caller = call.signer
    return {"UserId": caller.user_id, "Account": caller.account_id, "Arn": caller.arn}


OPERATIONS: Operations = {
    "AssumeRole": Operation(assume_role),
    "GetSessionToken": Operation(get_session_token),
    "GetCallerIdentity": Operation(get_caller_identity),
}
