"""IAM, who may do what: inline and managed policies of users and groups.

Source: AWS Identity and Access Management API Reference.
"""

from __future__ import annotations

from runas.testing.aws import constraints
from runas.testing.aws.answers import Node, timestamp
from runas.testing.aws.calls import Call, Operation, Operations
from runas.testing.aws.constraints import Text
from runas.testing.aws.errors import no_such_entity
from runas.testing.aws.iam_calls import account, encoded, group, name_rule, page, require, user
from runas.testing.aws.people import ManagedPolicy, PolicyHolder


def list_user_policies(call: Call) -> Node:
    """List the names of a user's inline policies."""
    return page(call, "PolicyNames", list(user(call, "ListUserPolicies").policies))


def get_user_policy(call: Call) -> Node:
    """Give one inline policy of a user."""
    found = user(call, "GetUserPolicy")
    return {"UserName": found.name, **_inline(call, found, "user")}


def list_attached_user_policies(call: Call) -> Node:
    """List the managed policies attached to a user."""
    return _attached(call, user(call, "ListAttachedUserPolicies"))


def list_group_policies(call: Call) -> Node:
    """List the names of a group's inline policies."""
    return page(call, "PolicyNames", list(group(call, "ListGroupPolicies").policies))


def get_group_policy(call: Call) -> Node:
    """Give one inline policy of a group."""
    found = group(call, "GetGroupPolicy")
    return {"GroupName": found.name, **_inline(call, found, "group")}


def list_attached_group_policies(call: Call) -> Node:
    """List the managed policies attached to a group."""
    return _attached(call, group(call, "ListAttachedGroupPolicies"))


def _inline(call: Call, holder: PolicyHolder, kind: str) -> dict[str, Node]:
    constraints.check(call.form, (name_rule("PolicyName"),))
    name = call.form["PolicyName"]
    document = holder.policies.get(name)
    if document is None:
        raise no_such_entity(f"The {kind} policy with name {name} cannot be found.")
    return {"PolicyName": name, "PolicyDocument": encoded(document)}


def _attached(call: Call, holder: PolicyHolder) -> Node:
    listed: list[Node] = [
        {"PolicyName": each.name, "PolicyArn": each.arn} for each in holder.attached
    ]
    return page(call, "AttachedPolicies", listed)


def get_policy(call: Call) -> Node:
    """Describe a managed policy: DefaultVersionId names the version in force."""
    found = _managed(call, "GetPolicy")
    return {
        "Policy": {
            "PolicyName": found.name,
            "PolicyId": found.policy_id,
            "Arn": found.arn,
            "Path": found.path,
            "DefaultVersionId": found.default_version_id,
            "IsAttachable": True,
        }
    }


def get_policy_version(call: Call) -> Node:
    """Give one version of a managed policy, its document included."""
    constraints.check(call.form, (Text("VersionId", 1, 64, required=True),))
    found, version = _managed(call, "GetPolicyVersion"), call.form["VersionId"]
    document = found.versions.get(version)
    if document is None:
        raise no_such_entity(
            f"Policy {found.arn} version {version} does not exist or is not attachable."
        )
    return {
        "PolicyVersion": {
            "Document": encoded(document),
            "VersionId": version,
            "IsDefaultVersion": version == found.default_version_id,
            "CreateDate": timestamp(0),
        }
    }


def _managed(call: Call, action: str) -> ManagedPolicy:
    constraints.check(call.form, (Text("PolicyArn", 20, 2048, required=True),))
    arn = call.form["PolicyArn"]
    require(call, action, arn, f"policy {arn}")
    found = call.cloud.find_policy(account(call), arn)
    if found is None:
        raise no_such_entity(f"Policy {arn} was not found.")
    return found


OPERATIONS: Operations = {
    "ListUserPolicies": Operation(list_user_policies),
    "GetUserPolicy": Operation(get_user_policy),
    "ListAttachedUserPolicies": Operation(list_attached_user_policies),
    "ListGroupPolicies": Operation(list_group_policies),
    "GetGroupPolicy": Operation(get_group_policy),
    "ListAttachedGroupPolicies": Operation(list_attached_group_policies),
    "GetPolicy": Operation(get_policy),
    "GetPolicyVersion": Operation(get_policy_version),
}
