"""What runas remembers between runs that is no credential: small notes beside the cache."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from hashlib import blake2b

from runas.cache import Cache, key
from runas.cache.document import encoded
from runas.errors import RunasError
from runas.model import (
    Credentials,
    Factor,
    Identity,
    KeyIdentity,
    Profile,
    Role,
    RoleArn,
    SamlIdentity,
    Setting,
)

_DAY = 86400
_HOUR = 3600
_SKEW = 900  # seconds
_CODE_LIFE = 180
_IDENTITY = (
    "aws_access_key_id", "credential_process", "credential_source", "endpoint_url",
    "endpoint_url_sts", "mfa_serial", "runas_provider", "saml_auth_url", "session_token_duration",
    "sso_region", "sso_session", "sso_start_url", "username", "web_identity_auth_url",
    "web_identity_token_file",
)  # fmt: skip
"""Core's own settings that decide who is logged in."""


class Memory:
    """Learned limits, names and spent codes. Losing it costs a request or a question, no more."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._keys = frozenset(_IDENTITY)

    def identity_keys(self, declared: Iterable[Sequence[Setting]]) -> frozenset[str]:
        """Return the settings that tell one login from another, with the provider's own."""
        own = {setting.name for settings in declared for setting in settings if setting.identity}
        self._keys = frozenset(own.union(_IDENTITY))
        return self._keys

    def subject(self, profile: Profile) -> str | None:
        """Return the user's own name, where an earlier login learned it."""
        return self._cache.noted(key("subject", profile, self._keys)).get("subject")

    def learn_subject(self, profile: Profile, identity: Identity) -> None:
        """Remember who the keys belong to, so that the next login need not ask AWS."""
        if isinstance(identity, KeyIdentity) and identity.subject != self.subject(profile):
            name = key("subject", profile, self._keys)
            self._cache.note(name, {"subject": identity.subject}, _in(30 * _DAY))

    def within_limit(self, profile: Profile, chained: bool) -> Profile:
        """Lower the duration asked for to what the role granted last time, and say so.

        A chain is held to one hour, the user's own keys to the role's maximum: two limits. A name
        without an account has none: it could be any account's.
        """
        arn = profile.role_arn or ""
        if not profile.duration or not arn.startswith("arn:"):
            return profile
        text = self._cache.noted(_limit_key(arn, chained)).get("duration")
        if not text or profile.duration <= int(text):
            return profile
        from runas.aws.limits import say_less

        say_less(RoleArn.parse(arn), profile.duration, int(text))
        return profile.having(credentials_duration=text)

    def learn_limit(self, profile: Profile, chained: bool, granted: Credentials) -> None:
        """Remember that a role grants less than was asked for: AWS says so by refusing only.

        No role's limit is below an hour. The end is told by AWS's clock and the life by ours, and
        these may be a quarter of an hour apart before AWS refuses to talk: a life near whole hours
        is one of them, else each login would find the limit a little lower.
        """
        if not profile.role_arn or granted.expiration is None:
            return
        if (profile.duration or 0) <= _HOUR:
            return
        life = granted.expiration - time.time()
        if life >= (profile.duration or 0) - _SKEW:
            return
        hours = round(life / _HOUR) * _HOUR
        limit = hours if abs(life - hours) <= _SKEW else round(life / 60) * 60
        name = _limit_key(profile.role_arn, chained)
        self._cache.note(name, {"duration": str(max(_HOUR, limit))}, _in(7 * _DAY))

    def last_factor(self, profile: Profile) -> tuple[str, str] | None:
        """Return kind and id of the factor that worked last."""
        facts = self._cache.noted(key("factor", profile, self._keys))
        return (facts["kind"], facts["id"]) if "kind" in facts and "id" in facts else None

    def used_factor(self, profile: Profile, factor: Factor) -> None:
        """Remember the factor that worked."""
        if self.last_factor(profile) != (factor.kind, factor.id):
            facts = {"kind": factor.kind, "id": factor.id}
            self._cache.note(key("factor", profile, self._keys), facts, _in(90 * _DAY))

    def provider(self, profile: Profile) -> str | None:
        """Return the provider that was found for the profile's sign-in address before."""
        return self._cache.noted(_address_key(profile)).get("provider")

    def learn_provider(self, profile: Profile, name: str) -> None:
        """Remember whose a sign-in address is."""
        self._cache.note(_address_key(profile), {"provider": name}, _in(90 * _DAY))

    def forget_provider(self, profile: Profile) -> None:
        """Look at the sign-in address afresh next time."""
        if self.provider(profile):
            self._cache.note(_address_key(profile), {}, _in(1))

    def spend(self, device: str, code: str) -> None:
        """Remember that a one-time code was sent: services refuse it a second time."""
        name = _device_key(device)
        facts = {**self._cache.noted(name), _digest(device, code): "spent"}
        self._cache.note(name, dict(list(facts.items())[-8:]), _in(_CODE_LIFE))

    def spent(self, device: str, code: str) -> bool:
        """Tell whether this code of this device was sent a moment ago."""
        return _digest(device, code) in self._cache.noted(_device_key(device))


def in_full(profile: Profile, identity: Identity, role: Role) -> Profile:
    """Write into the profile what a SAML response settles: the role's ARN, the session's life."""
    if not isinstance(identity, SamlIdentity):
        return profile
    from runas.saml.identity import session_life

    try:
        life = session_life(profile, identity)
    except RunasError:  # told better where the role is taken
        return profile
    lasting = str(life) if life else None
    return profile.having(role_arn=str(role), credentials_duration=lasting)


def _in(seconds: int) -> int:
    return int(time.time()) + seconds


def _limit_key(role_arn: str, chained: bool) -> str:
    return _hashed(f"limit\0{role_arn}\0{chained}")


def _address_key(profile: Profile) -> str:
    address = profile.get("saml_auth_url") or profile.get("web_identity_auth_url") or ""
    return _hashed(f"address\0{address}")


def _device_key(device: str) -> str:
    return _hashed(f"device\0{device}")


def _digest(device: str, code: str) -> str:
    return _hashed(f"{device}\0{code}", 12)


def _hashed(text: str, size: int = 20) -> str:
    """Return the digest of any text, lone surrogates of undecodable file names included."""
    return blake2b(encoded(text), digest_size=size).hexdigest()
