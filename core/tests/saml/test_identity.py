"""The proof a plugin returns, and the roles core reads off it."""

import time

import pytest

from runas import saml
from runas.errors import ConfigurationError, Refused, RoleNotOffered
from runas.model import Profile, SamlIdentity
from runas.testing.saml import SamlIdp

ROLE = "arn:aws:iam::123456789012:role/dev"
PROVIDER = "arn:aws:iam::123456789012:saml-provider/Idp"
PAIR = [(ROLE, PROVIDER)]


def profile(**settings):
    return Profile("work", settings, dict.fromkeys(settings, "~/.aws/config:3"))


def test_the_user_is_named_as_cloudtrail_will(idp=None):
    idp = SamlIdp()
    assert saml.identity(idp.response(PAIR)).subject == "alice@example.com"
    assert saml.identity(idp.response(PAIR, session_name=None)).subject == "alice"
    assert saml.identity(idp.response(PAIR), "somebody").subject == "somebody"


def test_it_ends_before_aws_would_refuse_it():
    now = int(time.time())
    idp = SamlIdp(clock=lambda: now)
    assert saml.identity(idp.response(PAIR)).expiration == now + 240
    assert saml.identity(idp.response(PAIR, lifetime=60)).expiration == now + 60


def test_a_response_without_times_is_good_for_four_minutes():
    import base64

    xml = '<Response xmlns="urn:oasis:names:tc:SAML:2.0:protocol"><Assertion/></Response>'
    end = saml.identity(base64.b64encode(xml.encode()).decode()).expiration
    assert abs(end - time.time() - 240) < 5


def test_an_old_response_is_refused_but_clocks_may_differ():
    text = SamlIdp().response(PAIR, issued=time.time() - 3600)
    with pytest.raises(Refused, match=r"expired .* ago") as caught:
        saml.identity(text)
    assert (caught.value.status, caught.value.hint[:12]) == (77, "log in again")
    saml.identity(SamlIdp().response(PAIR, issued=time.time() - 400))
    saml.identity(SamlIdp().response(PAIR, issued=time.time() + 3000))


def test_roles():
    identity = saml.identity(SamlIdp().response([*PAIR, (ROLE + "2", PROVIDER)]))
    assert [str(role.arn) for role in saml.roles(identity, profile())] == [ROLE, ROLE + "2"]


def test_no_roles():
    identity = saml.identity(SamlIdp().response([]))
    with pytest.raises(RoleNotOffered, match="offers no AWS role") as caught:
        saml.roles(identity, profile())
    assert "Attributes/Role" in caught.value.hint


def test_an_encrypted_assertion_needs_two_settings():
    identity = saml.identity(SamlIdp().response(PAIR, encrypted=True))
    [role] = saml.roles(identity, profile(role_arn=ROLE, saml_principal_arn=PROVIDER))
    assert (str(role.arn), role.principal_arn) == (ROLE, PROVIDER)
    with pytest.raises(ConfigurationError, match="role_arn and saml_principal_arn missing"):
        saml.roles(identity, profile())
    with pytest.raises(ConfigurationError, match="saml_principal_arn missing") as caught:
        saml.roles(identity, profile(role_arn=ROLE))
    assert caught.value.status == 78
    with pytest.raises(ConfigurationError, match="config:3: not the ARN of a SAML provider"):
        saml.roles(identity, profile(role_arn=ROLE, saml_principal_arn="Idp"))
    with pytest.raises(ConfigurationError, match="config:3: not the ARN of a role"):
        saml.roles(identity, profile(role_arn="admin", saml_principal_arn=PROVIDER))


def test_an_identity_made_by_hand_is_read_again():
    text = SamlIdp().response(PAIR)
    assert len(saml.roles(SamlIdentity("x", None, text), profile())) == 1
