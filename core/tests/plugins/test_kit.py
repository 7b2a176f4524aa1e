"""The conformance kit catches it: each way of breaking the model provider fails a check."""

import subprocess
import sys

import pytest

from runas.cli.plugin_new import project

TIED = """    import threading
    here = threading.current_thread()
    yield from runas.Approval('x')
    assert here is threading.current_thread()
"""
SPOILT = {
    "it prints": ('    form = _form(page, "username"', "    print('hello')\n", "print is refused"),
    "it asks by itself": ('    form = _form(page, "username"', "    input()\n", "input is refused"),
    "it sleeps": (
        '    form = _form(page, "username"',
        "    import time\n    time.sleep(1)\n",
        "time.sleep is refused",
    ),
    "it opens a browser": (
        '    form = _form(page, "username"',
        "    import webbrowser\n    webbrowser.open('x')\n",
        "yield a Challenge instead",
    ),
    "it goes out": (
        '    form = _form(page, "username"',
        "    import socket\n    socket.create_connection(('192.0.2.1', 443), 1)\n",
        "a connection to 192.0.2.1 is refused",
    ),
    "it logs the password": (
        "    realm = profile",
        "    import logging\n    logging.getLogger('runas_acme').debug('%s', password)\n",
        "shows the password",
    ),
    "it keeps the login in the module": (
        "    realm = profile",
        "    global kept\n    kept = page\n    yield from runas.Approval('x')\n    page = kept\n",
        "of two logins",
    ),
    "it reads what is not its own": (
        "    realm = profile",
        "    profile.get('okta_org')\n",
        "its settings() do not declare",
    ),
    "it is tied to a thread": (
        "    realm = profile",
        TIED,
        "thread",
    ),
    "its import is heavy": ("import runas\n", "import requests\n", "loads requests"),
}


@pytest.mark.parametrize(("before", "line", "words"), SPOILT.values(), ids=SPOILT)
def test_what_is_wrong_is_said(tmp_path, before, line, words):
    files = dict(project("acme", "saml"))
    module = "src/runas_acme/__init__.py"
    files[module] = files[module].replace(before, line + before, 1)
    assert line in files[module]
    report = run(tmp_path, files, "-k", "not garbage and not refusal and not outage")
    assert " failed" in report
    assert words in report


def run(folder, files, *words):
    """Write a project and run its tests."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize("kind", ["saml", "custom", "factor"])
def test_a_new_project_passes_its_own_tests(tmp_path, kind):
    report = run(tmp_path, dict(project("acme-eu", kind)))
    assert " failed" not in report, report
    assert " passed" in report, report


def test_the_model_provider_has_80_lines():
    files = dict(project("acme", "saml"))
    assert len(files["src/runas_acme/__init__.py"].splitlines()) <= 80
    assert "class Conformance" in files["src/runas_acme/testing.py"]
