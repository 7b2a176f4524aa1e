"""Whether plugin and core fit is known before an import, and the error says who is old."""

import sys

import pytest

import runas
from runas import errors, plugins
from runas.plugins import Installed
from runas.plugins.versions import mismatch
from runas.profile import Profile


def plugin(*api):
    return Installed("acme", "runas_acme", "runas-plugin-acme", "3.1", api=api)


FITS = [((), "1.0"), (("1.0",), "1.4"), (("1.2",), "1.2"), (("1.2", "2.0"), "2.3"), (("2",), "2.0")]
MISFITS = [
    (("1.3",), "1.2", "runas-core"),
    (("2.0",), "1.9", "runas-core"),
    (("1.0",), "2.0", "runas-plugin-acme"),
    ((), "2.0", "runas-plugin-acme"),
    (("1.0", "2.1"), "3.0", "runas-plugin-acme"),
    (("1.9", "2.1"), "2.0", "runas-core"),
    (("new",), "1.0", "runas-plugin-acme"),
]


@pytest.mark.parametrize(("api", "core"), FITS)
def test_it_fits(api, core):
    assert mismatch(plugin(*api), core) is None


@pytest.mark.parametrize(("api", "core", "outdated"), MISFITS)
def test_it_does_not_fit_and_what_to_upgrade_is_said(api, core, outdated):
    error = mismatch(plugin(*api), core)
    assert error.status == 70
    assert "runas-plugin-acme 3.1" in error.fact
    assert error.hint.endswith(f"pip install -U {outdated}")


def test_a_plugin_from_the_future_is_not_even_imported(shelf, good):
    shelf.put("future", "raise SystemExit('it was imported')", api=["99.0"])
    with pytest.raises(errors.PluginError, match=r"needs plugin interface 99\.0"):
        plugins.load(plugins.candidates(Profile("work", {"runas_provider": "future"})))
    assert "runas_future" not in sys.modules


def test_a_plugin_that_declares_this_version_loads(shelf, good):
    shelf.put("bay", good("bay"), api=[runas.api_version])
    (found,) = plugins.candidates(Profile("work", {"runas_provider": "bay"}))
    assert found.api == (runas.api_version,)
    assert plugins.load([found]).hook.authenticate.get_hookimpls()
