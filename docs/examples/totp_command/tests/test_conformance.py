"""What every plugin for runas promises; what is special to this one goes below."""

from runas_totp_command.testing import Conformance


class TestTotpCommand(Conformance):
    """All the checks, inherited."""
