"""What is particular to an engine: Identity Engine's pages and steps, Classic's error codes."""

import json
import time

import pytest

from runas_okta.testing import Push, Reply, Sms, Totp


@pytest.mark.parametrize(
    "policy",
    [
        {"probe": True, "identifier_first": False},
        {"password_first": False, "keep_signed_in": True},
    ],
    ids=str,
)
def test_identity_engine_asks_in_many_ways(okta, policy) -> None:
    totp = Totp()
    watched, alone = (okta("identity", totp, **policy) for _ in range(2))
    someone = watched.seat()
    someone.signs_in()
    someone.code(totp.code())
    watched.got_in(someone.ends())
    alone.got_in(alone.alone("-o", totp.code()))


@pytest.mark.parametrize(
    ("engine", "policy", "remember"),
    [
        ("classic", {}, "true"),
        ("classic", {}, "false"),
        ("identity", {"keep_signed_in": True}, "true"),
    ],
)
def test_a_remembered_device(okta, engine, policy, remember) -> None:
    """With the session gone, the password is enough where the device was remembered."""
    totp = Totp()
    place = okta(engine, totp, profile=f"remember_device = {remember}\n", **policy)
    place.got_in(place.alone("-o", totp.code()))
    place.org.sessions.clear()
    again = place.alone("-r")
    if remember == "true":
        place.got_in(again, logins=2)
    else:
        place.refused(again, 75, "an MFA code for", logins=2)


def test_within_the_session_nothing_is_asked(okta) -> None:
    totp = Totp()
    place = okta("classic", totp)
    place.got_in(place.alone("-o", totp.code()))
    place.got_in(place.alone("-r", RUNAS_PASSWORD=""))


def test_a_domain_of_the_organisation_s_own(okta) -> None:
    """Nothing in the address tells, so the page has to."""
    place = okta("identity", Totp())
    place.org.app_path = "/go/aws"
    place.config.write_text(
        place.config.read_text("utf-8").replace("/home/amazon_aws/", "/go/aws?"), "utf-8"
    )
    place.got_in(place.alone("-o", place.user.factors[0].code()))


FAULTS = [
    (401, "E0000015", 77, "does not permit this sign-in"),
    (400, "E0000001", 77, "okta refused the sign-in (E0000001); okta says: Because"),
    (401, "E0000207", 77, "okta refused the user name or the password"),
    (401, "E0000064", 77, "the password at Okta has expired"),
    (401, "E0000011", 77, "took too long and has ended; run the command again"),
    (500, "E0000009", 69, "answered with a fault of its own (HTTP 500)"),
]


@pytest.mark.parametrize(("status", "code", "ends", "said"), FAULTS, ids=str)
def test_classic_s_errors(okta, status, code, ends, said) -> None:
    place = okta("classic")
    body = {"errorCode": code, "errorSummary": "Because."}
    place.org.tamper = lambda request, reply: (
        Reply.of(body, status) if request.path == "/api/v1/authn" else reply
    )
    place.refused(place.alone(), ends, said)


RESULTS = [
    ("CANCELLED", "the sign-in at Okta was cancelled"),
    ("ERROR", "okta did not accept the factor totp (Okta Verify) (ERROR)"),
    ("PASSCODE_REPLAYED", "the code given by -o was refused"),
    ("TIME_WINDOW_EXCEEDED", "the code given by -o was refused"),
]


@pytest.mark.parametrize(("result", "said"), RESULTS)
def test_results_of_a_factor_that_are_no_success(okta, result, said) -> None:
    place = okta("classic", Totp())

    def ending(request, reply):
        body = json.loads(reply.body) if request.path.endswith("/verify") else {}
        return (
            Reply.of(body | {"status": "MFA_CHALLENGE", "factorResult": result}) if body else reply
        )

    place.org.tamper = ending
    place.refused(place.alone("-o", place.user.factors[0].code()), 77, said)


@pytest.mark.parametrize("engine", ["classic", "identity"])
def test_a_text_message_so_soon_after_another(okta, engine) -> None:
    place = okta(engine, Sms(cooling=True))
    said = "a moment ago" if engine == "classic" else "rate limit"
    place.refused(place.alone("-o", "481516"), 69, said)


@pytest.mark.parametrize("engine", ["classic", "identity"])
def test_a_rate_limit_that_ends_soon_is_waited_for(okta, engine) -> None:
    place = okta(engine)
    refused = []

    def limiting(request, reply):
        if request.method != "POST" or refused:
            return reply
        refused.append(request)
        soon = Reply.of({"errorCode": "E0000047", "errorSummary": "API call exceeded"}, 429)
        soon.headers.append(("X-Rate-Limit-Reset", str(int(time.time()) + 1)))
        return soon

    place.org.tamper = limiting
    # What was refused so has had no effect: it is the one request that may be repeated.
    ended = place.alone()
    assert refused
    place.got_in(ended, logins=2 if engine == "classic" else 1)


def test_a_rate_limit_that_lasts_is_told(okta) -> None:
    place = okta("classic", Push(), limit=3)
    place.refused(place.alone(), 69, "(its rate limit); try again in ", logins=0)
