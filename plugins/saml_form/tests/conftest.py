"""A person who signs in, and a provider's SAML response."""

import base64
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pluggy
import pytest

import runas
import runas_form
from runas import hookspecs
from runas.challenges import drive
from runas.http import Session, session

ROLE = "arn:aws:iam::123456789012:role/dev"
PRINCIPAL = "arn:aws:iam::123456789012:saml-provider/Idp"
PASSWORD = "pa55-canary-word"
CODE = "424242"

RESPONSE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r"
 Version="2.0" IssueInstant="{now}" Destination="https://signin.aws.amazon.com/saml">
<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a" Version="2.0" IssueInstant="{now}">
<Subject><NameID>{user}</NameID></Subject><AttributeStatement>
<Attribute Name="https://aws.amazon.com/SAML/Attributes/Role">
<AttributeValue>{role},{principal}</AttributeValue></Attribute>
<Attribute Name="https://aws.amazon.com/SAML/Attributes/RoleSessionName">
<AttributeValue>{user}@example.com</AttributeValue></Attribute>
</AttributeStatement></Assertion></samlp:Response>"""


def issue(user: str) -> str:
    now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = RESPONSE.format(now=now, user=user, role=ROLE, principal=PRINCIPAL)
    return base64.b64encode(text.encode()).decode()


class Hung(Exception):
    """The person closes the question."""


@dataclass
class Person:
    """Answers challenges: ``codes`` in turn, ``picks`` by what the options show."""

    username: str = "alice"
    password: str = PASSWORD
    codes: list[Any] = field(default_factory=lambda: [CODE])
    picks: list[str] = field(default_factory=list)
    hangs_up_at: int = -1
    easygoing: bool = False
    asked: list[runas.Challenge[Any]] = field(default_factory=list)

    def answer(self, challenge: runas.Challenge[Any]) -> Any:
        self.asked.append(challenge)
        if len(self.asked) - 1 == self.hangs_up_at:
            raise Hung
        match challenge:
            case runas.Username():
                return self.username
            case runas.Password():
                return self.password
            case runas.Code():
                code = CODE if self.easygoing else self.codes.pop(0)
                return code() if callable(code) else code
            case runas.Approval():
                return None
            case runas.Choice():
                if self.easygoing:
                    return challenge.options[0]
                wanted = self.picks.pop(0)
                return next(e for e in challenge.options if wanted in challenge.label(e))
        raise AssertionError(f"nobody answers {challenge}")

    @property
    def kinds(self) -> list[str]:
        return [type(each).__name__ for each in self.asked]


@dataclass
class SignIn:
    """Calls the provider's hooks as core does."""

    person: Person
    http: Session

    def __post_init__(self) -> None:
        manager = pluggy.PluginManager("runas")
        manager.add_hookspecs(hookspecs)
        manager.register(runas_form, "form")
        manager.check_pending()
        self.hook = manager.hook

    def __call__(self, url: str, **settings: str) -> runas.SamlIdentity:
        profile = runas.Profile("work", {"saml_auth_url": url, **settings}, family="saml")
        outcome = drive(self.hook.authenticate(profile=profile, http=self.http), self.person.answer)
        while isinstance(outcome, runas.MfaRequired):
            outcome = self.satisfy(profile, outcome)
        return outcome

    def satisfy(self, profile: runas.Profile, pending: runas.MfaRequired) -> Any:
        factor = pending.factors[0]
        if len(pending.factors) > 1:
            factor = self.person.answer(runas.Choice("Which second factor?", pending.factors))
        for attempt in range(3):
            flow = self.hook.mfa(profile=profile, http=self.http, pending=pending, factor=factor)
            try:
                return drive(flow, self.person.answer)
            except runas.WrongCode:
                if attempt == 2:
                    raise
        return None


@pytest.fixture
def person() -> Person:
    return Person()


@pytest.fixture
def new_http():
    """Make sessions as core does, and close them."""
    made: list[Session] = []

    def make(**settings: str) -> Session:
        made.append(session(runas.Profile("work", settings)))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def sign_in(person: Person, new_http: Callable[..., Session]) -> SignIn:
    return SignIn(person, new_http())
