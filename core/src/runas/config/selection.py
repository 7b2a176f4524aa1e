"""Decide which words are PROFILE and which are COMMAND."""

from __future__ import annotations

from runas.config.commandline import SHOWING, STANDING_ALONE, Invocation, command_of
from runas.errors import ConfigurationError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from runas.config.resolver import Config
    from runas.profile import Profile


class NoProfile(UsageError):
    """Nothing says which profile is meant; on a terminal the person may pick one."""

    def __init__(self) -> None:
        super().__init__("no profile given", "type 'runas PROFILE COMMAND', or see 'runas --help'")


class Selection:
    """The profile and the command, and the variable that stood in for PROFILE, if any did."""

    __slots__ = ("command", "profile", "stand_in")

    def __init__(
        self, profile: Profile, command: Sequence[str], stand_in: str | None = None
    ) -> None:
        self.profile = profile
        self.command = list(command)
        self.stand_in = stand_in


def select(config: Config, invocation: Invocation, words: Sequence[str] | None = None) -> Selection:
    """Return PROFILE, resolved, and COMMAND; raise NoProfile where nothing names a profile."""
    words = invocation.profile_words() if words is None else words
    selection = _select(config, invocation, list(words))
    if invocation.typed("output") and selection.command:
        raise UsageError("-O prints credentials and takes no command", "leave one of them out")
    return selection


def _select(config: Config, invocation: Invocation, words: list[str]) -> Selection:
    named = invocation.text("profile")
    if named:
        return Selection(config.profile(named), command_of(words))
    variable = _profile_variable(config)
    role = invocation.text("role_arn")
    if role:
        source = config.environ[variable] if variable else None
        return Selection(config.role(role, source), command_of(words))
    shows = any(invocation.typed(name) for name in SHOWING)
    if variable and (not shows or not words):
        return Selection(_from_variable(config, variable), command_of(words), variable)
    if words and words[0] != "--":
        return _from_words(config, invocation, words, shows)
    return _from_nothing(config, invocation, words)


def _profile_variable(config: Config) -> str | None:
    for variable in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        if config.environ.get(variable):
            return variable
    return None


def _from_variable(config: Config, variable: str) -> Profile:
    name = config.environ[variable]
    if not config.has_profile(name):
        raise ConfigurationError(
            f"${variable} names the profile '{name}', which does not exist",
            f"unset {variable}, or see 'runas list profiles'",
        )
    return config.profile(name)


def _from_project(config: Config) -> Profile | None:
    """Return the project's default profile; what it names must be there."""
    name = config.setting("default_profile")
    if not name or config.project is None:
        return None
    if name != "default" and not config.has_profile(name):
        raise ConfigurationError(
            f"{config.project.origin('default_profile')}: default_profile names the profile"
            f" '{name}', which does not exist",
            "correct it, or see 'runas list profiles'",
        )
    return config.profile(name)


def _from_words(config: Config, invocation: Invocation, words: list[str], shows: bool) -> Selection:
    first = words[0]
    if config.has_profile(first):
        return Selection(config.profile(first), command_of(words[1:]))
    if not shows and not first.startswith("arn:") and (stand_in := _from_project(config)):
        return Selection(stand_in, command_of(words), "default_profile")
    if first.startswith("arn:") or _names_a_role(config, invocation):
        return Selection(config.role(first), command_of(words[1:]))
    return Selection(config.profile(first), command_of(words[1:]))


def _names_a_role(config: Config, invocation: Invocation) -> bool:
    """Tell whether an unknown first word may be a role's name."""
    if config.setting("role_prefix"):
        return True
    return invocation.typed("sso_account_id") or _signs_in(invocation)


def _signs_in(invocation: Invocation) -> bool:
    """Tell whether the options say where to sign in, so that no profile needs to."""
    return any(invocation.typed(name) for name in ("saml_auth_url", "sso_start_url"))


def _from_nothing(config: Config, invocation: Invocation, words: list[str]) -> Selection:
    if stand_in := _from_project(config):
        return Selection(stand_in, command_of(words), "default_profile")
    if _signs_in(invocation):
        return Selection(config.identity(), command_of(words))
    if any(invocation.typed(name) for name in STANDING_ALONE):
        return Selection(config.profile("default"), command_of(words))
    raise NoProfile
