"""Each kind of page, met by a person at a terminal and by a program that nobody watches."""

import json
from dataclasses import dataclass, field

import pytest

from runas.testing.sandbox import PASSWORD, USER
from runas_form.testing import Answer, Screen, login, one_time_code, page, password, push, username

CODE = "424242"
LOGIN, ENTRY = login({USER: PASSWORD}), one_time_code(CODE)
WAYS = page(
    '<h1>How?</h1><button name="way" value="sms">Text message</button>'
    '<button name="way" value="totp">Authenticator app</button>',
    {"way": "totp"},
)
SOURCES = page(
    '<h1>Where is your account?</h1><select name="source"><option value="">Choose</option>'
    '<option value="s">Staff</option><option value="p">Partners</option></select>'
    "<button>Go on</button>",
    {"source": "p"},
)
CONSENT = page(
    "<h1>Information to be released</h1>"
    '<input type="checkbox" name="consent_ids" value="mail" checked>'
    '<input type="checkbox" name="consent_ids" value="roles" checked>'
    '<input type="submit" name="reject" value="Reject">'
    '<input type="submit" name="proceed" value="Accept">',
    {"consent_ids": ("mail", "roles"), "proceed": "Accept", "reject": None},
)
ASKS_PASSWORD = ("Password for", PASSWORD)
ASKS_CODE = ("MFA code for 127.0.0.1", CODE)
GIVEN = {"RUNAS_PASSWORD": PASSWORD}


@dataclass
class Kind:
    """Pages; what a person sees and types there; what a program must be told beforehand."""

    screens: list[Screen]
    dialogue: list[tuple[str, str]]
    given: dict[str, str] = field(default_factory=lambda: dict(GIVEN))
    words: tuple[str, ...] = ()


KINDS = {
    "name and password": Kind([LOGIN], [ASKS_PASSWORD]),
    "the name first": Kind([username(USER), password(PASSWORD)], [ASKS_PASSWORD]),
    "a code on a second page": Kind(
        [LOGIN, ENTRY], [ASKS_PASSWORD, ASKS_CODE], {**GIVEN, "MFA_CODE": CODE}
    ),
    "a choice of factors": Kind(
        [LOGIN, WAYS, ENTRY],
        [ASKS_PASSWORD, ("Which second factor?", "Authenticator"), ("MFA code", CODE)],
        {**GIVEN, "MFA_CODE": CODE},
        ("-t", "totp"),
    ),
    "a choice before the login": Kind(
        [SOURCES, LOGIN],
        [("Where is your account?", "Partners"), ASKS_PASSWORD],
        words=("--set", "form_fields=source=p"),
    ),
    "consent to several attributes": Kind([LOGIN, CONSENT], [ASKS_PASSWORD]),
    "a tap on the phone": Kind([LOGIN, push("OK", number="42")], [ASKS_PASSWORD, ("tap 42", "")]),
}
each = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def who(world, out):
    return world.aws.issued[json.loads(out)["AccessKeyId"]].arn.partition("assumed-role/")[2]


@each
def test_a_person_gets_past(kind, world, person):
    world.shows(*kind.screens)
    someone = person("-O", "json", "work")
    for seen, typed in kind.dialogue:
        someone.sees(seen)
        if typed:
            someone.types(typed + "\n")
    status, out, err = someone.waits()
    assert (status, err) == (0, ""), err + someone.shown
    assert who(world, out) == f"form-developer/{USER}"
    assert sum(PASSWORD in one.fields.values() for one in world.idp.requests) == 1


@each
def test_a_program_gets_past(kind, world):
    world.shows(*kind.screens)
    found = world.run("-O", "json", *kind.words, "work", **kind.given)
    assert found.returncode == 0, found.stderr
    assert who(world, found.stdout) == f"form-developer/{USER}"
    assert ("iPhone (tap 42)" in found.stderr) == bool(kind.screens[-1].statuses)


WANTS = {
    "a password": ([LOGIN], {}, "RUNAS_PASSWORD"),
    "a code": ([LOGIN, ENTRY], GIVEN, "MFA_CODE"),
    "a choice": ([SOURCES, LOGIN], GIVEN, "Where is your account?"),
    "a tap, and no input": ([LOGIN, push("OK")], {**GIVEN, "RUNAS_NO_INPUT": "1"}, "iPhone"),
}


@pytest.mark.parametrize(("screens", "given", "said"), WANTS.values(), ids=WANTS)
def test_what_wants_a_person_says_so(screens, given, said, world):
    world.shows(*screens)
    found = world.run("-O", "json", "work", **given)
    assert found.returncode == 75, found.stderr
    assert said in found.stderr
    assert (found.stdout, found.stderr.count("\n")) == ("", 1)


SCRIPT = Screen("<html><body><div id=root></div><script src=app.js></script></body></html>")
CAPTCHA = page('<input name="user"><input type="password" name="pw"><input name="captcha">')
WRONG = page(
    '<input name="user"><input type="password" name="pw"><button>Los</button>',
    {"pw": "another"},
    refusal='<div class="message error">Das Kennwort stimmt nicht.</div>',
)
FINAL = one_time_code("1", final=True)
DUE = page('<input type="password" name="password-new"><input type="password" name="confirm">')
ENDS = {
    "a script": ([SCRIPT], [], 78, "whose page needs a browser to run its script; installed:"),
    "a script, by name": ([SCRIPT], [], 78, "needs a browser to run its script"),
    "a captcha": ([CAPTCHA], [], 78, "asks for a captcha"),
    "a wrong password": ([WRONG], [ASKS_PASSWORD], 77, "Das Kennwort stimmt nicht"),
    "a code that ends it": ([LOGIN, FINAL], [ASKS_PASSWORD, ASKS_CODE], 77, "ended the sign-in"),
    "a new password": ([LOGIN, DUE], [ASKS_PASSWORD], 77, "wants a new password"),
    "a tap that was refused": ([LOGIN, push("NO")], [ASKS_PASSWORD], 77, "not to let this sign-in"),
    "a tap that never came": ([LOGIN, push("TIMEOUT")], [ASKS_PASSWORD], 77, "in time"),
}  # fmt: skip


@pytest.mark.parametrize("case", ENDS)
def test_a_page_that_ends_it(case, world, person):
    screens, dialogue, status, said = ENDS[case]
    world.shows(*screens)
    named = ("-R", "form") if case.endswith("by name") else ()
    someone = person("-O", "json", *named, "work")
    for seen, typed in dialogue:
        someone.sees(seen)
        someone.types(typed + "\n")
    code, out, err = someone.waits()
    assert (code, out, err.count("\n")) == (status, "", 1), err
    assert said in err
    assert PASSWORD not in err
    assert sum(PASSWORD in one.fields.values() for one in world.idp.requests) == bool(dialogue)


def test_an_address_that_is_none(world):
    gone = f"{world.idp.origin}/nothing"
    world.idp.trouble = lambda request: Answer("<h1>Not found</h1>", 404)
    found = world.run("-O", "json", "-S", gone, "work")
    assert (found.returncode, found.stderr.count("\n")) == (78, 1)
    assert f"no installed provider knows {gone}: it answers with status 404" in found.stderr


def test_a_mistyped_code_is_asked_for_again(world, person):
    world.shows(LOGIN, ENTRY)
    someone = person("-O", "json", "work", **GIVEN)
    someone.sees("MFA code")
    someone.types("000000\n")
    someone.sees("refused; please try again")
    someone.sees("MFA code")
    someone.types(CODE + "\n")
    assert someone.waits()[0] == 0
    assert world.idp.posted("otp") == ["000000", CODE]
