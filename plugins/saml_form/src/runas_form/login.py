"""The walk from the sign-in address to the SAML response, page by page.

The password is sent once: a form that wants it again is a refusal. It is kept nowhere, so a login
that waits for a second factor holds the page and the user's name only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import runas
from runas import html, saml
from runas_form import factors, faults, fields
from runas_form.clicks import go
from runas_form.push import PROBE
from runas_form.recognising import recognise
from runas_form.scenes import CodeEntry, Confirm, Option, Picker, Push, Scene, SignIn, Wall
from runas_form.settings import form_fields
from runas_form.words import CONSENT, LANGUAGE, clue

if TYPE_CHECKING:
    from requests import Session

Outcome = runas.Identity | runas.MfaRequired
_T = TypeVar("_T")

STEPS = 20
"""Pages that a login may show to a person; brokered logins with consent have about eight."""

_SCRIPTED = {"pf.ok": "clicked", PROBE: "false"}
"""What the scripts of PingFederate and PingID write into their pages' hidden fields."""

ROUNDS = 4
"""Second factors in one login: a choice, a code, and both once more."""


@dataclass
class Waiting:
    """A login that waits for a second factor: the newest page, and what it wants.

    ``rounds`` counts the factors wanted so far: core goes on for as long as one is.
    """

    page: html.Page
    scene: CodeEntry | Picker | Push
    name: str
    rounds: int


