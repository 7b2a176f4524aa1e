"""Read the command line: ``runas [OPTIONS] PROFILE [COMMAND [ARG]...]``.

Options stand before PROFILE; from the first word of COMMAND on nothing is parsed. The same reader
serves the fast lane and the full program, so it knows words and the option table, nothing else.
"""

from __future__ import annotations

from runas.config.given import Given
from runas.config.options import BY_FLAG, OPTIONS, SUBCOMMANDS, Option
from runas.config.values import normalise
from runas.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHOWING = ("output", "expiration", "whoami", "list_roles", "list_mfa", "diagnose")
"""Options that ask for something to be shown; with one of them the first word is PROFILE."""

STANDING_ALONE = ("session", *SHOWING[1:])
"""Options that, given without any word, mean the profile ``default``."""

REPEATED = ("set", "session_policy_arns")


_SHOWN = ("env", "expiration", "whoami", "output")
_ONCE = ("refresh", "otp")


class Invocation:
    """What was typed.

    ``given`` maps option names to values of command line and environment; ``options`` are the
    options of the command line alone, each with the words that repeat it.
    """

    __slots__ = ("given", "options", "subcommand", "words")

    def __init__(
        self,
        given: Mapping[str, Given],
        options: Sequence[tuple[Option, Sequence[str]]],
        words: Sequence[str],
    ) -> None:
        self.given = given
        self.options = list(options)
        self.words = list(words)
        self.subcommand = words[0] if words and words[0] in SUBCOMMANDS else None

    @property
    def wants_help(self) -> bool:
        """Tell whether help is asked for."""
        return self.on("help")

    def profile_words(self) -> list[str]:
        """Return PROFILE and COMMAND: the words, without an ``exec`` in front."""
        return self.words[1:] if self.subcommand == "exec" else self.words

    def first_options(self) -> list[str]:
        """Return the options as typed, for a helper that logs in and prints the credentials."""
        return self._options_but(_SHOWN)

    def lasting_options(self) -> list[str]:
        """Return the options that still hold when the credentials are renewed later."""
        once = (*_ONCE, "password") if self.text("password") == "-" else _ONCE
        return self._options_but((*_SHOWN, *once))

    def _options_but(self, names: Sequence[str]) -> list[str]:
        return [word for row, words in self.options if row.name not in names for word in words]

    def text(self, name: str) -> str | None:
        """Return an option's value, from the command line or the environment."""
        found = self.given.get(name)
        return found.text if found else None

    def on(self, name: str) -> bool:
        """Tell whether a switch is on."""
        return self.text(name) == "true"

    def count(self, name: str) -> int:
        """Return how often a counted option was given."""
        return int(self.text(name) or 0)

    def typed(self, name: str) -> bool:
        """Tell whether the option stands on the command line itself."""
        found = self.given.get(name)
        return found is not None and found.origin.startswith("-")


def parse(words: Sequence[str], environ: Mapping[str, str]) -> Invocation:
    """Read *words* and the environment; raise UsageError where an option is malformed."""
    given = _from_environment(environ)
    typed: list[tuple[Option, Sequence[str]]] = []
    index = _options(words, 0, typed)
    if words[index : index + 1] == ["exec"]:
        index = _options(words, index + 1, typed)
        return _told(given, typed, ["exec", *words[index:]])
    return _told(given, typed, words[index:])


def _options(words: Sequence[str], index: int, typed: list[tuple[Option, Sequence[str]]]) -> int:
    """Read the options from *index* on; return where the words behind them begin."""
    while index < len(words):
        word = words[index]
        if word == "--":
            return index + 1
        if not word.startswith("-") or word == "-":
            break
        index = (_long if word.startswith("--") else _short)(words, index, typed)
    return index


def extended(invocation: Invocation, words: Sequence[str]) -> Invocation:
    """Add options that stand behind a subcommand's name to those in front of it."""
    before = {
        name: value for name, value in invocation.given.items() if not value.origin.startswith("-")
    }
    typed = [*invocation.options, *parse(words, {}).options]
    return _told(before, typed, invocation.words)


