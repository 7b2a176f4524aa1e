"""The MFA adapters: right, wrong then right, refused, unanswered."""

import pytest

import runas
from runas_adfs import approval, duo_api
from runas_adfs.testing import LANGUAGES, VERSIONS
from runas_adfs.testing.adapters import DUO, NUMBER, PUSHED, TYPED
from runas_adfs.testing.duo import STEP_UP

NEWER = pytest.mark.parametrize("version", VERSIONS[1:])
BY_CODE = pytest.mark.parametrize("adapter", TYPED)
BY_PUSH = pytest.mark.parametrize("adapter", PUSHED)
BY_DUO = pytest.mark.parametrize("adapter", DUO)


@pytest.fixture(autouse=True)
def few_looks(monkeypatch):
    monkeypatch.setattr(approval, "LOOKS", 6)
    monkeypatch.setattr(duo_api, "LOOKS", 6)


@NEWER
@BY_CODE
def test_right_code(world, version, adapter):
    farm = world.farm(version, adapter)
    person = world.person(farm)
    person.sign_in()
    assert person.kinds() == ["Username", "Password", "Code"]
    assert world.code not in farm.users[world.name.lower()].codes


@NEWER
@BY_CODE
@pytest.mark.parametrize("language", LANGUAGES)
def test_mistyped_code(world, version, adapter, language):
    farm = world.farm(version, adapter, language=language)
    person = world.person(farm)
    person.answers[runas.Code] = ["000000", "111111", world.code]
    person.sign_in()
    codes = [each for each in person.asked if isinstance(each, runas.Code)]
    assert [each.attempt for each in codes] == [0, 1, 2]
    assert farm.primary == 1


@BY_CODE
@pytest.mark.parametrize("language", LANGUAGES)
def test_three_wrong_codes(world, adapter, language):
    farm = world.farm("2019", adapter, language=language)
    person = world.person(farm)
    person.answers[runas.Code] = "000000"
    error = person.refused(runas.WrongCode)
    assert farm.pages.words["badcode"] in error.fact
    assert person.kinds().count("Code") == 3


@BY_CODE
def test_code_is_good_once(world, adapter):
    farm = world.farm("2019", adapter)
    world.person(farm).sign_in()
    world.person(farm).refused(runas.WrongCode)


def test_next_code_of_the_token(world):
    farm = world.farm("2016", "rsa", codes=["next:111111", "222222"])
    person = world.person(farm)
    person.answers[runas.Code] = ["111111", "222222"]
    person.sign_in()
    devices = [each.device for each in person.asked if isinstance(each, runas.Code)]
    assert devices == ["RSA SecurID", "RSA SecurID, the next code"]


def test_wrong_next_code(world):
    farm = world.farm("2016", "rsa", codes=["next:111111", "222222", "333333"])
    person = world.person(farm)
    person.answers[runas.Code] = ["111111", "000000", "333333"]
    person.sign_in()


def test_new_pin_is_due(world):
    farm = world.farm("2016", "rsa")
    person = world.person(farm)
    person.answers[runas.Code] = "new-pin"
    person.refused(runas.ActionRequired)


@NEWER
@BY_PUSH
@pytest.mark.parametrize("polls", [1, 3])
def test_push_is_approved(world, version, adapter, polls):
    farm = world.farm(version, adapter, polls=polls)
    person = world.person(farm)
    person.sign_in()
    looks = [each for each in person.asked if isinstance(each, runas.Approval)]
    assert len(looks) == (1 if adapter in ("azure-server", "silverfort") else polls)
    assert {each.number for each in looks} == {NUMBER if adapter == "azure-mfa" else None}


@NEWER
@BY_PUSH
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("reject", runas.ApprovalRejected),
        ("timeout", runas.ApprovalExpired),
        ("rejected-page", runas.ApprovalRejected),
        ("timeout-page", runas.ApprovalExpired),
    ],
)
def test_push_comes_to_nothing(world, version, adapter, language, answer, error):
    farm = world.farm(version, adapter, language=language, answer=answer)
    world.person(farm).refused(error)
    assert farm.primary == 1


@pytest.mark.parametrize("page", ["contact", "error"])
def test_farm_fails_while_a_device_is_waited_for(world, page):
    farm = world.farm("2019", "azure-mfa", answer=f"{page}-page")
    world.person(farm).refused(runas.ServiceUnavailable)


@BY_PUSH
def test_push_that_nobody_answers(world, adapter):
    farm = world.farm("2019", adapter, answer="ignore")
    person = world.person(farm)
    person.refused(runas.ApprovalExpired)
    assert person.kinds().count("Approval") == 6


@BY_DUO
@pytest.mark.parametrize("kind", ["push", "call"])
@pytest.mark.parametrize("polls", [1, 3])
def test_duo_approval(world, adapter, kind, polls):
    farm = world.farm("2019", adapter, polls=polls)
    person = world.person(farm, mfa_type=kind)
    person.sign_in()
    numbers = {each.number for each in person.asked if isinstance(each, runas.Approval)}
    shown = adapter != "duo-frame" and kind == "push" and numbers
    assert numbers == ({STEP_UP} if shown else numbers & {None})
    assert farm.primary == 1


