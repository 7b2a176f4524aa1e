"""``runas ssm``: shells, forwarded ports and ssh through Session Manager, by AWS's own plugin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from runas.cli.acting import act
from runas.cli.report import say
from runas.cli.session_plugin import Plugin
from runas.config.commandline import Invocation
from runas.errors import UsageError

if TYPE_CHECKING:
    from runas.aws.instance_connect import LoginKey

Words = Annotated[list[str] | None, typer.Argument(metavar="[PROFILE] TARGET", show_default=False)]
Local = Annotated[
    int,
    typer.Option("-p", "--port", min=0, max=65535, help="The local port; default: a free one."),
]
Host = Annotated[
    str | None, typer.Option("--host", help="Go on from TARGET to this host (its port: TARGET's).")
]
Connect = Annotated[
    bool,
    typer.Option(
        "--ec2ic", help="Give the instance your public key for a minute, by EC2 Instance Connect."
    ),
]
External = Annotated[bool, typer.Option("--plugin", hidden=True)]

_SSH = re.compile(r"(?:(?P<user>[^@]+)@)?(?P<target>.+?)(?::(?P<port>\d{1,5}))?")


def shell(invocation: Invocation, words: Words = None, plugin: External = False) -> int:
    """Open a shell on TARGET.

    TARGET is an instance id, NAME:VALUE of a tag, a private or public IP address, or a DNS name
    (the instance's own, or one whose TXT record holds the id).

    \b
    Examples:
      runas ssm shell my-profile i-0123456789abcdef0
      runas ssm shell my-profile Name:web-1
      runas shell my-profile 10.0.3.7
    """
    name, target = _two(words)
    return _session(invocation, name, target, "", {})


def forward(
    invocation: Invocation,
    words: Words = None,
    port: Local = 0,
    host: Host = None,
    plugin: External = False,
) -> int:
    """Forward a local port to TARGET:PORT, or through TARGET to another host.

    \b
    Examples:
      runas ssm forward my-profile i-0123456789abcdef0:8080
      runas ssm forward -p 5432 my-profile Name:bastion:5432 --host db.internal
      runas forward my-profile Name:web-1:80
    """
    from runas.aws.ssm import FORWARD, FORWARD_BEYOND

    name, text = _two(words)
    target, _, remote = text.rpartition(":")
    if not target or not remote.isdigit() or not 0 < int(remote) < 65536:
        raise UsageError(f"{text!r} does not say which port", "write TARGET:PORT")
    ports = {"portNumber": remote, "localPortNumber": str(port)}
    if host:
        return _session(invocation, name, target, FORWARD_BEYOND, {"host": host, **ports})
    return _session(invocation, name, target, FORWARD, ports)


def ssh(
    invocation: Invocation, words: Words = None, ec2ic: Connect = False, plugin: External = False
) -> int:
    """Carry an ssh connection to [USER@]TARGET[:PORT] on stdin and stdout.

    With --ec2ic the instance needs no key of yours: the first one that ssh would try is sent to
    it, for USER (ec2-user unless given), and taken for 60 seconds.

    \b
    Examples:
      ssh -o ProxyCommand='runas ssm ssh my-profile %r@%h:%p' i-0123456789abcdef0
      runas ssm ssh my-profile ec2-user@i-0123456789abcdef0:22

    \b
    In ~/.ssh/config:
      Host mi-*
        ProxyCommand runas ssm ssh my-profile %r@%h:%p
      Host i-*
        ProxyCommand runas ssm ssh --ec2ic my-profile %r@%h:%p
    """
    from runas.aws.ssm import SSH

    name, text = _two(words)
    found = _SSH.fullmatch(text)
    if found is None or int(found["port"] or 22) > 65535:
        raise UsageError(f"{text!r} is no target", "write [USER@]TARGET[:PORT]")
    parameters = {"portNumber": found["port"] or "22"}
    key = _key(found["target"], found["user"] or "ec2-user") if ec2ic else None
    return _session(invocation, name, found["target"], SSH, parameters, key)


def _key(target: str, user: str) -> LoginKey:
    """Find the key to send, before anybody is asked to log in."""
    from runas.aws.instance_connect import LoginKey
    from runas.cli.ssh_keys import public_key

    return LoginKey(user, public_key(target, user))


def _two(words: list[str] | None) -> tuple[str | None, str]:
    """Tell PROFILE from TARGET; a single word is TARGET, of the profile that stands in."""
    given = words or []
    if len(given) not in (1, 2):
        raise UsageError("name a profile and a target", "see --help")
    return (given[0] if len(given) == 2 else None), given[-1]


def _session(
    invocation: Invocation,
    name: str | None,
    target: str,
    document: str,
    parameters: dict[str, str],
    key: LoginKey | None = None,
) -> int:
    from runas.aws.ssm import Sessions, Wanted
    from runas.aws.targets import resolve

    plugin = Plugin.find()  # before anybody is asked to log in
    acting = act(invocation, name)
    keys = acting.entry.credentials
    instance = resolve(target, acting.profile, keys)
    if instance != target:
        say(f"{target} is {instance}")
    if key is not None:
        key.push(instance, acting.profile, keys)
    sessions = Sessions(acting.profile, keys)
    return plugin.run(acting, sessions, Wanted(instance, document, parameters))
