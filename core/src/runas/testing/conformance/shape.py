"""What can be seen without logging in: names, metadata, signatures, imports."""

from __future__ import annotations

import inspect
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest

from runas import hookspecs
from runas.model import Profile, Setting
from runas.plugins.versions import mismatch
from runas.testing.conformance.base import Base

HEAVY = frozenset(
    "bs4 boto3 botocore cryptography keyring lxml numpy pytest requests rich typer urllib3 yaml"
    " xml.etree".split()
)
"""What a plugin may import in its functions, but not when it is imported itself."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")


class Shape(Base):
    """The package and its hooks."""

    def test_names_agree(self) -> None:
        """The names of entry point, module and distribution are one name."""
        plugin = self._installed()
        short = plugin.name
        module = "runas_" + short.replace("-", "_")
        assert plugin.module == module, (
            f"the provider {short!r} lives in the module {plugin.module!r}: call it {module!r}"
        )
        assert plugin.distribution.lower().replace("_", "-") == f"runas-plugin-{short}", (
            f"the distribution is {plugin.distribution!r}: call it 'runas-plugin-{short}'"
        )

    def test_it_fits_this_core(self) -> None:
        """The version of the plugin interface that it declares is the one that core has."""
        error = mismatch(self._installed())
        assert error is None, str(error)

    def test_hooks_fit(self) -> None:
        """Every hook is one of the six, and asks for arguments that core has."""
        assert self.trial.manager.get_hookcallers(self.code), (
            f"{self.module} implements no hook: mark functions with @runas.hookimpl"
        )

    def test_hooks_are_annotated(self) -> None:
        """Every hook says the types of its arguments and of what it returns."""
        bare = [name for name, hook in self._hooks() if not _annotated(hook)]
        assert not bare, f"annotate the arguments and the return of {', '.join(bare)}"

    def test_importing_it_loads_nothing_heavy(self) -> None:
        """Importing the plugin loads no HTTP, HTML or AWS library: hooks import what they use."""
        probe = f"import sys, runas.hookspecs; import {self.module}; print(*sys.modules)"
        command = [sys.executable, "-c", probe]
        places = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=places)
        assert done.returncode == 0, f"it cannot be imported:\n{done.stderr}"
        loaded = {name for name in done.stdout.split() if name in HEAVY}
        assert not loaded, (
            f"importing {self.module} loads {', '.join(sorted(loaded))}: import it in the function"
            " that uses it"
        )

    def test_settings_are_described(self) -> None:
        """Every setting has a proper name and a help text; a required one has an example."""
        names = [setting.name for setting in self.settings]
        assert len(names) == len(set(names)), f"a setting is declared twice: {names}"
        for setting in self.settings:
            assert _NAME.fullmatch(setting.name), f"{setting.name!r} is no name of a profile key"
            assert setting.help.strip(), f"the setting {setting.name} has no help text"
            lacks = setting.required and not setting.example
            assert not lacks, f"the required setting {setting.name} has no example"

    def test_the_readme_lists_every_setting(self) -> None:
        """The README, as it was packaged, names every setting."""
        plugin = self._installed()
        readme = _readme(plugin.distribution)
        missing = [one.name for one in self.settings if one.name not in readme]
        assert not missing, f"the README of {plugin.distribution} lacks {', '.join(missing)}"

    def test_it_reads_only_settings_that_it_declares(self, way: str) -> None:
        """It reads core's settings and its own; others are hidden from it."""
        from runas.plugins.narrow import shown

        seen: set[str] = set()
        profile = Profile.get

        def noted(this: Profile, name: str, default: str | None = None) -> str | None:
            if _plugin_asks(self.module):
                seen.add(name)
            return profile(this, name, default)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Profile, "get", noted)
            self.log_in(way)
        own = {setting.name for setting in self.settings} | set(self.read_elsewhere)
        strange = sorted(name for name in seen if not shown(name, own))
        assert not strange, f"it reads {', '.join(strange)}, which its settings() do not declare"

    def test_detection_is_calm(self) -> None:
        """Detection answers for any address and page, and claims none that is nobody's."""
        detect = getattr(self.code, "detect", None)
        if detect is None:
            pytest.skip("it does not detect addresses")
        from runas.testing.pages import EMPTY, NOBODYS, page

        wanted = inspect.signature(detect).parameters
        for url in ("https://idp.example/", "", "not an address", "https://[::1", "file:///x"):
            for html in EMPTY:
                given = {"settings": {"saml_auth_url": url}, "page": lambda html=html: page(html)}
                claimed = detect(**{name: given[name] for name in wanted})
                assert not (claimed and html in NOBODYS), f"it claims {url!r} with an empty page"

    @property
    def settings(self) -> list[Setting]:
        """What the plugin declares."""
        found = getattr(self.code, "settings", None)
        return list(found()) if found else []

    def _hooks(self) -> Iterator[tuple[str, Any]]:
        for name in dir(hookspecs):
            hook = getattr(self.code, name, None)
            if hook is not None and hasattr(hook, "runas_impl"):
                yield name, hook

    def _installed(self) -> Any:
        if self.plugin is None:
            pytest.skip(f"{self.provider} is not installed: no names to compare")
        return self.plugin


def _readme(name: str) -> str:
    """Return the README as packaged; of an editable install the one that is edited."""
    project = json.loads(distribution(name).read_text("direct_url.json") or "{}")
    if project.get("dir_info", {}).get("editable"):
        folder = url2pathname(urlsplit(project["url"]).path)
        for file in sorted(Path(folder).glob("README*")):
            return file.read_text("utf-8")
    return str(distribution(name).metadata.json.get("description", ""))


def _annotated(hook: Any) -> bool:
    wanted = {*inspect.signature(hook).parameters, "return"}
    return wanted <= set(getattr(hook, "__annotations__", {}))


def _plugin_asks(module: str) -> bool:
    name = str(sys._getframe(2).f_globals.get("__name__", ""))
    return name == module or name.startswith(f"{module}.")
