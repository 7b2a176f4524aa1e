"""Duo's pages, in our own words and Duo's names."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runas_adfs.testing.duo import Attempt

PAYLOAD = {
    "auth_factors_context": {
        "available_unified_auth_factors": {
            "factors": [
                {"factor_type": "push", "device_info": {"pkey": "DPX1", "name": "iPhone"}},
                {"factor_type": "phone_call", "phone_info": {"pkey": "DPX1", "name": "iPhone"}},
                {"factor_type": "mobile_otp", "device_info": {"pkey": "DPX1", "name": "iPhone"}},
                {"factor_type": "passkey"},
            ]
        }
    }
}


def init(host: str, sig_request: str) -> str:
    """Make the script that opens Duo's iframe."""
    return (
        '<iframe id="duo_iframe" width="100%" height="330"></iframe><script>Duo.init({'
        f"'host': '{host}', 'sig_request': '{sig_request}', 'post_action': ''"
        "});</script>"
    )


def _page(content: str, attributes: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>Duo</title></head><body{attributes}>{content}</body>"


def prompt(attempt: Attempt) -> str:
    """Make the prompt: the iframe's with its devices, or the Universal Prompt's shell."""
    if attempt.adapter != "duo-frame":
        return _page(
            '<form id="endpoint-health"><input type="hidden" name="preferred_factor" '
            'value="Duo Push"><input type="hidden" name="preferred_device" value="phone1">'
            f'<input type="hidden" name="_xsrf" value="{attempt.xsrf}"></form>'
        )
    factors = "".join(
        f'<div class="row-label"><input type="hidden" name="factor" value="{name}"></div>'
        for name in ("Duo Push", "Phone Call", "Passcode")
    )
    return _page(
        f'<form id="login-form" action="/frame/prompt" method="POST"><input type="hidden" '
        f'name="sid" value="{escape(attempt.sid)}"><input type="hidden" name="out_of_date">'
        '<select name="device"><option value="phone1">iOS (XXX-XXX-4567)</option></select>'
        f'<fieldset data-device-index="phone1">{factors}</fieldset></form>'
    )


def features(attempt: Attempt) -> str:
    """Ask for the browser's features before the Universal Prompt."""
    names = ("parent", "java_version", "screen_resolution_width", "color_depth", "is_cef_browser")
    empty = "".join(f'<input type="hidden" name="{name}" value="">' for name in names)
    return _page(
        f'<form id="plugin_form" method="post"><input type="hidden" name="tx" '
        f'value="jwt.{attempt.sid}"><input type="hidden" name="_xsrf" value="{attempt.xsrf}">'
        f"{empty}</form>"
    )


def landing(attempt: Attempt) -> str:
    """Make the page that starts the newest prompt."""
    return _page(
        f'<div id="root" data-authkey="{attempt.sid}" data-akey="AK1" '
        'data-req-trace-group="trace-1"></div>'
    )


def back(where: str, attempt: Attempt) -> str:
    """Make the form that takes the browser back to AD FS."""
    fields = {
        "duo_code": attempt.cookie,
        "state": attempt.sid,
        "context": attempt.login.context,
        "authMethod": "DuoAdfsAdapter",
    }
    inputs = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    form = f'<form class="adfs_form" method="post" action="{escape(where)}">{inputs}</form>'
    return _page(form, ' onload="document.forms[0].submit()"')
