"""A SAML identity provider for tests: it writes responses, and the emulated AWS believes it.

    idp = SamlIdp()
    with AwsEmulator() as aws:
        work = aws.account("123456789012")
        provider = work.saml_provider("Idp", idp)
        role = work.role("admin", [provider])
        text = idp.response([(role.arn, provider.arn)])      # base64, as in SAMLResponse
        page = idp.page(text)                                # the page that posts it to AWS

The signature is no XML signature: it is an HMAC over the response with a key that only this
provider has, so that the emulator refuses a response that was changed by a byte, or that another
provider issued. Whatever a real provider may do differently is an argument of `response`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import re
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from runas.testing.saml_xml import PREFIXES, Assertion, Element, written

ACS = "https://signin.aws.amazon.com/saml"
_SIGNATURE = re.compile(rb"(<ds:SignatureValue>)([^<]*)(</ds:SignatureValue>)")
_SEALED = re.compile(rb"<([\w:]*)EncryptedAssertion[^>]*>.*?<ds:CipherValue>([^<]*)<.*?"
                     rb"</\1EncryptedAssertion>", re.DOTALL)  # fmt: skip


@dataclass
class SamlIdp:
    """An identity provider; `clock` tells its time in seconds since the epoch."""

    entity_id: str = "https://idp.example/entity"
    clock: Callable[[], float] = time.time
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _sealed: dict[bytes, bytes] = field(default_factory=dict, repr=False)

    def response(  # noqa: PLR0913 - each is a way in which providers differ
        self,
        roles: Iterable[tuple[str, str]] = (),
        *,
        session_name: str | None = "alice@example.com",
        name_id: str | None = "alice",
        session_duration: int | str | None = None,
        source_identity: str | None = None,
        tags: Mapping[str, str] | None = None,
        transitive_tag_keys: Sequence[str] = (),
        recipient: str = ACS,
        destination: str | None = None,
        audience: str = "urn:amazon:webservices",
        issued: float | None = None,
        lifetime: float = 300,
        session_end: float | None = None,
        style: str = "saml2",
        provider_first: bool = False,
        pretty: bool = False,
        encrypted: bool = False,
        extra: Mapping[str, Sequence[str]] | None = None,
    ) -> str:
        """Write and sign a response; return it as base64.

        `roles` are pairs of a role's and a provider's ARN. `style` is one of `saml2`, `saml`,
        `ns0`, `plain` (no prefix), `mixed`. `issued` and `session_end` are times, `lifetime` is in
        seconds. `extra` adds attributes by whole names.
        """
        begun = self.clock() if issued is None else issued
        assertion = Assertion(
            self.entity_id, begun, lifetime, name_id, recipient, audience, session_end
        )
        comma = "\n   ,\n   " if pretty else ","
        for pair in roles:
            assertion.add("Role", comma.join(reversed(pair) if provider_first else pair))
        assertion.add("RoleSessionName", session_name)
        assertion.add("SessionDuration", session_duration)
        assertion.add("SourceIdentity", source_identity)
        assertion.tag(tags or {}, transitive_tag_keys, extra or {})
        root = assertion.response(destination or recipient)
        content = written(root, PREFIXES[style], pretty=pretty)
        return self.sign(self._seal(content) if encrypted else content)

    def refusal(self, code: str = "AuthnFailed", message: str = "") -> str:
        """Write the response of a sign-in that failed: a status, and no assertion."""
        root = Assertion(self.entity_id, self.clock()).refusal(code, message, ACS)
        return self.sign(written(root, PREFIXES["saml2"]))

    def sign(self, content: bytes) -> str:
        """Sign a response that has a place for the signature, and encode it."""
        signature = base64.b64encode(self._mac(content))
        return base64.b64encode(_SIGNATURE.sub(rb"\g<1>" + signature + rb"\3", content)).decode()

    def page(self, text: str, action: str = ACS, relay_state: str = "") -> str:
        """Write the page that posts a response on by itself."""
        return (
            '<html><head><title>Working...</title></head><body onload="document.forms[0].submit()">'
            f'<form method="post" name="hiddenform" action="{html.escape(action)}">'
            f'<input type="hidden" name="SAMLResponse" value="{html.escape(text)}"/>'
            f'<input type="hidden" name="RelayState" value="{html.escape(relay_state)}"/>'
            '<noscript><p>Script is disabled.</p><input type="submit" value="Submit"/></noscript>'
            "</form></body></html>"
        )

    def genuine(self, response: bytes) -> bool:
        """Tell a response of this provider, unchanged, from any other."""
        found = _SIGNATURE.search(response)
        if found is None:
            return False
        try:
            given = base64.b64decode(found[2], validate=True)
        except ValueError:
            return False
        return hmac.compare_digest(given, self._mac(response))

    def decrypted(self, response: bytes) -> bytes:
        """Put the assertion in the place of its encrypted self, as only AWS can."""
        return _SEALED.sub(lambda found: self._sealed.get(found[2], b""), response)

    def _mac(self, content: bytes) -> bytes:
        bare = _SIGNATURE.sub(rb"\1\3", content)
        return hmac.new(self._key, bare, hashlib.sha256).digest()

    def _seal(self, content: bytes) -> bytes:
        """Hide the assertion: what stands in its place opens nothing without this object."""
        found = re.search(rb"<([\w]*:?)Assertion[ >].*</\1Assertion>", content, re.DOTALL)
        assert found is not None, "written() writes an assertion"
        cipher = base64.b64encode(secrets.token_bytes(48))
        self._sealed[cipher] = found[0]
        sealed = Element.sealed(found[1], cipher)
        return content[: found.start()] + sealed + content[found.end() :]
