"""``runas plugin new``: a whole project that passes its own tests at once."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files
from string import Template
from typing import Annotated

import typer

import runas
from runas.cli.report import say
from runas.config.commandline import Invocation
from runas.errors import UsageError

Name = Annotated[str, typer.Argument(metavar="NAME", show_default=False)]
Kind = Annotated[str, typer.Option("--kind", metavar="KIND", help="One of: saml, custom, factor.")]
Folder = Annotated[
    str | None,
    typer.Option("--folder", metavar="FOLDER", help="Where; default: ./runas-plugin-NAME."),
]

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
KINDS = {
    "saml": ("runas.providers", "Sign in to AWS through {title}"),
    "custom": ("runas.providers", "Get AWS credentials from {title}"),
    "factor": ("runas.extensions", "One-time codes from {title}, for every provider"),
}
_USAGE = {
    "saml": "    [profile work]\n    saml_auth_url = https://login.{name}.example/sso\n"
    "    saml_provider = {name}",
    "custom": "    [profile work]\n    runas_provider = {name}\n"
    "    {key}_url      = https://{name}.example",
    "factor": "    [profile work]\n    {key}_command = oathtool --totp -b @seed",
}
_SETTINGS = {
    "saml": "| `{key}_realm` | the realm to sign in to |",
    "custom": "| `{key}_url` | the address of {title}; required |",
    "factor": "| `{key}_command` | a command that prints the code; else the person is asked |",
}
_FILES = {
    "pyproject.toml": "every/pyproject.toml.txt",
    "README.md": "every/README.md.txt",
    ".gitignore": "every/gitignore.txt",
    ".github/workflows/test.yml": "every/workflow.yml.txt",
    "tests/test_conformance.py": "every/test_conformance.py.txt",
    "src/{module}/__init__.py": "{kind}/module.py.txt",
    "src/{module}/testing.py": "{kind}/fake.py.txt",
}


def new(invocation: Invocation, name: Name, kind: Kind = "saml", folder: Folder = None) -> int:
    """Write a new plugin: a project with a provider, a fake to test it with, tests and CI.

    \b
    Examples:
      runas plugin new acme                    # sign-in pages that end in SAML
      runas plugin new --kind custom vault     # an identity and keys of its own
      runas plugin new --kind factor yubikey   # a second factor for all providers
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"'{name}' is no name for a plugin", "use lower-case letters and digits: acme, acme-eu"
        )
    if kind not in KINDS:
        raise UsageError(f"--kind: '{kind}' is none of {', '.join(KINDS)}")
    target = folder or f"runas-plugin-{name}"
    if os.path.exists(target) and os.listdir(target):
        raise UsageError(f"{target} is not empty", "name another place with --folder")
    for path, text in project(name, kind):
        _write(os.path.join(target, path), text)
    say(f"{target} is ready: cd {target} && pip install -e '.[test]' && pytest")
    return 0


def project(name: str, kind: str) -> Iterator[tuple[str, str]]:
    """Yield the files of a new project: relative path and text."""
    words = _words(name, kind)
    templates = files("runas.cli").joinpath("plugin_templates")
    for path, template in _FILES.items():
        text = templates.joinpath(template.format(kind=kind)).read_text("utf-8")
        yield path.format(**words), Template(text).substitute(words)
    yield f"src/{words['module']}/py.typed", ""


def _words(name: str, kind: str) -> dict[str, str]:
    title = "".join(part.capitalize() for part in name.split("-"))
    key = name.replace("-", "_")
    group, about = KINDS[kind]
    words = {"name": name, "key": key, "title": title}
    major, minor = (*version("runas-core").split("."), "0")[:2]
    families = f'\n[project.entry-points."runas.families"]\nsaml = "runas_{key}"\n'
    return {
        **words,
        "Title": title,
        "kind": kind,
        "module": f"runas_{key}",
        "group": group,
        "about": about.format(**words),
        "usage": _USAGE[kind].format(**words),
        "settings": _SETTINGS[kind].format(**words),
        "families": families if kind == "saml" else "",
        "core": f"{major}.{minor}",
        "api": runas.api_version,
    }


def _write(path: str, text: str) -> None:
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "x", encoding="utf-8", newline="\n") as file:
        file.write(text)
