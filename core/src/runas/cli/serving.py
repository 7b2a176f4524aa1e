"""What ``serve ecs`` and ``serve ec2`` have in common: profiles, who answers, start and end."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from runas import plugins
from runas.cli import answers
from runas.cli.report import say
from runas.cli.trusting import confirmed_config
from runas.config.load import open_config
from runas.config.options import BY_NAME
from runas.config.resolver import Config
from runas.config.selection import NoProfile, select
from runas.errors import ConfigurationError, RunasError
from runas.login import Login
from runas.prompters.beside import Beside
from runas.prompters.headless import Headless
from runas.prompters.stored import Answers, Stored
from runas.prompters.web import Web
from runas.serve import announce
from runas.serve.journal import Journal
from runas.serve.limits import Failures
from runas.serve.page.access import Access
from runas.serve.profiles import Allowed, Profiles
from runas.serve.renewal import WANTED_LEFT, Renewal
from runas.serve.running import Service, report_bugs
from runas.serve.sessions import Session

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping

    from runas.config.commandline import Invocation
    from runas.profile import Profile
    from runas.prompters.prompter import Prompter
    from runas.serve.ecs import Ecs
    from runas.serve.imds import Imds

_HOSTS = {"127.0.0.1": ("localhost",)}


class Start:
    """One ``runas serve``, from the words of the command line to its exit status."""

    def __init__(
        self,
        invocation: Invocation,
        word: str | None,
        allow: list[str],
        wanted_left: int = WANTED_LEFT,
    ) -> None:
        self._invocation = invocation
        self._words = [word] if word else []
        self._config = confirmed_config(invocation)
        self._profile = self._selected(self._config)
        if self._profile is not None:
            plugins.candidates(self._profile)  # what cannot work is said now, not to a client
        self._journal = Journal()
        self._given = _Given(invocation)
        others = _for_others(self._config)
        self.failures = Failures()
        self.profiles = Profiles(
            others,
            self._session,
            self._journal,
            Allowed(others, self._profile, allow),
            asker=_asker,
            renewal=partial(Renewal, wanted_left=wanted_left),
        )

    def run(
        self,
        application: Ecs | Imds,
        listening: socket.socket,
        variables: Mapping[str, str],
        token: str | None,
        env_file: str | None,
    ) -> int:
        """Serve until a signal ends it; return the exit status."""
        host, port = listening.getsockname()[:2]
        address = f"http://{host}" if port == 80 else f"http://{host}:{port}"
        access = Access(port, token, self.failures)
        service = Service(application, self.profiles, self._journal, access, address)
        if env_file:
            announce.write_private(env_file, announce.lines("dotenv", variables))
        service.open(listening, *_HOSTS.get(host, ()))
        with suppress(ConfigurationError):  # a service without any stdout; what follows tells too
            announce.stdout(self._invocation.text("output"), variables)
        what = f"'{self._profile.name}'" if self._profile else "whatever is picked on the page"
        link = f"{address}/?key={access.key}"
        sys.stderr.write(announce.message(what, variables, link, env_file))
        sys.stderr.flush()
        report_bugs(say, self._invocation.count("verbose"))
        if self._profile is not None:
            self.profiles.switch(self._profile)
        return service.wait(self._reread)

    def _selected(self, config: Config) -> Profile | None:
        try:
            return select(config, self._invocation, self._words).profile
        except NoProfile:
            return None

    def _session(self, profile: Profile, web: Web) -> Session:
        """Make the logins of a profile; what was typed for the first one serves only that."""
        first = profile is self._profile
        who = partial(self._answerer, web, self._given if first else _Given(None))
        return Session(
            profile,
            Login(self._config, who, self._journal.note),
            web,
            self._journal,
            session=self._invocation.on("session"),
            refresh=self._invocation.count("refresh") if first else 0,
        )

    def _answerer(self, web: Web, given: _Given, profile: Profile, session: Login) -> Prompter:
        """Return who answers one login: what is stored, then a person, or nobody."""
        behind: Prompter = web
        if self._invocation.on("no_input"):
            behind = Headless(no_input=True, why=self._invocation.given["no_input"].origin)
        known = Answers.of(profile, recall=session.passwords.recall, **given.take())
        return Stored(known, behind, spent=session.memory.spent)

    def _reread(self) -> None:
        """Take in what has changed in the files; where they are broken, go on as before."""
        try:
            config = open_config(self._invocation)
            start = self._selected(config)
            self.profiles.reload(_for_others(config), start)
        except RunasError as error:
            self._journal.note(str(error), kind="bad")
            say(f"{error}; going on with the old configuration")
            return
        self._config = config
        say("the configuration was read again")


class _Given:
    """A password or code of the command line: for one login."""

    def __init__(self, invocation: Invocation | None) -> None:
        self._invocation = invocation

    def take(self) -> dict[str, Any]:
        """Return what was given, the first time."""
        invocation, self._invocation = self._invocation, None
        if invocation is None:
            return {}
        return {
            "password": answers.given_password(invocation),
            "code": invocation.given.get("otp"),
            "prefer": answers.preference(invocation),
        }


def _asker(changed: Callable[[], None]) -> Web:
    return Web(changed, Beside())


def _for_others(config: Config) -> Config:
    """Leave out what was typed for one profile: its role, its external id, its password."""
    given = {
        name: value
        for name, value in config.given.items()
        if BY_NAME[name].scope != "hop" and not BY_NAME[name].secret
    }
    return Config(config.environ, given, os.path.expanduser("~"), config.project)
