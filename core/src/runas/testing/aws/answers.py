"""The query protocol's way out: XML envelopes for results and errors."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from runas.testing.aws.errors import AwsError

Node = str | int | bool | None | Mapping[str, "Node"] | Sequence["Node"]


def timestamp(seconds: float) -> str:
    """Write a time as AWS does: ISO 8601, UTC, whole seconds."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def element(name: str, value: Node) -> str:
    """Write one element: mappings nest, lists hold `member`s, None is left out."""
    if value is None:
        return ""
    if isinstance(value, bool):
        inner = str(value).lower()
    elif isinstance(value, str | int):
        inner = escape(str(value))
    elif isinstance(value, Mapping):
        inner = "".join(element(key, each) for key, each in value.items())
    else:
        inner = "".join(element("member", each) for each in value)
    return f"<{name}>{inner}</{name}>"


def result(action: str, xmlns: str, value: Node, request_id: str) -> bytes:
    """Wrap an operation's result."""
    inner = element(f"{action}Result", value)
    inner += element("ResponseMetadata", {"RequestId": request_id})
    name = f"{action}Response"
    return f'<{name} xmlns="{xmlns}">{inner}</{name}>'.encode()


def failure(error: AwsError, xmlns: str, request_id: str) -> bytes:
    """Wrap an error; faults of the service itself are the Receiver's."""
    kind = "Sender" if error.status < 500 else "Receiver"
    told = {"Type": kind, "Code": error.code, "Message": error.message}
    inner = element("Error", told) + element("RequestId", request_id)
    return f'<ErrorResponse xmlns="{xmlns}">{inner}</ErrorResponse>'.encode()
