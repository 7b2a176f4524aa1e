"""The extension, tried out with the provider that comes with `runas.testing`."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from runas.testing import Case, ExtensionConformance
from runas.testing.stub import CODE, PASSWORD


class Conformance(ExtensionConformance):
    """What `runas plugin check audit-log` and the tests run."""

    provider = "audit-log"

    @contextmanager
    def identity_provider(self, way: str) -> Iterator[Case]:
        """Give the log a file; the stub needs no server."""
        with tempfile.TemporaryDirectory() as folder:
            settings = {"audit_log_file": os.path.join(folder, "audit.jsonl")}
            yield Case(settings, password=PASSWORD, code=CODE)
