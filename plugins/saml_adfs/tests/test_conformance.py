"""What every provider promises; what is special to this one is in the other files."""

from runas_adfs.testing.conformance import Conformance, OldFarm


class TestFarm(Conformance):
    """All the checks, inherited."""


class TestOldFarm(OldFarm):
    """All the checks, on pages of 2.0."""
