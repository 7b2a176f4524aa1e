"""The extension, tried out with the provider that comes with `runas.testing`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from runas.testing import Case, ExtensionConformance
from runas.testing.stub import CODE, PASSWORD


class Conformance(ExtensionConformance):
    """What `runas plugin check totp-command` and the tests run."""

    provider = "totp-command"
    ways = ("asking", "by command")

    @contextmanager
    def identity_provider(self, way: str) -> Iterator[Case]:
        """Say what the person knows; the stub needs no server."""
        command = f'"{sys.executable}" -c "print({CODE})"'
        settings = {"totp_command": command} if way == "by command" else {}
        yield Case(settings, password=PASSWORD, code=CODE)
