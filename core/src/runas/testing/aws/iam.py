"""IAM, who is who: users, their MFA devices and groups, roles, the account's alias.

Source: AWS Identity and Access Management API Reference.
"""

from __future__ import annotations

from runas.testing.aws import constraints
from runas.testing.aws.answers import Node, timestamp
from runas.testing.aws.calls import Call, Operation, Operations
from runas.testing.aws.errors import no_such_entity
from runas.testing.aws.iam_calls import account, encoded, name_rule, page, require, user


def get_user(call: Call) -> Node:
    """Describe a user."""
    found = user(call, "GetUser", required=False)
    return {
        "User": {
            "Path": found.path,
            "UserName": found.name,
            "UserId": found.user_id,
            "Arn": found.arn,
            "CreateDate": timestamp(found.created_at),
        }
    }


def list_mfa_devices(call: Call) -> Node:
    """List a user's MFA devices, security keys included."""
    found = user(call, "ListMFADevices", required=False)
    devices: list[Node] = [
        {
            "UserName": found.name,
            "SerialNumber": device.serial,
            "EnableDate": timestamp(device.enabled_at),
        }
        for device in found.devices
    ]
    return page(call, "MFADevices", devices)


def list_groups_for_user(call: Call) -> Node:
    """List the groups that a user is in."""
    found = user(call, "ListGroupsForUser")
    groups: list[Node] = [
        {
            "Path": group.path,
            "GroupName": group.name,
            "GroupId": group.group_id,
            "Arn": group.arn,
            "CreateDate": timestamp(found.created_at),
        }
        for group in found.groups
    ]
    return page(call, "Groups", groups)


def list_account_aliases(call: Call) -> Node:
    """List the account's alias: one at most."""
    require(call, "ListAccountAliases", "*", "*")
    alias = account(call).alias
    return page(call, "AccountAliases", [alias] if alias else [])


def get_role(call: Call) -> Node:
    """Describe a role of the caller's own account."""
    constraints.check(call.form, (name_rule("RoleName", most=64),))
    name, here = call.form["RoleName"], account(call)
    found = here.roles.get(name)
    require(call, "GetRole", found.arn if found else here.arn(f"role/{name}"), f"role {name}")
    if found is None:
        raise no_such_entity(f"The role with name {name} cannot be found.")
    return {
        "Role": {
            "Path": found.path,
            "RoleName": found.name,
            "RoleId": found.role_id,
            "Arn": found.arn,
            "CreateDate": timestamp(found.created_at),
            "AssumeRolePolicyDocument": encoded(found.trust),
            "MaxSessionDuration": found.max_session_duration,
        }
    }


OPERATIONS: Operations = {
    "GetUser": Operation(get_user),
    "ListMFADevices": Operation(list_mfa_devices),
    "ListGroupsForUser": Operation(list_groups_for_user),
    "ListAccountAliases": Operation(list_account_aliases),
    "GetRole": Operation(get_role),
}
