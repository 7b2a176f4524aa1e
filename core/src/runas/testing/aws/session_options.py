"""What a role session may be given besides the role: policies, tags, a source identity.

Source: STS API Reference, AssumeRole; IAM User Guide, "Pass session tags in AWS STS".
"""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass

from runas.testing.aws.calls import Call
from runas.testing.aws.cloud import Cloud
from runas.testing.aws.constraints import Rule, Text, refuse, shown_at
from runas.testing.aws.errors import AwsError, malformed_policy, validation_error
from runas.testing.aws.form import Form, members
from runas.testing.aws.issued import IssuedCredentials, SessionOptions
from runas.testing.aws.policy import Document, PolicyError
from runas.testing.aws.roles import Role

NAME = r"[\w+=,.@-]*"
RULES: tuple[Rule, ...] = (
    Text("Policy", 1, 2048, "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+"),
    Text("SourceIdentity", 2, 64, NAME),
)
_PACKED_LIMIT = 1024  # bytes; AWS publishes neither its packing nor its limit
_TAG = re.compile(r"[\w\s_.:/=+\-@]*")


@dataclass(frozen=True)
class Asked:
    """The options that a call asks for, and how full they make the packed policy (percent)."""

    options: SessionOptions
    new_tags: dict[str, str]
    packed: int | None


def read(call: Call, role_account_id: str, source: IssuedCredentials | None = None) -> Asked:
    """Read and check the session options of a call; transitive tags come along from `source`."""
    form = call.form
    text = form.get("Policy")
    inline = _inline(text) if text is not None else None
    arns = tuple(each.get("arn", "") for each in members(form, "PolicyArns"))
    if len(arns) > 10:
        raise validation_error(_too_many("policyArns", 10))
    managed = tuple(_managed(call.cloud, role_account_id, arn) for arn in arns)
    tags, keys = _tags(form)
    inherited = _inherited(source, tags)
    options = SessionOptions(
        policy=inline,
        policy_arns=arns,
        documents=(*((inline,) if inline else ()), *managed),
        tags={**inherited, **tags},
        transitive_tag_keys=(*inherited, *keys),
        source_identity=_source_identity(form, source),
    )
    return Asked(options, tags, _packed_size(text or "", arns, tags))


def _too_many(name: str, limit: int) -> str:
    constraint = f"Member must have length less than or equal to {limit}"
    return f"1 validation error detected: {shown_at(name, '[...]', constraint)}"


def _inline(text: str) -> Document:
    try:
        return Document.of(text)
    except PolicyError as error:
        raise malformed_policy(str(error)) from error


def _managed(cloud: Cloud, account_id: str, arn: str) -> Document:
    account = cloud.accounts.get(account_id)
    found = cloud.find_policy(account, arn) if account else None
    if found is None:
        raise malformed_policy(f"The policy {arn} does not exist")
    return found.document


def _tags(form: Form) -> tuple[dict[str, str], tuple[str, ...]]:
    """Read Tags and TransitiveTagKeys; tag keys differ by more than case."""
    listed = members(form, "Tags")
    if len(listed) > 50:
        raise validation_error(_too_many("tags", 50))
    tags = {each.get("Key", ""): each.get("Value", "") for each in listed}
    faults = []
    for number, each in enumerate(listed, 1):
        faults += _tag_faults(f"tags.{number}.member.key", each.get("Key"), 1, 128)
        faults += _tag_faults(f"tags.{number}.member.value", each.get("Value"), 0, 256)
    refuse(faults)
    if len({key.casefold() for key in tags}) < len(listed):
        raise AwsError(
            "InvalidParameterValue",
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        )
    keys = tuple(each.get("", "") for each in members(form, "TransitiveTagKeys"))
    for key in keys:
        if key.casefold() not in {each.casefold() for each in tags}:
            message = "The specified transitive tag key must be included in the requested tags."
            raise AwsError("InvalidParameterValue", message)
    return tags, keys


def _tag_faults(place: str, value: str | None, least: int, most: int) -> list[str]:
    if value is None:
        return [shown_at(place, None, "Member must not be null")]
    faults = [shown_at(place, value, each) for each in Text("", least, most).faults(value)]
    if not _TAG.fullmatch(value) or value.casefold().startswith("aws:"):
        pattern = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+"
        constraint = f"Member must satisfy regular expression pattern: {pattern}"
        faults.append(shown_at(place, value, constraint))
    return faults


def _inherited(source: IssuedCredentials | None, tags: dict[str, str]) -> dict[str, str]:
    if source is None:
        return {}
    carried = {key: source.options.tags[key] for key in source.options.transitive_tag_keys}
    if {key.casefold() for key in carried} & {key.casefold() for key in tags}:
        raise AwsError(
            "InvalidParameterValue",
            "One of the specified transitive tag keys can't be set because it conflicts with a"
            " transitive tag key from the calling session.",
        )
    return carried


def _source_identity(form: Form, source: IssuedCredentials | None) -> str | None:
    """Read SourceIdentity; once set, it stays the same along a chain.

    That it must not begin with `aws:` follows from its pattern, which has no colon.
    """
    asked = form.get("SourceIdentity")
    carried = source.options.source_identity if source else None
    if asked is not None and carried is not None and asked != carried:
        raise AwsError("AccessDenied", "Not authorized to change the source identity", 403)
    return carried or asked


def _packed_size(policy: str, arns: tuple[str, ...], tags: dict[str, str]) -> int | None:
    """Estimate how much of the packed size policies and tags take; over 100 % is refused."""
    if not (policy or arns or tags):
        return None
    packed = zlib.compress(json.dumps([policy, arns, tags]).encode(), 9)
    percent = -(-100 * len(packed) // _PACKED_LIMIT)
    if percent > 100 or len(policy) + sum(map(len, arns)) > 2048:
        raise AwsError(
            "PackedPolicyTooLarge",
            f"Packed policy consumes {percent}% of allotted space, please use smaller policy.",
        )
    return percent


def role_facts(role: Role, asked: Asked, form: Form) -> dict[str, str | tuple[str, ...]]:
    """Collect the condition keys that tell what a role session is asked to carry."""
    facts: dict[str, str | tuple[str, ...]] = {
        "sts:RoleSessionName": form["RoleSessionName"],
        "aws:TagKeys": tuple(asked.new_tags),
        "sts:TransitiveTagKeys": asked.options.transitive_tag_keys,
    }
    facts |= {f"aws:RequestTag/{key}": value for key, value in asked.new_tags.items()}
    for key, name in (("sts:ExternalId", "ExternalId"), ("sts:SourceIdentity", "SourceIdentity")):
        if name in form:
            facts[key] = form[name]
    return facts
