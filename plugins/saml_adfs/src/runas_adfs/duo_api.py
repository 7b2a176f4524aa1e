"""What the generations of Duo's prompt share: the envelope, the factors, how it ends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import runas
from runas_adfs import refusals

if TYPE_CHECKING:
    from requests import Response

POLL = 1.0
LOOKS = 90
"""How often to look for an answer; Duo's own pushes end after 60 s."""

KINDS = {"Duo Push": "push", "Phone Call": "call", "Passcode": "totp"}
WAITING = "waiting"


def ways(found: Iterable[runas.Factor]) -> tuple[runas.Factor, ...]:
    """Put the calls last: nobody wants the phone to ring where a push or a code would do."""
    return tuple(sorted(found, key=lambda factor: factor.kind == "call"))


def opened(response: Response, *, refusable: bool = False) -> dict[str, Any]:
    """Take Duo's answer out of its envelope ``{"stat": "OK", "response": {...}}``.

    With *refusable* an answer of FAIL is the empty dict; else it raises ServiceUnavailable.
    """
    try:
        envelope = response.json()
    except (ValueError, RecursionError):
        envelope = None
    content = envelope if isinstance(envelope, dict) else {}
    inner = content.get("response")
    if content.get("stat") == "OK":
        return inner if isinstance(inner, dict) else {}
    if refusable and content.get("stat") == "FAIL":
        return {}
    raise fault(response.status_code)


def fault(status: int) -> runas.ServiceUnavailable:
    """Return the error for an answer of Duo's that makes no sense."""
    return runas.ServiceUnavailable(f"Duo gives an answer that cannot be read (status {status})",
                                    "run it again")  # fmt: skip


def text(content: Any, *keys: str) -> str:
    """Dig a text out of nested dicts; empty where anything on the way is missing.

    Half a character (a lone surrogate, which JSON can write) can be sent nowhere: it becomes ``?``.
    """
    for key in keys:
        content = content.get(key) if isinstance(content, dict) else None
    return content.encode("utf-8", "replace").decode() if isinstance(content, str) else ""


def passed(outcome: str, factor: runas.Factor) -> bool:
    """Tell allowed from waiting; raise what the refusals mean.

    Duo's status codes: ``pushed``, ``calling``, ``answered`` wait; ``allow`` is success;
    ``timeout``; ``deny``, ``fraud``, ``locked_out`` refuse. The newest prompt writes them in
    capitals.
    """
    code = outcome.lower()
    if code in ("allow", "success"):
        return True
    if code in ("timeout", "expired"):
        raise refusals.silence(factor.device)
    if code == "locked_out":
        raise runas.AccountLocked("Duo has locked the account", "ask Duo's administrator")
    if code in ("deny", "denied", "fraud", "failure", "fail", "error"):
        if factor.kind in ("totp", "token"):
            raise wrong_code()
        raise runas.ApprovalRejected(f"the sign-in was declined on {factor.device}")
    return False


def wrong_code() -> runas.WrongCode:
    """Return the error for a passcode that Duo does not take."""
    return runas.WrongCode("Duo refused the passcode", "type the newest one")
