"""``runas sandbox``: a strict AWS of your own on this machine, to try runas in."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from runas.cli.report import say
from runas.config.commandline import Invocation
from runas.errors import UsageError
from runas.launch.supervise import Child

if TYPE_CHECKING:
    from runas.testing.aws import AwsEmulator
    from runas.testing.sandbox import Offer

_URL, _STEPS = "RUNAS_SANDBOX", "RUNAS_SANDBOX_STEPS"
_OURS = ("AWS_", "RUNAS_", "SAML_", "WEB_", "MFA_")
_BANNER = """\
A sandbox: an AWS of your own on this machine. Your own ~/.aws is not touched.
Profiles: {profiles}
Try:      runas -w read-only       who you are to AWS as this role
          runas read-only env      what a command is given; write any other in place of 'env'
          runas sandbox code       an MFA code, for the next line
          runas -w admin           a role that asks for one
{more}Leave with 'exit'.
"""


def sandbox(
    invocation: Invocation,
    words: Annotated[list[str] | None, typer.Argument(metavar="[COMMAND [ARG]...]")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Run the main job and show it.")] = False,
) -> int:
    """Open a shell in a sandbox with its own AWS, users, MFA device and roles.

    \b
    Examples:
      runas sandbox
      runas sandbox -- runas read-only aws sts get-caller-identity
      runas sandbox code        # inside a sandbox: the MFA code of its user
      runas sandbox --demo
    """
    command = words or []
    if command[:1] == ["code"]:
        return print_code(command[1] if len(command) > 1 else "alice")
    if demo:
        from runas.cli import demo as shown

        return inside(shown.argv(), banner=False)
    shell = [os.environ.get("SHELL") or "/bin/sh"]
    return inside(command or shell, banner=not command)


def inside(argv: Sequence[str], *, banner: bool) -> int:
    """Start the sandbox, run *argv* in it, and return its exit status."""
    from runas.testing.aws import AwsEmulator
    from runas.testing.aws.seed import aws_files, seed

    home = Path(tempfile.mkdtemp(prefix="runas-sandbox-"))
    try:
        with ExitStack() as stack:
            aws = stack.enter_context(AwsEmulator(control=True))
            files = aws_files(seed(aws), home / ".aws")
            offered = _furnish(aws, stack, files.config)
            environ = environment(home, {**files.environment(), **aws.environment()}, aws.url)
            for offer in offered:
                environ |= offer.environ
            environ[_STEPS] = json.dumps([step for offer in offered for step in offer.steps])
            if banner:
                lines = [line for offer in offered for line in offer.lines]
                sys.stderr.write(_banner(environ, lines))
            return Child.start(argv, environ).wait()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _furnish(aws: AwsEmulator, stack: ExitStack, config: Path) -> list[Offer]:
    """Open the fakes of the installed providers, and add their profiles to the config."""
    from runas import plugins
    from runas.testing.sandbox import World, offers

    modules = [plugin.module for plugin in plugins.installed() if not plugin.extension]
    found = offers(modules, World(aws, stack))
    text = ""
    for offer in found:
        for name, settings in offer.profiles.items():
            lines = "".join(f"{key} = {value}\n" for key, value in settings.items())
            text += f"\n[profile {name}]\nregion = eu-west-1\n{lines}"
    with config.open("a", encoding="utf-8") as file:
        file.write(text)
    return found


def environment(home: Path, aws: dict[str, str], url: str) -> dict[str, str]:
    """Return the environment inside: nothing of the user's AWS, a home of its own."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(_OURS)}
    scripts = str(Path(sys.executable).parent)
    return {
        **kept,
        "HOME": str(home),
        "PATH": os.pathsep.join((scripts, kept.get("PATH", os.defpath))),
        "RUNAS_CACHE_DIR": str(home / "cache"),
        "RUNAS_STATE_DIR": str(home / "state"),
        "AWS_EC2_METADATA_DISABLED": "true",
        _URL: url,
        **{name: text for name, text in aws.items() if "REGION" not in name},
    }


def print_code(user: str) -> int:
    """Print a code that the sandbox's AWS accepts now, as the user's device would show it."""
    import requests

    url = os.environ.get(_URL)
    if not url:
        raise UsageError("there is no sandbox around this command", "start one: runas sandbox")
    with requests.Session() as http:
        http.trust_env = False
        answer = http.get(f"{url}/_runas/totp/{user}", timeout=5)
    if not answer.ok:
        say(f"the sandbox has no user '{user}' with an MFA device")
        return 78
    print(answer.text.strip())
    return 0


def _banner(environ: dict[str, str], lines: Sequence[str]) -> str:
    from runas.config.aws_files import AwsFile

    names = ", ".join(AwsFile(environ["AWS_CONFIG_FILE"], False).profile_names())
    more = "".join(f"          {line}\n" for line in lines)
    return _BANNER.format(profiles=names, more=more)
