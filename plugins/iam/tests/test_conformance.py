"""What every provider promises; what is special to this one is in the other files."""

from runas_iam.testing.conformance import Conformance


class TestIam(Conformance):
    """All the checks, inherited."""
