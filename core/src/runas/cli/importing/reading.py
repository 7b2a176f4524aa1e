"""Read the configuration files of other tools: names and keys, as they stand there."""

from __future__ import annotations

import configparser
import os
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from runas.errors import ConfigurationError

Table = dict[str, Any]
Profiles = dict[str, dict[str, str]]


@cache
def tools() -> dict[str, Table]:
    """Return what is known of the tools, by name."""
    return tomllib.loads(Path(__file__).with_name("tools.toml").read_text(encoding="utf-8"))


def path_of(table: Table, file: str | None = None) -> str:
    """Return a tool's file: the one named, its variable's, else the usual one."""
    named = file or (os.environ.get(table["variable"]) if table["variable"] else None)
    return os.path.expanduser(named or table["file"])


def profiles(table: Table, file: str | None = None) -> Profiles:
    """Read the tool's profiles; raise ConfigurationError where its file cannot be read."""
    path = path_of(table, file)
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigurationError(f"there is no {path}", "name it with --file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise _broken(path, type(error).__name__) from None
    found = _yaml(text, table["path"], path) if table["format"] == "yaml" else _ini(text, path)
    if table["format"] == "aws":
        found = _named_as_by_aws(found)
    return {name: _own(keys, table.get("prefix", "")) for name, keys in found.items()}


def _ini(text: str, path: str) -> Profiles:
    parser = configparser.RawConfigParser(strict=False, default_section="", allow_no_value=True)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise _broken(path, type(error).__name__) from None
    return {
        name: {key: value for key, value in parser.items(name) if value}
        for name in parser.sections()
    }


def _named_as_by_aws(sections: Profiles) -> Profiles:
    """Keep the profiles of an AWS config file, under their own names."""
    from runas.config.headers import kind_and_name

    named = ((kind_and_name(header), keys) for header, keys in sections.items())
    return {both[1]: keys for both, keys in named if both and both[0] == "profile"}


def _yaml(text: str, way: list[str], path: str) -> Profiles:
    import yaml

    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError):
        raise _broken(path, "it is no YAML") from None
    for key in way:
        found = found.get(key) if isinstance(found, dict) else None
    if not isinstance(found, dict):
        return {}
    return {
        str(name): {str(key): str(value) for key, value in keys.items() if value is not None}
        for name, keys in found.items()
        if isinstance(keys, dict)
    }


def _own(keys: dict[str, str], prefix: str) -> dict[str, str]:
    """Keep the tool's own keys, without what they all begin with."""
    return {key[len(prefix) :]: text for key, text in keys.items() if key.startswith(prefix)}


def _broken(path: str, why: str) -> ConfigurationError:
    return ConfigurationError(f"cannot read {path}: {why}", "correct it, or name another: --file")
