"""What a client has posted: a form, a JSON object, or one word of text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from runas.serve.messages import Refusal

if TYPE_CHECKING:
    from runas.serve.messages import Request

_MOST = 20


def fields(request: Request, only: str) -> dict[str, str]:
    """Read the body; plain text is the field *only*. Raises Refusal where it is none of these."""
    kind = request.header("Content-Type").partition(";")[0].strip().lower()
    try:
        text = request.body.decode()
        if kind == "application/json":
            return _of_json(text)
        if kind == "application/x-www-form-urlencoded" and "=" in text:
            return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST))
    except (ValueError, RecursionError):
        raise Refusal(400, "BadRequest", "the body could not be understood") from None
    return {only: text.strip()} if text.strip() else {}


def _of_json(text: str) -> dict[str, str]:
    content = json.loads(text) if text else {}
    if not isinstance(content, dict) or not all(isinstance(one, str) for one in content.values()):
        raise ValueError("not an object of texts")
    "".join(content.values()).encode()  # half a character, which JSON can spell, is no text
    return content
