"""What may come next on a command line: the hidden side of ``runas completion``.

The shell asks at every press of Tab, so profile names are found as the fast lane finds them, with
nothing but the config room loaded. One candidate a line goes out, with a tab and its meaning behind
where there is one. A line that begins with ``:`` is an order to the shell's script instead:
``:command N`` (complete as a command from word N on), ``:files``.
"""

from __future__ import annotations

import os
import sys

from runas.cli.verbs import GROUPS, VERBS
from runas.config.commandline import SHOWING
from runas.config.options import BY_FLAG, OPTIONS, SUBCOMMANDS
from runas.errors import RunasError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from runas.config.options import Option

    Offer = tuple[str, str]

SHELLS = ("bash", "fish", "powershell", "zsh")
_FILES = ("session_policy", "record")
_LIVES = ("15m", "1h", "4h", "8h", "12h")


def main(flag: str, words: Sequence[str]) -> int:
    """Print what may stand in place of the last of *words*, which may be empty.

    ``--next`` stands for an empty last word, which not every shell can hand over.
    """
    words = [*words, ""] if flag == "--next" else words
    try:
        offers = list(complete(words, os.environ))
    except (RunasError, OSError):
        return 1  # a broken file is said when a command is run, not in the middle of typing one
    partial = words[-1] if words else ""
    lines = [
        "\t".join(filter(None, offer))
        for offer in offers
        if offer[0].startswith((partial, ":")) and "\n" not in offer[0]
    ]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0


def complete(words: Sequence[str], environ: Mapping[str, str]) -> Iterator[Offer]:
    """Yield candidates and their meanings; *words* come after ``runas``."""
    *before, partial = words or [""]
    flag, equals, _ = partial.partition("=")
    if equals and flag.startswith("--"):
        for text, meaning in _values(BY_FLAG.get(flag), environ):
            yield text if text.startswith(":") else f"{flag}={text}", meaning
        return
    typed: set[str] = set()
    index = _past_options(before, 0, typed)
    plain = before[index : index + 1] == ["exec"]
    if plain:
        index = _past_options(before, index + 1, typed)
    if index > len(before):
        yield from _values(_option(before[-1]), environ)
    elif index == len(before):
        yield from _first(partial, typed, index, environ)
        yield from () if plain or partial.startswith("-") else _verbs()
    elif plain or before[index] not in SUBCOMMANDS:
        yield f":command {index + 1}", ""
    else:
        yield from _behind(before[index:], partial, environ)


def _past_options(words: Sequence[str], index: int, typed: set[str]) -> int:
    """Return where the options from *index* on end, their values included; note their names."""
    while index < len(words):
        option = _option(words[index])
        if option is None:
            break
        typed.add(option.name)
        index += 1 + (option.takes_value and _wants_next(words[index]))
    return index


def _first(
    partial: str, typed: set[str], index: int, environ: Mapping[str, str]
) -> Iterator[Offer]:
    """Complete an option or a profile; a command where the profile is given."""
    if partial.startswith("-"):
        yield from _flags(OPTIONS)
        return
    named = environ.get("AWS_PROFILE") or environ.get("AWS_DEFAULT_PROFILE")
    shows = typed.intersection(SHOWING)
    if typed & {"profile", "role_arn"} or (named and not shows):
        yield f":command {index}", ""
    else:
        yield from _profiles(environ)


def _verbs() -> Iterator[Offer]:
    helps = {verb.path: verb.help for verb in VERBS} | GROUPS
    for name in SUBCOMMANDS:
        yield name, helps.get(name, "Show help.")


def _behind(words: Sequence[str], partial: str, environ: Mapping[str, str]) -> Iterator[Offer]:
    """Complete what follows a subcommand."""
    if words[0] in GROUPS and len(words) == 1:
        for verb in VERBS:
            if verb.group == words[0]:
                yield verb.name, verb.help
    else:
        yield from _of_verb(words, partial, environ)


def _of_verb(words: Sequence[str], partial: str, environ: Mapping[str, str]) -> Iterator[Offer]:
    path = " ".join(words[: 2 if words[0] in GROUPS else 1])
    verb = next((verb for verb in VERBS if verb.path == path), None)
    option = _option(words[-1])
    if verb is None:
        return
    if option is not None and option.takes_value and _wants_next(words[-1]):
        yield from _values(option, environ)
    elif partial.startswith("-"):
        yield from _own_flags(verb.target)
        yield from _flags(OPTIONS)
    elif verb.words == "PROFILE":
        yield from _profiles(environ)
    elif verb.words == "SHELL":
        yield from ((shell, "") for shell in SHELLS)


def _option(word: str) -> Option | None:
    """Return the option of a word; of combined short ones the last, which may take a value."""
    if word.startswith("--"):
        return BY_FLAG.get(word.partition("=")[0])
    if not word.startswith("-") or word == "-":
        return None
    for letter in word[1:]:
        option = BY_FLAG.get("-" + letter)
        if option is None or option.takes_value:
            return option
    return option


def _wants_next(word: str) -> bool:
    """Tell an option whose value is the next word from one that has it attached."""
    if word.startswith("--"):
        return "=" not in word
    return (
        word[-1:] != ""
        and (found := BY_FLAG.get("-" + word[-1])) is not None
        and (found.takes_value and _option(word) is found)
    )


def _flags(options: Sequence[Option]) -> Iterator[Offer]:
    for option in options:
        for flag in option.flags:
            if flag.startswith("--") or len(option.flags) == 1:
                yield flag, option.help


def _own_flags(target: str) -> Iterator[Offer]:
    """Name the verb's own options; this alone loads the verb."""
    from runas.cli.options import own_options

    yield from own_options(target)


def _values(option: Option | None, environ: Mapping[str, str]) -> Iterator[Offer]:
    if option is None:
        return
    for text in option.choices:
        yield text, ""
    if option.name in _FILES or option.metavar == "FILE":
        yield ":files", ""
    elif option.kind == "duration":
        yield from ((text, "") for text in _LIVES)
    elif option.name in _OFFERS:
        yield from _OFFERS[option.name](environ)


def _profiles(environ: Mapping[str, str]) -> Iterator[Offer]:
    """Name the profiles of both files; their sections are not read."""
    from runas.config.aws_files import locate

    names: dict[str, None] = {}
    for file in locate(environ, os.path.expanduser("~")):
        names.update(dict.fromkeys(file.profile_names()))
    for name in names:
        yield name, ""


def _providers(environ: Mapping[str, str]) -> Iterator[Offer]:
    from runas import plugins

    for plugin in plugins.installed():
        if not plugin.extension:
            yield plugin.name, str(plugin)


def _regions(environ: Mapping[str, str]) -> Iterator[Offer]:
    """Name the regions that the installed botocore knows; it is looked into, not imported."""
    import json
    from importlib.util import find_spec

    found = find_spec("botocore")
    if found is None or not found.origin:
        return
    path = os.path.join(os.path.dirname(found.origin), "data", "partitions.json")
    with open(path, encoding="utf-8") as file:
        table = json.load(file)
    for partition in table["partitions"]:
        for name, region in partition["regions"].items():
            if not name.endswith("-global"):
                yield name, region.get("description", "")


_OFFERS: dict[str, Callable[[Mapping[str, str]], Iterator[Offer]]] = {
    "profile": _profiles,
    "source_profile": _profiles,
    "runas_provider": _providers,
    "region": _regions,
    "sso_region": _regions,
}
