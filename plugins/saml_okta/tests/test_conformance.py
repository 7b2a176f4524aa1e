"""What every provider promises, on both engines. The other factors' own tests are beside this."""

from runas_okta.testing.conformance import Conformance, IdentityEngine


class TestClassic(Conformance):
    ways = ("", "push", "totp")


class TestIdentityEngine(IdentityEngine):
    ways = ("push", "sms")
