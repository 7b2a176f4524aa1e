"""``runas console``: the AWS console in the browser, as the role."""

from __future__ import annotations

from typing import Annotated

import typer

from runas.cli.acting import Acting, act
from runas.cli.browser import open_browser
from runas.cli.listing import Word
from runas.cli.report import say
from runas.config.commandline import Invocation
from runas.errors import ConfigurationError

_HOUR = 3600

Service = Annotated[
    str | None, typer.Option("--service", help="A service's page: s3, ec2, lambda.")
]
Destination = Annotated[
    str | None, typer.Option("--destination", metavar="URL", help="A page of the console.")
]
Print = Annotated[bool, typer.Option("--print", help="Print the address instead of opening it.")]


def console(
    invocation: Invocation,
    profile: Word = None,
    service: Service = None,
    url: Destination = None,
    only_print: Print = False,
) -> int:
    """Open the AWS console in the browser, signed in as the role.

    The address works for 15 minutes, for whoever has it. The session lasts as long as the
    credentials, or as long as -a asks where the role is not reached through another one.

    \b
    Examples:
      runas console my-profile
      runas console my-profile --service s3
      runas console my-profile --destination /cloudwatch/home
      runas console my-profile --print
    """
    from runas import http
    from runas.aws import console as aws

    acting = act(invocation, profile)
    partition = aws.console_partition(acting.entry.facts.get("role"), acting.profile.region)
    page = aws.destination(partition, acting.profile.region, service, url)
    _must_be_role(acting)
    address = aws.sign_in_address(
        http.session(acting.profile),
        acting.profile,
        acting.entry.credentials,
        partition,
        page,
        lasting(acting),
    )
    if only_print:
        print(address)
    elif not invocation.on("no_browser") and open_browser(address, acting.config.environ):
        say(f"opened {page}")
    else:
        say("open this address within 15 minutes:")
        print(address)
    return 0


def lasting(acting: Acting) -> int | None:
    """Return the seconds to ask for; None leaves the session as long as the credentials.

    Only a life of more than an hour needs asking for: then the role is taken with the user's own
    keys, and AWS allows it. Credentials won through another role never may.
    """
    asked = acting.profile.duration
    chained = acting.profile.source is not None and acting.profile.source.ends_in_role
    return asked if asked and asked > _HOUR and not chained else None


def _must_be_role(acting: Acting) -> None:
    """Refuse a user's keys and session tokens before AWS does, and say what would do."""
    if "role" in acting.entry.facts:
        return
    from runas.aws.sts import caller

    keys = acting.entry.credentials
    if keys.temporary and ":assumed-role/" in caller(acting.profile, keys).arn:
        return
    raise ConfigurationError(
        f"profile '{acting.profile.name}' is a user, and the console opens for roles only",
        "name a profile with a role, and leave -s out",
    )
