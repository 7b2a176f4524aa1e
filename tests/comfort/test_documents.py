"""The pages about everyday use, against the program.

`WRITE_CAPTURES=1` writes the captured blocks of docs/terminal.md anew.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ..run.world import RUNAS  # noqa: TID252 - tests are not installed

ROOT = Path(__file__).parents[2]
TERMINAL = ROOT / "docs" / "terminal.md"

_BLOCK = re.compile(r"<!-- capture: ([\w-]+) -->\n```text\n(.*?)```", re.DOTALL)


def test_the_page_of_subcommands_is_made_from_their_help():
    checked = subprocess.run(
        [sys.executable, str(ROOT / ".ci" / "commands.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr


def steady(text: str) -> str:
    """Replace what differs from run to run by what always fits as well."""
    text = re.sub(
        r"\w{3} \d\d \w{3} \d{4} \d\d:\d\d:\d\d \w+", "Fri 20 Nov 2026 14:05:09 CET", text
    )
    text = re.sub(r"in (59 minutes|1 hour)", "in 59 minutes", text)
    text = re.sub(r"until \d\d:\d\d", "until 14:05", text)
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:4566", text)
    text = re.sub(r"Python [\d.]+\w*, .*", "Python 3.12.4, Linux 6.8.0", text)
    text = re.sub(r"certificates from .*\n", "", text)
    text = re.sub(r"AKIA….{4}", "AKIA…MPLE", text)
    text = re.sub(r"(?m)^.*runas-plugin-(?!iam).*\n", "", text)
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


@pytest.fixture
def captured(world, at_terminal):
    """Take the blocks from the program."""
    world.add(
        "[profile lost]\nsource_profile = nope\nrole_arn = arn:aws:iam::123456789012:role/x\n"
    )
    plain = {"NO_COLOR": "1"}
    blocks = {}
    window = at_terminal(RUNAS, **plain)
    window.shows("9 of 9")
    window.types("e d")
    blocks["profiles"] = window.shows("4 of 9")
    window = at_terminal(RUNAS, TERM="dumb", **plain)
    blocks["numbered"] = window.shows("filter by:")
    window = at_terminal(sys.executable, "-c", ROLES, **plain)
    window.shows("24 of 24")
    window.types("prod admin")
    window.shows("2 of 24")
    window.types("\x1b[B")
    blocks["roles"] = window.shows("> corp-prod-us")
    world.run("ops", "true")
    for name, words in {
        "list": ["list", "profiles"],
        "status": ["status"],
        "diagnose": ["diagnose", "ops"],
        "diagnose-wrong": ["diagnose", "lost"],
    }.items():
        window = at_terminal(RUNAS, *words, lines=60, **plain)
        window.ends()
        blocks[name] = window.screen()
    return {name: steady("\n".join(shown)) for name, shown in blocks.items()}


ROLES = """
from runas.challenges import Choice
from runas.model import Role, RoleArn
from runas.prompters import front_end
from runas.roles import describe
accounts = dict(zip(["corp-dev", "corp-prod-eu", "corp-prod-us"], [d * 12 for d in "123"]))
names = "Administrator Billing Developer Operator ReadOnly Security Support Tester".split()
roles = [Role(RoleArn("aws", number, "/", name), account_name=account)
         for account, number in accounts.items() for name in names]
front_end(no_input=False).answer(Choice("Which role?", roles, describe))
"""


def test_the_captures_of_the_page(captured):
    text = TERMINAL.read_text("utf-8")
    new = _BLOCK.sub(
        lambda found: f"<!-- capture: {found[1]} -->\n```text\n{captured[found[1]]}```", text
    )
    if os.environ.get("WRITE_CAPTURES"):
        TERMINAL.write_text(new, "utf-8")
    assert new == text
    assert {name for name, _ in _BLOCK.findall(text)} == set(captured)


def test_the_captures_fit_on_a_screen():
    for name, block in _BLOCK.findall(TERMINAL.read_text("utf-8")):
        assert max(map(len, block.splitlines())) <= 80, name
