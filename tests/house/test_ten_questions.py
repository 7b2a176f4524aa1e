"""The table of docs/design.md says what is so, and its commands can be typed."""

import ast
import re
import shlex
from statistics import median

import pytest

from runas import hookspecs
from runas.cli.verbs import VERBS
from runas.testing import ProviderConformance

from .test_plugin_docs import blocks
from .test_room_sizes import functions
from .workspace import PACKAGES, PLUGINS, ROOT, sources

TEXT = (ROOT / "docs/design.md").read_text("utf-8").partition("## Ten questions")[2]
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in TEXT.splitlines()
    if re.match(r"\| \d+\. ", line)
]


def answer(number):
    """Return the answer to a question, and the numbers in it, in order."""
    text = ROWS[number - 1][1]
    return text, [int(one) for one in re.findall(r"\b\d+\b", text)]


def test_ten_questions_have_ten_answers():
    assert [int(row[0].partition(".")[0]) for row in ROWS] == list(range(1, 11))
    assert all(len(row) == 3 and all(row) for row in ROWS)


def test_the_lines_of_a_first_provider():
    (toy,) = (one for one in blocks("tutorial.md") if one.about == "runas_toy.py")
    (saml,) = (one for one in blocks("saml.md") if one.language == "python")
    counted = [len(one.text.splitlines()) for one in (toy, saml)]
    assert answer(1)[1] == counted
    assert counted[0] <= 30
    assert counted[1] <= 80
    for challenge in ("Password", "Code", "Approval"):
        assert f"runas.{challenge}(" in saml.text


def test_the_hooks():
    hooks = [one for one in vars(hookspecs).values() if hasattr(one, "runas_spec")]
    assert answer(3)[1] == [len(hooks)]


def test_the_providers():
    words = {5: "five", 6: "six", 7: "seven"}
    assert f"in all {words[len(PLUGINS)]} providers" in answer(4)[0]


def test_what_an_author_inherits():
    checks = [name for name in dir(ProviderConformance) if name.startswith("test_")]
    (example,) = (one for one in blocks("testing.md") if one.kind == "tests")
    body = example.text[example.text.index("class ") :]
    lines = [line for line in body.splitlines() if line]
    assert answer(9)[1] == [len(checks), len(lines)]


def test_the_size_of_rooms():
    files = [len(file.read_text("utf-8").splitlines()) for file in sources(*PACKAGES)]
    lines = [count for count, _ in functions()]
    half_of_files, half_of_functions = answer(10)[1]
    assert median(files) <= half_of_files <= 1.1 * median(files)
    assert median(lines) <= half_of_functions <= 1.5 * median(lines)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].partition(".")[0])
def test_the_commands_can_be_typed(row):
    commands = re.findall(r"`([^`]+)`", row[2])
    assert commands
    for command in commands:
        program, *words = shlex.split(command)
        if program == "make":
            assert f"\n{words[0]}:" in (ROOT / "Makefile").read_text("utf-8")
        elif program == "runas":
            assert any(" ".join(words).startswith(verb.path) for verb in VERBS)
        else:
            assert program == "pytest"
            _collects(words)


def _collects(words):
    """See that the files are there, and that ``-k`` finds a test in each."""
    paths = words[: words.index("-k")] if "-k" in words else words
    for path in paths:
        text = (ROOT / path).read_text("utf-8")
        tests = [node.name for node in ast.walk(ast.parse(text)) if hasattr(node, "name")]
        assert any(name.startswith("test_") for name in tests)
        if "-k" in words:
            wanted = words[words.index("-k") + 1].split(" or ")
            assert any(word in text for word in wanted), f"{path}: no test about {wanted}"
