"""The conformance kit's cases for this plugin; `runas plugin check form` finds them here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import runas
from runas.testing.case import Case, Trouble
from runas.testing.conformance import ProviderConformance
from runas.testing.saml import SamlIdp
from runas_form.testing.idp import FormIdp
from runas_form.testing.screens import Screen, login, one_time_code, page, password, push, username

NAME, PASSWORD, CODE = "alice.canary", "pass-canary-51c7", "424242"
ROLE = ("arn:aws:iam::123456789012:role/dev", "arn:aws:iam::123456789012:saml-provider/Idp")
BOTH, ENTRY = login({NAME: PASSWORD}), one_time_code(CODE)
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
STEPS: Mapping[str, Sequence[Screen]] = {
    "": [BOTH],
    "name first": [username(NAME), password(PASSWORD)],
    "totp": [BOTH, ENTRY],
    "methods": [BOTH, METHODS, ENTRY],
    "devices": [BOTH, DEVICES],
    "push": [BOTH, push("ASYNC_AUTH_WAIT", number="42")],
}
"""The pages of each way, in turn."""

_NEW = '<input type="password" name="new_password"><input type="password" name="confirm_password">'
_NOTICE = page('<p>Please note.</p><input type="hidden" name="seen" value="1"><button>Ok</button>')
_COMPLAINT = Screen('<p role="alert">No access for you.</p>')


class Conformance(ProviderConformance):
    """Every promise, kept on plain pages: name and password on one or on two, then a code."""

    provider = "form"
    ways: Sequence[str] = tuple(STEPS)

    @contextmanager
    def identity_provider(self, way: str) -> Iterator[Case]:
        """Start a provider with one page for each step."""
        aws = SamlIdp()
        with FormIdp(lambda user: aws.response([ROLE]), list(STEPS[way])) as idp:

            def saying(status: str) -> Callable[[], object]:
                return lambda: idp.screens.__setitem__(1, push(status))

            yield Case(
                {"saml_auth_url": idp.url},
                NAME,
                PASSWORD,
                CODE,
                picks=["Authenticator", "Tablet"],
                approve=saying("OK"),
                reject=saying("REJECTED"),
                expire=saying("TIMEOUT"),
                troubles=_troubles(idp) if way == "totp" else {},
            )


def _troubles(idp: FormIdp) -> dict[str, Trouble]:
    """Say what else the pages may come to."""

    def instead(*pages: Screen) -> Callable[[], object]:
        return lambda: idp.screens.__setitem__(slice(None), pages)

    def then(*pages: Screen) -> Callable[[], object]:
        return instead(BOTH, *pages)

    return {
        "a new password is due": Trouble(then(page(_NEW, {"never": "x"})), runas.ActionRequired),
        "the code ends it": Trouble(then(one_time_code("never", final=True)), runas.Refused),
        "after the code an error": Trouble(then(ENTRY, _COMPLAINT), runas.Refused),
        "after the code it starts over": Trouble(then(ENTRY, BOTH), runas.Refused),
        "the password is wanted twice": Trouble(then(BOTH), runas.WrongPassword),
        "notices without end": Trouble(then(*[_NOTICE] * 25), runas.PageNotRecognised),
        "the name is wanted twice": Trouble(instead(username("x"), ENTRY), runas.Refused),
    }
