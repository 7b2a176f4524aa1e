"""Windows Integrated Authentication: offered to browsers on a list, never needed by others."""

import logging
import sys

import pytest

import runas
from runas_adfs import integrated


def refusing(scheme, message):
    return None, b""


def test_forms_are_for_everybody_else(world):
    farm = world.farm("2022", negotiate=refusing)
    person = world.person(farm)
    person.sign_in()
    assert person.kinds() == ["Username", "Password"]
    assert not any("wia" in each.path for each in farm.requests)


def test_forms_where_the_farm_does_not_offer_it(world):
    person = world.person(world.farm("2022"), adfs_integrated="true")
    person.sign_in()
    assert person.kinds() == ["Username", "Password"]


@pytest.mark.parametrize(
    ("offer", "package"), [("Negotiate", "requests_kerberos"), ("NTLM", "requests_ntlm")]
)
def test_missing_extra(world, monkeypatch, offer, package):
    monkeypatch.setitem(sys.modules, package, None)
    farm = world.farm("2022", negotiate=refusing)
    farm.offers = (offer,)
    person = world.person(farm, adfs_integrated="true")
    error = person.refused(runas.ConfigurationError)
    assert error.hint == "pip install 'runas-plugin-adfs[kerberos]'"
    assert farm.primary == 0


def test_wanted_though_not_set(world):
    farm = world.farm("2022", negotiate=refusing)
    person = world.person(farm)
    person.http.headers["User-Agent"] = integrated.BROWSER
    error = person.refused(runas.ConfigurationError)
    assert "adfs_integrated = true" in error.hint


def ntlm(name, password, tmp_path, monkeypatch):
    """Answer as a domain controller would, for one account."""
    spnego = pytest.importorskip("spnego")
    pytest.importorskip("requests_ntlm")
    accounts = tmp_path / "accounts"
    accounts.write_text(f"{name.replace(chr(92), ':')}:{password}\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(accounts))
    contexts = []

    def negotiate(scheme, message):
        if scheme != "NTLM":
            return None, b""
        if message[8:9] == b"\x01":
            contexts[:] = [spnego.server(protocol="ntlm", options=spnego.NegotiateOptions.use_ntlm)]
        try:
            token = contexts[0].step(message)
        except spnego.exceptions.SpnegoError:
            return None, b""
        return (contexts[0].client_principal if contexts[0].complete else None), token or b""

    return negotiate


@pytest.mark.parametrize("offers", [("NTLM",), ("Negotiate", "NTLM")])
@pytest.mark.parametrize("adapter", ["", "rsa"])
def test_ntlm(world, tmp_path, monkeypatch, adapter, offers, caplog):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setitem(sys.modules, "requests_kerberos", None)  # the extra 'ntlm' alone
    negotiate = ntlm(world.name, "plain password", tmp_path, monkeypatch)
    farm = world.farm("2022", adapter or (), negotiate=negotiate)
    farm.offers = offers
    person = world.person(farm, adfs_integrated="true")
    person.answers[runas.Password] = "plain password"
    assert person.sign_in().subject == "me"
    assert person.kinds()[:2] == ["Username", "Password"]
    assert farm.primary == 1
    assert not any(b"plain" in each.body for each in farm.requests)
    assert "plain password" not in caplog.text
    assert "TlRMTVNTUA" not in caplog.text


def test_ntlm_with_a_wrong_password(world, tmp_path, monkeypatch):
    negotiate = ntlm(world.name, "plain password", tmp_path, monkeypatch)
    farm = world.farm("2022", negotiate=negotiate)
    farm.offers = ("NTLM",)
    world.person(farm, adfs_integrated="true").refused(runas.WrongPassword)
