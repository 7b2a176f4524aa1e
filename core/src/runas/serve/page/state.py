"""What the page shows: which profile, who, until when, what is asked, what went wrong."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from runas.errors import RunasError
from runas.model import RoleArn

if TYPE_CHECKING:
    from runas.config.resolver import Config
    from runas.profile import Profile
    from runas.prompters.web import Question
    from runas.serve.journal import Journal
    from runas.serve.profiles import Held, Profiles


def state(profiles: Profiles, journal: Journal) -> dict[str, Any]:
    """Describe everything, for one look; no secret is in it."""
    current = profiles.current
    held = profiles.all()
    return {
        "now": time.time(),
        "profile": _profile(current) if current else None,
        "questions": [one for each in held if (one := _question(each)) is not None],
        "others": [_profile(each) for each in held if each is not current],
        "events": journal.events,
    }


def described(profile: Profile) -> dict[str, str]:
    """Describe what a profile asks for."""
    arn = profile.role_arn or ""
    try:
        role = RoleArn.parse(arn)
        account, name = role.account_id, role.name
    except ValueError:
        account = profile.get("sso_account_id") or ""
        name = profile.get("sso_role_name") or profile.get("role_name") or ""
    return {
        "name": profile.name,
        "account": account,
        "role": name,
        "role_arn": arn,
        "region": profile.region or "",
        "family": profile.family,
    }


def catalogue(config: Config) -> list[dict[str, str]]:
    """Describe every profile of the AWS files; one that is broken says why."""
    found = []
    for name in config.profile_names():
        try:
            found.append(described(config.profile(name)))
        except RunasError as error:
            found.append({"name": name, "problem": error.fact})
    return found


def legacy(profile: Profile) -> dict[str, str]:
    """Describe a profile in the names that aws-runas gave its settings."""
    names = {
        "role_arn": "role_arn",
        "source_profile": "source_profile",
        "external_id": "external_id",
        "auth_url": "saml_auth_url",
        "username": "username",
        "jump_role": "jump_role_arn",
        "client_id": "web_identity_client_id",
        "redirect_uri": "web_identity_redirect_uri",
    }
    return {"profile": profile.name} | {old: profile.get(name) or "" for old, name in names.items()}


def _profile(held: Held) -> dict[str, Any]:
    keys, facts = held.renewal.credentials, held.session.facts
    end = keys.expiration if keys else None
    failure, problem = held.renewal.failure, held.session.problem
    return {
        **described(held.profile),
        "who": _who(facts),
        "account": facts.get("account") or described(held.profile)["account"],
        "held": keys is not None,
        "expiration": end,
        "valid": keys is not None and (end is None or time.time() < end),
        "busy": held.renewal.flying,
        "problem": _problem(problem, failure.message) if failure else None,
    }


def _who(facts: dict[str, str]) -> str:
    """Return the caller's ARN as AWS will write it, or the user's own name."""
    subject = facts.get("subject", "")
    try:
        role = RoleArn.parse(facts.get("role", ""))
    except ValueError:
        return subject
    return f"arn:{role.partition}:sts::{role.account_id}:assumed-role/{role.name}/{subject}"


def _problem(error: RunasError | None, message: str) -> dict[str, str]:
    if error is None:
        return {"fact": message, "hint": "", "kind": "Error"}
    return {"fact": error.fact, "hint": error.hint, "kind": type(error).__name__}


def _question(held: Held) -> dict[str, Any] | None:
    asked: Question | None = held.web.question
    if asked is None:
        return None
    return {"profile": held.profile.name, "id": asked.id, "kind": asked.kind, **asked.fields}
