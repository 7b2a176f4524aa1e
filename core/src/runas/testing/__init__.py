"""What `runas` ships to authors of plugins, to test with.

`AwsEmulator` plays AWS (STS and IAM) on a loopback port and is as strict as AWS is; `totp`
computes the codes of a virtual MFA device. Both load on first use, so importing this package
costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runas.testing.aws import AwsEmulator, totp

__all__ = ["AwsEmulator", "totp"]


def __getattr__(name: str) -> object:
    """Load a public name on first use (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from runas.testing import aws

    return getattr(aws, name)
