"""Systems Manager, as much as a session takes: StartSession and TerminateSession.

Source: AWS Systems Manager API Reference; User Guide, "Additional sample IAM policies for Session
Manager" for the two resources that StartSession is judged by.
"""

from __future__ import annotations

import re
import secrets
from typing import Any

from runas.testing.aws.authorize import facts_about, permitted
from runas.testing.aws.calls import Call, Operation, Operations
from runas.testing.aws.errors import AwsError
from runas.testing.aws.machines import Machine
from runas.testing.aws.policy import Decision

_DOCUMENTS = {
    "AWS-StartPortForwardingSession": {"portNumber", "localPortNumber"},
    "AWS-StartPortForwardingSessionToRemoteHost": {"host", "portNumber", "localPortNumber"},
    "AWS-StartSSHSession": {"portNumber"},
}
_TARGET = re.compile(r"i-[0-9a-f]{8,17}|mi-[0-9a-f]{17}|ecs:\S{3,390}")


def start_session(call: Call) -> dict[str, Any]:
    """Open a session with a connected instance of the caller's account and region."""
    target, document = call.document.get("Target"), call.document.get("DocumentName")
    _check(target, document, call.document.get("Parameters", {}))
    caller = call.signer
    place = f"arn:{caller.partition}:ec2:{call.region}:{caller.account_id}:instance/{target}"
    _allow(call, "ssm:StartSession", place)
    if document:
        _allow(call, "ssm:StartSession", f"arn:aws:ssm:{call.region}::document/{document}")
    if not any(_connected(one, call, str(target)) for one in call.cloud.machines):
        raise AwsError("TargetNotConnected", f"{target} is not connected.")
    name = f"{caller.arn.rpartition('/')[2]}-{secrets.token_hex(8)}0"
    stream = f"wss://ssmmessages.{call.region}.amazonaws.com/v1/data-channel/{name}"
    call.cloud.sessions[name] = str(target)
    return {
        "SessionId": name,
        "TokenValue": "AAEAA" + secrets.token_urlsafe(60),
        "StreamUrl": f"{stream}?role=publish_subscribe",
    }


def terminate_session(call: Call) -> dict[str, Any]:
    """End a session."""
    name = str(call.document.get("SessionId", ""))
    if call.cloud.sessions.pop(name, None) is None:
        raise AwsError("DoesNotExistException", f"Session {name} does not exist")
    return {"SessionId": name}


def _connected(machine: Machine, call: Call, target: str) -> bool:
    own = (machine.account_id, machine.region) == (call.signer.account_id, call.region)
    running = machine.managed and machine.state == "running"
    return own and running and machine.instance_id == target


def _check(target: object, document: object, parameters: object) -> None:
    if not isinstance(target, str) or not _TARGET.fullmatch(target):
        raise AwsError("ValidationException", f"Value '{target}' at 'target' failed to satisfy"
                       " constraint: Member must satisfy regular expression pattern")  # fmt: skip
    known = _DOCUMENTS.get(str(document), set()) if document else set()
    if document and document not in _DOCUMENTS:
        raise AwsError("InvalidDocument", "Document with this name does not exist.")
    if not isinstance(parameters, dict) or not set(parameters) <= known:
        raise AwsError("InvalidParameters", f"Parameters do not fit {document}")
    for name, values in parameters.items():
        if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
            raise AwsError("SerializationException", "Expected a list of strings")
        if len(values) != 1 or not _fits(name, values[0]):
            raise AwsError("InvalidParameters", f"Parameter {name} does not fit {document}")
    if "host" in known and "host" not in parameters:
        raise AwsError("InvalidParameters", "Parameter host is missing")


def _fits(name: str, value: str) -> bool:
    """Judge a value by the documents' own patterns; a local port of 0, or none, means any."""
    if name == "host":
        return re.fullmatch(r"[^,$^&(!;\s]{3,}", value) is not None
    least = 0 if name == "localPortNumber" else 1
    port = value or ("0" if least == 0 else "x")
    return port.isascii() and port.isdigit() and least <= int(port) <= 65535


def _allow(call: Call, action: str, resource: str) -> None:
    caller = call.signer
    decision = permitted(caller, action, resource, facts_about(caller, call.cloud.now()))
    if decision is not Decision.ALLOWED:
        message = f"User: {caller.arn} is not authorized to perform: {action} on resource: "
        raise AwsError("AccessDeniedException", message + resource)


OPERATIONS: Operations = {
    "StartSession": Operation(start_session),
    "TerminateSession": Operation(terminate_session),
}
