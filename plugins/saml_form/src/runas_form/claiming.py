"""Whether a sign-in address is this provider's: only where its page is a form of nobody else's.

The last resort of detection: a plugin made for one product knows its pages better. So whatever
carries a maker's own mark is left alone, and asked for a name or password is what it takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from runas_form.recognising import recognise
from runas_form.scenes import Confirm

if TYPE_CHECKING:
    from runas import html

_ADDRESSES = re.compile(
    r"/adfs/|//[^/]*\.(okta|oktapreview|okta-emea|okta-gov|onelogin|jumpcloud|auth0)\.com[/:]"
    r"|//(login|myapps|account)\.(microsoftonline|microsoft|activedirectory)\.|//accounts\.google\.",
    re.IGNORECASE,
)
_MARKS = re.compile(
    r"oktadata|okta-sign-in|okta-login|oktacdn|\$config\s*=\s*\{|msiscontext|aadcdn", re.IGNORECASE
)
_FIELDS = ("AuthMethod",)  # ADFS's forms-based sign-in


def claims(settings: Mapping[str, str], page: Callable[[], html.Page]) -> bool | None:
    """Say True for a page that this provider can begin with; None otherwise."""
    url = settings.get("saml_auth_url") or ""
    if not url or _ADDRESSES.search(url):
        return None
    found = page()
    if _ADDRESSES.search(found.url) or _MARKS.search(str(found.document)):
        return None
    if any(form.holds(name) for form in found.forms for name in _FIELDS):
        return None
    scene = recognise(found)
    if isinstance(scene, Confirm):
        # Shibboleth begins with a form of hidden fields, and so does many a hand-over.
        return True if scene.form.method == "post" and scene.form.fields else None
    return True if scene is not None else None
