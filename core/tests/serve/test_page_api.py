"""The JSON API: the page's own requests, and those of aws-runas's clients."""

import gc
import json
import types

import pytest

from runas.challenges import Approval, Browse, Choice, Code, Password, Username
from runas.errors import ServiceUnavailable, WrongCode, WrongPassword

TYPE = "X-AwsRunas-Authentication-Type"


@pytest.fixture
def login(site):
    """Start a service whose logins ask name, password and code; count password requests."""
    service = site(profile=None)
    service.seen = []

    def flow(profile):
        username = yield from Username("login.example.com", "me")
        password = yield from Password("https://login.example.com", username)
        service.seen.append((username, password == "right"))
        if password != "right":
            raise WrongPassword("the password was refused", "type it anew")
        del password
        code = yield from Code("iPhone")
        for attempt in (1, 2):
            if code == "123456":
                return service.made(1)
            code = yield from Code("iPhone", attempt)
        raise WrongCode("the code was refused", "wait for the next one")

    service.flow = flow
    service.profiles.switch(service.config.profile("admin"))
    return service


def question(service, eventually, kind):
    eventually(lambda: [one for one in service.state()["questions"] if one["kind"] == kind])
    return service.state()["questions"][0]


def answer(service, asked, text):
    return service.page("POST", "/answer", {"id": asked["id"], "answer": text})[0]


def test_the_page_s_way_through_a_login(login, eventually):
    asked = question(login, eventually, "username")
    assert (asked["profile"], asked["default"]) == ("admin", "me")
    assert answer(login, asked, "me@example.com") == 202
    asked = question(login, eventually, "password")
    assert asked["username"] == "me@example.com"
    assert answer(login, asked, "right") == 202
    assert answer(login, asked, "again") == 409, "a question is answered once"
    asked = question(login, eventually, "code")
    assert asked["device"] == "iPhone"
    assert answer(login, asked, "") == 400
    assert answer(login, asked, "000 000") == 202
    eventually(
        lambda: login.state()["questions"][:1] and login.state()["questions"][0].get("attempt")
    )
    assert answer(login, login.state()["questions"][0], "123 456") == 202
    eventually(lambda: login.state()["profile"]["valid"])
    shown = login.state()["profile"]
    assert shown["who"] == "arn:aws:sts::123456789012:assumed-role/admin/alice"
    assert (shown["account"], shown["role"], shown["region"]) == (
        "123456789012", "admin", "eu-central-1",
    )  # fmt: skip
    assert shown["problem"] is None
    assert login.seen == [("me@example.com", True)], "the same login went on: one password"


def test_the_old_way_through_a_login(login, eventually):
    status, headers, body = login.page("POST", "/refresh")
    assert (status, headers[TYPE], body["username"]) == (401, "AUTH", "")
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    status, headers, _ = login.ask(
        "POST", "/auth", f"username=me&password=right&csrf={login.access.csrf}",
        Cookie=login.cookie, **form,
    )  # fmt: skip
    assert (status, headers[TYPE]) == (401, "MFA")
    status, headers, _ = login.page("POST", "/mfa", {"mfa": "000000"})
    assert (status, headers[TYPE]) == (401, "MFA")
    status, headers, body = login.page("POST", "/mfa", {"mfa": "123456"})
    assert status == 200
    assert TYPE not in headers
    assert body["profile"] == "admin"
    assert login.seen == [("me", True)]


def test_a_wrong_password_is_said_and_asked_for_anew(login):
    status, headers, body = login.page("POST", "/auth", {"username": "me", "password": "wrong"})
    assert (status, headers[TYPE]) == (401, "AUTH")
    assert "type it anew" in body["message"]
    problem = login.state()["profile"]["problem"]
    assert problem == {
        "fact": "the password was refused", "hint": "type it anew", "kind": "WrongPassword",
    }  # fmt: skip
    status, headers, _ = login.page("POST", "/auth", {"username": "me", "password": "right"})
    assert (status, headers[TYPE]) == (401, "MFA")


def test_the_password_is_kept_nowhere(login, eventually):
    def flow(profile):
        password = yield from Password("https://login.example.com", "me")
        assert password.startswith("pass-canary-")
        del password
        code = yield from Code("iPhone")
        assert code
        return login.made(1)

    login.page("POST", "/cancel")
    eventually(lambda: not login.profiles.current.renewal.flying)
    login.flow = flow
    secret = "pass-canary-" + "7".join("abc")
    status, headers, _ = login.page("POST", "/auth", {"username": "me", "password": secret})
    assert (status, headers[TYPE]) == (401, "MFA")
    gc.collect()
    assert not holders(secret), "somebody keeps the password"
    login.kept = [secret]
    assert holders(secret), "this test would notice"


def holders(secret):
    """Return what refers to a text: attributes, items of lists and dictionaries."""
    ours = (types.FrameType, types.FunctionType, types.CodeType, types.CellType)
    found = []
    for one in gc.get_objects():
        parts = [] if isinstance(one, ours) else gc.get_referents(one)
        if secret in filter(_is_text, parts):
            found.append(type(one))
    return found


def _is_text(part):
    return type(part) is str


