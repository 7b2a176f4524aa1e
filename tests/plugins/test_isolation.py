"""By the real command: a plugin breaks its own profiles, loads where it may, sees its own."""

import json

import pytest

BROKEN = {
    "an import error": ("import no_such_module", "ModuleNotFoundError"),
    "a syntax error": ("def (", "SyntaxError"),
    "an end of its own": ("raise SystemExit(3)", "SystemExit: 3"),
    "an error of its own": ("raise RuntimeError('boom')", "RuntimeError: boom"),
    "a hook that asks for more": (
        "import runas\n@runas.hookimpl\ndef mfa(colour: str): ...",
        "pip install -U runas-core runas-plugin-reef",
    ),
}


@pytest.fixture
def bay(shelf):
    """Install a plugin that works, and one that a test may break."""
    shelf.put("bay")
    shelf.profile("bay", runas_provider="bay")
    shelf.profile("reef", runas_provider="reef")
    return shelf


def keys(done):
    return json.loads(done.stdout)


@pytest.mark.parametrize(("code", "words"), BROKEN.values(), ids=BROKEN)
def test_a_broken_plugin_breaks_only_its_own_profiles(bay, code, words):
    bay.put("reef", code)
    assert keys(bay.run("-O", "json", "bay"))["AccessKeyId"] == "ASIAbay"
    failed = bay.run("-O", "json", "reef", status=70)
    assert not failed.stdout
    assert "runas-plugin-reef 2.3" in failed.stderr
    assert words in failed.stderr
    assert "Traceback" not in failed.stderr


def test_a_plugin_that_never_finishes_loading_holds_up_nobody_else(bay):
    bay.put("reef", "import time\ntime.sleep(10_000)")
    assert keys(bay.run("-O", "json", "bay"))["AccessKeyId"] == "ASIAbay"
    assert "runas-plugin-reef 2.3" in bay.run("--version").stdout
    assert "runas-plugin-reef 2.3" in bay.run("plugin", "list").stdout


def test_plugins_that_are_not_needed_cost_no_module(bay):
    for number in range(20):
        bay.put(f"reef{number}", "raise SystemExit('it was imported')")
    done = bay.run("-O", "json", "bay", spy=True)
    loaded = done.stderr.rpartition("modules: ")[2].split()
    ours = {name.partition(".")[0] for name in loaded if name.startswith("runas_")}
    assert ours == {"runas_bay"}


def test_only_what_runas_plugins_names_may_load(bay):
    bay.put("reef", group="extensions", code="raise SystemExit('it was imported')")
    only = {"RUNAS_PLUGINS": "bay"}
    assert keys(bay.run("-O", "json", "bay", **only))["AccessKeyId"] == "ASIAbay"
    guarded = bay.run("-r", "-O", "json", "bay", status=70)  # an extension may not fall away
    assert "runas-plugin-reef 2.3 cannot be loaded: SystemExit: it was imported" in guarded.stderr
    left_out = bay.run("-r", "-O", "json", "bay", status=78, RUNAS_PLUGINS="okta,iam")
    assert "needs the provider bay, which RUNAS_PLUGINS leaves out" in left_out.stderr
    assert (
        "left out by RUNAS_PLUGINS=okta,iam"
        in bay.run("plugin", "list", RUNAS_PLUGINS="okta,iam").stdout
    )


def test_a_plugin_sees_its_own_settings_and_core_s(bay):
    bay.profile(
        "mixed",
        runas_provider="bay",
        bay_key="1",
        reef_secret="2",
        aws_secret_access_key="3",
        region="eu-west-1",
    )
    seen = keys(bay.run("-O", "json", "mixed"))["SessionToken"].split(",")
    assert {"bay_key", "region"} <= set(seen)
    assert not {"reef_secret", "aws_secret_access_key"} & set(seen)


@pytest.mark.parametrize(
    ("api", "outdated"),
    [("99.0", "runas-core"), ("1.999", "runas-core"), ("0.9", "runas-plugin-reef")],
)
def test_a_plugin_of_another_time_says_what_to_upgrade(bay, api, outdated):
    bay.put("reef", "raise SystemExit('it was imported')", api=[api])
    failed = bay.run("-O", "json", "reef", status=70)
    assert f"the plugin runas-plugin-reef 2.3 needs plugin interface {api}" in failed.stderr
    assert f"pip install -U {outdated}" in failed.stderr
    assert f"needs plugin interface {api}" in bay.run("plugin", "list").stdout
    assert keys(bay.run("-O", "json", "bay"))["AccessKeyId"] == "ASIAbay"
