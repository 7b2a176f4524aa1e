"""Satisfy one authenticator: a tap on a phone, or something typed."""

from __future__ import annotations

import runas
from runas_okta.idx import faults, offers
from runas_okta.idx.client import Client
from runas_okta.idx.offers import ANSWER, METHOD, POLL, SELECT, Offer, Waiting
from runas_okta.idx.response import Response
from runas_okta.reading import shown, table, text
from runas_okta.wire import RateLimited

LOOKS = 150
SOON, PAUSE, LONGEST_PAUSE = 0.5, 2.0, 30.0
RESENDS = 5
RESEND = "resend"
"""What to type in place of a code that never arrived."""

_DELIVERED = ("sms", "call", "email")


def push(client: Client, waiting: Waiting, offer: Offer) -> runas.Flow[Response]:
    """Send a push and wait for the tap. Asked for again after nobody answered, send another."""
    # Asked before anything is sent: where nobody may be waited for, no phone rings.
    yield from runas.Approval(offer.factor.device, None, SOON)
    response = _reach(client, waiting, offer)
    number, pause = "", _pause(response)
    for _ in range(LOOKS):
        if response.status >= 400:
            raise _ended(response, offer, waiting)
        if POLL not in response.forms:
            return response
        context = table(response.current, "contextualData")
        number = shown(text(context, "correctAnswer")) or number
        yield from runas.Approval(offer.factor.device, number or None, pause)
        try:
            response = client.send(response.form(POLL))
            pause = _pause(response)
        except RateLimited as limit:
            pause = min(limit.wait, LONGEST_PAUSE)
    raise _expired(offer)


def code(client: Client, waiting: Waiting, offer: Offer) -> runas.Flow[Response]:
    """Ask for a code, after having it sent where it comes by phone or e-mail."""
    response = _reach(client, waiting, offer)
    form = response.form(ANSWER)
    fields = form.credentials()
    name = next((one for one in ("totp", "passcode", "answer") if one in fields), "")
    if not name:
        raise runas.PageNotRecognised(
            f"okta's form for {offer.factor} cannot be read", "choose another: --mfa-type"
        )
    typed = yield from _typed(client, response, offer)
    filled = {key: text(row, "value") for key, row in fields.items() if text(row, "value")}
    question = text(response.current, "contextualData", "enrolledQuestion", "questionKey")
    if name == "answer" and question:
        filled["questionKey"] = question
    answered = client.send(form, credentials={**filled, name: typed})
    if answered.status >= 400:
        error = faults.refused_code(answered)
        if isinstance(error, runas.WrongCode):
            waiting.reached[offer.factor.id] = answered
        raise error
    return answered


def _reach(client: Client, waiting: Waiting, offer: Offer) -> Response:
    """Go to the challenge of a factor, through the one or two questions before it."""
    response = waiting.reached.get(offer.factor.id, waiting.response)
    if offer.opened(response):
        return response
    if RESEND in response.forms and response.status >= 400:
        response = client.send(response.form(RESEND))
    else:
        first = SELECT if SELECT in response.forms else METHOD
        response = client.send(response.form(first), authenticator=dict(offer.body))
        if response.status < 400 and METHOD in response.forms:
            response = client.send(response.form(METHOD), authenticator=_told(response, offer))
    if response.status >= 400:
        raise faults.explained(response)
    waiting.reached[offer.factor.id] = response
    return response


def _told(response: Response, offer: Offer) -> dict[str, str]:
    """Return how the chosen authenticator is to be used: by text message, by voice."""
    for one in offers.by_method(response):
        if one.factor.kind == offer.factor.kind:
            return {**offer.body, **one.body}
    return dict(offer.body)


def _typed(client: Client, response: Response, offer: Offer) -> runas.Flow[str]:
    context = table(response.current, "contextualData")
    device = shown(text(context, "enrolledQuestion", "question")) or offer.factor.device
    if offer.factor.kind not in _DELIVERED:
        return (yield from runas.Code(device))
    for _ in range(RESENDS):
        typed = yield from runas.Code(device, words=(RESEND,))
        if typed.strip().lower() not in ("", RESEND):
            return typed
        _send_again(client, response)
    raise runas.Refused("no code arrived", "choose another factor: --mfa-type")


def _send_again(client: Client, response: Response) -> None:
    href = text(response.current, "resend", "href")
    if RESEND in response.forms:
        answer = client.send(response.form(RESEND))
    elif href:
        answer = client.post(href, {})
    else:
        return
    if answer.status >= 400:
        raise faults.explained(answer)


def _pause(response: Response) -> float:
    form = response.forms.get(POLL)
    refresh = form.refresh if form else 0.0
    # Not every number is one: JSON as Python reads it knows NaN and Infinity.
    return refresh if 1.0 <= refresh <= LONGEST_PAUSE else PAUSE


def _ended(response: Response, offer: Offer, waiting: Waiting) -> runas.RunasError:
    """Return the error for a push that came to an end without success."""
    error = faults.explained(response)
    device = offer.factor.device or "the device"
    if isinstance(error, runas.ApprovalRejected):
        hint = "if that was not you, tell your administrator: somebody may know your password"
        return runas.ApprovalRejected(f"the sign-in was declined on {device}", hint)
    if type(error) is runas.Refused:
        waiting.reached[offer.factor.id] = response
        return _expired(offer)
    return error


def _expired(offer: Offer) -> runas.RunasError:
    fact = f"nobody approved the sign-in on {offer.factor.device or 'the device'} in time"
    return runas.ApprovalExpired(fact, "run the command again for a new push")
