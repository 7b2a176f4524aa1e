"""Wildcards and variables in policy text.

Source: IAM User Guide, "IAM policy elements: Resource" (`*`, `?`) and "Variables and tags"
(`${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, the literals `${*}`, `${?}`, `${$}`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Value = str | tuple[str, ...]
Context = Mapping[str, Value]

_PIECE = re.compile(r"\$\{([^}]*)\}|(\*)|(\?)|([^*?$]+|\$)")


def lookup(context: Context, key: str) -> Value | None:
    """Find a condition key; their names are not case-sensitive."""
    wanted = key.casefold()
    return next((value for name, value in context.items() if name.casefold() == wanted), None)


def _variable(text: str, context: Context) -> str | None:
    if text in {"*", "?", "$"}:
        return text
    name, _, default = text.partition(",")
    value = lookup(context, name.strip())
    if isinstance(value, str):
        return value
    return default.strip().strip("'") if default else None


def compile_pattern(
    pattern: str, context: Context | None = None, *, ignore_case: bool = False
) -> re.Pattern[str] | None:
    """Turn policy text into a regular expression.

    None when the text uses a variable that the request has no value for: then the statement
    does not match. A variable's value is literal: a user named `*` gains nothing. Without a
    context (policy version 2008-10-17) `${...}` is literal too.
    """
    regex = ""
    for variable, star, mark, literal in _PIECE.findall(pattern):
        if star or mark:
            regex += ".*" if star else "."
        elif literal:
            regex += re.escape(literal)
        else:
            value = f"${{{variable}}}" if context is None else _variable(variable, context)
            if value is None:
                return None
            regex += re.escape(value)
    return re.compile(regex, re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def matches(pattern: str, value: str, context: Context | None = None) -> bool:
    """Tell whether a value fits policy text, case and all."""
    regex = compile_pattern(pattern, context)
    return regex is not None and regex.fullmatch(value) is not None
