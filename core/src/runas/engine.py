"""The pipeline of one profile: authenticate, mfa, list_roles, assume.

    entry           credentials: fresh ones of the cache, else a new login's
      _obtain       a login: who the user is, then the role
        _identity   who: the source profile's role, a kept session, or
          prove     the provider's word; hooks authenticate, mfa (as often as it asks)
        _assume     the role; hooks list_roles, assume, and mfa if the role wants a factor

``login``, ``logout``, ``roles`` and ``factors`` go a part of the way. The engine prints nothing and
asks nobody: like the providers it yields challenges, and whoever drives it answers them. One
process logs in; the others wait at the cache's lock for what it got.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from runas.cache import Cache, Entry, Miss, key
from runas.challenges import Flow
from runas.errors import InteractionRequired, RoleNotOffered, ServiceUnavailable, WrongCode
from runas.factors import ATTEMPTS, Factors, abandon
from runas.memory import in_full
from runas.model import Credentials, Identity, KeyIdentity, MfaRequired, Profile, Role
from runas.provider import Provider
from runas.relay import Relay
from runas.roles import choose, settled

if TYPE_CHECKING:
    from pluggy import PluginManager

    from runas.challenges import Password
    from runas.http import Session
    from runas.memory import Memory

log = logging.getLogger(__name__)
notice = logging.getLogger("runas.notice")

CHAINED = 3600
"""The longest life, in seconds, of a role session won with temporary keys (AWS's own limit)."""


@dataclass(frozen=True)
class Surroundings:
    """What a run of runas brings to each of its logins.

    ``margin`` is how many seconds before their end cached credentials count as stale; ``session``
    opens a provider's HTTP session, ``judged`` hears whether a password was refused, and
    ``code_given`` says that an MFA code is at hand.
    """

    margin: int = 300
    session: Callable[[Profile], Session] | None = None
    judged: Callable[[Password, bool], None] = lambda password, refused: None
    code_given: bool = False


class Engine:
    """Log in for one profile. ``source`` is the engine of the profile whose role comes first."""

    def __init__(
        self,
        profile: Profile,
        plugins: PluginManager,
        cache: Cache,
        memory: Memory,
        source: Engine | None = None,
        around: Surroundings | None = None,
    ) -> None:
        around = around or Surroundings()
        self.profile = profile
        self.cache = cache
        self.margin = around.margin
        self._memory = memory
        self._source = source
        self._provider = Provider(plugins, profile, around.session)
        self._relay = Relay(memory, self._provider.guard, around.judged)
        self._factors = Factors(
            profile, memory, self._provider.call, self._relay, code_given=around.code_given
        )
        self._identity_keys = memory.identity_keys(self._provider.settings())

    def entry(self, *, session: bool = False, refresh: int = 0) -> Flow[Entry]:
        """Return credentials from the cache, or log in for them; see ``-s`` and ``-r``."""
        name = key("session" if session else "role", self.profile)
        started = time.time()
        with self.cache.lock(name):
            old = self._cached(name)
            if (
                old
                and old.fresh(time.time(), self.margin)
                and (not refresh or old.obtained > started)
            ):
                return old
            try:
                entry = yield from self._obtain(session, again=refresh > 1)
            except ServiceUnavailable as outage:
                if refresh or old is None or not old.usable(time.time()):
                    raise
                notice.warning("%s; using the credentials that are still good", outage.fact)
                return old
            finally:
                self._provider.close()
            self.cache.write(name, entry)
            return entry

    def _obtain(self, session: bool, again: bool) -> Flow[Entry]:
        """Log in: prove the identity, and take the role where one is wanted."""
        profile = self.profile
        if session and self._source is not None:
            return (yield from self._source.entry(refresh=2 if again else 0))
        if session and profile.family == "keys":
            profile = profile.having(role_arn=None, role_name=None, session="true")
        profile = self._memory.within_limit(profile, chained=self._source is not None)
        identity = yield from self._identity(profile, again)
        if isinstance(identity, KeyIdentity) and not (profile.role_arn or profile.get("role_name")):
            return self._entry(identity.credentials, identity.subject)
        return (yield from self._assume(profile, identity))

    def _identity(self, profile: Profile | None = None, again: bool = False) -> Flow[Identity]:
        """Return the identity: the source's keys, a kept session, or a new login."""
        profile = profile or self.profile
        if self._source is not None:
            entry = yield from self._source.entry(refresh=2 if again else 0)
            return KeyIdentity(self._own_name(entry), credentials=entry.credentials)
        # A kept session caps roles at one hour, so a longer role logs in with the keys themselves.
        direct = (profile.duration or 0) > CHAINED and bool(profile.role_arn)
        name = self._identity_name(profile)
        with self.cache.lock(name):
            kept = None if again or direct else self._cached(name)
            if kept and kept.fresh(time.time(), self.margin):
                return KeyIdentity(
                    kept.facts["subject"], credentials=kept.credentials, keepable=True
                )
            if again:
                self._provider.forget()
            identity = yield from self.prove(profile, again)
            self._keep(profile, identity)
            return identity

    def prove(self, profile: Profile, again: bool = False) -> Flow[Identity]:
        """Let the provider say who the user is, second factors included; nothing is cached."""
        known = self._memory.subject(profile)
        asking = profile.having(runas_subject=known, runas_anew="true" if again else None)
        try:
            outcome = yield from self._relay.run(self._provider.authenticate(asking))
            identity = yield from self._factors.satisfy(profile, outcome)
        finally:
            self._provider.close()
        self._memory.learn_subject(profile, identity)
        self._provider.keep()
        return identity

    def _assume(self, profile: Profile, identity: Identity) -> Flow[Entry]:
        """Take the profile's role; ask for a second factor where the role turns out to want one."""
        role = yield from self._role(profile, identity)
        chained = self._source is not None
        profile = self._memory.within_limit(in_full(profile, identity, role), chained)
        for attempt in range(ATTEMPTS + 1):
            try:
                outcome = self._provider.assume(profile, identity, role)
            except WrongCode:
                outcome = self._factors.pending
                if attempt >= ATTEMPTS or outcome is None:
                    raise
            if isinstance(outcome, Credentials):
                self._memory.learn_limit(profile, chained, outcome)
                return self._entry(outcome, identity.subject, role)
            if outcome is None:
                raise RoleNotOffered(f"no plugin can turn this identity into {role}")
            identity = yield from self._factors.satisfy(profile, outcome, attempt)
            self._keep(profile, identity)
        raise RoleNotOffered(f"{role} asks for one second factor after the other")

    def _role(self, profile: Profile, identity: Identity) -> Flow[Role]:
        role = settled(profile, identity)
        if role is not None:
            return role
        offered = self._provider.list_roles(profile, identity)
        return (yield from choose(profile, offered))

    def login(self, *, again: bool = False) -> Flow[Identity]:
        """Prove the identity and take no role; *again* does so even where it is still known."""
        if self._source is not None:
            return (yield from self._source.login(again=again))
        return (yield from self._identity(again=again))

    def logout(self) -> Flow[int]:
        """End the session with the provider; return how many sets of credentials went with it."""
        if self._source is not None:
            return (yield from self._source.logout())
        name = self._identity_name(self.profile)
        with self.cache.lock(name):
            if self.profile.family == "sso":  # of the protocols, the only one that keeps tokens
                yield from self._end()
            self._provider.forget()
            won = [one for one, entry in self.cache.entries() if entry.facts.get("by") == name]
            for one in won:
                self.cache.drop(one)
            return len(won)

    def _end(self) -> Flow[None]:
        """End what is kept on the provider's side, if anything is."""
        kept = self.profile.having(runas_kept="true")
        try:
            outcome = yield from self._relay.run(self._provider.authenticate(kept))
        except InteractionRequired:
            return
        if isinstance(outcome, Identity):
            outcome.end()

    def roles(self) -> Flow[list[Role]]:
        """List the roles that the identity may assume."""
        identity = yield from self._identity()
        try:
            return self._provider.list_roles(self.profile, identity)
        finally:
            self._provider.close()

    def factors(self) -> Flow[MfaRequired | Identity]:
        """Go as far as the second factor and return what is offered there; then leave."""
        asking = self.profile.having(mfa_serial="auto")
        try:
            outcome = yield from self._relay.run(self._provider.authenticate(asking))
            if isinstance(outcome, MfaRequired):
                abandon(outcome)
            return outcome
        finally:
            self._provider.close()

    def _own_name(self, entry: Entry) -> str:
        """Return the user's own name; AWS knows it where the provider did not say."""
        if entry.facts.get("subject"):
            return entry.facts["subject"]
        from runas.aws.sts import caller

        return caller(self.profile, entry.credentials).name

    def _identity_name(self, profile: Profile) -> str:
        return key("identity", profile, self._identity_keys)

    def _keep(self, profile: Profile, identity: Identity) -> None:
        """Cache a session that serves every role, so that one code lasts for hours."""
        if isinstance(identity, KeyIdentity) and identity.keepable:
            entry = self._entry(identity.credentials, identity.subject)
            self.cache.write(self._identity_name(profile), entry)

    def _entry(self, credentials: Credentials, subject: str, role: Role | None = None) -> Entry:
        facts = {"subject": subject, "by": self._won_by()}
        if role is not None:
            facts |= {"role": str(role.arn), "account": role.arn.account_id}
        return Entry(credentials, int(time.time()), facts)

    def _won_by(self) -> str:
        """Name the login that credentials go back to, so that a logout finds them."""
        if self._source is not None:
            return self._source._won_by()
        return self._identity_name(self.profile)

    def _cached(self, name: str) -> Entry | None:
        try:
            return self.cache.read(name)
        except Miss:
            return None
