"""Pages for the provider to show, and what it takes to get past each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from string import Template

Wanted = str | None | Callable[[str], bool] | tuple[str, ...]
"""A field's right value, all of its values in order, a test of it, or None for: not sent."""

Pairs = Sequence[tuple[str, str]]

_PAGE = Template("<html><head><title>Sign in</title></head><body>$$error $form</body></html>")
_FORM = Template('<form method="post" action="$$action">$$token $inputs</form>')


@dataclass(frozen=True)
class Screen:
    """One page. ``$action``, ``$token`` and ``$error`` in its text are filled in by the provider.

    ``wants`` says what must be posted to get on. A wrong post shows the page again with ``refusal``
    (markup), or ends the login where ``final``. ``user`` is the field that says who signs in.
    ``statuses`` are what a push says of itself at ``$action/status``, in turn; ``instead`` is the
    page that ``$action/usecode`` shows in its place.
    """

    markup: str
    wants: Mapping[str, Wanted] = field(default_factory=dict)
    refusal: str = '<p role="alert">That was not right.</p>'
    user: str = ""
    final: bool = False
    method: str = "POST"
    statuses: tuple[str, ...] = ()
    instead: Screen | None = None

    def shown(self, action: str, token: str, error: str) -> str:
        """Fill the page in."""
        hidden = f'<input type="hidden" name="one_time_token" value="{token}">'
        return Template(self.markup).safe_substitute(action=action, token=hidden, error=error)

    def accepts(self, posted: Pairs) -> bool:
        """Tell whether what was posted gets on."""
        given = {name: tuple(text for key, text in posted if key == name) for name in self.wants}
        return all(_fits(wanted, given[name]) for name, wanted in self.wants.items())


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


def push(*statuses: str, number: str = "", device: str = "iPhone", code: str = "") -> Screen:
    """Make a page that waits for a tap, as PingID's does; it says *statuses* of it, in turn.

    Without any, the server answers the page's own form when the tap is there. *code* is taken
    instead of a tap.
    """
    token = '$token<input type="hidden" name="csrfToken" value="c1">'
    button = '<noscript><input type="submit" value="Resume"></noscript>'
    ask, done = ("$action/status", "$action") if statuses else ("$action", "$action/unused")
    loose = f'<input type="hidden" id="isAsync" value="{"true" if statuses else "false"}">'
    if code:
        loose += '<input type="hidden" id="useCodeUrl" value="$action/usecode">'
    markup = (
        f'<div class="numbermatching">{number}</div><div class="device-name">{device}</div>'
        f'<form method="POST" action="{ask}" id="form1">{token}{button}</form>'
        f'<form method="GET" action="{done}" id="reponseView">{token}'
        f'<input type="hidden" name="status">{button}</form>'
        f'<form method="GET" action="{done}" id="errorReponseView">{token}</form>{loose}'
    )
    return Screen(
        markup,
        {"status": "OK"} if statuses else {"csrfToken": "c1"},
        refusal='<div class="error-text">Authentication was denied.</div>',
        final=True,
        statuses=statuses,
        instead=one_time_code(code) if code else None,
    )


def _fits(wanted: Wanted, given: tuple[str, ...]) -> bool:
    if wanted is None or isinstance(wanted, tuple):
        return given == (wanted or ())
    if not given:
        return False
    return wanted(given[-1]) if callable(wanted) else wanted == given[-1]
