"""`serve ecs` as SDKs see it: which profile, with which token."""

import threading

import pytest

from runas.challenges import Password
from runas.errors import ServiceUnavailable, WrongPassword


def test_the_current_profile_is_served(site):
    status, document = site().get()
    assert status == 200
    assert set(document) == {"AccessKeyId", "SecretAccessKey", "Token", "Expiration"}


@pytest.mark.parametrize(
    ("status", "path"),
    [
        (200, "/credentials/admin"),
        (200, "/credentials/other"),
        (200, "/credentials/with%20space"),
        (404, "/credentials/sign-in"),  # logs in another way
        (404, "/credentials/missing"),
        (503, "/credentials/broken"),
        (404, "/credentials/"),
        (404, "/credentials/admin/"),
        (404, "/credentials/../admin"),
        (404, "/credentials/%2e%2e"),
        (404, "/credentials/" + "x" * 300),
        (404, "/credentials/%00"),
        (404, "/credentials/admin%0a"),
    ],
)
def test_others_are_served_by_name(site, status, path):
    assert site().get(path)[0] == status


@pytest.mark.parametrize(
    ("allow", "name", "status"),
    [
        (["all"], "sign-in", 200),
        (["sign-in"], "sign-in", 200),
        (["sign-in"], "other", 404),
        (["sign-in"], "admin", 200),  # the current one may be named
    ],
)
def test_allow_says_which(site, allow, name, status):
    assert site(allow=allow).get(f"/credentials/{name}")[0] == status


def test_each_profile_logs_in_once(site):
    endpoint = site()
    for _ in range(3):
        endpoint.get("/credentials/other")
        endpoint.get("/credentials/admin")
    assert sorted(name for name, _ in endpoint.logins) == ["admin", "other"]


def test_wrong_tokens_are_refused_and_then_not_heard_any_more(site):
    endpoint = site()
    assert endpoint.get(Authorization="wrong")[0] == 403
    answers = [endpoint.get(Authorization=f"wrong{n}")[0] for n in range(40)]
    assert set(answers) == {403, 429}
    assert endpoint.get()[0] == 200, "who has the token is never kept out"


def test_without_a_token_everybody_is_answered(site):
    assert site(token=None).get(Authorization="")[0] == 200


def test_no_profile_is_a_clean_503(site):
    status, document = site(profile=None).get()
    assert (status, document["code"]) == (503, "NoProfile")


def test_a_person_who_is_needed_is_a_quick_503(site, eventually):
    endpoint = site(profile=None)

    def flow(profile):
        password = yield from Password("https://login.example.com", "me")
        assert password == "right"
        return endpoint.made(1)

    endpoint.flow = flow
    endpoint.profiles.switch(endpoint.config.profile("admin"))
    eventually(lambda: endpoint.state()["questions"])
    status, document = endpoint.get()
    assert (status, document["code"]) == (503, "InteractionRequired")
    assert "the password of me at https://login.example.com" in document["message"]
    question = endpoint.state()["questions"][0]
    assert endpoint.page("POST", "/answer", {"id": question["id"], "answer": "right"})[0] == 202
    eventually(lambda: endpoint.get()[0] == 200)


def test_an_outage_is_not_seen_while_credentials_are_good(site, clock, eventually):
    endpoint = site(clock=clock)
    assert endpoint.get()[1]["AccessKeyId"] == "ASIA1"

    def outage(profile):
        raise ServiceUnavailable("the provider is down")
        yield

    endpoint.flow = outage
    clock.now += 3000
    for _ in range(5):
        assert endpoint.get()[1]["AccessKeyId"] == "ASIA1"
    endpoint.flow = endpoint.simply
    endpoint.profiles.current.renewal.renew()
    eventually(lambda: endpoint.get()[1]["AccessKeyId"] == "ASIA2")


def test_a_refused_password_is_told_and_not_tried_again(site, eventually):
    endpoint = site(profile=None)

    def flow(profile):
        raise WrongPassword("the password was refused", "set it anew")
        yield

    endpoint.flow = flow
    endpoint.profiles.switch(endpoint.config.profile("admin"))
    eventually(lambda: endpoint.get()[1]["code"] == "AccessDenied")
    for _ in range(5):
        assert "set it anew" in endpoint.get()[1]["message"]
    assert len(endpoint.logins) == 1


def test_a_thousand_clients_at_expiry_are_one_login(site, clock, many_files):
    endpoint = site(clock=clock)
    assert endpoint.get()[0] == 200
    gate, came = threading.Event(), threading.Semaphore(0)

    def flow(profile):
        came.release()
        assert gate.wait(20)
        return endpoint.made(2)
        yield

    endpoint.flow = flow
    clock.now += 4000
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(endpoint.get()[1])) for _ in range(1000)
    ]
    for number, thread in enumerate(threads):
        thread.start()
        if number == 0:
            assert came.acquire(timeout=20)
            gate.set()
    for thread in threads:
        thread.join(60)
    assert [answer["AccessKeyId"] for answer in answers] == ["ASIA2"] * 1000
    assert len(endpoint.logins) == 2
