"""What every provider promises; what is special to this one is in the other files."""

from runas_sso.testing.conformance import Conformance


class TestIdentityCenter(Conformance):
    """All the checks, inherited."""
