"""Factors that a made-up user may have, and how the person behind them behaves."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field


@dataclass(eq=False)
class Enrolled:
    """One factor. ``id`` is Okta's name for it; the class variables are its kind on the wire."""

    prefix = "fac"
    kind = ""
    provider = "OKTA"
    key = ""
    method = ""

    id: str = ""
    label: str = ""
    used: set[str] = field(default_factory=set, repr=False)

    def __post_init__(self) -> None:
        self.id = self.id or self.prefix + secrets.token_hex(8)

    @property
    def profile(self) -> dict[str, object]:
        """What the API tells about the factor."""
        return {"credentialId": self.label or "me"}

    def accepts(self, code: str) -> bool:
        """Tell whether a code is right; whether it was used before is the org's business."""
        return False


@dataclass(eq=False)
class Push(Enrolled):
    """Okta Verify. After ``after`` looks the person does what ``outcome`` says.

    ``outcome`` is ``approve``, ``reject`` or ``timeout``; ``number`` is to be picked on the phone.
    """

    prefix, kind, key, method = "opf", "push", "okta_verify", "push"

    label: str = "iPhone"
    after: int = 1
    outcome: str = "approve"
    number: str = ""
    sent: int = 0
    looks: int = 0

    @property
    def profile(self) -> dict[str, object]:
        """Return what the phone told when it was set up."""
        return {"name": self.label, "platform": "IOS", "deviceType": "SmartPhone_IPhone"}


@dataclass(eq=False)
class Coded(Enrolled):
    """A factor that shows one code after the other; `code` is the next, good once."""

    counter: int = 0

    def code(self) -> str:
        """Return a new code."""
        self.counter += 1
        return self._at(self.counter)

    def accepts(self, code: str) -> bool:
        """Take any code shown lately."""
        return code in {self._at(one) for one in range(1, self.counter + 1)}

    def _at(self, counter: int) -> str:
        return f"{(int.from_bytes(self.id.encode()[-4:], 'big') + counter * 7919) % 10**6:06d}"


@dataclass(eq=False)
class Totp(Coded):
    """An authenticator app: Okta Verify's own, or Google's (``provider="GOOGLE"``)."""

    prefix, kind, key, method = "ost", "token:software:totp", "okta_verify", "totp"
    provider: str = "OKTA"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.provider == "GOOGLE":
            self.key, self.method = "google_otp", "otp"


@dataclass(eq=False)
class Hotp(Coded):
    """A counter-based token."""

    prefix, kind, provider, key, method = "hot", "token:hotp", "CUSTOM", "custom_otp", "otp"


@dataclass(eq=False)
class Token(Coded):
    """A token of hardware: RSA SecurID (``token``) or a YubiKey (``token:hardware``)."""

    prefix, key, method = "rsa", "rsa_token", "otp"
    kind: str = "token"
    provider: str = "RSA"


@dataclass(eq=False)
class Sms(Enrolled):
    """A code by text message; ``sent`` are the codes that went out."""

    prefix, kind, key, method = "sms", "sms", "phone_number", "sms"

    label: str = "+1 XXX-XXX-1337"
    sent: list[str] = field(default_factory=list, repr=False)
    cooling: bool = False

    @property
    def profile(self) -> dict[str, object]:
        """Return the number, masked as Okta does."""
        return {"phoneNumber": self.label}

    def send(self) -> None:
        """Send a new code; older ones are void."""
        self.sent.append(f"{secrets.randbelow(10**6):06d}")

    def accepts(self, code: str) -> bool:
        """Take the code sent last."""
        return bool(self.sent) and code == self.sent[-1]


@dataclass(eq=False)
class Call(Sms):
    """A code by voice."""

    prefix, kind, method = "clf", "call", "voice"


@dataclass(eq=False)
class Email(Sms):
    """A code by e-mail."""

    prefix, kind, key, method = "emf", "email", "okta_email", "email"
    label: str = "m***e@example.com"

    @property
    def profile(self) -> dict[str, object]:
        """Return the address, masked as Okta does."""
        return {"email": self.label}


@dataclass(eq=False)
class Question(Enrolled):
    """A question with one answer."""

    prefix, kind, key, method = "ufs", "question", "security_question", "security_question"

    label: str = "What is the food you least liked as a child?"
    answer: str = "spinach-canary"

    @property
    def profile(self) -> dict[str, object]:
        """Return the question."""
        return {"question": "disliked_food", "questionText": self.label}

    def accepts(self, code: str) -> bool:
        """Take the answer, as often as it is given."""
        self.used.discard(code)
        return code == self.answer


@dataclass(eq=False)
class WebAuthn(Enrolled):
    """A security key, which only a browser can ask."""

    prefix, kind, provider, key, method = "fwf", "webauthn", "FIDO", "webauthn", "webauthn"

    @property
    def profile(self) -> dict[str, object]:
        """Return the key's public name."""
        return {"credentialId": "Y3JlZA", "authenticatorName": self.label or "Blue key"}


@dataclass(eq=False)
class Duo(Coded):
    """Duo's traditional prompt: a push with an ``outcome``, or a passcode.

    ``redirects``: the frame opens by a redirect, and names the visit in that address.
    """

    prefix, kind, provider, key, method = "dsf", "web", "DUO", "duo", "duo"

    after: int = 1
    outcome: str = "approve"
    endpoint_check: bool = False
    redirects: bool = False
    looks: int = 0
