"""Each hook, from outside: what it is given, what it may answer, who else is asked."""

import pytest

import runas
from runas import plugins
from runas.cache import Cache
from runas.challenges import drive
from runas.engine import Engine
from runas.memory import Memory
from runas.profile import Profile
from runas.provider import recognise
from runas.testing import Script

HEAD = (
    "import runas\nROLE = runas.Role(runas.RoleArn.parse('arn:aws:iam::123456789012:role/dev'))\n"
)
LOGIN = """
class Mine(runas.Identity): pass
@runas.hookimpl
def authenticate(profile, http):
    name = yield from runas.Username("the bay")
    return Mine(name + " " + type(http).__name__)
@runas.hookimpl
def list_roles(identity):
    return [ROLE] if isinstance(identity, Mine) else None
@runas.hookimpl
def assume(identity, role):
    return runas.Credentials("A", identity.subject, str(role), 4102444800)
"""
SECOND = """
@runas.hookimpl
def authenticate():
    yield from ()
    return runas.MfaRequired((runas.Factor("totp", "phone"), runas.Factor("push", "watch")), "s1")
@runas.hookimpl
def mfa(pending, factor):
    return _check(pending, factor) if factor.kind == "totp" else None
def _check(pending, factor):
    if (yield from runas.Code(factor.device)) != "123456":
        raise runas.WrongCode("no")
    return runas.KeyIdentity(pending.state, credentials=runas.Credentials("A", "s", "t"))
"""


@pytest.fixture
def engine(shelf, home):
    """Compose the engine of a profile whose provider is made of some code."""

    def make(code, **settings):
        shelf.put("bay", HEAD + code)
        profile = Profile("work", {"runas_provider": "bay", **settings})
        cache = Cache(str(home / "cache"))
        return Engine(profile, plugins.load(plugins.candidates(profile)), cache, Memory(cache))

    return make


def test_hook_authenticate_asks_and_proves(engine):
    person = Script(username="alice")
    entry = drive(engine(LOGIN).entry(), person.answer)
    assert entry.credentials.secret_access_key == "alice Session"
    assert person.asked == [runas.Username("the bay")]


def test_hook_mfa_is_called_for_the_factor_that_was_chosen(engine):
    person = Script(codes=["123456"], picks=["phone"])
    entry = drive(engine(SECOND).entry(), person.answer)
    assert entry.facts["subject"] == "s1"
    assert person.kinds == ["Choice", "Code"]


def test_hook_mfa_is_called_again_after_a_wrong_code(engine):
    person = Script(codes=["1", "2", "123456"], picks=["phone"])
    drive(engine(SECOND).entry(), person.answer)
    assert [one.attempt for one in person.asked if isinstance(one, runas.Code)] == [0, 1, 2]


def test_hook_mfa_that_nobody_takes_is_an_error(engine):
    with pytest.raises(runas.ConfigurationError, match="no installed plugin can use the factor"):
        drive(engine(SECOND).entry(), Script(picks=["watch"]).answer)


def test_hook_list_roles_offers_what_may_be_taken(engine):
    roles = drive(engine(LOGIN).roles(), Script().answer)
    assert [role.arn.name for role in roles] == ["dev"]


def test_hook_assume_turns_the_identity_into_keys(engine):
    entry = drive(engine(LOGIN).entry(), Script().answer)
    assert entry.credentials.session_token == "arn:aws:iam::123456789012:role/dev"


def test_hook_settings_tell_logins_apart(engine, shelf):
    code = "@runas.hookimpl\ndef settings():\n return [runas.Setting('bay_realm', 'A realm.')]\n"
    maker = engine(code + LOGIN)
    assert "bay_realm" in maker._identity_keys


def test_hook_detect_claims_an_address(shelf):
    code = "@runas.hookimpl\ndef detect(settings):\n"
    shelf.put("bay", f"{HEAD}{code} return 'bay' in settings['saml_auth_url']")
    shelf.put("reef", f"{HEAD}{code} return None")
    found = [one for one in plugins.installed() if one.name in ("bay", "reef")]
    profile = Profile("work", {"saml_auth_url": "https://bay.example"}, family="saml")
    assert recognise(plugins.load(found), profile, lambda: pytest.fail("no page")) == ["bay"]
