"""``runas serve``: credentials for whatever else runs on this machine, with a page to log in at."""

from __future__ import annotations

import os
import socket
from functools import partial
from typing import Annotated

import typer

from runas.cli.report import say
from runas.cli.serving import Start
from runas.config.commandline import Invocation
from runas.errors import UsageError

_LOOPBACK = "127.0.0.1"
_ECS_PORT = 12319
_TOKEN = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
_WEAK = 16  # characters

Word = Annotated[str | None, typer.Argument(metavar="[PROFILE]", show_default=False)]
Port = Annotated[
    int | None,
    typer.Option("-p", "--port", min=0, max=65535, help="The port; 0 takes a free one."),
]
Allow = Annotated[
    list[str] | None,
    typer.Option(
        "--allow",
        metavar="PROFILE",
        help="A profile that may be asked for by its name, or 'all'; may be repeated. Without it:"
        " those that log in like PROFILE.",
    ),
]
EnvFile = Annotated[
    str | None,
    typer.Option("--env-file", metavar="FILE", help="Write the variables here, for you alone."),
]


def ecs(
    invocation: Invocation,
    profile: Word = None,
    port: Port = None,
    allow: Allow = None,
    env_file: EnvFile = None,
    token_file: Annotated[
        str | None,
        typer.Option("--token-file", metavar="FILE", help="Write the token here, for you alone."),
    ] = None,
    no_token: Annotated[
        bool, typer.Option("--no-token", help="Answer whoever asks, other users included.")
    ] = False,
) -> int:
    """Serve credentials as the container agent of ECS does, on 127.0.0.1:12319.

    \b
    Examples:
      runas serve ecs admin
      runas serve ecs -p 8000 --allow all admin
      runas serve ecs --env-file aws.env admin &
      docker run --network host --env-file aws.env IMAGE
    """
    from runas.serve.announce import write_private
    from runas.serve.ecs import Ecs
    from runas.serve.ports import listen

    token = None if no_token else _token()
    start = Start(invocation, profile, allow or [])
    listening = listen(_LOOPBACK, _ECS_PORT if port is None else port)
    address = f"http://{_LOOPBACK}:{listening.getsockname()[1]}"
    variables = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{address}/credentials"}
    if token is not None:
        variables[_TOKEN] = token
        if token_file:
            write_private(token_file, token)  # no line break: it would become part of the token
    application = Ecs(start.profiles, token, start.failures)
    return start.run(application, listening, variables, token, env_file)


def ec2(
    invocation: Invocation,
    profile: Word = None,
    port: Port = None,
    v2_only: Annotated[
        bool, typer.Option("--imds-v2-only", help="Want a token with each request (IMDSv2).")
    ] = False,
    env_file: EnvFile = None,
) -> int:
    """Serve credentials as the metadata service of EC2 does.

    Without a port on 169.254.169.254, where SDKs look unasked: that needs root rights.

    \b
    Examples:
      runas serve ec2 -p 8000 admin
      sudo runas serve ec2 --imds-v2-only admin
    """
    serve = partial(_serve_ec2, invocation, profile, v2_only, env_file)
    if port is None:
        from runas.serve.linklocal import serve_there

        return serve_there(lambda handle: serve(socket.socket(fileno=handle)))
    from runas.serve.ports import listen

    return serve(listen(_LOOPBACK, port, hops=1))


def _serve_ec2(
    invocation: Invocation,
    profile: str | None,
    v2_only: bool,
    env_file: str | None,
    listening: socket.socket,
) -> int:
    from runas.serve.imds import IMDS_WANTS, Imds
    from runas.serve.tokens import Tokens

    host, port = listening.getsockname()[:2]
    address = f"http://{host}" if port == 80 else f"http://{host}:{port}"
    start = Start(invocation, profile, allow=[], wanted_left=IMDS_WANTS)
    application = Imds(start.profiles, Tokens(), v2_only)
    variables = {"AWS_EC2_METADATA_SERVICE_ENDPOINT": address}
    say("every program and every user of this machine can get these credentials")
    return start.run(application, listening, variables, None, env_file)


def _token() -> str:
    """Return the token that the environment gives, else a random one."""
    from runas.serve.listener import random_token

    token = os.environ.get(_TOKEN, "")
    if not token:
        return random_token()
    if not (token.isascii() and token.isprintable()) or token != token.strip():
        raise UsageError(f"${_TOKEN} is not fit for a header", "unset it: a random one is used")
    if len(token) < _WEAK:
        say(f"${_TOKEN} is short enough to be guessed; unset it for a random one")
    return token
