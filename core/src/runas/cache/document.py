"""What one cache file holds, as text fields, and how it proves that it is whole.

A file reads::

    runas cache 1
    3 40 key 5f0c...
    13 20 access_key_id ASIAIOSFODNN7EXAMPLE
    ...
    checksum 8d1f...

The two numbers are the lengths in bytes of the name and of the value, so that either may hold any
text, line breaks included, without escapes. The checksum covers all that stands before its line.
JSON would read nicer, but importing ``json`` takes as long as half a Python start, and every
cached command would pay for it.
"""

from __future__ import annotations

from runas._credentials import Credentials

# hashlib loads OpenSSL: 2.6 ms, a third of a bare Python start. The same BLAKE2 lives in this small
# module of the standard library, which a Python built without its own hashes lacks.
try:
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = 1
_MAGIC = b"runas cache %d\n" % VERSION
_SEAL = b"checksum "
_DIGEST_SIZE = 20  # bytes: 160 bits
_SEAL_LENGTH = len(_SEAL) + 2 * _DIGEST_SIZE + 1
_FACT = "fact:"
_CLOCK_SLACK = 60  # seconds: two machines sharing a home folder disagree by less
_USABLE = 30  # seconds: enough to sign and send a request


class Miss(Exception):
    """Nothing usable is cached: a reason to log in, never one to fail."""


class Entry:
    """Credentials as they were cached; immutable.

    ``obtained`` is when they were won, in seconds since the epoch. ``facts`` are small notes that
    are no secret, such as the role, the subject or the duration that was granted.
    """

    __slots__ = ("credentials", "facts", "obtained")

    credentials: Credentials
    obtained: int
    facts: dict[str, str]

    def __init__(
        self, credentials: Credentials, obtained: int, facts: Mapping[str, str] | None = None
    ) -> None:
        object.__setattr__(self, "credentials", credentials)
        object.__setattr__(self, "obtained", obtained)
        object.__setattr__(self, "facts", dict(facts or {}))

    def fresh(self, now: float, margin: int) -> bool:
        """Tell whether they are good without asking anybody.

        They count as stale *margin* seconds before their end, but never for more than the last
        quarter of their life: a margin of 15 minutes must not make 15-minute credentials useless.
        """
        end = self.credentials.expiration
        if end is None:
            return self._plausible(now)
        quarter = max(0, end - self.obtained) / 4
        return self._plausible(now) and now < end - min(margin, quarter)

    def usable(self, now: float) -> bool:
        """Tell whether they still work for half a minute: good enough when nothing better comes."""
        end = self.credentials.expiration
        return self._plausible(now) and (end is None or now + _USABLE <= end)

    def _plausible(self, now: float) -> bool:
        """Doubt what was won in the future: the clock was set back, and the end is unknown."""
        return self.obtained <= now + _CLOCK_SLACK

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"Entry is immutable: {name}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"Entry is immutable: {name}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entry) and self._fields() == other._fields()

    def __hash__(self) -> int:
        return hash((self.credentials, self.obtained))

    def _fields(self) -> tuple[Credentials, int, dict[str, str]]:
        return (self.credentials, self.obtained, self.facts)

    def __repr__(self) -> str:
        return f"Entry({self.credentials!r}, obtained={self.obtained}, facts={self.facts!r})"


def digest(content: bytes) -> str:
    """Return 160 bits of BLAKE2b as 40 hex digits."""
    return blake2b(content, digest_size=_DIGEST_SIZE).hexdigest()


def encoded(text: str) -> bytes:
    """Encode any text, lone surrogates of undecodable file names included, without collisions."""
    return text.encode("utf-8", "surrogatepass")


def seal(fields: Mapping[str, str]) -> bytes:
    """Write named texts as the content of a file."""
    parts = [_MAGIC]
    for name, value in fields.items():
        label, text = encoded(name), encoded(value)
        parts.append(b"%d %d %b %b\n" % (len(label), len(text), label, text))
    body = b"".join(parts)
    return b"%b%b%b\n" % (body, _SEAL, digest(body).encode())


def unseal(content: bytes) -> dict[str, str]:
    """Read a file's content back; Miss unless every byte is as `seal` wrote it."""
    body, tail = content[:-_SEAL_LENGTH], content[-_SEAL_LENGTH:]
    if not body.startswith(_MAGIC) or tail != b"%b%b\n" % (_SEAL, digest(body).encode()):
        raise Miss
    fields = {}
    position = len(_MAGIC)
    try:
        while position < len(body):
            label, text, _ = body[position:].split(b" ", 2)
            start = position + len(label) + len(text) + 2
            middle = start + int(label)
            position = middle + 1 + int(text) + 1
            name = body[start:middle].decode("utf-8", "surrogatepass")
            fields[name] = body[middle + 1 : position - 1].decode("utf-8", "surrogatepass")
    except ValueError:
        raise Miss from None
    return fields


def fields_of(entry: Entry) -> dict[str, str]:
    """Spell an entry as named texts."""
    keys = entry.credentials
    fields = {
        "obtained": str(entry.obtained),
        "access_key_id": keys.access_key_id,
        "secret_access_key": keys.secret_access_key,
    }
    if keys.session_token is not None:
        fields["session_token"] = keys.session_token
    if keys.expiration is not None:
        fields["expiration"] = str(keys.expiration)
    return fields | with_facts(entry.facts)


def entry_of(fields: Mapping[str, str]) -> Entry:
    """Understand named texts as an entry; Miss when something is absent or no number."""
    try:
        end = fields.get("expiration")
        credentials = Credentials(
            fields["access_key_id"],
            fields["secret_access_key"],
            fields.get("session_token"),
            None if end is None else int(end),
        )
        return Entry(credentials, int(fields["obtained"]), facts_of(fields))
    except (KeyError, ValueError):
        raise Miss from None


def with_facts(facts: Mapping[str, str]) -> dict[str, str]:
    """Keep the names of facts apart from the document's own."""
    return {_FACT + name: value for name, value in facts.items()}


def facts_of(fields: Mapping[str, str]) -> dict[str, str]:
    """Pick the facts out of a document."""
    return {name[len(_FACT) :]: text for name, text in fields.items() if name.startswith(_FACT)}
