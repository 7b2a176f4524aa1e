"""The query protocol's way in: `Action=X&Version=V&Name=...&List.member.1.Field=...`."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from runas.testing.aws.errors import AwsError

Form = Mapping[str, str]
CONTENT_TYPE = "application/x-www-form-urlencoded"


def read(query: str, body: bytes) -> Form:
    """Read the parameters of a request from its query string and its body."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict")
        pairs += parse_qsl(body.decode(), keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise AwsError("MalformedQueryString", "The query string is malformed.") from error
    return dict(pairs)


def members(form: Form, name: str) -> list[dict[str, str]]:
    """Collect `name.member.N.Field`, in the order of N; a plain member has the field ``.

    AWS takes the members in order and needs no unbroken numbering.
    """
    found: dict[int, dict[str, str]] = {}
    prefix = f"{name}.member."
    for key, value in form.items():
        if key.startswith(prefix):
            number, _, field = key.removeprefix(prefix).partition(".")
            if number.isdigit():
                found.setdefault(int(number), {})[field] = value
    return [found[number] for number in sorted(found)]
