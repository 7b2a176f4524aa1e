"""One IDX answer: what may be done next, what went wrong, where success leads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import runas
from runas_okta.reading import Json, dig, rows, table, text


@dataclass(frozen=True)
class Form:
    """One remediation: a form with an address. ``fields`` are its rows as the server sent them."""

    name: str
    href: str = field(default="", repr=False)
    fields: tuple[Json, ...] = field(default=(), repr=False)
    refresh: float = 0.0

    def filled(self, handle: str, **values: object) -> dict[str, object]:
        """Return the body to post: what the server filled in, our *values*, the latest handle."""
        given = {
            text(row, "name"): row["value"]
            for row in self.fields
            if isinstance(row.get("value"), (str, bool, int)) and text(row, "name")
        }
        return {**given, **values, "stateHandle": handle}

    def row(self, name: str) -> Json:
        """Return one field, or an empty one."""
        return next((row for row in self.fields if text(row, "name") == name), {})

    def credentials(self) -> dict[str, Json]:
        """Return the fields inside ``credentials``, by name."""
        found = rows(self.row("credentials"), "form", "value")
        return {text(one, "name"): one for one in found}


@dataclass(frozen=True)
class Problem:
    """A message with the key that names it in every language."""

    key: str
    words: str


@dataclass(frozen=True)
class Response:
    """Where a sign-in stands. ``body`` is the whole answer."""

    status: int
    handle: str = field(repr=False)
    forms: Mapping[str, Form]
    problems: tuple[Problem, ...]
    success: str = field(repr=False)
    body: Json = field(repr=False)

    @classmethod
    def read(cls, status: int, body: Json, safe: Callable[[str], str]) -> Response:
        """Read an answer; whatever is malformed in it is not there.

        *safe* takes out of a message what the server was sent, should it have echoed that.
        """
        forms = {form.name: form for form in map(_form, rows(body, "remediation", "value"))}
        return cls(
            status,
            text(body, "stateHandle"),
            {name: form for name, form in forms.items() if name and form.href},
            tuple(Problem(key, safe(words)) for key, words in _problems(body)),
            text(body, "success", "href"),
            body,
        )

    @property
    def current(self) -> Json:
        """The authenticator that is being asked for, with what it needs (``contextualData``).

        Okta tells of it in one place or in two: what its enrolment adds, such as how to have a code
        sent again, belongs to it.
        """
        known: dict[str, object] = {}
        for name in ("currentAuthenticatorEnrollment", "currentAuthenticator"):
            told = table(self.body, name, "value")
            known |= {key: value for key, value in told.items() if value}
        return known

    @property
    def cancel(self) -> str:
        """The address that ends the sign-in."""
        return text(self.body, "cancel", "href")

    def form(self, name: str) -> Form:
        """Return a remediation; raise ServiceUnavailable where the server does not offer it."""
        found = self.forms.get(name)
        if found is None:
            raise runas.ServiceUnavailable(
                f"okta's answer lacks the step '{name}'", "run the command again"
            )
        return found


_LONGEST = 3_600_000  # milliseconds


def _form(row: Json) -> Form:
    refresh = dig(row, "refresh")
    # Python's own numbers may be too long for a float.
    seconds = max(0, min(refresh, _LONGEST)) / 1000 if isinstance(refresh, (int, float)) else 0.0
    return Form(text(row, "name"), text(row, "href"), tuple(rows(row, "value")), seconds)


def _problems(body: Json) -> Iterator[tuple[str, str]]:
    """Find the messages' keys and words: at the top, and beside the fields they are about."""
    if code := text(body, "errorCode"):
        # Some faults still come in the Classic shape.
        yield f"errors.{code}", text(body, "errorSummary")
    for row in rows(body, "messages", "value"):
        if text(row, "class") != "INFO":
            yield _message(row)
    for form in rows(body, "remediation", "value"):
        for outer in rows(form, "value"):
            for one in (outer, *rows(outer, "form", "value")):
                for row in rows(one, "messages", "value"):
                    yield _message(row)


def _message(row: Json) -> tuple[str, str]:
    return text(row, "i18n", "key"), text(row, "message")
