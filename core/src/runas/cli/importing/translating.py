"""Make sections of an AWS config file of what other tools say."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from runas.cli.importing.reading import Table
from runas.config.options import BY_KEY, BY_NAME
from runas.config.values import normalise
from runas.config.writing import header_for
from runas.errors import ConfigurationError, RunasError

_PLACEHOLDER = re.compile(r"{([\w-]+)}")
_OFF = ("", "false", "no", "0", "none")


@dataclass(frozen=True)
class Section:
    """A profile to add."""

    name: str
    values: dict[str, str]

    @property
    def header(self) -> str:
        """The section's header in the config file."""
        return header_for("profile", self.name)


class Translator:
    """One tool's words in ours. ``remarks`` collects what could not be taken over, and why.

    *taken* are the names of the profiles that there are; *providers* those of what is installed.
    """

    def __init__(self, table: Table, taken: set[str], providers: Collection[str]) -> None:
        self._table = table
        self._taken = taken
        self._providers = providers
        self._seen: dict[str, dict[str, str]] = {}
        self.remarks: list[str] = []

    def section(self, name: str, theirs: dict[str, str]) -> Section | None:
        """Return the section for one of their profiles; None where nothing is to be added."""
        self._seen[name] = theirs
        if not theirs:
            return None
        settings = self._inherited(theirs)
        values = self._values(name, settings)
        self._remark(name, settings)
        if self._table["keys"].get("*"):
            return self._as_it_is(name, values)
        address = self._address(name, settings, values)
        if address is None:
            return None
        return Section(self._free(self._name(name, settings)), {"saml_auth_url": address} | values)

    def _inherited(self, theirs: dict[str, str]) -> dict[str, str]:
        """Put what a section inherits below its own."""
        parent = theirs.get(self._table.get("inherits", ""), "")
        return {**self._seen.get(parent, {}), **theirs}

    def _values(self, name: str, theirs: dict[str, str]) -> dict[str, str]:
        keys = self._table["keys"]
        values: dict[str, str] = {}
        for key, text in theirs.items():
            ours = key if "*" in keys else keys.get(key, "")
            option = BY_KEY.get(ours)
            value = self._value(key, text)
            if option is BY_NAME["runas_provider"] and ours != key:
                value = self._installed(value)
            if not ours or not value:
                continue
            try:
                normalised = normalise(option, value, ours) if option else value
            except RunasError as error:
                self.remarks.append(f"{name}: {key} is left out: {error.fact}")
                continue
            values[ours] = value if option and option.kind == "duration" else normalised
        return values

    def _installed(self, name: str) -> str:
        """Return the installed provider that goes by another tool's name for one; else nothing.

        Without a name the sign-in address tells whose it is.
        """
        return name.lower() if name.lower() in self._providers else ""

    def _value(self, key: str, text: str) -> str:
        known = self._table.get("values", {}).get(key)
        if known is None:
            return text.strip()
        return str(known.get(text.strip().lower(), known.get("*", text.strip())))

    def _address(self, name: str, theirs: dict[str, str], values: dict[str, str]) -> str | None:
        """Return the sign-in address: a key's, or made of several; None and a remark without."""
        if "saml_auth_url" in values:
            return values.pop("saml_auth_url")
        template = self._table.get("address", "")
        missing = [key for key in _PLACEHOLDER.findall(template) if not theirs.get(key)]
        if template and not missing:
            return _PLACEHOLDER.sub(lambda found: theirs[found[1]], template)
        sources = [key for key, ours in self._table["keys"].items() if ours == "saml_auth_url"]
        wanted = " and ".join(missing or sources)
        self.remarks.append(f"{name}: left out: without {wanted} there is no sign-in address")
        return None

    def _name(self, name: str, theirs: dict[str, str]) -> str:
        chosen = theirs.get(self._table.get("name", ""), "")
        return name if not chosen or chosen in self._table.get("unnamed", ()) else chosen

    def _free(self, name: str) -> str:
        """Return a name that no section has: theirs, else with a suffix."""
        free, number = name, 1
        while free in self._taken:
            free = f"{name}-imported{'' if number == 1 else number}"
            number += 1
        if free != name:
            self.remarks.append(f"there is a profile '{name}' already: this one becomes '{free}'")
        self._taken.add(free)
        return free

    def _as_it_is(self, name: str, values: dict[str, str]) -> Section | None:
        """Take a section over whose keys mean the same here; one that exists is no news."""
        if name in self._taken:
            return None
        try:
            section = Section(name, values)
            _ = section.header
        except ConfigurationError as error:
            self.remarks.append(f"{name}: left out: {error.fact}")
            return None
        return section

    def _remark(self, name: str, theirs: dict[str, str]) -> None:
        for key, text in self._table.get("remarks", {}).items():
            if theirs.get(key, "").strip().lower() not in _OFF:
                self.remarks.append(f"{name}: {key}: {text}")
