"""The second factor: take the way to it, send the code, tell a typing error from an end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import runas
from runas import html
from runas_form import faults, push
from runas_form.login import Login, Outcome, Waiting
from runas_form.recognising import recognise
from runas_form.scenes import CodeEntry, Picker, Push, Scene, SignIn

if TYPE_CHECKING:
    from requests import Session


def satisfy(
    profile: runas.Profile, http: Session, waiting: Waiting, factor: runas.Factor
) -> runas.Flow[Outcome]:
    """Ask for a code or a tap; the newest page stays in *waiting*, for another try."""
    login = Login(profile, http, waiting.name, signed_in=True, rounds=waiting.rounds)
    page, scene = _reached(login, waiting, factor)
    if isinstance(scene, Push) and factor.kind == "push":
        page = yield from push.approved(http, page, scene, factor.device)
        if _complains(page):
            raise faults.not_approved(page, factor.device)
        return (yield from login.walk(page))
    if not isinstance(scene, CodeEntry):
        return (yield from login.walk(page))
    waiting.page, waiting.scene = page, scene
    code = yield from runas.Code(factor.device or page.host)
    page = html.follow(http, _send(login, waiting, factor, scene, code))
    return (yield from _after(login, waiting, page))


def _reached(
    login: Login, waiting: Waiting, factor: runas.Factor
) -> tuple[html.Page, Scene | None]:
    """Take the way to the factor: to the page of the one that was picked, and past a push."""
    page, scene = waiting.page, waiting.scene
    reached: Scene | None = scene
    if isinstance(scene, Picker):
        option = next(each for each in scene.options if each.key == factor.id)
        page = html.follow(login.http, login.take(page, option))
        reached = recognise(page, signed_in=True)
    if isinstance(reached, Push) and reached.code and factor.kind != "push":
        page = html.follow(login.http, html.read(login.http.get(reached.code), page.secrets))
        reached = recognise(page, signed_in=True)
    return page, reached


def _complains(page: html.Page) -> bool:
    """Tell a page that says no more than what is wrong."""
    if html.assertion(page) is not None or not html.error_text(page):
        return False
    return recognise(page, signed_in=True) is None


def _send(
    login: Login, waiting: Waiting, factor: runas.Factor, scene: CodeEntry, code: str
) -> html.Page:
    values = {**login.boxes(scene.form), scene.code.name: code}
    if any(each.value == factor.id for each in scene.devices):
        values[scene.devices[0].name] = factor.id
    return login.send(waiting.page, scene.form, values, {scene.code.name})


def _after(login: Login, waiting: Waiting, page: html.Page) -> runas.Flow[Outcome]:
    """Tell what the answer to a code means."""
    asked = waiting.scene
    scene = recognise(page, signed_in=True) if html.assertion(page) is None else None
    if (
        isinstance(scene, CodeEntry)
        and isinstance(asked, CodeEntry)
        and scene.code.name == asked.code.name
    ):
        waiting.page, waiting.scene = page, scene
        raise faults.wrong_code(page)
    if isinstance(scene, SignIn):
        raise faults.code_ends_it(page)
    if _complains(page):
        raise faults.code_ends_it(page)
    return (yield from login.walk(page))
