"""Make the parameters of a role session from a profile's settings."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from runas.config.values import bad_setting

if TYPE_CHECKING:
    from runas.model import Profile

_NOT_ALLOWED = re.compile(r"[^\w+=,.@-]+", re.ASCII)
_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)


def session_name(profile: Profile, subject: str) -> str:
    """Name the session as the user is named, so that CloudTrail shows who it was.

    What AWS does not allow in a name is replaced by ``-``; ``role_session_name`` is taken as it is.
    Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    """
    chosen = profile.get("role_session_name")
    if chosen is not None:
        if not _NAME.fullmatch(chosen):
            raise bad_setting(
                profile,
                "role_session_name",
                f"{chosen!r} is no session name",
                "use 2 to 64 letters, digits and _+=,.@-",
            )
        return chosen
    name = _NOT_ALLOWED.sub("-", subject)[:64]
    return name if len(name) > 1 else f"runas-{name}" if name else "runas"


def narrowing(profile: Profile, partition: str) -> dict[str, Any]:
    """Return the session policies: the session may do what they and the role both allow.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
    """
    arns = _listed(profile.get("session_policy_arns"))
    if profile.enabled("read_only"):
        arns.append(f"arn:{partition}:iam::aws:policy/ReadOnlyAccess")
    unique = dict.fromkeys(arns)
    return {"Policy": _policy(profile), "PolicyArns": [{"arn": arn} for arn in unique]}


def tagging(profile: Profile) -> dict[str, Any]:
    """Return session tags from ``session_tags = team=red, stage=dev``.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
    """
    tags = []
    for pair in _listed(profile.get("session_tags")):
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise bad_setting(profile, "session_tags", f"{pair!r} is not NAME=VALUE")
        tags.append({"Key": name.strip(), "Value": value.strip()})
    return {
        "Tags": tags,
        "TransitiveTagKeys": _listed(profile.get("transitive_session_tags")),
    }


def _policy(profile: Profile) -> str | None:
    """Return the policy's text without its white space, which would count against AWS's limit."""
    text = profile.get("session_policy_document")
    if text is None:
        return None
    try:
        return json.dumps(json.loads(text), separators=(",", ":"), ensure_ascii=False)
    except (ValueError, RecursionError) as error:
        raise bad_setting(
            profile,
            "session_policy",
            f"not JSON: {error}",
            "write a policy as in the IAM console's JSON editor",
        ) from error


def _listed(text: str | None) -> list[str]:
    return [part for each in re.split(r"[,\n]", text or "") if (part := each.strip())]
