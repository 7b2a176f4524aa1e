"""The limits of parameters, and the sentence in which AWS says that they are broken.

Source: the API references of STS and IAM ("Length Constraints", "Pattern", "Valid Range").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from runas.testing.aws.errors import validation_error
from runas.testing.aws.form import Form

_GREATER = "Member must have {what} greater than or equal to {limit}"
_LESS = "Member must have {what} less than or equal to {limit}"


@dataclass(frozen=True)
class Text:
    """A text parameter: its length and what it is made of."""

    name: str
    least: int = 0
    most: int = 1 << 30
    pattern: str = ""
    required: bool = False

    def faults(self, value: str) -> Iterable[str]:
        """Name the constraints that a value breaks."""
        yield from _bounds(len(value), "length", self.least, self.most)
        if self.pattern and not re.fullmatch(self.pattern, value, re.ASCII):
            yield f"Member must satisfy regular expression pattern: {self.pattern}"


@dataclass(frozen=True)
class Number:
    """A whole number between bounds."""

    name: str
    least: int
    most: int
    required: bool = False

    def faults(self, value: str) -> Iterable[str]:
        """Name the constraints that a value breaks."""
        if re.fullmatch(r"-?\d{1,10}", value, re.ASCII) is None:
            raise validation_error(f"{value} is not a valid value for {self.name}")
        yield from _bounds(int(value), "value", self.least, self.most)


Rule = Text | Number


def _bounds(size: int, what: str, least: int, most: int) -> Iterable[str]:
    if size < least:
        yield _GREATER.format(what=what, limit=least)
    if size > most:
        yield _LESS.format(what=what, limit=most)


def shown_at(name: str, value: str | None, constraint: str) -> str:
    """Say which value at which place broke a constraint."""
    place = name[:1].lower() + name[1:]
    what = "null" if value is None else f"'{value}'"
    return f"Value {what} at '{place}' failed to satisfy constraint: {constraint}"


def refuse(faults: list[str]) -> None:
    """Raise AWS's ValidationError when there are faults to tell."""
    if faults:
        count = f"{len(faults)} validation error{'s' * (len(faults) > 1)} detected: "
        raise validation_error(count + "; ".join(faults))


def check(form: Form, rules: Iterable[Rule]) -> None:
    """Check parameters against their rules; all that is wrong is told at once."""
    faults = []
    for rule in rules:
        value = form.get(rule.name)
        if value is not None:
            faults += [shown_at(rule.name, value, each) for each in rule.faults(value)]
        elif rule.required:
            faults.append(shown_at(rule.name, None, "Member must not be null"))
    refuse(faults)
