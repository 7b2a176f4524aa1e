"""Time-based one-time passwords (RFC 6238), as AWS's virtual MFA devices compute them."""

from __future__ import annotations

import base64
import hashlib
import hmac

PERIOD = 30  # seconds that a code stands for
DIGITS = 6


def step(when: float) -> int:
    """Count the periods since the epoch (RFC 6238's T)."""
    return int(when // PERIOD)


def hotp(secret: str, counter: int) -> str:
    """Compute the code of one counter value (RFC 4226, section 5.3).

    The secret is base32 text; spaces, lower case and missing padding are forgiven, for this is
    how people copy it.
    """
    text = secret.replace(" ", "").upper()
    key = base64.b32decode(text + "=" * (-len(text) % 8))
    digest = hmac.new(key, counter.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def totp(secret: str, when: float) -> str:
    """Compute the code that a device shows at a time (seconds since the epoch)."""
    return hotp(secret, step(when))
