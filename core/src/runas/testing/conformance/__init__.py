"""The conformance kit: what every provider promises, as tests to inherit.

    from contextlib import contextmanager
    from runas.testing import Case, ProviderConformance
    from runas_acme.testing import Acme

    class TestAcme(ProviderConformance):
        provider = "acme"
        ways = ("totp", "push")

        @contextmanager
        def identity_provider(self, way):
            with Acme(factor=way) as idp:
                yield Case({"saml_auth_url": idp.url}, "alice", idp.password, idp.code)

That is all. Put the class under another name (``Conformance``) into ``runas_acme.testing``, or into
``runas_acme.testing.conformance`` where the fake is to be of use without pytest, and ``runas plugin
check acme`` finds it there, wherever the plugin is installed. Several classes are run one by one.

The rooms: `base` runs the logins; `shape` looks at the package, `asking` at the questions,
`refusing` at wrong answers, `failing` at broken services, `hiding` at secrets, `second` at phones,
`taking` at roles.
"""

from __future__ import annotations

from runas.testing.conformance.asking import Asking
from runas.testing.conformance.failing import Failing
from runas.testing.conformance.hiding import Hiding
from runas.testing.conformance.refusing import Refusing
from runas.testing.conformance.second import Second
from runas.testing.conformance.shape import Shape
from runas.testing.conformance.taking import Taking

__all__ = ["ExtensionConformance", "ProviderConformance"]


class ProviderConformance(Shape, Asking, Refusing, Second, Taking, Failing, Hiding):
    """Everything that a provider promises. See `runas.testing.conformance`."""

    __test__ = False

    def __init_subclass__(cls, **more: object) -> None:
        super().__init_subclass__(**more)
        # A fake's `Conformance`, imported into a test module, is not to run beside `TestAcme`.
        cls.__test__ = cls.__name__.startswith("Test")


class ExtensionConformance(ProviderConformance):
    """The same for an add-on: it is tried out together with ``runas.testing.stub``."""

    __test__ = False
    beside = ("runas.testing.stub",)
