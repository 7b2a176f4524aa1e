"""Read policy documents for the roles that they let somebody take.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ACTION = "sts:AssumeRole"


@dataclass(frozen=True)
class Statement:
    """What one statement says about taking roles. ``only`` are patterns of role ARNs.

    ``but`` is not None for a NotResource: the statement then means all roles but these.
    """

    allows: bool
    conditional: bool
    only: tuple[str, ...] = ()
    but: tuple[str, ...] | None = None

    def covers(self, arn: str) -> bool:
        """Tell whether Resource means this role, or all the roles of this pattern."""
        return any(matches(pattern, arn) for pattern in self.only)


def allowed(statements: Sequence[Statement]) -> list[str]:
    """Return the ARNs and patterns that are allowed and not denied, sorted, each once.

    Conditions are not judged: an Allow may need MFA, a Deny may end with it, so a conditional
    Allow counts and a conditional Deny does not.
    """
    denials = [each for each in statements if not each.allows and not each.conditional]
    found: set[str] = set()
    for each in statements:
        if each.allows:
            found.update(("*",) if each.but is not None else each.only)
    for denial in denials:
        if denial.but is not None:
            # All but these: of a wide pattern only these are left.
            found |= {left for left in denial.but if any(matches(wide, left) for wide in found)}
            found = {arn for arn in found if any(matches(left, arn) for left in denial.but)}
    return sorted(arn for arn in found if not any(denial.covers(arn) for denial in denials))


def statements(document: object, variables: Mapping[str, str]) -> Iterator[Statement]:
    """Yield a document's statements about AssumeRole; what is malformed says nothing."""
    held = document.get("Statement") if isinstance(document, Mapping) else None
    for each in _many(held):
        if isinstance(each, Mapping) and _is_about_roles(each):
            yield _statement(each, variables)


def _statement(each: Mapping[str, Any], variables: Mapping[str, str]) -> Statement:
    but = _filled(each["NotResource"], variables) if "NotResource" in each else None
    return Statement(
        allows=each.get("Effect") == "Allow",
        conditional=bool(each.get("Condition")),
        only=_filled(each.get("Resource"), variables),
        but=but,
    )


def _is_about_roles(each: Mapping[str, Any]) -> bool:
    """Tell whether Action or NotAction takes in sts:AssumeRole, in whatever case it is written."""
    if each.get("Effect") not in ("Allow", "Deny"):
        return False
    if "NotAction" in each:
        return not _names_action(each["NotAction"])
    return _names_action(each.get("Action"))


def _names_action(value: object) -> bool:
    return any(matches(text.lower(), ACTION.lower()) for text in _texts(value))


_VARIABLE = re.compile(r"\$\{([^}]*)\}")


def _filled(value: object, variables: Mapping[str, str]) -> tuple[str, ...]:
    """Put in the policy variables that are known; an unknown one can stand for anything.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """

    def fill(found: re.Match[str]) -> str:
        return variables.get(found[1].partition(",")[0].strip().lower(), "*")

    return tuple(_VARIABLE.sub(fill, text) for text in _texts(value))


def matches(pattern: str, text: str) -> bool:
    """Tell whether policy text covers a text, which may itself be a pattern.

    ``*`` stands for anything and so covers any pattern in its place; ``?`` stands for one
    character, and so does not cover a ``*``.
    """
    pieces = ({"*": ".*", "?": "[^*]"}.get(each, re.escape(each)) for each in pattern)
    return re.fullmatch("".join(pieces), text, re.DOTALL) is not None


def _many(value: object) -> Iterable[object]:
    if value is None:
        return ()
    return value if isinstance(value, (list, tuple)) else (value,)


def _texts(value: object) -> list[str]:
    return [text for text in _many(value) if isinstance(text, str)]
