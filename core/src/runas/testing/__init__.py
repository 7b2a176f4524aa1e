"""What `runas` ships to authors of plugins, to test with.

`ProviderConformance` is the conformance kit: some forty checks for a class of five lines;
`Case` tells it about your fake. `Script` is a person who answers challenges, `sign_in` one login
with a plugin. `FakeServer` makes a fake identity provider out of one method, `SamlIdp` its SAML
responses. `AwsEmulator` plays AWS (STS and IAM) on a loopback port and is as strict as AWS is;
`totp` computes the codes of a virtual MFA device. All load on first use, so importing this package
costs nothing; the kit itself needs pytest (the extra ``testing``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runas.testing.aws import AwsEmulator, totp
    from runas.testing.case import Case, Trouble
    from runas.testing.conformance import ExtensionConformance, ProviderConformance
    from runas.testing.fake import FakeRequest, FakeServer, Reply
    from runas.testing.guards import Guard, NotAllowed
    from runas.testing.saml import SamlIdp
    from runas.testing.script import Script
    from runas.testing.trial import sign_in

_ROOMS = {
    "aws": "AwsEmulator totp",
    "case": "Case Trouble",
    "conformance": "ExtensionConformance ProviderConformance",
    "fake": "FakeRequest FakeServer Reply",
    "guards": "Guard NotAllowed",
    "saml": "SamlIdp",
    "script": "Script",
    "trial": "sign_in",
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names.split()}

__all__ = [
    "AwsEmulator",
    "Case",
    "ExtensionConformance",
    "FakeRequest",
    "FakeServer",
    "Guard",
    "NotAllowed",
    "ProviderConformance",
    "Reply",
    "SamlIdp",
    "Script",
    "Trouble",
    "sign_in",
    "totp",
]


def __getattr__(name: str) -> object:
    """Load a public name on first use (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
