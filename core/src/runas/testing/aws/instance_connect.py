"""EC2 Instance Connect: SendSSHPublicKey.

Source: EC2 Instance Connect API Reference; Service Authorization Reference, "Amazon EC2 Instance
Connect" (the condition key ``ec2:osuser``).
"""

from __future__ import annotations

import re
import uuid
from typing import Any

from runas.testing.aws.authorize import facts_about, permitted
from runas.testing.aws.calls import Call, Operation, Operations
from runas.testing.aws.errors import AwsError
from runas.testing.aws.policy import Decision

_ACTION = "ec2-instance-connect:SendSSHPublicKey"
_CONSTRAINTS = {
    "InstanceId": r"(?=.{10,32}$)i-[a-f0-9]+",
    "InstanceOSUser": r"[A-Za-z_][A-Za-z0-9@._-]{0,30}[A-Za-z0-9$_-]?",
    "SSHPublicKey": r"(ssh-rsa|ssh-ed25519) (?=\S{68,4084})[A-Za-z0-9+/]+=*( .*)?\s?",
}


def send_ssh_public_key(call: Call) -> dict[str, Any]:
    """Bring a public key to a running instance of the caller's account and region."""
    for name, pattern in _CONSTRAINTS.items():
        if not re.fullmatch(pattern, str(call.document.get(name, ""))):
            raise AwsError("InvalidArgsException", f"Invalid {name}")
    instance, user = call.document["InstanceId"], call.document["InstanceOSUser"]
    _allow(call, instance, user)
    here = (call.signer.account_id, call.region, instance)
    machines = call.cloud.machines
    found = [one for one in machines if (one.account_id, one.region, one.instance_id) == here]
    if not found:
        raise AwsError("EC2InstanceNotFoundException", "Instance not found")
    if found[0].state != "running":
        message = "Instance must be in the running state"
        raise AwsError("EC2InstanceStateInvalidException", message)
    found[0].login_keys[user] = call.document["SSHPublicKey"]
    return {"RequestId": str(uuid.uuid4()), "Success": True}


def _allow(call: Call, instance: str, user: str) -> None:
    caller = call.signer
    place = f"arn:{caller.partition}:ec2:{call.region}:{caller.account_id}:instance/{instance}"
    facts = {**facts_about(caller, call.cloud.now()), "ec2:osuser": user}
    if permitted(caller, _ACTION, place, facts) is not Decision.ALLOWED:
        message = f"User: {caller.arn} is not authorized to perform: {_ACTION} on resource: {place}"
        raise AwsError("AccessDeniedException", message)


OPERATIONS: Operations = {"SendSSHPublicKey": Operation(send_ssh_public_key)}
