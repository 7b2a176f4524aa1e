"""`runas plugin list`, `info`, `new` and `check`."""

import json
import subprocess
import sys

import pytest

from runas.cli.plugin_new import project

PROBE = "import sys; from runas.__main__ import main; status = main(); sys.stdout.flush();"
PROBE += "sys.stderr.write('modules: ' + ' '.join(sys.modules)); sys.exit(status)"


def runas(*words, status=0, path=None, probe=False):
    program = ["-c", PROBE] if probe else ["-m", "runas"]
    environ = {"PYTHONPATH": str(path)} if path else {}
    import os

    done = subprocess.run(
        [sys.executable, *program, *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environ},
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout, done.stderr


@pytest.fixture
def acme(shelf, tmp_path):
    """Install the model provider."""
    files = dict(project("acme", "saml"))
    shelf.put("acme", "", families=["saml"], api=["1.0"])
    (tmp_path / "runas_acme.py").unlink()
    for name in ("__init__.py", "testing.py"):
        (tmp_path / "runas_acme").mkdir(exist_ok=True)
        (tmp_path / "runas_acme" / name).write_text(files[f"src/runas_acme/{name}"], "utf-8")
    with (tmp_path / "runas_plugin_acme-1.0.dist-info" / "METADATA").open("a") as file:
        file.write(files["README.md"])
    return tmp_path


def test_list_says_what_there_is_and_imports_nothing(acme, shelf):
    shelf.put("reef", "raise SystemExit('it was imported')")
    shelf.put("wreck", "def (")
    shelf.put("ghost", "", module="runas_ghost")
    (acme / "runas_ghost.py").unlink()
    shelf.put("future", "import runas\n@runas.hookimpl\ndef mfa(): ...", api=["99.0"])
    out, err = runas("plugin", "list", path=acme, probe=True)
    for words in (
        f"from {acme}",
        "hooks: settings, detect, authenticate, mfa",
        "serves: saml",
        "broken: it has no hook",
        "broken: its code cannot be read: SyntaxError",
        "broken: its module runas_ghost is missing",
        "needs plugin interface 99.0",
    ):
        assert words in out
    loaded = err.rpartition("modules: ")[2].split()
    assert not [name for name in loaded if name.startswith("runas_")]


def test_list_as_json(acme, monkeypatch):
    monkeypatch.setenv("RUNAS_PLUGINS", "iam")
    out, _ = runas("plugin", "list", "--json", path=acme)
    (found,) = (one for one in json.loads(out) if one["name"] == "acme")
    assert found["distribution"] == "runas-plugin-acme"
    assert found["hooks"] == ["settings", "detect", "authenticate", "mfa"]
    assert found["api"] == ["1.0"]
    assert not found["allowed"]
    assert not found["problem"]


def test_info_shows_settings_and_an_example(acme):
    out, _ = runas("plugin", "info", "acme", path=acme)
    assert "acme_realm" in out
    assert "The realm to sign in to." in out
    assert "runas_provider = acme" in out


def test_info_of_a_broken_plugin_says_why(shelf, tmp_path):
    shelf.put("wreck", "def (")
    out, _ = runas("plugin", "info", "wreck", path=tmp_path)
    assert "broken: its code cannot be read" in out


def test_a_name_that_is_not_installed_is_78(acme):
    _, err = runas("plugin", "info", "nobody", status=78, path=acme)
    assert "installed: acme" in err
    assert "pip install runas-plugin-nobody" in err


def test_check_says_what_is_kept(acme):
    out, _ = runas("plugin", "check", "-v", "acme", path=acme)
    assert "keeps all" in out
    assert "A login with the right answers gives an identity. (totp, push)" in out
    assert "FAILS" not in out


def test_check_says_what_fails_in_plain_words(acme):
    module = acme / "runas_acme" / "__init__.py"
    module.write_text(module.read_text("utf-8").replace("runas.ApprovalExpired(", "KeyError("))
    module.write_text(
        module.read_text("utf-8").replace('("#expired", runas.ApprovalExpired)', '("#x", KeyError)')
    )
    out, _ = runas("plugin", "check", "acme", path=acme, status=70)
    assert "FAILS  Declined on the phone is ApprovalRejected" in out
    assert "not ApprovalExpired" in out
    assert "Traceback" not in out


@pytest.mark.parametrize(
    ("file", "right", "wrong", "way", "told"),
    [
        (
            "__init__.py",
            "@runas.hookimpl\ndef authenticate",
            "def authenticate",
            "totp",
            "the hook 'authenticate' of acme is missing or declines; if it is your own: mark it",
        ),
        (
            "__init__.py",
            '    form = _form(page, "username", "password")',
            '    form = {}["form"]',
            "totp",
            "it ended with KeyError: 'form' (runas_acme, line ",
        ),
        ("testing.py", 'return _page("login", _LOGIN)', "{}[1]", "totp", "the fake itself failed"),
        ("testing.py", '== "waiting",', '!= "" or True,', "push", "before anybody has logged in"),
    ],
    ids=["no hook", "a bug", "a bug of the fake", "a push before the login"],
)
def test_check_gives_a_reason_once_for_all_that_it_breaks(acme, file, right, wrong, way, told):
    module = acme / "runas_acme" / file
    text = module.read_text("utf-8")
    assert right in text
    module.write_text(text.replace(right, wrong, 1), "utf-8")
    out, _ = runas("plugin", "check", "acme", "--way", way, path=acme, status=70)
    reason = next(n for n, line in enumerate(out.splitlines()) if told in line)
    *named, more = out.splitlines()[reason - 4 : reason]
    assert all(line.startswith("  FAILS  ") for line in named)
    assert more.endswith(" more (-v shows them), all because:")
    assert out.count(told) < 8  # where it is met at another moment, the words differ


def test_check_of_a_plugin_without_a_fake_looks_at_its_shape(shelf, tmp_path, good):
    shelf.put("bay", good("bay"))
    out, err = runas("plugin", "check", "-v", "bay", path=tmp_path, status=70)
    assert "  ok     Every hook is one of the six" in out
    assert "runas_bay.testing has no conformance class, so no login was tried" in err
    assert "docs/plugins/testing.md" in err
    assert "the README of runas-plugin-bay lacks bay_key" in out


def test_new_writes_a_project_and_never_over_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    _, err = runas("plugin", "new", "acme", "--kind", "custom")
    assert "pip install -e" in err
    assert (tmp_path / "runas-plugin-acme" / "pyproject.toml").is_file()
    _, err = runas("plugin", "new", "acme", status=2)
    assert "is not empty" in err


@pytest.mark.parametrize("words", [["Acme"], ["a/../b"], ["acme", "--kind", "x"]])
def test_new_refuses_what_it_cannot_write(words):
    runas("plugin", "new", *words, status=2)
