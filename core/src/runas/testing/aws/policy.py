"""Policy documents: parse them strictly, decide by them.

Source: IAM User Guide, "IAM JSON policy element reference" and "Policy evaluation logic". The
three rules: nothing is allowed by default; a statement that allows, allows; a statement that
denies wins over all that allow.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from runas.testing.aws import conditions
from runas.testing.aws.patterns import Context, compile_pattern

_VERSIONS = ("2012-10-17", "2008-10-17")
Principals = Mapping[str, Sequence[str]]


class PolicyError(ValueError):
    """A policy document that AWS would refuse."""


class Decision(enum.Enum):
    """What a set of statements says about a request."""

    SILENT = "no statement applies"
    ALLOWED = "allowed"
    DENIED = "explicitly denied"


@dataclass(frozen=True)
class Statement:
    """One statement; exactly one of each pair (action, not_action), ... is in use."""

    effect: str
    actions: Sequence[str] | None
    not_actions: Sequence[str] | None
    resources: Sequence[str] | None
    not_resources: Sequence[str] | None
    principals: Principals | None
    conditions: conditions.Conditions
    variables: bool

    def applies(self, action: str, resource: str, context: Context) -> bool:
        """Tell whether the statement speaks about this request."""
        variables = context if self.variables else None
        return (
            _fits(self.actions, self.not_actions, action, None, ignore_case=True)
            and _fits(self.resources, self.not_resources, resource, variables)
            and conditions.hold(self.conditions, context, variables)
        )


def _fits(
    wanted: Sequence[str] | None,
    unwanted: Sequence[str] | None,
    value: str,
    variables: Context | None,
    *,
    ignore_case: bool = False,
) -> bool:
    patterns = wanted if wanted is not None else unwanted
    if patterns is None:
        return True
    compiled = [compile_pattern(text, variables, ignore_case=ignore_case) for text in patterns]
    found = any(regex is not None and regex.fullmatch(value) for regex in compiled)
    if wanted is not None:
        return found
    return not found and None not in compiled


def decide(
    statements: Iterable[Statement], action: str, resource: str, context: Context
) -> Decision:
    """Evaluate statements: an explicit deny wins, then an allow, else silence."""
    effects = {each.effect for each in statements if each.applies(action, resource, context)}
    if "Deny" in effects:
        return Decision.DENIED
    return Decision.ALLOWED if "Allow" in effects else Decision.SILENT


@dataclass(frozen=True)
class Document:
    """A policy document: its text as written and its statements."""

    text: str
    statements: tuple[Statement, ...] = field(repr=False)

    @classmethod
    def of(cls, source: Document | str | Mapping[str, Any], *, trust: bool = False) -> Document:
        """Read a document from JSON text or a mapping; a trust policy names principals."""
        if isinstance(source, Document):
            return source
        text = source if isinstance(source, str) else json.dumps(source)
        try:
            raw = json.loads(text)
        except ValueError as error:
            raise PolicyError("This policy contains invalid Json") from error
        if not isinstance(raw, dict):
            raise PolicyError("Syntax errors in policy.")
        version = raw.get("Version", "2008-10-17")
        if version not in _VERSIONS:
            raise PolicyError("The policy must contain a valid version string")
        statements = raw.get("Statement")
        items = statements if isinstance(statements, list) else [statements]
        if not items:
            raise PolicyError("Syntax errors in policy.")
        variables = version == "2012-10-17"
        return cls(text, tuple(_statement(item, variables, trust=trust) for item in items))


_ELEMENTS = frozenset(
    ("Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "NotResource", "Condition")
)


def _statement(raw: object, variables: bool, *, trust: bool) -> Statement:
    if not isinstance(raw, dict) or raw.keys() - _ELEMENTS:
        raise PolicyError("Syntax errors in policy.")
    if raw.get("Effect") not in ("Allow", "Deny"):
        raise PolicyError("Syntax errors in policy.")
    if ("Action" in raw) == ("NotAction" in raw):
        raise PolicyError("Policy statement must contain actions.")
    if not trust and ("Resource" in raw) == ("NotResource" in raw):
        raise PolicyError("Policy statement must contain resources.")
    if trust and ("Resource" in raw or "NotResource" in raw):
        raise PolicyError("Has prohibited field Resource")
    if not trust and "Principal" in raw:
        raise PolicyError("Policy document should not specify a principal.")
    if trust and "Principal" not in raw:
        raise PolicyError("Missing required field Principal")
    return Statement(
        effect=raw["Effect"],
        actions=_texts(raw.get("Action"), ":"),
        not_actions=_texts(raw.get("NotAction"), ":"),
        resources=_texts(raw.get("Resource"), "arn:"),
        not_resources=_texts(raw.get("NotResource"), "arn:"),
        principals=_principals(raw.get("Principal")),
        conditions=_conditions(raw.get("Condition", {})),
        variables=variables,
    )


def _texts(raw: object, must_contain: str = "") -> Sequence[str] | None:
    if raw is None:
        return None
    items = raw if isinstance(raw, list) else [raw]
    for item in items:
        if not isinstance(item, str) or (item != "*" and must_contain not in item):
            raise PolicyError("Syntax errors in policy.")
    return tuple(items)


def _principals(raw: object) -> Principals | None:
    if raw is None:
        return None
    if raw == "*":
        return {"AWS": ("*",)}
    if not isinstance(raw, dict) or raw.keys() - {"AWS", "Federated", "Service"}:
        raise PolicyError("Invalid principal in policy.")
    return {kind: _texts(names) or () for kind, names in raw.items()}


def _conditions(raw: object) -> conditions.Conditions:
    if not isinstance(raw, dict):
        raise PolicyError("Syntax errors in policy.")
    for operator, keys in raw.items():
        if not conditions.known(operator) or not isinstance(keys, dict):
            raise PolicyError(f"Invalid Condition type : {operator}.")
    return {
        operator: {key: _values(value) for key, value in keys.items()}
        for operator, keys in raw.items()
    }


def _values(raw: object) -> Sequence[str]:
    items = raw if isinstance(raw, list) else [raw]
    if not all(isinstance(item, str | bool | int | float) for item in items):
        raise PolicyError("Syntax errors in policy.")
    return tuple(str(item).lower() if isinstance(item, bool) else str(item) for item in items)