def _told(
    given: dict[str, Given], typed: Sequence[tuple[Option, Sequence[str]]], words: Sequence[str]
) -> Invocation:
    counted: dict[str, int] = {}
    for option, repeated in typed:
        _store(option, repeated, given, counted)
    return Invocation(given, typed, words)


def command_of(rest: Sequence[str]) -> list[str]:
    """Return COMMAND from the words behind PROFILE: a ``--`` in front is accepted and dropped."""
    if not rest:
        return []
    if rest[0] == "--":
        return list(rest[1:])
    if rest[0].startswith("-") and len(rest[0]) > 1:
        raise UsageError(
            f"options go before the profile: {rest[0]}",
            "type 'runas OPTIONS PROFILE COMMAND', or '--' before a command that begins with '-'",
        )
    return list(rest)


def _from_environment(environ: Mapping[str, str]) -> dict[str, Given]:
    given: dict[str, Given] = {}
    for option in OPTIONS:
        for variable in option.env:
            text = environ.get(variable)
            if text and text.strip():
                given[option.name] = _environment_value(option, variable, text)
                break
    return given


def _environment_value(option: Option, variable: str, text: str) -> Given:
    origin = "$" + variable
    if variable == "CI":  # many CI systems set words other than a boolean; any but a "no" counts
        return Given("false" if text.lower() in ("0", "false", "no", "off") else "true", origin)
    return Given(normalise(option, text, origin), origin)


def _long(words: Sequence[str], index: int, typed: list[tuple[Option, Sequence[str]]]) -> int:
    flag, equals, text = words[index].partition("=")
    option = BY_FLAG.get(flag)
    if option is None:
        raise UsageError(f"no such option: {flag}", _nearest(flag))
    if not option.takes_value:
        if equals:
            raise UsageError(f"{flag} takes no value")
        typed.append((option, (flag,)))
        return index + 1
    if not equals:
        index, text = _next(words, index, flag)
    typed.append((option, (flag, text)))
    return index + 1


def _short(words: Sequence[str], index: int, typed: list[tuple[Option, Sequence[str]]]) -> int:
    cluster = words[index]
    for place, letter in enumerate(cluster[1:], start=1):
        flag = "-" + letter
        option = BY_FLAG.get(flag)
        if option is None:
            raise UsageError(f"no such option: {flag}", "see 'runas --help'")
        if not option.takes_value:
            typed.append((option, (flag,)))
            continue
        text = cluster[place + 1 :]
        if not text:
            index, text = _next(words, index, flag)
        typed.append((option, (flag, text)))
        break
    return index + 1


def _next(words: Sequence[str], index: int, flag: str) -> tuple[int, str]:
    if index + 1 >= len(words):
        raise UsageError(f"{flag} needs a value", "see 'runas --help'")
    return index + 1, words[index + 1]


def _store(
    option: Option, words: Sequence[str], given: dict[str, Given], counted: dict[str, int]
) -> None:
    flag = words[0]
    if option.kind == "count":
        counted[option.name] = counted.get(option.name, 0) + 1
        given[option.name] = Given(str(counted[option.name]), flag)
        return
    if option.kind == "switch":
        given[option.name] = Given("true", flag)
        return
    text = words[1]
    if not text.strip():
        raise UsageError(f"{flag} needs a value", "see 'runas --help'")
    value = normalise(option, text, flag)
    before = given.get(option.name)
    if option.name in REPEATED and before is not None and before.origin.startswith("-"):
        value = before.text + ("\n" if option.name == "set" else ",") + value
    given[option.name] = Given(value, flag)


def _nearest(flag: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(flag, [name for name in BY_FLAG if name.startswith("--")], n=1)
    return f"did you mean {close[0]}?" if close else "see 'runas --help'"
