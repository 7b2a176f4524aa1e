"""What every provider promises; what is special to this one is in the other files."""

from runas_form.testing.conformance import Conformance


class TestForm(Conformance):
    """All the checks, inherited."""
