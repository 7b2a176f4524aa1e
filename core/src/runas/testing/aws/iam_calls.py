"""What IAM's operations share: permission, the account, the nouns by name, pages."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from urllib.parse import quote

from runas.testing.aws import constraints
from runas.testing.aws.account import Account
from runas.testing.aws.answers import Node
from runas.testing.aws.authorize import facts_about, permitted
from runas.testing.aws.calls import Call
from runas.testing.aws.constraints import Number, Rule, Text
from runas.testing.aws.errors import access_denied, no_such_entity, validation_error
from runas.testing.aws.people import Group, User
from runas.testing.aws.policy import Decision, Document

NAME = r"[\w+=,.@-]+"
PAGE_RULES: tuple[Rule, ...] = (Number("MaxItems", 1, 1000), Text("Marker", 1))


def name_rule(name: str, *, most: int = 128, required: bool = True) -> Rule:
    """Make the rule of a name."""
    return Text(name, 1, most, NAME, required=required)


def account(call: Call) -> Account:
    """Find the caller's account: IAM shows no other."""
    return call.cloud.accounts[call.signer.account_id]


def require(call: Call, action: str, resource: str, shown: str) -> None:
    """Refuse a caller whose policies do not allow an action (exact words unverified)."""
    caller = call.signer
    facts = facts_about(caller, call.cloud.now())
    decision = permitted(caller, f"iam:{action}", resource, facts)
    if decision is Decision.ALLOWED:
        return
    reason = (
        "with an explicit deny in an identity-based policy"
        if decision is Decision.DENIED
        else f"because no identity-based policy allows the iam:{action} action"
    )
    raise access_denied(
        f"User: {caller.arn} is not authorized to perform: iam:{action}"
        f" on resource: {shown} {reason}"
    )


def user(call: Call, action: str, *, required: bool = True) -> User:
    """Find the user that is meant: UserName, else the caller."""
    constraints.check(call.form, (name_rule("UserName", required=required),))
    name, own = call.form.get("UserName"), call.signer.user
    if name is None:
        if own is None:
            raise validation_error("Must specify userName when calling with non-User credentials")
        name = own.name
    here = account(call)
    found = here.users.get(name)
    require(call, action, found.arn if found else here.arn(f"user/{name}"), f"user {name}")
    if found is None:
        raise no_such_entity(f"The user with name {name} cannot be found.")
    return found


def group(call: Call, action: str) -> Group:
    """Find the group named GroupName."""
    constraints.check(call.form, (name_rule("GroupName"),))
    name, here = call.form["GroupName"], account(call)
    found = here.groups.get(name)
    require(call, action, found.arn if found else here.arn(f"group/{name}"), f"group {name}")
    if found is None:
        raise no_such_entity(f"The group with name {name} cannot be found.")
    return found


def page(call: Call, name: str, items: Sequence[Node]) -> Node:
    """Give one page of a list: MaxItems (default 100), Marker, IsTruncated.

    A page may be shorter than asked: the emulator's `page_size` sees to that.
    """
    constraints.check(call.form, PAGE_RULES)
    size = int(call.form.get("MaxItems", "100"))
    if call.cloud.page_size is not None:
        size = min(size, call.cloud.page_size)
    start = _position(call.form.get("Marker"))
    end = start + size
    more = end < len(items)
    shown: dict[str, Node] = {name: list(items[start:end]), "IsTruncated": more}
    return shown | ({"Marker": _marker(end)} if more else {})


def _marker(position: int) -> str:
    return base64.b64encode(f"page:{position}".encode()).decode()


def _position(marker: str | None) -> int:
    if marker is None:
        return 0
    try:
        kind, _, position = base64.b64decode(marker, validate=True).decode().partition(":")
        if kind == "page":
            return int(position)
    except (binascii.Error, ValueError):
        pass
    raise validation_error(f"Invalid Marker: {marker}")


def encoded(document: Document) -> str:
    """Write a policy document as IAM sends it: URL-encoded (RFC 3986)."""
    return quote(document.text, safe="-_.~")
