"""A page that only waits for a tap on a phone: PingID's.

Its script asks for the state of the push every few seconds and then sends a form on. Where the push
is not asynchronous, the page sends one form and the server answers when the tap is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import runas
from runas import html
from runas.http import join
from runas_form import faults
from runas_form.scenes import Option, Picker, Push

if TYPE_CHECKING:
    from requests import Session

PAUSE = 3.0
"""Seconds between two looks, as PingID's own page has it."""

LOOKS = 60
"""Looks until a push counts as expired, whatever the server says: three minutes."""

PATIENCE = (10.0, 90.0)
"""Seconds to connect, and to wait for an answer that comes with the tap."""

PROBE = "isWebAuthnSupportedByBrowser"
"""The field of a page that only finds out what the browser can do."""

_WAITS = "ASYNC_AUTH_WAIT"
_POLL, _SEND = "form1", "reponseView"  # the second is spelled so by its makers


def waits(page: html.Page, forms: Sequence[html.Form]) -> Push | None:
    """Find what to ask and what to send then; None where the page waits for no phone."""
    by_id = {form.id: form for form in forms}
    poll = by_id.get(_POLL)
    if poll is None or not poll.holds("csrfToken"):
        return None
    loose = {
        str(tag.get("id")): str(tag.get("value") or "")
        for tag in page.document.select("input[type=hidden][id]")
    }
    asked_by_script = loose.get("isAsync") != "false" and _SEND in by_id
    return Push(
        poll,
        by_id[_SEND] if asked_by_script else None,
        page.text(".numbermatching"),
        page.text(".device-name"),
        _code_address(page, loose.get("useCodeUrl", "")),
    )


def _code_address(page: html.Page, reference: str) -> str:
    """Return where the way out of the push leads; empty where there is none."""
    url = join(page.url, reference) if reference else ""
    return url if url.startswith(("http://", "https://")) else ""


def devices(page: html.Page, forms: Sequence[html.Form]) -> Picker | None:
    """Find a list of devices that a script makes clickable."""
    form = next((form for form in forms if form.holds("deviceId")), None)
    listed = page.document.select("ul.device-list > li[data-id]") if form else []
    if form is None or not listed:
        return None
    options = []
    for tag in listed:
        name = tag.select_one(".device-name") or tag
        label = page.safe(" ".join(name.get_text(" ").split()))
        options.append(Option(label, form, "deviceId", str(tag["data-id"]), kind="push"))
    return Picker(page.text("h1", "title") or "Which device?", tuple(options))


def approved(http: Session, page: html.Page, scene: Push, device: str) -> runas.Flow[html.Page]:
    """Wait for the tap and return the page that comes of it."""
    device = device or scene.device or page.host
    for _ in range(LOOKS):
        yield from runas.Approval(device, scene.number or None, PAUSE)
        if scene.send is None:
            return html.follow(http, _answered(http, page, scene))
        status = _status(http, page, scene)
        if status == "OK":
            return html.follow(http, html.submit(http, page, scene.send, {"status": status}))
        if "TIMEOUT" in status:
            break
        if status != _WAITS:
            raise faults.not_approved(page, device)
    raise faults.not_in_time(page, device)


def _status(http: Session, page: html.Page, scene: Push) -> str:
    answer = http.get(
        scene.poll.action,
        params=scene.poll.entries(),
        headers={"Accept": "application/json", "Referer": page.url},
    )
    try:
        found = answer.json() if answer.ok else None
    except (ValueError, RecursionError):
        found = None
    status = found.get("status") if isinstance(found, dict) else None
    if not isinstance(status, str):
        raise runas.ServiceUnavailable(
            f"{page.host} does not say whether the sign-in was approved"
            f" (status {answer.status_code})",
            "run the command again",
        )
    return status


def _answered(http: Session, page: html.Page, scene: Push) -> html.Page:
    """Send the form whose answer comes with the tap."""
    body = scene.poll.entries()
    return html.read(http.post(scene.poll.action, data=body, timeout=PATIENCE), page.secrets)
