"""Sign-in pages: read them, fill their forms in, follow them to the SAML response.

What a plugin for a provider with a web page does, nearly whole::

    from runas import html, saml

    page = html.read(http.get(url))
    page = html.follow(http, page)                     # whatever a browser does by itself
    form = page.form_with("username", "password")
    values = {"username": username, "password": password}
    page = html.follow(http, html.submit(http, page, form, values))
    text = html.assertion(page)
    if text is not None:
        return saml.identity(text)
    raise runas.WrongPassword(html.error_text(page) or "the password was refused")

`submit` sends what a browser would, in the order of the page: names that come more than once,
ticked boxes, chosen options, the button pressed. A value may be several (``{"ids": ["a", "b"]}``),
or ``()`` to untick. ``form.entries()`` lists all that goes out, ``form.fields`` one value a name.

It sends a password or code nowhere but to the origin of the page that asked for it, or to a
host in the profile's ``trusted_hosts``. Fields of type ``password`` and one-time codes are known by
their markup; others that are secret are named in ``secrets``.

`follow` posts the forms that a page submits by itself (SAML, WS-Federation and OpenID Connect
hand-overs), obeys ``<meta http-equiv="refresh">`` and plain ``window.location = "..."`` scripts. It
stops at the form for AWS, which it never posts, and at every page that wants something from a
person. Scripts are not run: `is_script_only` tells the pages that cannot work without.

`error_text` finds what a page complains about by its structure, never by the words of a language.
"""

from __future__ import annotations

from runas.html.fields import Button, Field
from runas.html.follow import follow
from runas.html.forms import Form
from runas.html.page import Page, read
from runas.html.signs import assertion, error_text, is_script_only
from runas.html.submit import submit

__all__ = [
    "Button",
    "Field",
    "Form",
    "Page",
    "assertion",
    "error_text",
    "follow",
    "is_script_only",
    "read",
    "submit",
]
