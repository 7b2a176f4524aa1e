"""Second factors as pages name them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import runas
from runas import html
from runas_form import fields
from runas_form.scenes import CodeEntry, Picker, Push
from runas_form.words import clue

TYPED = ("totp", "hotp", "token", "sms", "call", "email", "question")

_KINDS = (
    ("webauthn", re.compile(r"webauthn|u2f|fido|passkey|security key|sicherheitsschl|biometric")),
    ("sms", re.compile(r"\bsms|text message|textnachricht|mobile number|rest ?sms")),
    ("email", re.compile(r"mail|courriel|correo")),
    ("call", re.compile(r"\bcall|voice|anruf|appel")),
    ("push", re.compile(r"push|approve|notification|\btap\b")),
    ("duo", re.compile(r"\bduo\b")),
    ("hotp", re.compile(r"\bhotp")),
    ("token", re.compile(r"securid|yubi|hardware|\brsa\b|next ?token")),
    ("totp", re.compile(r"totp|authenticator|google|mobile app|\bapp\b|one ?time|\botp\b|freeotp")),
)
"""Kinds of factors, the telling words first; in names, and in labels where they are shown."""


CODE = "code"
"""The id of the way out of a push."""


def offered(
    page: html.Page, scene: CodeEntry | Picker | Push, wanted: str
) -> tuple[runas.Factor, ...]:
    """List the factors that a page offers; empty where its options are no factors.

    *wanted* is the profile's ``mfa_type``: it names the kind where the page does not.
    """
    if isinstance(scene, Push):
        tap = runas.Factor("push", scene.device or page.host, "push")
        return (tap, runas.Factor("totp", tap.device, CODE)) if scene.code else (tap,)
    if isinstance(scene, CodeEntry):
        sort = _of_entry(scene) or (wanted if wanted in TYPED else "totp")
        if not scene.devices:
            return (runas.Factor(sort, page.host),)
        return tuple(
            runas.Factor(sort, each.label or each.value, each.value) for each in scene.devices
        )
    found = [
        (each.kind or kind(f"{each.value} {each.label}", _press(each.press)), each)
        for each in scene.options
    ]
    if not any(name for name, _ in found):
        return ()
    return tuple(runas.Factor(name or "totp", each.label, each.key) for name, each in found)


def kind(*texts: str) -> str:
    """Tell a factor's kind by words; empty where they do not say."""
    said = " ".join(texts).lower()
    return next((name for name, pattern in _KINDS if pattern.search(said)), "")


def _of_entry(scene: CodeEntry) -> str:
    own = fields.label(scene.code)
    if own.endswith("?"):
        return "question"
    path = urlsplit(scene.form.action).path.rpartition("/")[2]
    return kind(clue(scene.code.name, scene.code.id, scene.form.id, path), own)


def _press(button: html.Button | None) -> str:
    return clue(button.name, button.value, button.id) if button else ""
