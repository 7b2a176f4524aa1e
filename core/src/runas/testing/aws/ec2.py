"""EC2, as much as finding an instance takes: DescribeInstances.

EC2 speaks an older query protocol: lists are numbered without `member`, answers hold `item`s.
Source: Amazon EC2 API Reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

from runas.testing.aws.authorize import facts_about, permitted
from runas.testing.aws.calls import Call, Operation, Operations
from runas.testing.aws.errors import AwsError
from runas.testing.aws.form import Form
from runas.testing.aws.machines import Machine
from runas.testing.aws.policy import Decision

VERSION = "2016-11-15"
_XMLNS = f"http://ec2.amazonaws.com/doc/{VERSION}/"


def describe_instances(call: Call) -> str:
    """Describe the caller's instances in the region that it signed for."""
    caller = call.signer
    facts = facts_about(caller, call.cloud.now())
    if permitted(caller, "ec2:DescribeInstances", "*", facts) is not Decision.ALLOWED:
        message = "You are not authorized to perform this operation. User: "
        message += f"{caller.arn} is not authorized to perform: ec2:DescribeInstances"
        raise AwsError("UnauthorizedOperation", message, 403)
    filters = _filters(call.form)
    here = [one for one in call.cloud.machines if one.account_id == caller.account_id]
    found = [one for one in here if one.region == call.region and _fits(one, filters)]
    items = "".join(map(_reservation, found))
    return f"<reservationSet>{items}</reservationSet>"


def _filters(form: Form) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, value in form.items():
        parts = key.split(".")
        if parts[0] == "Filter" and parts[2:] and parts[2] == "Name":
            prefix = f"Filter.{parts[1]}.Value."
            found[value] = [text for name, text in form.items() if name.startswith(prefix)]
    return found


def _fits(machine: Machine, filters: Mapping[str, list[str]]) -> bool:
    for name, values in filters.items():
        try:
            if not machine.fits(name, values):
                return False
        except KeyError:
            message = f"The filter '{name}' is invalid"
            raise AwsError("InvalidParameterValue", message) from None
    return True


def _reservation(machine: Machine) -> str:
    tags = "".join(
        f"<item><key>{escape(key)}</key><value>{escape(value)}</value></item>"
        for key, value in machine.all_tags.items()
    )
    instance = (
        f"<instanceId>{machine.instance_id}</instanceId>"
        f"<instanceState><code>16</code><name>{machine.state}</name></instanceState>"
        f"<privateIpAddress>{machine.private_ip}</privateIpAddress><tagSet>{tags}</tagSet>"
    )
    owner = f"<ownerId>{machine.account_id}</ownerId>"
    return f"<item>{owner}<instancesSet><item>{instance}</item></instancesSet></item>"


def result(action: str, inner: str, request_id: str) -> bytes:
    """Wrap an answer."""
    name = f"{action}Response"
    return f'<{name} xmlns="{_XMLNS}"><requestId>{request_id}</requestId>{inner}</{name}>'.encode()


def failure(error: AwsError, request_id: str) -> bytes:
    """Wrap an error."""
    told = f"<Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"
    errors = f"<Errors><Error>{told}</Error></Errors>"
    return f"<Response>{errors}<RequestID>{request_id}</RequestID></Response>".encode()


OPERATIONS: Operations = {"DescribeInstances": Operation(describe_instances)}
