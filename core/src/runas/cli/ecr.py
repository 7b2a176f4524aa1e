"""``runas ecr login``: docker, podman and the like, logged in to registries of ECR."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Annotated

import typer

from runas.cli.acting import Acting, act
from runas.cli.report import say
from runas.config.commandline import Invocation
from runas.errors import CommandNotFound, ConfigurationError, UsageError
from runas.launch.environment import child_environment
from runas.launch.execute import find

if TYPE_CHECKING:
    from runas.aws.ecr import Registry

_PROGRAMS = ("docker", "podman", "nerdctl", "finch")

Words = Annotated[
    list[str] | None, typer.Argument(metavar="PROFILE [REGISTRY]...", show_default=False)
]
Program = Annotated[
    str | None,
    typer.Option(
        "--program", metavar="NAME", help="docker, podman or another that takes the same."
    ),
]
Print = Annotated[bool, typer.Option("--print", help="Print the password instead.")]


def login(
    invocation: Invocation,
    words: Words = None,
    program: Program = None,
    only_print: Print = False,
) -> int:
    """Log docker (or podman) in to registries of ECR; without REGISTRY to the account's own.

    REGISTRY is a host, an account's number, or 'public'. The password goes to the program's stdin
    and works for 12 hours.

    \b
    Examples:
      runas ecr login my-profile
      runas ecr login my-profile 210987654321.dkr.ecr.us-east-1.amazonaws.com
      runas ecr login my-profile public --program podman
      runas ecr login my-profile --print |
          helm registry login -u AWS --password-stdin HOST
    """
    name, named = (words[0], words[1:]) if words else (None, [])
    path = "" if only_print else _program(program, invocation)
    acting = act(invocation, name)
    registries = _registries(acting, named)
    passwords = _passwords(acting, registries)
    if only_print:
        if len(set(passwords.values())) > 1:
            raise UsageError("registries of several regions have several passwords", "name one")
        print(next(iter(passwords.values())))
        return 0
    for registry in registries:
        status = _log_in(path, acting, registry, passwords[_door(registry)])
        if status:
            say(f"{path} could not log in to {registry.host} (status {status})")
            return status
    return 0


def _program(wanted: str | None, invocation: Invocation) -> str:
    """Find the program before anybody is asked to log in."""
    import os

    path = os.environ.get("PATH", os.defpath)
    for name in [wanted] if wanted else _PROGRAMS:
        try:
            return find(name, path)
        except CommandNotFound:
            continue
    raise ConfigurationError(
        f"there is no {wanted}" if wanted else "there is neither docker nor podman here",
        "install it, name another with --program, or take the password with --print",
    )


def _registries(acting: Acting, named: list[str]) -> list[Registry]:
    from runas.aws.ecr import Registry
    from runas.aws.partitions import region_for
    from runas.aws.sts import caller

    arn = acting.entry.facts.get("role", "")
    region = region_for(acting.profile.region, arn.split(":")[1] if arn else None)
    if named:
        return list(dict.fromkeys(Registry.named(text, region) for text in named))
    account = acting.entry.facts.get("account")
    account = account or caller(acting.profile, acting.entry.credentials).account_id
    return [Registry.of(account, region)]


def _door(registry: Registry) -> tuple[str, bool]:
    from runas.aws.ecr import PUBLIC

    return registry.region, registry.host == PUBLIC


def _passwords(acting: Acting, registries: list[Registry]) -> dict[tuple[str, bool], str]:
    """Fetch one password for each region."""
    from runas.aws.ecr import password

    found: dict[tuple[str, bool], str] = {}
    for registry in registries:
        if _door(registry) not in found:
            keys = acting.entry.credentials
            found[_door(registry)] = password(acting.profile, keys, registry)
    return found


def _log_in(path: str, acting: Acting, registry: Registry, password: str) -> int:
    """Run the program; the password never stands in its arguments, which everybody may read."""
    argv = [path, "login", "--username", "AWS", "--password-stdin", registry.host]
    environ = child_environment(acting.config.environ, acting.profile, {})
    done = subprocess.run(argv, input=password.encode() + b"\n", env=environ, check=False)
    return done.returncode if done.returncode >= 0 else 128 - done.returncode
