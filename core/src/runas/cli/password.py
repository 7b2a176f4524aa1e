"""``runas password``: keep, check or forget the password of a sign-in address."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from runas.challenges import Password, Username
from runas.cli.answers import given_password
from runas.cli.report import say
from runas.cli.trusting import terminal
from runas.config.commandline import Invocation
from runas.config.load import open_config
from runas.errors import ConfigurationError, InteractionRequired, UsageError

if TYPE_CHECKING:
    from runas.config.resolver import Config
    from runas.secrets import Store

Place = Annotated[str | None, typer.Argument(metavar="[PROFILE|URL]", show_default=False)]


def password(
    invocation: Invocation,
    place: Place = None,
    delete: Annotated[bool, typer.Option("--delete", help="Forget it.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Say whether one is kept.")] = False,
) -> int:
    """Keep the password for a profile's sign-in address, in the OS keyring or an encrypted file.

    Every profile with the same address and user name shares it. A password that the provider
    refused is not tried again until it is set anew.

    \b
    Examples:
      runas password my-profile
      runas -U me@example.com password https://idp.example.com/
      pass show work/idp | runas -P - password my-profile
      runas password --check my-profile
      runas password --delete my-profile
    """
    if delete and check:
        raise UsageError("--delete and --check exclude each other", "choose one")
    config = open_config(invocation)
    realm, username = _whose(config, invocation, place)
    store = _store(config)
    if check:
        return _check(store, realm, username)
    if delete:
        return _delete(store, realm, username)
    store.set(realm, username, _new_password(invocation, realm, username, place))
    say(f"the password of {username} at {realm} is kept")
    return 0


def _whose(config: Config, invocation: Invocation, place: str | None) -> tuple[str, str]:
    """Return the sign-in origin and the user name that the password belongs to."""
    from runas.cli.listing import chosen_profile
    from runas.http import origin

    username = invocation.text("username")
    if place and "://" in place:
        address = place
    else:
        profile = chosen_profile(config, invocation, place)
        found = profile.get("saml_auth_url") or profile.get("web_identity_auth_url")
        if not found:
            raise ConfigurationError(
                f"profile '{profile.name}' signs in at no address",
                "name another profile or the address: runas password PROFILE|URL",
            )
        address, username = found, username or profile.get("username")
    return origin(address), username or _ask_username(invocation, origin(address))


def _ask_username(invocation: Invocation, realm: str) -> str:
    person = None if invocation.on("no_input") else terminal()
    if person is None:
        raise InteractionRequired(
            f"the user name at {realm} is needed and nobody can be asked", "give it with -U"
        )
    return person.answer(Username(realm))


def _new_password(invocation: Invocation, realm: str, username: str, place: str | None) -> str:
    given = given_password(invocation)
    if given is not None:
        if not given.text:
            raise UsageError("-P: the password is empty")
        return given.text
    person = None if invocation.on("no_input") else terminal()
    if person is None:
        raise InteractionRequired(
            f"the password of {username} is needed and nobody can be asked",
            f"pipe it in: runas -P - password {place or ''}".rstrip(),
        )
    return person.answer(Password(realm, username))


def _check(store: Store, realm: str, username: str) -> int:
    from runas.secrets import Absent

    if store.is_stale(realm, username):
        say(f"{realm} refused the password of {username}; set it anew")
        return ConfigurationError.status
    try:
        store.get(realm, username)
    except Absent:
        say(f"no password of {username} at {realm} is kept")
        return ConfigurationError.status
    print(f"the password of {username} at {realm} is kept")
    return 0


def _delete(store: Store, realm: str, username: str) -> int:
    from runas.secrets import Absent

    try:
        store.delete(realm, username)
    except Absent:
        raise ConfigurationError(f"no password of {username} at {realm} is kept") from None
    say(f"the password of {username} at {realm} is forgotten")
    return 0


def _store(config: Config) -> Store:
    from runas.secrets import open_store

    return open_store(config.environ, os.path.expanduser("~"))
