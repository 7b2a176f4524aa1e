"""Bodies of requests and answers without their secrets.

JSON and forms are redacted by their names, pages by their inputs and by what looks like a token in
scripts and addresses. What is found is guarded from then on, wherever else it occurs.
"""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from runas.http.naming import kind_of, opaque
from runas.http.redaction import Redactor

LARGEST = 1 << 18
"""Characters of a body that are kept."""

_SHORTEST = 6  # characters; shorter values are states and flags, and stand everywhere

_WHOLE = re.compile(r"<[a-z]+(?::[^<>]*)?>")
_INPUT = re.compile(r"<(?:input|option|button)\b(?>[^>\"']+|\"[^\"]*\"|'[^']*')*+>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"\b(name|value)\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.I
)
_PAIR = re.compile(
    r"([\"']?)([\w.$-]{1,60})\1(\s{0,9}[:=]\s{0,9})(?:\"([^\"\n]{6,60000})\"|'([^'\n]{6,60000})')"
)
_QUERY = re.compile(r"([?&;](?:amp;)?)([\w.%-]{1,60})=([^&\"'\s<>#\\]{6,60000})")
_JWT = re.compile(r"\beyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*){0,3}")
_SAML = re.compile(r"(?:PHNhb|PD94b|PFJlc|PEFzc|PG5z|PHMyc)[A-Za-z0-9+/=\s]{200,}")


def address(url: str, redactor: Redactor) -> str:
    """Return an address whose query's values are hidden; names and the path stay."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "<address>"
    netloc = parts.netloc.rpartition("@")[2]
    names = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    for name, value in parse_qsl(parts.query):
        _learn(name, value, redactor)
    query = "&".join(f"{redactor.redact(name)}=<value>" for name in names)
    path = "/".join("<token>" if opaque(each) else each for each in parts.path.split("/"))
    return urlunsplit((parts.scheme, netloc, redactor.redact(path), query, ""))


def form(text: str, redactor: Redactor) -> str:
    """Redact a form as it was sent."""
    pairs = parse_qsl(text, keep_blank_values=True)
    for name, value in pairs:
        _learn(name, value, redactor)
    hidden = [(name, _hidden(name, value, redactor)) for name, value in pairs]
    return urlencode(hidden, safe="<>:")


def structure(value: Any, redactor: Redactor, name: str = "") -> Any:
    """Redact a JSON value by its keys, all the way down."""
    if isinstance(value, dict):
        return {redactor.redact(key): structure(each, redactor, key) for key, each in value.items()}
    if isinstance(value, list):
        return [structure(each, redactor, name) for each in value]
    if isinstance(value, str):
        _learn(name, value, redactor)
        return page(_hidden(name, value, redactor), redactor)
    # A code may have been sent as a number.
    shown = str(value)
    return value if redactor.redact(shown) == shown else redactor.redact(shown)


def page(text: str, redactor: Redactor) -> str:
    """Redact a page, a script or any other text."""
    text = _INPUT.sub(lambda found: _input(found[0], redactor), text)
    text = _SAML.sub("<assertion>", text)
    text = _JWT.sub("<token>", text)
    text = _QUERY.sub(lambda found: _query(found, redactor), text)
    text = _PAIR.sub(lambda found: _pair(found, redactor), text)
    return redactor.redact(text)


def body(text: str, content_type: str, redactor: Redactor) -> str:
    """Redact a body by its type."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return form(text, redactor)
    if kind.endswith("json"):
        try:
            return json.dumps(structure(json.loads(text), redactor))
        except (ValueError, RecursionError):
            pass
    return page(text[:LARGEST], redactor)


def _learn(name: str, value: str, redactor: Redactor) -> None:
    kind = kind_of(name, value)
    if kind and len(value) >= _SHORTEST:
        redactor.guard(value, kind)


def _hidden(name: str, value: str, redactor: Redactor) -> str:
    known = redactor.redact(value)
    if _WHOLE.fullmatch(known):
        return known
    kind = kind_of(name, value)
    if kind and (len(value) >= _SHORTEST or kind in ("password", "code")):
        return f"<{kind}>" if value else ""
    return known


def _input(tag: str, redactor: Redactor) -> str:
    found = {each[1].lower(): each for each in _ATTRIBUTE.finditer(tag)}
    value = found.get("value")
    if value is None:
        return tag
    name = _text(found["name"]) if "name" in found else ""
    text = _unescaped(_text(value))
    _learn(name, text, redactor)
    hidden = _hidden(name, text, redactor)
    if hidden == text:
        return tag
    return f'{tag[: value.start()]}value="{hidden}"{tag[value.end() :]}'


def _unescaped(text: str) -> str:
    try:
        return unescape(text)
    except ValueError:  # an escape of more digits than Python takes for a number
        return text


def _text(attribute: re.Match[str]) -> str:
    return next((each for each in attribute.groups()[1:] if each is not None), "")


def _query(found: re.Match[str], redactor: Redactor) -> str:
    before, name, value = found.groups()
    _learn(name, value, redactor)
    return f"{before}{name}={_hidden(name, value, redactor)}"


def _pair(found: re.Match[str], redactor: Redactor) -> str:
    quote, name, between, double, single = found.groups()
    value = double if double is not None else single
    if name.lower() in ("value", "name", "type", "id", "class", "href", "action", "for"):
        return found[0]
    _learn(name, value, redactor)
    hidden = _hidden(name, value, redactor)
    mark = '"' if double is not None else "'"
    return f"{quote}{name}{quote}{between}{mark}{hidden}{mark}"
