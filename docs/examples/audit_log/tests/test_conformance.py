"""What every plugin for runas promises; what is special to this one goes below."""

from runas_audit_log.testing import Conformance


class TestAuditLog(Conformance):
    """All the checks, inherited."""
