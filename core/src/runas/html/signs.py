"""What a page is: the end of the login, a complaint, a script that needs a browser.

By structure only. The words of a page are in the language of whoever runs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from runas.html.complaint import SILENT, complaint
from runas.html.page import Page
from runas.http.addresses import loopback
from runas.saml.acs import names_acs, sign_in

_LONGEST = 300
_FEW_WORDS = 600  # characters that a page may show while its script builds the real one


def assertion(page: Page) -> str | None:
    """Return the SAML response that the page would post to AWS; None where it has none.

    A response for somebody else (a chain of providers) is not returned: `follow` posts it on. On
    this machine itself, any ``/saml`` counts as AWS, for tests.
    """
    for form in page.forms:
        text = "".join(form.fields.get("SAMLResponse", "").split())
        if text and goes_to_aws(form.action):
            return text
    return None


def goes_to_aws(action: str) -> bool:
    """Tell whether a form's action is AWS's (see `runas.saml.acs`), or a test's stand-in."""
    try:
        parts = urlsplit(action)
        host = parts.hostname or ""
    except ValueError:
        return False
    return sign_in(action) is not None or (loopback(host) and names_acs(parts.path))


def error_text(page: Page) -> str:
    """Return what the page complains about, in its own words; empty where it does not.

    See `runas.html.complaint` for where it is looked for. Codes and passwords that the page
    repeats are taken out.
    """
    return page.safe(complaint(page.document))[:_LONGEST]


def is_script_only(page: Page) -> bool:
    """Tell a page that a script builds in the browser: there is nothing in it to fill in."""
    if any(form.inputs for form in page.forms) or assertion(page) is not None:
        return False
    if not page.document.find("script"):
        return False
    return len(" ".join(_shown(page))) <= _FEW_WORDS


def _shown(page: Page) -> Iterator[str]:
    """Yield the words that a browser shows when its scripts run."""
    for text in page.document.find_all(string=True):
        if not any(parent.name in SILENT for parent in text.parents):
            yield " ".join(text.split())
