"""The form provider keeps what every provider promises."""

from contextlib import contextmanager

import runas
from runas.testing import Case, ProviderConformance, SamlIdp, Trouble
from runas_form.testing import FormIdp, Screen, login, one_time_code, page, password, username

USERNAME, PASSWORD, CODE = "alice", "pa55-canary-word", "424242"
ROLE = ("arn:aws:iam::123456789012:role/dev", "arn:aws:iam::123456789012:saml-provider/Idp")
LOGIN, ENTRY = login({USERNAME: PASSWORD}), one_time_code(CODE)
METHODS = page(
    '<button name="way" value="sms">Text message</button>'
    '<button name="way" value="totp">Authenticator app</button>',
    {"way": "totp"},
)
DEVICES = page(
    '<label><input type="radio" name="device" value="d1">Phone</label>'
    '<label><input type="radio" name="device" value="d2">Tablet</label>'
    '<input name="otp" autocomplete="one-time-code"><button>Go</button>',
    {"otp": CODE, "device": "d2"},
)
NEW = '<input type="password" name="new_password"><input type="password" name="confirm_password">'
NOTICE = page('<p>Please note.</p><input type="hidden" name="seen" value="1"><button>Ok</button>')
COMPLAINT = Screen('<p role="alert">No access for you.</p>')
STEPS = {
    "": [LOGIN],
    "name first": [username(USERNAME), password(PASSWORD)],
    "totp": [LOGIN, ENTRY],
    "methods": [LOGIN, METHODS, ENTRY],
    "devices": [LOGIN, DEVICES],
}


class TestForm(ProviderConformance):
    """Plain pages: name and password, then a code."""

    provider = "form"
    ways = tuple(STEPS)

    @contextmanager
    def identity_provider(self, way):
        """Start a provider with one page for each step."""
        aws = SamlIdp()
        with FormIdp(lambda user: aws.response([ROLE]), list(STEPS[way])) as idp:
            picks = ["Authenticator", "Tablet"]
            yield Case(
                {"saml_auth_url": idp.url},
                USERNAME,
                PASSWORD,
                CODE,
                picks=picks,
                troubles=troubles(idp.screens) if way == "totp" else {},
            )


def troubles(screens):
    """Say what else the pages may come to."""

    def becoming(*pages):
        return lambda: screens.__setitem__(slice(None), [LOGIN, *pages])

    def instead(*pages):
        return lambda: screens.__setitem__(slice(None), pages)

    return {
        "a new password is due": Trouble(becoming(page(NEW, {"never": "x"})), runas.ActionRequired),
        "the code ends it": Trouble(becoming(one_time_code("never", final=True)), runas.Refused),
        "after the code an error": Trouble(becoming(ENTRY, COMPLAINT), runas.Refused),
        "after the code it starts over": Trouble(becoming(ENTRY, LOGIN), runas.Refused),
        "the password is wanted twice": Trouble(becoming(LOGIN), runas.WrongPassword),
        "notices without end": Trouble(becoming(*[NOTICE] * 25), runas.PageNotRecognised),
        "the name is wanted twice": Trouble(instead(username("x"), ENTRY), runas.Refused),
    }
