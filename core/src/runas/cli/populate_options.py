"""The options that the verbs of ``runas configure`` have for themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer

from runas.config.options import BY_KEY
from runas.config.values import normalise
from runas.errors import UsageError

StartUrl = Annotated[
    str | None,
    typer.Option(
        "--sso-start-url", "-u", metavar="URL", help="The portal's address, or a pattern of it."
    ),
]
SsoRegion = Annotated[
    str | None, typer.Option("--sso-region", metavar="REGION", help="Identity Center's region.")
]
SsoSession = Annotated[
    str | None,
    typer.Option(
        "--sso-session", metavar="NAME", help="The [sso-session] to refer to; written if missing."
    ),
]
AccountId = Annotated[
    str | None, typer.Option("--account-id", "-a", metavar="ACCOUNT", help="The account.")
]
RoleName = Annotated[
    str | None,
    typer.Option("--role-name", "--role", "-r", metavar="ROLE", help="The role, or its ARN."),
]
Region = Annotated[
    str | None, typer.Option("--region", metavar="REGION", help="The region to work in.")
]
Output = Annotated[
    str | None, typer.Option("--output", "-o", metavar="FORMAT", help="The AWS CLI's output.")
]
Interactive = Annotated[
    bool,
    typer.Option("--interactive/--non-interactive", help="Whether to ask for what is missing."),
]
AllRegions = Annotated[
    list[str] | None,
    typer.Option("--region", "-r", metavar="REGION", help="A region to work in; repeat for more."),
]
Components = Annotated[
    str,
    typer.Option("--components", metavar="VALUE,...", help="What names are made of."),
]
Separator = Annotated[
    str | None,
    typer.Option("--separator", "--sep", metavar="SEP", help="What joins the components: '.'."),
]
Template = Annotated[
    str | None,
    typer.Option("--name-template", metavar="TEXT", help="Names as text with {components}."),
]
IncludeRegion = Annotated[
    str,
    typer.Option(
        "--include-region",
        metavar="default|always",
        help="Whether names have the first region too.",
    ),
]
RegionStyle = Annotated[
    str,
    typer.Option("--region-style", metavar="short|long", help="usea1, or us-east-1, in names."),
]
AccountCase = Annotated[
    str | None,
    typer.Option("--account-name-case", metavar="CASE", help="lower, upper, title, ..."),
]
RoleCase = Annotated[
    str | None,
    typer.Option("--role-name-case", metavar="CASE", help="The same for roles."),
]
TrimAccounts = Annotated[
    list[str] | None,
    typer.Option("--trim-account-name", metavar="REGEX", help="Leave this out; may be repeated."),
]
TrimRoles = Annotated[
    list[str] | None,
    typer.Option("--trim-role-name", metavar="REGEX", help="Leave this out; may be repeated."),
]
SafeNames = Annotated[
    bool,
    typer.Option(
        "--safe-account-names/--raw-account-names",
        help="Only letters, digits, '.', '_' and '-' in names, or accounts as they are.",
    ),
]
Defaults = Annotated[
    list[str] | None,
    typer.Option("--config-default", "-c", metavar="KEY=VALUE", help="More to write; repeat."),
]
Existing = Annotated[
    str,
    typer.Option(
        "--existing-config-action",
        metavar="keep|overwrite|discard",
        help="What becomes of what is there: kept, replaced key by key, or replaced whole.",
    ),
]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="As --existing-config-action overwrite.")
]
Prune = Annotated[
    bool, typer.Option("--prune", help="Remove generated profiles whose role is gone.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show what would change, and write nothing.")
]
CredentialProcess = Annotated[
    bool | None,
    typer.Option(
        "--credential-process/--no-credential-process",
        help="Also write credential_process, for tools that know no Identity Center.",
    ),
]


def one_of(text: str, flag: str, *choices: str) -> str:
    """Return a choice in lower case; raise UsageError that lists them."""
    if text.lower() not in choices:
        raise UsageError(f"{flag} {text!r} is none of {', '.join(choices)}")
    return text.lower()


def pairs(texts: Iterable[str], flag: str) -> dict[str, str]:
    """Read ``KEY=VALUE`` words; keys are lower-cased, as the AWS CLI reads them."""
    found = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key.strip():
            raise UsageError(f"{flag} {text!r} is not KEY=VALUE", f"write {flag} KEY=VALUE")
        name = key.strip().lower()
        check_setting(name, value, f"{flag} {name}")
        found[name] = value.strip()
    return found


def check_setting(key: str, text: str, origin: str) -> None:
    """Refuse a value that no profile could be read with afterwards."""
    if key in BY_KEY:
        normalise(BY_KEY[key], text, origin)
