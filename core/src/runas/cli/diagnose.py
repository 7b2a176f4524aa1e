"""``runas diagnose``: walk a login as it would happen, and say what is in its way."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from typing import TYPE_CHECKING, Annotated

import typer

from runas.cli.diagnosis import Case, Finding, Mark, walk
from runas.cli.diagnosis.redact import redacted
from runas.cli.listing import Json, Word, chosen_profile
from runas.cli.progress import working
from runas.cli.tables import paint
from runas.config.commandline import Invocation
from runas.config.load import open_config
from runas.errors import ConfigurationError, RunasError
from runas.prompters import words

if TYPE_CHECKING:
    from collections.abc import Sequence

Offline = Annotated[bool, typer.Option("--offline", help="Leave out what needs the network.")]

_SIGNS = {Mark.FINE: ("✓", "+", "green"), Mark.LOOK: ("!", "!", "yellow"),
          Mark.WRONG: ("✗", "x", "red")}  # fmt: skip


def diagnose(
    invocation: Invocation, profile: Word = None, as_json: Json = False, offline: Offline = False
) -> int:
    """Say where every setting of a profile comes from, and what is in the way of its login.

    Nothing is changed and nobody is signed in. Account numbers, names and secrets are masked, so
    that the output can be pasted into an issue. Ends with 78 where something is wrong.

    \b
    Examples:
      runas diagnose my-profile
      runas -Dv my-profile
      runas diagnose my-profile --json
      runas diagnose --saml-url https://login.example.com/saml
    """
    case = _case(invocation, profile, offline)
    with working("looking"):
        findings = list(walk(case))
    if as_json:
        name = case.profile.name if case.profile else profile
        document = {"profile": name, "findings": [one.document() for one in findings]}
        print(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        print(shown(findings, verbose=bool(invocation.count("verbose"))), end="")
    wrong = any(one.mark is Mark.WRONG for one in findings)
    return ConfigurationError.status if wrong else 0


def _case(invocation: Invocation, word: str | None, offline: bool) -> Case:
    config = open_config(invocation)
    try:
        return Case(invocation, config, chosen_profile(config, invocation, word), offline=offline)
    except RunasError as error:
        name = word or invocation.text("profile") or config.environ.get("AWS_PROFILE") or ""
        return Case(invocation, config, None, error, offline, name)


def shown(findings: Sequence[Finding], verbose: bool) -> str:
    """Write the findings, grouped by what they are about, and a sentence at the end."""
    lines: list[str] = []
    topic = ""
    for one in findings:
        if one.detail and not verbose:
            continue
        if one.topic != topic:
            topic = one.topic
            lines.append(paint(topic, "bold"))
        lines += _lines(one)
    wrong = sum(one.mark is Mark.WRONG for one in findings)
    look = sum(one.mark is Mark.LOOK for one in findings)
    lines.append(f"\n{wrong} wrong, {look} worth a look")
    return "".join(f"{line}\n" for line in lines)


def _lines(one: Finding) -> list[str]:
    sign, plain, colour = _SIGNS[one.mark]
    sign = paint(sign if _has(sign) else plain, colour)
    text = _wrapped(words.plain(redacted(one.text)), 4)
    hint = _wrapped("-> " + words.plain(redacted(one.hint)), 6) if one.hint else []
    return [f"  {sign} {text[0].lstrip()}", *text[1:], *hint]


def _has(sign: str) -> bool:
    try:
        sign.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _wrapped(text: str, indent: int) -> list[str]:
    """Break lines at a terminal's edge; what goes to a file keeps its lines."""
    margin = " " * indent
    if not sys.stdout.isatty():
        return [margin + text]
    width = max(shutil.get_terminal_size().columns, 40)
    return textwrap.wrap(
        text, width, initial_indent=margin, subsequent_indent=margin, break_long_words=False
    ) or [margin]
