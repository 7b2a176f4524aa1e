"""Temporary AWS credentials, as light as a cached command needs them.

Written by hand instead of with ``dataclasses``: that import alone costs as much as starting Python,
and every command that finds its credentials in the cache would pay for it.
"""

from __future__ import annotations


class Credentials:
    """One set of AWS keys, immutable; the secrets never appear in a ``repr``.

    ``expiration`` is in seconds since the epoch, UTC. Long-term keys of an IAM user have neither
    ``session_token`` nor ``expiration``.
    Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_Credentials.html
    """

    __slots__ = ("access_key_id", "expiration", "secret_access_key", "session_token")

    access_key_id: str
    secret_access_key: str
    session_token: str | None
    expiration: int | None

    def __init__(
        self,
        access_key_id: str,
        secret_access_key: str,
        session_token: str | None = None,
        expiration: int | None = None,
    ) -> None:
        for name, value in (
            ("access_key_id", access_key_id),
            ("secret_access_key", secret_access_key),
            ("session_token", session_token),
            ("expiration", expiration),
        ):
            object.__setattr__(self, name, value)

    @property
    def temporary(self) -> bool:
        """Tell session credentials from the long-term keys of a user."""
        return self.session_token is not None

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"Credentials are immutable: {name}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"Credentials are immutable: {name}")

    def _fields(self) -> tuple[str, str, str | None, int | None]:
        return (self.access_key_id, self.secret_access_key, self.session_token, self.expiration)

    def __reduce__(self) -> tuple[type[Credentials], tuple[str, str, str | None, int | None]]:
        return (Credentials, self._fields())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Credentials) and self._fields() == other._fields()

    def __hash__(self) -> int:
        return hash(self._fields())

    def __repr__(self) -> str:
        return f"Credentials({self.access_key_id!r}, expiration={self.expiration!r})"
