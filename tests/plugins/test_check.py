"""`runas plugin check`, by the real command, against what is installed."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHECKS = {
    "adfs": ["--way", "push"],
    "form": ["--way", "totp"],
    "iam": ["--way", "totp"],
    "okta": ["--way", "push"],
    "sso": ["--way", "redirect"],
}
"""Every way of all five is run by the plugins' own tests."""


def check(*words, status=0, path=()):
    done = subprocess.run(
        [sys.executable, "-m", "runas", "plugin", "check", *words],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(str, path)),
            "PYTEST_ADDOPTS": "--an-option --of=somebody",  # what others want of pytest
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return done


def test_no_plugin_is_left_out():
    files = ROOT.glob("plugins/*/pyproject.toml")
    groups = [tomllib.loads(file.read_text("utf-8"))["project"]["entry-points"] for file in files]
    names = {name for group in groups for name in group["runas.providers"]}
    assert names == set(CHECKS)


@pytest.mark.parametrize(("name", "words"), CHECKS.items(), ids=CHECKS)
def test_a_first_party_plugin_keeps_its_promises(name, words):
    done = check("-v", *words, name)
    first, *promises = done.stdout.splitlines()
    assert first.startswith(f"{name} (runas-plugin-{name} ")
    assert ": keeps all " in first
    assert not done.stderr
    for line in promises:
        assert line.startswith(("  ok     ", "  n/a    "))
    kept = "\n".join(line for line in promises if line.startswith("  ok"))
    assert "A login with the right answers gives an identity." in kept
    assert "Other pages, empty answers, cut or altered JSON: in order, never a KeyError." in kept
    assert "The README, as it was packaged, names every setting." in kept


@pytest.fixture
def damaged(tmp_path):
    """Put a copy of the form plugin before the real one, and something wrong into it."""
    module = tmp_path / "runas_form"
    shutil.copytree(ROOT / "plugins/saml_form/src/runas_form", module)

    def damage(file, right, wrong):
        text = (module / file).read_text("utf-8")
        assert right in text
        (module / file).write_text(text.replace(right, wrong), "utf-8")
        return [tmp_path]

    return damage


def test_a_broken_promise_is_told_in_plain_words(damaged):
    path = damaged("faults.py", "return runas.WrongPassword(", "return runas.AccessDenied(")
    done = check("--way", "totp", "form", status=70, path=path)
    assert ": breaks 2 of " in done.stdout.splitlines()[0]
    assert "  FAILS  A wrong password ends in WrongPassword; it is sent once" in done.stdout
    assert "         with a wrong password it ended with AccessDenied: " in done.stdout
    assert "the password is wanted twice: it ended with AccessDenied: " in done.stdout


def test_a_plugin_that_cannot_be_imported_says_so(damaged):
    path = damaged("testing/conformance.py", "import runas\n", "import no_such_module\n")
    done = check("form", status=70, path=path)
    assert "form (runas-plugin-form" in done.stdout
    assert "runas_form cannot be imported: ModuleNotFoundError: No module named" in done.stdout


def test_after_ctrl_c_nothing_counts_as_kept(damaged):
    path = damaged(
        "testing/conformance.py", "        aws = SamlIdp()", "        raise KeyboardInterrupt"
    )
    done = check("--way", "totp", "form", status=130, path=path)
    assert "keeps" not in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["iam", "--way", "telepathy"], "'telepathy' is none of its ways: keys, totp"),
        (["--way", "push"], "--way wants the name of a plugin"),
    ],
)
def test_a_way_that_there_is_not(words, said):
    assert said in check(*words, status=2).stderr
