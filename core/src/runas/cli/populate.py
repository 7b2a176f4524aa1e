"""``runas configure populate``: a profile for every role that there is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from runas.cli.populate_names import Names, Style
from runas.cli.populate_options import (
    AccountCase,
    AllRegions,
    Components,
    CredentialProcess,
    Defaults,
    DryRun,
    Existing,
    IncludeRegion,
    Overwrite,
    Prune,
    RegionStyle,
    RoleCase,
    SafeNames,
    Separator,
    SsoRegion,
    SsoSession,
    StartUrl,
    Template,
    TrimAccounts,
    TrimRoles,
    check_setting,
    one_of,
    pairs,
)
from runas.cli.populate_plan import Wishes, plan
from runas.cli.populate_source import find_source, with_given
from runas.cli.report import say
from runas.config.commandline import Invocation
from runas.config.load import open_config
from runas.errors import RoleNotOffered, UsageError

if TYPE_CHECKING:
    from runas.cli.populate_names import Named
    from runas.cli.populate_plan import Plan
    from runas.cli.populate_source import Source
    from runas.model import Role

Word = Annotated[str | None, typer.Argument(metavar="[PROFILE]", show_default=False)]
_LISTED = 10


def configure_populate(
    invocation: Invocation,
    profile: Word = None,
    sso_start_url: StartUrl = None,
    sso_region: SsoRegion = None,
    sso_session: SsoSession = None,
    region: AllRegions = None,
    components: Components = "account_name,role_name,default_style_region",
    separator: Separator = None,
    name_template: Template = None,
    include_region: IncludeRegion = "default",
    region_style: RegionStyle = "short",
    account_name_case: AccountCase = None,
    role_name_case: RoleCase = None,
    trim_account_name: TrimAccounts = None,
    trim_role_name: TrimRoles = None,
    safe_account_names: SafeNames = True,
    config_default: Defaults = None,
    existing_config_action: Existing = "keep",
    overwrite: Overwrite = False,
    credential_process: CredentialProcess = None,
    prune: Prune = False,
    dry_run: DryRun = False,
) -> int:
    """Write a profile for every role of an Identity Center, or of a SAML sign-in.

    The profiles are marked with runas_populated = true, and only such ones are changed or removed
    later. A profile of your own with the same name is left alone, and you are told; with
    --overwrite it becomes a generated one. Comments, order and everything else in the config stay;
    what it said before is kept beside it, in config.runas-backup.

    A name is made of account_name, account_id, role_name, region, short_region and
    default_style_region: --components joins them with the --separator, --name-template writes
    them in braces. The first --region is left out of names unless --include-region always.

    \b
    Examples:
      runas configure populate --dry-run
      runas configure populate --sso-region us-east-1 \\
          -u https://corp.awsapps.com/start
      runas configure populate -r eu-central-1 -r us-east-1 --prune
      runas configure populate --name-template '{role_name}@{account_name}'
      runas configure populate my-saml-profile --prune
    """
    style = Style(
        *(components, separator, name_template, include_region, region_style),
        *(account_name_case, role_name_case, trim_account_name, trim_role_name, safe_account_names),
    )
    for text in region or ():
        check_setting("region", text, "--region")
    names = Names(style)  # a mistake in the options shows before anybody signs in
    account = invocation.text("sso_account_id") or ""
    existing = "overwrite" if overwrite else existing_config_action
    wishes = _wishes(config_default or (), existing, credential_process, prune, account)
    given = with_given(invocation, sso_start_url=sso_start_url, sso_region=sso_region)
    source = find_source(given, profile, sso_session)
    _refuse_process(source, wishes)
    named = _named(names, _roles(given, source, account), region or _default_regions(source))
    return _write(given, source, named, wishes, dry_run)


def _named(names: Names, roles: list[Role], regions: list[str]) -> list[Named]:
    """Name the profiles, and tell where a name had to be made longer."""
    named, told = names.all(roles, list(dict.fromkeys(regions)))
    if told:
        say(f"several accounts would share a name, so theirs end in the account id: {_few(told)}")
    return named


def _wishes(
    extras: Sequence[str], existing: str, process: bool | None, prune: bool, account: str
) -> Wishes:
    action = one_of(existing, "--existing-config-action", "keep", "overwrite", "discard")
    return Wishes(pairs(extras, "-c"), action, process, prune, account)


def _refuse_process(source: Source, wishes: Wishes) -> None:
    if wishes.credential_process and not source.sso:
        raise UsageError(
            "--credential-process is for Identity Center: AWS tools refuse it beside a role_arn",
            "leave it out, and run those tools as 'runas PROFILE COMMAND'",
        )


def _default_regions(source: Source) -> list[str]:
    found = os.environ.get("AWS_CONFIGURE_DEFAULT_REGION") or source.profile.region
    return [found] if found else []


def _roles(invocation: Invocation, source: Source, account: str) -> list[Role]:
    """List the roles, in the order of accounts and names, without wildcards."""
    from runas.cli.answers import login
    from runas.cli.populate_roles import offered

    session = login(invocation, open_config(invocation))
    found = [role for role in offered(session, source.profile) if not role.pattern]
    if account:
        found = [one for one in found if account in (one.arn.account_id, one.account_name)]
    if not found:
        raise RoleNotOffered(
            "no role is offered, so no profile is written", "see 'runas list roles'"
        )
    return sorted(found, key=lambda one: (one.account_name or "", str(one.arn)))


def _write(
    invocation: Invocation, source: Source, named: list[Named], wishes: Wishes, dry_run: bool
) -> int:
    """Compare, tell what is left alone, and write; or show what would be written."""
    from runas.cli.progress import working
    from runas.config.writing import write_sections

    config = open_config(invocation)
    made = plan(source, named, config.config, set(config.credentials.profile_names()), wishes)
    _notices(made)
    if dry_run:
        _show(made, config.config.shown)
    else:
        with working("writing the profiles"):
            write_sections(config.config.path, made.changes, made.remove, backup=True)
    say(made.summary() + (" (nothing is written)" if dry_run else ""))
    return 0


def _notices(made: Plan) -> None:
    if made.left:
        say(f"left alone, because you wrote them (--overwrite replaces them): {_few(made.left)}")
    if made.needed:
        say(f"not removed, because another profile has it as source_profile: {_few(made.needed)}")


def _few(names: list[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more


def _show(made: Plan, shown: str) -> None:
    from runas.cli.tables import paint

    colours = {"+": "green", "-": "red"}
    for line in made.diff(shown):
        colour = colours.get(line[:1])
        print(paint(line, colour) if colour else line)
