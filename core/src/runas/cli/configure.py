"""``runas configure profile``: write one profile, from options or by asking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from runas.cli.populate_options import (
    AccountId,
    CredentialProcess,
    Defaults,
    Existing,
    Interactive,
    Output,
    Region,
    RoleName,
    SsoRegion,
    SsoSession,
    StartUrl,
    check_setting,
    one_of,
    pairs,
)
from runas.cli.populate_plan import process_of
from runas.cli.report import say
from runas.config.commandline import Invocation
from runas.config.load import open_config
from runas.config.options import BY_KEY, OPTIONS
from runas.errors import InteractionRequired, UsageError

if TYPE_CHECKING:
    from runas.config.aws_files import Section

Name = Annotated[str, typer.Argument(metavar="NAME", show_default=False)]


def configure_profile(
    invocation: Invocation,
    name: Name,
    sso_start_url: StartUrl = None,
    sso_region: SsoRegion = None,
    sso_session: SsoSession = None,
    account_id: AccountId = None,
    role: RoleName = None,
    region: Region = None,
    output: Output = None,
    config_default: Defaults = None,
    existing_config_action: Existing = "keep",
    credential_process: CredentialProcess = None,
    interactive: Interactive = True,
) -> int:
    """Write a profile to the AWS config: what the options say, and the answers to a few questions.

    Any option that a profile may hold can be given, and --set KEY=VALUE for the rest. Keys of a
    profile that is there already stay, unless an option says otherwise. Without a terminal, with
    --non-interactive or --no-input nothing is asked.

    \b
    Examples:
      runas configure profile work
      runas configure profile dev --sso-session corp -a 123456789012 -r Developer
      runas configure profile idp -S https://idp.example.com/sso -U me@example.com
      runas configure profile ops --source-profile default \\
          --role arn:aws:iam::123456789012:role/ops
    """
    action = one_of(existing_config_action, "--existing-config-action", *_ACTIONS)
    extras = pairs(config_default or (), "-c") | ({"output": output} if output else {})
    own = {
        "sso_session": sso_session,
        "sso_start_url": sso_start_url,
        "sso_region": sso_region,
        "sso_account_id": account_id,
        "region": region,
        "role_arn": role,
    }
    settings = _settings(invocation, own)
    given = bool(settings or extras or credential_process is not None)
    if not (given and action != "discard" and _complete(invocation, name, settings)):
        settings = _completed(invocation, name, settings, interactive)
    if credential_process:
        settings["credential_process"] = process_of(name)
    drop = ("credential_process",) if credential_process is False else ()
    return _write(invocation, name, _Wish(settings, extras, action, drop))


_ACTIONS = ("keep", "overwrite", "discard")
_ALONE = (
    *("role_arn", "source_profile", "credential_source", "web_identity_token_file"),
    *("login_session", "aws_access_key_id"),
)
"""Where else AWS tools take a profile's credentials from."""
_OWN = frozenset("sso_session sso_start_url sso_region sso_account_id region role_arn".split())


class _Wish(NamedTuple):
    """What the section should say; ``extras`` give way to what is there, as *action* says.

    ``drop`` are keys that it should not have any more.
    """

    settings: dict[str, str]
    extras: dict[str, str]
    action: str
    drop: tuple[str, ...] = ()


def _settings(invocation: Invocation, own: dict[str, str | None]) -> dict[str, str]:
    """Gather the keys of all options, behind the verb and in front of it.

    What variables say is left out: it may be different tomorrow.
    """
    in_front = {key: invocation.text(key) or "" for key in _OWN if invocation.typed(key)}
    behind = {key: text for key, text in own.items() if text}
    for key, text in behind.items():
        check_setting(key, text, (BY_KEY[key].flags or ("--sso-session",))[0])
    found = in_front | behind
    role = found.pop("role_arn", None)
    settings = found | typed(invocation)
    return settings | _role(role, settings)


def typed(invocation: Invocation) -> dict[str, str]:
    """Return the profile keys of the global options on the command line, and those of --set."""
    found = {}
    for option in OPTIONS:
        given = option.name not in _OWN and option.keys and option.scope != "run"
        if given and not option.secret and invocation.typed(option.name):
            found[option.keys[0]] = invocation.text(option.name) or ""
    if invocation.typed("set"):
        found |= pairs((invocation.text("set") or "").split("\n"), "--set")
    return found


def _role(role: str | None, settings: dict[str, str]) -> dict[str, str]:
    """Tell a permission set's name from an ARN."""
    if not role:
        return {}
    if role.startswith("arn:"):
        return {"role_arn": role}
    if any(key.startswith("sso_") for key in settings):
        return {"sso_role_name": role}
    if "saml_auth_url" in settings:
        return {"role_name": role}
    raise UsageError(f"--role {role!r} is no ARN", "write arn:aws:iam::ACCOUNT:role/NAME")


def _complete(invocation: Invocation, name: str, settings: dict[str, str]) -> bool:
    """Tell a profile that is there, and needs no question with these changes."""
    from runas.cli.configure_asking import enough

    old = open_config(invocation).config.profile(name)
    return old is not None and enough({**old.values, **settings})


def _completed(
    invocation: Invocation, name: str, settings: dict[str, str], asks: bool
) -> dict[str, str]:
    """Ask for what is missing, where somebody is there."""
    from runas.cli.configure_asking import Questions, enough

    if enough(settings):
        return settings
    asks = asks and not invocation.on("no_input")
    questions = Questions.at_terminal(invocation) if asks else None
    if questions is not None:
        return questions.complete(name, settings)
    if not settings:
        raise InteractionRequired(
            f"what profile '{name}' should say is needed and nobody can be asked",
            "give options, see 'runas configure profile --help'",
        )
    return settings


def _write(invocation: Invocation, name: str, wish: _Wish) -> int:
    """Write the section, and say what has become of it."""
    from runas.config.writing import header_for, write_sections

    file = open_config(invocation).config
    old = file.profile(name)
    changes = _changes(wish, old)
    _refuse_two_sources(name, changes, old)
    changed = write_sections(file.path, {header_for("profile", name): changes}, backup=True)
    word = "is written" if old is None else "is changed" if changed else "says so already"
    say(f"profile '{name}' {word}; try: runas -w {name}")
    return 0


def _changes(wish: _Wish, old: Section | None) -> dict[str, str | None]:
    values = old.values if old else {}
    keep = wish.action == "keep"
    more = {key: text for key, text in wish.extras.items() if not keep or key not in values}
    gone: dict[str, str | None] = {}
    if wish.action == "discard" and old is not None:
        gone = dict.fromkeys([*values, *old.nested])
    gone |= {key: None for key in wish.drop if key in values}
    return {**gone, **more, **wish.settings}


def _refuse_two_sources(name: str, changes: dict[str, str | None], old: Section | None) -> None:
    """Refuse to put ``credential_process`` beside another source, which AWS tools see first.

    A role without the source that they know for it even stops them.
    Source: https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
    """
    after = {key: text for key, text in {**(old.values if old else {}), **changes}.items() if text}
    other = next((key for key in _ALONE if key in after), None)
    touched = any(changes.get(key) for key in ("credential_process", *_ALONE))
    if other is None or "credential_process" not in after or not touched:
        return
    raise UsageError(
        f"profile '{name}' would have credential_process beside {other}; AWS tools accept only one",
        f"leave one out (--no-credential-process), and run those tools as 'runas {name} COMMAND'",
    )
