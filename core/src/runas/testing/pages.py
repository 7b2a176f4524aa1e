"""Sign-in pages that are nobody's, for trying out detection."""

from __future__ import annotations

from typing import Any

__all__ = ["EMPTY", "NOBODYS", "page"]

NOBODYS = ("", "<p>404</p>", "<html><body></body></html>")
EMPTY = (*NOBODYS, "<form><input type=password name=p></form>", "\ufffd\x00<\x00>")


def page(text: str) -> Any:
    """Make a `runas.html.Page` of a text, as if it had been fetched."""
    from requests import Response

    from runas import html

    response = Response()
    response.status_code = 200
    response.url = "https://idp.example/"
    response.headers["Content-Type"] = "text/html; charset=utf-8"
    response._content = text.encode("utf-8", "replace")
    return html.read(response)
