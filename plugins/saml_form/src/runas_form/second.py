"""The second factor: take the way to it, send the code, and tell a typing error from an end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import runas
from runas import html
from runas_form import faults
from runas_form.login import Login, Outcome, Waiting
from runas_form.recognising import recognise
from runas_form.scenes import CodeEntry, Picker, SignIn

if TYPE_CHECKING:
    from requests import Session


def satisfy(
    profile: runas.Profile, http: Session, waiting: Waiting, factor: runas.Factor
) -> runas.Flow[Outcome]:
    """Ask for a code and send it; the newest page stays in *waiting*, for another try."""
    login = Login(profile, http, waiting.name, signed_in=True, rounds=waiting.rounds)
    if isinstance(waiting.scene, Picker):
        option = next(each for each in waiting.scene.options if each.key == factor.id)
        page = html.follow(http, login.take(waiting.page, option))
        scene = recognise(page, signed_in=True)
        if not isinstance(scene, CodeEntry):
            return (yield from login.walk(page))
        waiting.page, waiting.scene = page, scene
    code = yield from runas.Code(factor.device or waiting.page.host)
    page = html.follow(http, _send(login, waiting, factor, waiting.scene, code))
    return (yield from _after(login, waiting, page))


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
    if scene is None and html.assertion(page) is None and html.error_text(page):
        raise faults.code_ends_it(page)
    return (yield from login.walk(page))