@BY_DUO
@pytest.mark.parametrize("kind", ["push", "call"])
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("reject", runas.ApprovalRejected),
        ("timeout", runas.ApprovalExpired),
        ("ignore", runas.ApprovalExpired),
    ],
)
def test_duo_comes_to_nothing(world, adapter, kind, answer, error):
    farm = world.farm("2019", adapter, answer=answer)
    world.person(farm, mfa_type=kind).refused(error)


@BY_DUO
@pytest.mark.parametrize("mfa_type", ["totp", "code"])
def test_duo_passcode(world, adapter, mfa_type):
    farm = world.farm("2019", adapter)
    person = world.person(farm, mfa_type=mfa_type)
    person.answers[runas.Code] = ["000000", world.code]
    person.sign_in()
    assert person.kinds() == ["Username", "Password", "Code", "Code"]
    sent = [each for each in farm.duo.server.requests if b"123456" in each.body]
    assert len(sent) == 1
    assert not any("123456" in each.target for each in farm.duo.server.requests)


@BY_DUO
def test_duo_by_name_lets_its_ways_be_chosen(world, adapter):
    farm = world.farm("2019", adapter)
    person = world.person(farm, mfa_type="duo")
    person.answers[runas.Choice] = 1
    person.answers[runas.Code] = ["000000", world.code]
    person.sign_in()
    assert person.kinds() == ["Username", "Password", "Choice", "Code", "Code"]


@BY_DUO
def test_duo_learns_nothing_of_the_password(world, adapter):
    farm = world.farm("2019", adapter)
    world.person(farm).sign_in()
    for request in farm.duo.server.requests:
        assert world.password not in (*request.form.values(), *request.query.values())


def test_device_that_duo_knows(world, monkeypatch):
    farm = world.farm("2016", "duo-frame")
    from runas_adfs.testing import duo_pages

    def known(attempt):
        attempt.cookie = "AUTH|known"
        return '<form><input type="hidden" name="js_cookie" value="AUTH|known"></form>'

    monkeypatch.setattr(duo_pages, "prompt", known)
    person = world.person(farm)
    person.sign_in()
    assert person.kinds() == ["Username", "Password"]


@NEWER
@pytest.mark.parametrize("first", ["azure-server", "rsa", "duo", "duo-frame", "generic"])
@pytest.mark.parametrize("second", ["azure-code", "vip", "rsa-v2", "safenet"])
def test_method_is_chosen(world, version, first, second):
    farm = world.farm(version, (first, second))
    person = world.person(farm)
    person.answers[runas.Choice] = 1
    person.answers[runas.Code] = ["000000", world.code]
    person.sign_in()
    factors = person.asked[2].options
    assert len(factors) == 2
    assert person.kinds() == ["Username", "Password", "Choice", "Code", "Code"]


def test_method_is_chosen_by_the_setting(world):
    farm = world.farm("2022", ("azure-mfa", "rsa"))
    person = world.person(farm, mfa_type="token")
    person.sign_in()
    assert person.kinds() == ["Username", "Password", "Code"]


def test_duo_among_the_methods(world):
    farm = world.farm("2022", ("rsa", "duo"))
    person = world.person(farm, mfa_type="duo")
    person.answers[runas.Choice] = 0
    person.sign_in()
    assert "Choice" in person.kinds()


@pytest.mark.parametrize("mfa_type", ["sms", "totp", "hotp", "token", "code", "auto"])
def test_code_page_that_does_not_say_where_codes_come_from(world, mfa_type):
    person = world.person(world.farm("2019", "azure-code"), mfa_type=mfa_type)
    person.sign_in()


def test_factor_that_is_not_there(world):
    person = world.person(world.farm("2019", "azure-code"), mfa_type="push")
    error = person.refused(runas.ConfigurationError)
    assert "'push' is not enrolled" in error.fact


def test_call_is_a_way_to_approve(world):
    person = world.person(world.farm("2019", "azure-mfa"), mfa_type="call")
    person.sign_in()


def test_certificate_alone(world):
    world.person(world.farm("2019", "certificate")).refused(runas.ConfigurationError)


def test_certificate_among_others(world):
    person = world.person(world.farm("2019", ("certificate", "rsa")))
    person.sign_in()
    assert person.kinds() == ["Username", "Password", "Code"]


def test_enrolment_is_due(world):
    error = world.person(world.farm("2019", "enrol")).refused(runas.ActionRequired)
    assert "mfa.example.com" in error.fact


def test_notice_before_the_second_factor(world):
    farm = world.farm("2019", "azure-mfa", trouble="expiring")
    world.person(farm).sign_in()


@pytest.mark.parametrize("version", ["3.0", "2022"])
@pytest.mark.parametrize("adapter", ["azure-mfa", "rsa", "duo", "duo-frame"])
def test_session_that_ends_before_the_factor(world, version, adapter):
    farm = world.farm(version, adapter)
    person = world.person(farm)
    step = {"azure-mfa": runas.Approval, "rsa": runas.Code}.get(adapter, runas.Approval)
    answer = person.answer

    def losing(challenge):
        if isinstance(challenge, step):
            farm.logins.clear()
        return answer(challenge)

    person.answer = losing
    person.settings["mfa_type"] = "auto"
    farm.users[world.name.lower()].polls = 2
    with pytest.raises(runas.RunasError) as caught:
        person.sign_in()
    assert caught.value.status in (69, 77)
    assert farm.primary == 1
