"""Requests, answers and refusals, as they go over the wire."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs


@dataclass(frozen=True)
class Request:
    """One HTTP request; the names of ``headers`` are in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)

    def form(self) -> dict[str, str]:
        """Read the body as a page's form."""
        fields = parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)
        return {name: values[0] for name, values in fields.items()}


@dataclass(frozen=True)
class Answer:
    """What goes back."""

    status: int
    body: bytes = field(default=b"", repr=False)
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """An operation's fault: its name as the models have it, and whose it is."""

    def __init__(self, name: str, text: str, status: int = 400, **headers: str) -> None:
        super().__init__(name)
        self.name = name
        self.text = text
        self.status = status
        self.headers = {key.replace("_", "-"): value for key, value in headers.items()}

    def answer(self, portal: bool) -> Answer:
        """Write the answer: OIDC's faults are OAuth's, the portal's are plain."""
        content = {"message": self.text}
        if not portal:
            content = {"error": _snake(self.name), "error_description": self.text}
        headers = {"x-amzn-ErrorType": f"{self.name}:http://internal.amazon.com/", **self.headers}
        return Answer(self.status, json.dumps(content).encode(), headers=headers)


def ok(content: Mapping[str, Any]) -> Answer:
    """Write a good answer."""
    return Answer(200, json.dumps(content).encode())


def members(request: Request, required: str, optional: str = "") -> dict[str, Any]:
    """Read a JSON body that has all of *required*, and beyond that only *optional*, members.

    A ``*`` before a name means a list of texts.
    """
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise invalid("the body must be JSON")
    try:
        content = json.loads(request.body)
    except ValueError:
        raise invalid("the body is no JSON") from None
    if not isinstance(content, dict):
        raise invalid("the body is no object")
    known = {name.lstrip("*"): name[0] == "*" for name in f"{required} {optional}".split()}
    for name, value in content.items():
        if name not in known:
            raise invalid(f"unknown member {name}")
        texts = value if known[name] and isinstance(value, list) else [value]
        if known[name] != isinstance(value, list) or not all(isinstance(one, str) for one in texts):
            raise invalid(f"{name} has the wrong type")
    missing = [name.lstrip("*") for name in required.split() if not content.get(name.lstrip("*"))]
    if missing:
        raise invalid(f"missing: {', '.join(missing)}")
    return content


def invalid(text: str) -> Refusal:
    """Return the fault of a request that makes no sense."""
    return Refusal("InvalidRequestException", text)


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name.removesuffix("Exception")).lower()
