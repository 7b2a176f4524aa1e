"""A plugin breaks its own profiles only, loads only where it may, and sees only its own."""

import logging
import sys

import pytest

from runas import errors, plugins
from runas.plugins.narrow import visible
from runas.profile import Profile


def wanting(name=None, family="saml", **settings):
    given = {**settings, **({"runas_provider": name} if name else {})}
    return Profile("work", given, family=family)


def authenticate(profile):
    manager = plugins.load(plugins.candidates(profile))
    flow = manager.hook.authenticate(profile=profile, http=None)
    with pytest.raises(StopIteration) as done:
        next(flow)
    return done.value.value


BROKEN = {
    "an import error": "import no_such_module",
    "a syntax error": "def (",
    "an error of its own": "raise RuntimeError('boom')",
    "a hook that asks too much": "import runas\n@runas.hookimpl\ndef mfa(colour: str): ...",
    "a hook that is none": "import runas\n@runas.hookimpl\ndef mfaa(profile): ...",
    "settings that fail": "import runas\n@runas.hookimpl\ndef settings(): raise KeyError('x')",
}


@pytest.mark.parametrize("code", BROKEN.values(), ids=BROKEN)
def test_a_broken_plugin_is_named_and_breaks_its_own_profiles(shelf, good, code):
    shelf.put("reef", code)
    shelf.put("bay", good("bay"))
    with pytest.raises(errors.PluginError) as caught:
        authenticate(wanting("reef"))
    assert "runas-plugin-reef 1.0" in str(caught.value)
    assert authenticate(wanting("bay")).subject


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (
            BROKEN["a hook that asks too much"],
            "its hook 'mfa' asks for 'colour'; there is profile, http, pending, factor",
        ),
        (
            BROKEN["a hook that is none"],
            "its hook 'mfaa' is none of authenticate, mfa, list_roles, assume, settings, detect",
        ),
        (
            "import runas\n@runas.hookimpl\ndef settings(profile): ...",
            "its hook 'settings' asks for 'profile'; there is nothing",
        ),
    ],
)
def test_what_does_not_fit_is_said_in_plain_words(shelf, code, told):
    shelf.put("reef", code)
    with pytest.raises(errors.PluginError) as caught:
        authenticate(wanting("reef"))
    assert caught.value.fact == f"runas-plugin-reef 1.0 does not fit this runas: {told}"
    assert "pip install -U runas-core runas-plugin-reef" in str(caught.value)


@pytest.mark.parametrize("code", BROKEN.values(), ids=BROKEN)
def test_of_several_that_may_serve_a_broken_one_is_left_out(shelf, good, code, caplog):
    shelf.put("reef", code, families=["tides"])
    shelf.put("bay", good("bay"), families=["tides"])
    with caplog.at_level(logging.WARNING, "runas.notice"):
        assert authenticate(wanting(family="tides", region="x")).subject
    assert "runas-plugin-reef 1.0" in caplog.text


def test_a_broken_extension_stops_the_login(shelf, good, monkeypatch):
    shelf.put("guard", "import no_such_module", group="extensions")
    shelf.put("bay", good("bay"))
    with pytest.raises(errors.PluginError, match=r"runas-plugin-guard 1\.0"):
        authenticate(wanting("bay"))
    monkeypatch.setenv("RUNAS_PLUGINS", "bay")
    assert authenticate(wanting("bay")).subject


def test_only_what_is_allowed_is_loaded(shelf, good, monkeypatch):
    shelf.put("bay", good("bay"), families=["tides"])
    shelf.put("reef", good("reef"), families=["tides"])
    monkeypatch.setenv("RUNAS_PLUGINS", "bay, other")
    assert [one.name for one in plugins.candidates(wanting(family="tides"))] == ["bay"]
    with pytest.raises(errors.PluginMissing, match="RUNAS_PLUGINS leaves out"):
        plugins.candidates(wanting("reef"))
    monkeypatch.setenv("RUNAS_PLUGINS", "")
    with pytest.raises(errors.PluginMissing, match="RUNAS_PLUGINS leaves out"):
        plugins.candidates(wanting(family="tides"))
    assert "runas_reef" not in sys.modules


def test_a_slow_import_costs_only_who_needs_it(shelf, good):
    shelf.put("slow", "import time\ntime.sleep(30)")
    shelf.put("bay", good("bay"))
    assert authenticate(wanting("bay")).subject


def test_a_plugin_sees_its_own_settings_and_core_s(shelf, good):
    shelf.put("bay", good("bay"))
    told = {"bay_key": "1", "reef_secret": "2", "aws_secret_access_key": "3", "region": "eu-west-1"}
    assert authenticate(wanting("bay", **told)).subject == "bay_key,region,runas_provider"


def test_what_the_source_profile_has_is_hidden_too():
    source = Profile("source", {"reef_secret": "2", "bay_key": "1", "endpoint_url_sts": "http://x"})
    seen = visible(Profile("work", {}, source=source), {"bay_key"})
    assert set(seen.source.settings) == {"bay_key", "endpoint_url_sts"}


def test_detection_sees_no_foreign_settings(shelf):
    code = "import runas\n@runas.hookimpl\ndef detect(settings): return 'reef_secret' in settings"
    shelf.put("bay", code)
    hook = plugins.load(plugins.candidates(wanting("bay"))).hook
    assert not hook.detect(settings={"reef_secret": "1"}, page=None)