@dataclass
class Login:
    """One login. ``name`` is the user's once it is known; ``asked`` says that a person was."""

    profile: runas.Profile
    http: Session
    name: str = ""
    signed_in: bool = False
    asked: bool = False
    sent_to: str = ""
    rounds: int = 0
    answers: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.answers = form_fields(self.profile)
        self.picked: list[tuple[str, ...]] = []
        self.remembers = self.profile.enabled("remember_device", default=True)

    def start(self) -> runas.Flow[Outcome]:
        """Open the sign-in address and go on from there."""
        url = self.profile.get("saml_auth_url")
        if not url:
            raise runas.ConfigurationError(
                f"profile '{self.profile.name}' has no saml_auth_url",
                "set it to the address that opens AWS in a browser",
            )
        return (yield from self.walk(html.read(self.http.get(url))))

    def walk(self, page: html.Page) -> runas.Flow[Outcome]:
        """Go on until there is a response for AWS, or a second factor is wanted."""
        for _ in range(STEPS):
            page = html.follow(self.http, page)
            response = html.assertion(page)
            if response is not None:
                return self._identity(response)
            scene = recognise(page, self.signed_in)
            waiting = self._wants_factor(page, scene)
            if waiting is not None:
                return waiting
            page = yield from self._play(page, scene)
        raise runas.PageNotRecognised(
            f"the sign-in at {page.host} shows more than {STEPS} pages", "use a browser"
        )

    def _identity(self, response: str) -> runas.SamlIdentity:
        found = saml.identity(response)
        return found if found.subject or not self.name else saml.identity(response, self.name)

    def _wants_factor(self, page: html.Page, scene: Scene | None) -> runas.MfaRequired | None:
        if isinstance(scene, Picker) and not self.signed_in:
            return None
        if not isinstance(scene, (CodeEntry, Picker, Push)):
            return None
        found = factors.offered(page, scene, self.profile.get("mfa_type") or "")
        if not found:
            return None
        if self.rounds >= ROUNDS:
            raise runas.PageNotRecognised(
                f"{page.host} wants a second factor again and again", "sign in with a browser once"
            )
        return runas.MfaRequired(found, state=Waiting(page, scene, self.name, self.rounds + 1))

    def _play(self, page: html.Page, scene: Scene | None) -> runas.Flow[html.Page]:
        if isinstance(scene, SignIn):
            return (yield from self._sign_in(page, scene))
        if isinstance(scene, Picker):
            return (yield from self._pick(page, scene))
        if isinstance(scene, Confirm):
            return self._confirm(page, scene)
        if isinstance(scene, Wall):
            raise faults.wall(page, scene)
        raise faults.unknown(page, self.signed_in)

    def _sign_in(self, page: html.Page, scene: SignIn) -> runas.Flow[html.Page]:
        """Fill the name, the password or both in; a form that comes back is a refusal."""
        if self.signed_in:
            raise faults.refused(page) if self.sent_to in ("", page.host) else faults.again(page)
        if scene.password is None and self.name:
            raise faults.unknown_user(page)
        values = yield from self._around(scene.form)
        if scene.username is not None:
            self.name = yield from self._username(scene.username)
            values[scene.username.name] = self.name
        if scene.password is not None:
            self.name = self.name or self.profile.get("username") or ""
            password = yield from self._ask(runas.Password(self._realm, self.name))
            values[scene.password.name] = password
        secrets = {scene.password.name} if scene.password else set()
        if scene.code is not None and scene.code.name not in values:
            code = yield from self._beside(page, scene.code)
            values[scene.code.name] = code
            secrets.add(scene.code.name)
        if scene.password is not None:
            self.signed_in, self.sent_to = True, page.host
        return self.send(page, scene.form, values, secrets)

    def _username(self, field: html.Field) -> runas.Flow[str]:
        known = self.name or self.profile.get("username")
        return known or (yield from self._ask(runas.Username(self._realm, field.value)))

    def _beside(self, page: html.Page, code: html.Field) -> runas.Flow[str]:
        """Ask for a code beside the password, where the page insists or the profile says so."""
        found = page.document.find("input", attrs={"name": code.name})
        insists = bool(found and found.get("required") is not None)
        if insists or self.profile.get("mfa_type") in (*factors.TYPED, "code"):
            return (yield from self._ask(runas.Code(page.host)))
        return ""

    @property
    def _realm(self) -> str:
        """The sign-in address's origin: passwords are kept by it, wherever the login leads."""
        return "/".join((self.profile.get("saml_auth_url") or "").split("/", 3)[:3])

    def _around(self, form: html.Form) -> runas.Flow[dict[str, str]]:
        """Answer what stands around the name and password: boxes, and lists without a choice."""
        values = self.boxes(form)
        for each in form.of_type("select"):
            known = {value for value, _ in each.options}
            if each.name in values or len(known - {""}) < 2 or LANGUAGE.search(clue(each.name)):
                continue
            if form.of_type("password") and each.sends in ((), (each.options[0][0],)):
                values[each.name] = yield from self._from_list(form, each)
        return values

    def _from_list(self, form: html.Form, each: html.Field) -> runas.Flow[str]:
        options = [Option(text, form, each.name, value) for value, text in each.options if value]
        picked = yield from self._ask(runas.Choice(each.label or f"Which {each.name}?", options))
        return picked.value

    def boxes(self, form: html.Form) -> dict[str, str]:
        """Return what the settings say to fields of a form, and to boxes that remember."""
        values = {name: text for name, text in self.answers.items() if form.holds(name)}
        values |= {name: text for name, text in _SCRIPTED.items() if name in form.fields}
        if self.remembers:
            ticked = {each.name: each.value for each in fields.remember(form)}
            values = {**ticked, **values}
        return values

    def _pick(self, page: html.Page, scene: Picker) -> runas.Flow[html.Page]:
        """Choose a way on, by the settings where they say, and take it."""
        labels = tuple(each.label for each in scene.options)
        if labels in self.picked:
            raise runas.PageNotRecognised(
                f"{page.host} asks the same again: {scene.title}", "sign in with a browser once"
            )
        self.picked.append(labels)
        option = next((each for each in scene.options if self._answered(each)), None)
        if option is None:
            option = yield from self._ask(runas.Choice(scene.title, scene.options))
        return self.take(page, option)

    def _answered(self, option: Option) -> bool:
        name = option.name or (option.press.name if option.press else "")
        value = option.value or (option.press.value if option.press else "")
        wanted = self.answers.get(name)
        return wanted is not None and wanted in (value, option.label)

    def take(self, page: html.Page, option: Option) -> html.Page:
        """Send the form of an option, with what makes it that option."""
        values = self.boxes(option.form)
        if option.name:
            values[option.name] = option.value
        return html.submit(self.http, page, option.form, values, press=option.press)

    def _confirm(self, page: html.Page, scene: Confirm) -> html.Page:
        """Click on: consent is remembered, and 'stay signed in?' is the profile's choice."""
        values = self.boxes(scene.form)
        for radios in fields.groups(scene.form).values():
            kept = [each for each in radios if fields.remembers(each.value)]
            if kept and CONSENT.search(clue(kept[0].name)):
                values[kept[0].name] = kept[0].value
        stays = self.remembers or not scene.stay
        button = scene.yes if stays else scene.no or scene.yes
        return html.submit(self.http, page, scene.form, values, press=button)

    def send(
        self, page: html.Page, form: html.Form, values: dict[str, str], secrets: set[str]
    ) -> html.Page:
        """Send a form with a secret in it, pressing the button that a person would."""
        return html.submit(self.http, page, form, values, press=go(form), secrets=secrets)

    def _ask(self, challenge: runas.Challenge[_T]) -> runas.Flow[_T]:
        self.asked = True
        return (yield from challenge)