def test_a_push_a_choice_and_a_browser(site, eventually):
    service = site(profile=None)
    approved = []

    def flow(profile):
        factor = yield from Choice("Which factor?", ["push (iPhone)", "totp"])
        assert factor == "push (iPhone)"
        while not approved:
            yield from Approval("iPhone", "42", 0.05)
        yield from Browse("https://login.example.com/device", "ABCD-EFGH", 0.3)
        yield from Browse("javascript:alert(1)", None, 0.3)
        return service.made(1)

    service.flow = flow
    service.profiles.switch(service.config.profile("admin"))
    asked = question(service, eventually, "choice")
    assert asked["options"] == ["push (iPhone)", "totp"]
    for wrong in ("2", "-1", "x", ""):
        assert answer(service, asked, wrong) == 400
    assert answer(service, asked, "0") == 202
    asked = question(service, eventually, "approval")
    assert (asked["device"], asked["number"]) == ("iPhone", "42")
    assert question(service, eventually, "approval")["id"] == asked["id"], "the same wait goes on"
    assert answer(service, asked, "x") == 400
    approved.append(True)
    asked = question(service, eventually, "browse")
    assert (asked["url"], asked["user_code"]) == ("https://login.example.com/device", "ABCD-EFGH")
    eventually(lambda: [one for one in service.state()["questions"] if one.get("url") == ""])
    eventually(lambda: service.state()["profile"]["valid"])


def test_a_login_can_be_cancelled_and_begun_again(login, eventually):
    question(login, eventually, "username")
    assert login.page("POST", "/cancel")[0] == 202
    eventually(lambda: login.state()["profile"]["problem"])
    assert login.state()["profile"]["problem"]["kind"] == "Cancelled"
    assert login.page("POST", "/refresh", {"page": "yes"})[0] == 202
    question(login, eventually, "username")


def test_a_question_nobody_answers_is_given_up(site, eventually):
    service = site(profile=None, patience=0.2)

    def flow(profile):
        yield from Password("https://login.example.com", "me")

    service.flow = flow
    service.profiles.switch(service.config.profile("admin"))
    eventually(lambda: service.state()["profile"]["problem"])
    assert service.state()["profile"]["problem"]["kind"] == "InteractionRequired"


def test_profiles_are_listed_and_switched(site, eventually):
    service = site()
    names = service.page("GET", "/list-profiles")[2]
    assert names == ["default", "admin", "other", "with space", "sign-in", "keys", "broken"]
    assert service.page("GET", "/list-roles")[2] == ["admin", "other", "with space", "sign-in"]
    listed = {one["name"]: one for one in service.page("GET", "/catalogue")[2]}
    assert (listed["other"]["account"], listed["other"]["role"]) == ("210987654321", "other")
    assert "soon" in listed["broken"]["problem"]
    assert "secret-canary" not in json.dumps(listed)
    status, _, shown = service.page("POST", "/profile", {"profile": "other"})
    assert (status, shown["profile"]) == (200, "other")
    assert service.page("GET", "/profile")[2]["role_arn"].endswith(":role/other")
    assert service.state()["profile"]["name"] == "other"


def test_the_profile_may_be_posted_as_text(site):
    service = site()
    service.enter()
    status, _, text = service.ask(
        "POST", "/profile", "other", Cookie=service.cookie, X_Runas_CSRF=service.access.csrf
    )
    assert (status, json.loads(text)["profile"]) == (200, "other")


@pytest.mark.parametrize(("status", "name"), [(404, "missing"), (400, "broken"), (404, "")])
def test_what_cannot_be_switched_to_changes_nothing(site, status, name):
    service = site()
    assert service.page("POST", "/profile", {"profile": name})[0] == status
    assert service.state()["profile"]["name"] == "admin"


def test_a_refresh_logs_in_anew(site, eventually):
    service = site()
    eventually(lambda: service.get()[0] == 200)
    assert service.page("POST", "/refresh")[0] == 200
    assert service.get()[1]["AccessKeyId"] == "ASIA2"
    assert service.logins[-1][1]["refresh"] == 1


def test_an_outage_is_told_with_its_hint(site, eventually):
    service = site()
    eventually(lambda: service.get()[0] == 200)

    def flow(profile):
        raise ServiceUnavailable("the provider is down", "look at its status page")
        yield

    service.flow = flow
    status, _, body = service.page("POST", "/refresh")
    assert status == 503
    assert "look at its status page" in body["message"]
    assert service.get()[0] == 200
    assert any("down" in str(event["text"]) for event in service.state()["events"])


def test_a_client_with_the_token_learns_the_csrf_token(site):
    from .service import TOKEN

    service = site()
    _, headers, _ = service.ask("GET", "/profile", Authorization=TOKEN)
    csrf = headers["X-Runas-CSRF"]
    status, _, _ = service.ask("POST", "/refresh", "", Authorization=TOKEN, X_Runas_CSRF=csrf)
    assert status == 200


def test_without_a_profile_the_page_asks_for_one(site):
    service = site(profile=None)
    assert service.state()["profile"] is None
    assert service.page("POST", "/refresh")[0] == 503
    assert service.page("POST", "/profile", {"profile": "admin"})[0] == 200
    assert service.get()[0] == 200


def test_a_changed_file_is_taken_in(site, eventually):
    from runas.config.commandline import parse
    from runas.config.load import open_config

    service = site()
    eventually(lambda: service.get()[0] == 200)
    service.get("/credentials/other")
    path = service.config.config.path
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("role/other", "role/another"))
    service.profiles.reload(open_config(parse([], {})), None)
    assert len(service.logins) == 2
    service.get("/credentials/other")
    assert [name for name, _ in service.logins] == ["admin", "other", "other"]
    assert service.get()[1]["AccessKeyId"] == "ASIA1", "what is unchanged keeps its credentials"
