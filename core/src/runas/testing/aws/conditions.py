"""The Condition element of a policy statement.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators". Operators that are not
in the table below are refused when the policy is written: a judge must not guess.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from runas.testing.aws.patterns import Context, compile_pattern, lookup

Conditions = Mapping[str, Mapping[str, Sequence[str]]]


def _number(text: str) -> float:
    return float(text)


def _moment(text: str) -> float:
    """Read a date: seconds since the epoch or ISO 8601."""
    try:
        return float(text)
    except ValueError:
        return datetime.fromisoformat(text).timestamp()


def _compare(read: Callable[[str], float], sign: str) -> Callable[[str, str], bool]:
    def test(actual: str, expected: str) -> bool:
        left, right = read(actual), read(expected)
        less, more = left < right, left > right
        return {"=": left == right, "<": less, ">": more, "<=": not more, ">=": not less}[sign]

    return test


def _equals(actual: str, expected: str) -> bool:
    return actual == expected


def _same_words(actual: str, expected: str) -> bool:
    return actual.casefold() == expected.casefold()


def _inside(actual: str, expected: str) -> bool:
    return ipaddress.ip_address(actual) in ipaddress.ip_network(expected, strict=False)


_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": _equals,
    "StringEqualsIgnoreCase": _same_words,
    "Bool": _same_words,
    "IpAddress": _inside,
    "NumericEquals": _compare(_number, "="),
    "NumericLessThan": _compare(_number, "<"),
    "NumericLessThanEquals": _compare(_number, "<="),
    "NumericGreaterThan": _compare(_number, ">"),
    "NumericGreaterThanEquals": _compare(_number, ">="),
    "DateEquals": _compare(_moment, "="),
    "DateLessThan": _compare(_moment, "<"),
    "DateLessThanEquals": _compare(_moment, "<="),
    "DateGreaterThan": _compare(_moment, ">"),
    "DateGreaterThanEquals": _compare(_moment, ">="),
}
_PATTERNS = frozenset({"StringLike", "ArnLike", "ArnEquals"})
_NEGATIVES: Mapping[str, str] = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotLike": "ArnLike",
    "ArnNotEquals": "ArnEquals",
    "NotIpAddress": "IpAddress",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
}
_OPERATOR = re.compile(r"(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?")


def known(operator: str) -> bool:
    """Tell whether an operator can be judged."""
    match = _OPERATOR.fullmatch(operator)
    name = match[2] if match else ""
    return name in _TESTS or name in _PATTERNS or name in _NEGATIVES or name == "Null"


def _any_expected(
    name: str, actual: str, expected: Sequence[str], variables: Context | None
) -> bool:
    for text in expected:
        regex = compile_pattern(text, variables)
        if regex is None:
            continue
        if name in _PATTERNS:
            found = regex.fullmatch(actual) is not None
        else:
            found = _TESTS[name](actual, _filled(text, variables))
        if found:
            return True
    return False


def _filled(text: str, variables: Context | None) -> str:
    """Put the variables' values in, for operators that know no wildcards."""
    if variables is None:
        return text

    def value(match: re.Match[str]) -> str:
        name = match[1].partition(",")[0].strip()
        found = lookup(variables, name)
        return found if isinstance(found, str) else match[1].strip("' ")

    return re.sub(r"\$\{([^}]*)\}", value, text)


def _one(
    operator: str, key: str, expected: Sequence[str], context: Context, variables: Context | None
) -> bool:
    match = _OPERATOR.fullmatch(operator)
    assert match is not None, operator
    quantifier, name, if_exists = match.groups()
    actual = lookup(context, key)
    if name == "Null":
        return (actual is None) == (expected[0].casefold() == "true")
    negative = name in _NEGATIVES
    if actual is None or actual == ():
        return bool(if_exists) or negative or quantifier == "ForAllValues"
    base = _NEGATIVES.get(name, name)
    values = (actual,) if isinstance(actual, str) else actual
    results = [_any_expected(base, value, expected, variables) != negative for value in values]
    return all(results) if quantifier == "ForAllValues" or negative else any(results)


def hold(conditions: Conditions, context: Context, variables: Context | None) -> bool:
    """Tell whether all conditions of a statement hold for a request."""
    return all(
        _one(operator, key, expected, context, variables)
        for operator, keys in conditions.items()
        for key, expected in keys.items()
    )
