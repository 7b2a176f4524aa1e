"""Where generated profiles sign in: an Identity Center, or a provider that speaks SAML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from runas.cli.populate_plan import MARK
from runas.config.commandline import Invocation
from runas.config.given import Given
from runas.config.instances import Instance, instances
from runas.config.layers import Layer, inheritable
from runas.config.load import open_config
from runas.config.options import BY_NAME
from runas.errors import ConfigurationError
from runas.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runas.config.resolver import Config
    from runas.model import Role

SCOPES = "sso:account:access"
_ROLE = ("role_arn", "role_name", "jump_role_arn", "source_profile", "external_id")
_NOT_WRITTEN = frozenset(
    f"region mfa_serial sso_session sso_start_url sso_region session_policy_document {MARK}"
    " credential_process".split()
)


@dataclass(frozen=True)
class Source:
    """One place to sign in.

    ``profile`` signs in there and asks for no role; ``settings`` are what every generated profile
    says about it. ``session`` is a ``[sso-session]`` still to be written, with its settings.
    """

    profile: Profile
    settings: Mapping[str, str]
    place: tuple[str, str]
    session: tuple[str, Mapping[str, str]] | None = None

    @property
    def sso(self) -> bool:
        """Tell Identity Center from SAML."""
        return self.profile.family == "sso"

    def of(self, role: Role) -> dict[str, str]:
        """Return what the profile of one role says about it."""
        if not self.sso:
            return {**self.settings, "role_arn": str(role.arn)}
        name = " ".join((role.account_name or "").split())
        named = {"sso_account_name": name} if name else {}
        arn = role.arn
        return {
            **self.settings,
            **named,
            "sso_account_id": arn.account_id,
            "sso_role_name": arn.name,
        }


def with_given(invocation: Invocation, **texts: str | None) -> Invocation:
    """Return the invocation with options of the verb's own put among the global ones."""
    more = {
        name: Given(text, BY_NAME[name].flags[-1] if BY_NAME[name].flags else "--set")
        for name, text in texts.items()
        if text
    }
    return Invocation({**invocation.given, **more}, invocation.options, invocation.words)


def find_source(invocation: Invocation, word: str | None, session: str | None = None) -> Source:
    """Find the place that a profile, the options, or the only Identity Center there is, mean."""
    from runas.cli.listing import chosen_profile

    config = open_config(invocation)
    if session and (section := config.config.section("sso-session", session)):
        known = {key: section.values.get(key) for key in ("sso_start_url", "sso_region")}
        invocation = with_given(invocation, **known)
        config = open_config(invocation)
    chosen = chosen_profile(config, invocation, word)
    if chosen.family == "saml":
        return _saml(config, chosen)
    if chosen.family != "sso" and word:
        raise ConfigurationError(
            f"profile '{word}' signs in neither with an Identity Center nor with SAML",
            "name another profile, or give --sso-start-url and --sso-region, or --saml-url",
        )
    return _sso(config, chosen, session)


def _sso(config: Config, chosen: Profile, session: str | None) -> Source:
    known = instances(config.config)
    url, region = _instance(chosen, known)
    names = [name for *place, name in known if place == [url, region] and name]
    own = session or chosen.get("sso_session") or ""
    name = own if own in names or session else next(iter(names), None)
    place = {"sso_start_url": url, "sso_region": region}
    missing = None
    if name and name not in names:
        if config.config.section("sso-session", name) is not None:
            raise ConfigurationError(
                f"[sso-session {name}] is another Identity Center than {url} ({region})",
                "choose another --sso-session",
            )
        missing = (name, {**place, "sso_registration_scopes": SCOPES})
    profile = _asking_for_no_role(chosen, "sso", **place, sso_session=name)
    return Source(profile, {"sso_session": name} if name else place, (url, region), missing)


def _instance(chosen: Profile, known: list[Instance]) -> tuple[str, str]:
    """Choose the instance as the plugin does: named in full, else the only one that fits."""
    url, region = chosen.get("sso_start_url") or "", chosen.get("sso_region") or ""
    if url.startswith("http") and region:
        return url, region
    fitting = {(one, place) for one, place, _ in known if _fits(url, one) and region in ("", place)}
    if len(fitting) == 1:
        return fitting.pop()
    listed = ", ".join(f"{one} ({place})" for one, place in sorted(fitting)) or "none"
    raise ConfigurationError(
        f"exactly one Identity Center must be meant; found: {listed}",
        "give --sso-start-url and --sso-region, or name a profile",
    )


def _fits(wanted: str, url: str) -> bool:
    if wanted.startswith("http"):
        return wanted == url
    try:
        return re.search(wanted, url) is not None
    except re.error as error:
        raise ConfigurationError(
            f"{wanted!r} is neither an address nor a pattern: {error}", "write https://..."
        ) from error


def _saml(config: Config, chosen: Profile) -> Source:
    """Let every profile say by itself how to sign in, except what ``[default]`` says for all."""
    default = config.config.profile("default")
    common = default.values if default else {}
    settings = {}
    for name, text in inheritable(Layer.of(chosen)).texts.items():
        option = BY_NAME.get(name)
        key = option.keys[0] if option and option.keys else name
        if name not in _NOT_WRITTEN and common.get(key) != text and "\n" not in text:
            settings[key] = text
    # Without an address of its own nobody would know a section for one of ours.
    settings["saml_auth_url"] = chosen.get("saml_auth_url") or ""
    place = (settings["saml_auth_url"], settings.get("saml_username", ""))
    return Source(_asking_for_no_role(chosen, "saml"), settings, place)


def _asking_for_no_role(chosen: Profile, family: str, **changes: str | None) -> Profile:
    """Return the profile with its sign-in alone: all roles are wanted, not those of its account."""
    dropped = dict.fromkeys((*_ROLE, "sso_role_name", "sso_account_id"))
    bare = chosen.having(**{**dropped, **changes})
    origins = {name: text for name, text in chosen.origins.items() if name not in changes}
    return Profile(chosen.name, bare.settings, origins, None, family)
