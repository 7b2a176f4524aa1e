"""Pages for the provider to show, and what it takes to get past each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from string import Template

Wanted = str | None | Callable[[str], bool]
"""A field's right value, a test of it, or None where it must not be sent."""

_PAGE = Template("<html><head><title>Sign in</title></head><body>$$error $form</body></html>")
_FORM = Template('<form method="post" action="$$action">$$token $inputs</form>')


@dataclass(frozen=True)
class Screen:
    """One page. ``$action``, ``$token`` and ``$error`` in its text are filled in by the provider.

    ``wants`` says what must be posted to get on. A wrong post shows the page again with ``refusal``
    (markup), or ends the login where ``final``. ``user`` is the field that says who signs in.
    """

    markup: str
    wants: Mapping[str, Wanted] = field(default_factory=dict)
    refusal: str = '<p role="alert">That was not right.</p>'
    user: str = ""
    final: bool = False
    method: str = "POST"

    def shown(self, action: str, token: str, error: str) -> str:
        """Fill the page in."""
        hidden = f'<input type="hidden" name="one_time_token" value="{token}">'
        return Template(self.markup).safe_substitute(action=action, token=hidden, error=error)

    def accepts(self, posted: Mapping[str, str]) -> bool:
        """Tell whether what was posted gets on."""
        return all(_fits(wanted, posted.get(name)) for name, wanted in self.wants.items())


def page(inputs: str, wants: Mapping[str, Wanted] | None = None, **more: str | bool) -> Screen:
    """Make a page of one form out of the markup of its inputs."""
    form = _FORM.substitute(inputs=inputs)
    return Screen(_PAGE.substitute(form=form), wants or {}, **more)  # type: ignore[arg-type]


def login(users: Mapping[str, str]) -> Screen:
    """Make a page for name and password."""
    return page(
        '<label for="u">Username</label><input id="u" name="username">'
        '<label for="p">Password</label><input id="p" name="password" type="password">'
        "<button>Sign in</button>",
        {"username": lambda name: name in users, "password": lambda text: text in users.values()},
        user="username",
    )


def username(*users: str) -> Screen:
    """Make a page for the name alone."""
    inputs = '<input name="identifier" autocomplete="username"><button>Next</button>'
    return page(inputs, {"identifier": lambda name: name in users}, user="identifier")


def password(text: str) -> Screen:
    """Make a page for the password alone."""
    return page('<input name="passwd" type="password"><button>Sign in</button>', {"passwd": text})


def one_time_code(code: Wanted, *, final: bool = False) -> Screen:
    """Make a page for a code."""
    inputs = '<label>Code<input name="otp" autocomplete="one-time-code"></label><button>Go</button>'
    return page(inputs, {"otp": code}, final=final)


def _fits(wanted: Wanted, posted: str | None) -> bool:
    if wanted is None or posted is None:
        return wanted is posted
    return wanted(posted) if callable(wanted) else wanted == posted
