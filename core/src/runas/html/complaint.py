"""What a page complains about, found by its structure.

In this order: ``role=alert``, assertive live regions, ids and classes with *error* or *alert*; then
polite live regions; then what describes a field (``aria-describedby``). The first one counts that
is visible and not empty and holds no field itself.
Source: W3C WAI-ARIA 1.2, 5.3.5 "Live Region Roles"; WCAG technique ARIA21.
"""

from __future__ import annotations

import re

from bs4 import Tag

from runas.html.document import Document, attribute, words

SILENT = ("script", "style", "template", "noscript", "head")
"""Elements whose text a browser with scripts does not show."""

_CONTROLS = ("input", "select", "textarea", "form")
_COMPLAINT = re.compile(r"error|alert")
_QUIET = re.compile(r"(?:.*[-_])?(?:success|info|hidden|hide|none|no-?errors?)")
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def complaint(document: Document) -> str:
    """Return the page's complaint in one line; empty where there is none."""
    described = {
        each
        for field in document.find_all("input", attrs={"aria-describedby": True})
        if attribute(field, "aria-invalid") != "false"
        for each in attribute(field, "aria-describedby").split()
    }
    for sought in (_alarming, _live, lambda tag: attribute(tag, "id") in described):
        for tag in document.find_all(sought):
            # What holds a field is the page's frame, not its complaint.
            if tag.find(_CONTROLS) is None and not _unseen(tag):
                said = words(tag)
                if said:
                    return said
    return ""


def _alarming(tag: Tag) -> bool:
    if tag.name in ("html", "body", *SILENT, *_CONTROLS):
        return False
    if attribute(tag, "role").lower() == "alert" or attribute(tag, "aria-live") == "assertive":
        return True
    marks = f"{attribute(tag, 'id')} {attribute(tag, 'class')}".lower().split()
    return any(map(_COMPLAINT.search, marks)) and not any(map(_QUIET.fullmatch, marks))


def _live(tag: Tag) -> bool:
    return attribute(tag, "aria-live") == "polite" or attribute(tag, "role").lower() == "status"


def _unseen(tag: Tag) -> bool:
    for each in (tag, *tag.parents):
        if each.name in SILENT or each.has_attr("hidden"):
            return True
        if attribute(each, "aria-hidden") == "true" or _UNSEEN.search(attribute(each, "style")):
            return True
    return False
