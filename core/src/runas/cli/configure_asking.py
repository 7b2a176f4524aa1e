"""The questions of ``runas configure profile``, asked at the terminal."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from runas.challenges import Choice
from runas.config.instances import instances
from runas.config.load import open_config

if TYPE_CHECKING:
    from runas.config.commandline import Invocation
    from runas.prompters.device import Tty
    from runas.prompters.terminal import Terminal

_SSO, _SAML, _ROLE = (
    "IAM Identity Center",
    "a SAML sign-in page",
    "a role, with another profile's credentials",
)
_OTHER = "another one"
_WEB = ("https://", "http://")
_STARTS = {  # what an answer begins with, and what is said of another
    "role_arn": (("arn:",), "an ARN is wanted: arn:aws:iam::ACCOUNT:role/NAME"),
    "saml_auth_url": (_WEB, "a whole address is wanted: https://..."),
    "sso_start_url": (_WEB, "a whole address is wanted: https://..."),
}
_SIGNS = ("saml_auth_url", "role_arn", "credential_process", "aws_access_key_id")


def enough(settings: dict[str, str]) -> bool:
    """Tell whether a profile of these settings needs no question."""
    if any(key.startswith("sso_") for key in settings):
        place = "sso_session" in settings or {"sso_start_url", "sso_region"} <= settings.keys()
        return place and {"sso_account_id", "sso_role_name"} <= settings.keys()
    return any(sign in settings for sign in _SIGNS) or bool(settings.keys() - {"region"})


class Questions:
    """Somebody at a terminal, who is asked for what a profile lacks."""

    def __init__(self, invocation: Invocation, tty: Tty, person: Terminal) -> None:
        self._invocation = invocation
        self._tty = tty
        self._person = person

    @classmethod
    def at_terminal(cls, invocation: Invocation) -> Questions | None:
        """Return who is at the terminal, if there is one."""
        from runas.prompters.recent import Recent
        from runas.prompters.terminal import Terminal
        from runas.prompters.tty import NoTerminal, open_terminal

        try:
            tty = open_terminal()
        except NoTerminal:
            return None
        return cls(invocation, tty, Terminal(tty, recent=Recent.of(os.environ)))

    def complete(self, name: str, settings: dict[str, str]) -> dict[str, str]:
        """Return the settings with what the person has answered."""
        if any(key.startswith("sso_") for key in settings):
            kind = _SSO
        else:
            kind = self._choose(f"How does '{name}' sign in?", (_SSO, _SAML, _ROLE))
        ask = {_SSO: self._sso, _SAML: self._saml, _ROLE: self._role}[kind]
        found = ask(dict(settings))
        if "region" not in found:
            found |= self._text("region", "Region to work in", optional=True)
        return found

    def _sso(self, settings: dict[str, str]) -> dict[str, str]:
        if "sso_session" not in settings:
            settings |= self._instance(settings)
        wanted = {"sso_account_id", "sso_role_name"}
        return settings if wanted <= settings.keys() else settings | self._picked(settings)

    def _instance(self, settings: dict[str, str]) -> dict[str, str]:
        """Let the person choose among the instances in the config, or name another."""
        config = open_config(self._invocation).config
        given = settings.get("sso_start_url", "")
        known = [one for one in instances(config) if given in one[0]]
        shown = {f"{url} ({region})": (url, region, name) for url, region, name in known}
        if shown:
            picked = shown.get(self._choose("Which Identity Center?", (*shown, _OTHER)))
            if picked is not None:
                url, region, session = picked
                place = {"sso_start_url": url, "sso_region": region}
                settings.pop("sso_start_url", None)
                settings.pop("sso_region", None)
                return {"sso_session": session} if session else place
        if "sso_start_url" not in settings:
            settings |= self._text("sso_start_url", "Start URL (https://...)")
        if "sso_region" not in settings:
            settings |= self._text("sso_region", "Region of the Identity Center")
        return settings

    def _picked(self, settings: dict[str, str]) -> dict[str, str]:
        """Sign in, and let the person pick one of their roles."""
        from runas.cli.answers import login
        from runas.cli.populate_roles import offered
        from runas.cli.populate_source import find_source, with_given
        from runas.roles import describe

        place = {key: settings.get(key) for key in ("sso_start_url", "sso_region")}
        given = with_given(self._invocation, **place)
        source = find_source(given, None, settings.get("sso_session"))
        session = login(given, open_config(given))
        roles = [
            role
            for role in offered(session, source.profile)
            if settings.get("sso_account_id") in (None, role.arn.account_id, role.account_name)
            and settings.get("sso_role_name") in (None, role.arn.name)
        ]
        role = self._person.answer(Choice("Which role?", roles, describe)) if roles else None
        if role is None:
            self._person.tell("no such role is offered; you will choose when you use the profile")
            return {}
        return {"sso_account_id": role.arn.account_id, "sso_role_name": role.arn.name}

    def _saml(self, settings: dict[str, str]) -> dict[str, str]:
        settings |= self._text("saml_auth_url", "Sign-in address (https://...)")
        settings |= self._text("saml_username", "User name", optional=True)
        return settings | self._text("role_arn", "Role's ARN (empty: choose at use)", optional=True)

    def _role(self, settings: dict[str, str]) -> dict[str, str]:
        settings |= self._text("role_arn", "Role's ARN")
        names = open_config(self._invocation).profile_names()
        source = self._choose(
            "With the credentials of which profile?", tuple(names) or ("default",)
        )
        settings["source_profile"] = source
        return settings | self._text("mfa_serial", "MFA device's ARN (empty: none)", optional=True)

    def _choose(self, title: str, options: tuple[str, ...]) -> str:
        return self._person.answer(Choice(title, options))

    def _text(self, key: str, label: str, *, optional: bool = False) -> dict[str, str]:
        starts, wrong = _STARTS.get(key, (("",), ""))
        while True:
            typed = self._tty.read_line(f"{label}: ").strip()
            if typed.startswith(starts) and typed:
                return {key: typed}
            if typed:
                self._person.tell(wrong)
            elif optional:
                return {}
