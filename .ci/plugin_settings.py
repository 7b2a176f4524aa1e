"""The text of docs/settings.md: what every provider of this workspace reads, by its settings()."""

import shlex
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import runas
from runas.cli.diagnosis.redact import value
from runas.config.options import BY_KEY, BY_NAME, Option
from runas.config.values import span

ROOT = Path(__file__).parent.parent

_HEAD = """\
# Settings of the providers

Generated from each plugin's `settings()` by `make reference`; `runas plugin info NAME` shows the
same for whatever is installed. A setting stands in a profile (or in its `source_profile`, or in
`[default]`) under the name given here. Where it has no option of its own, `--set` sets it for one
run. Of a *secret*, no log and no diagnosis shows a part; keep it off command lines.
[The option table](options.md) has what belongs to no provider.
"""
_METAVARS = {"URL": "address", "CMD": "command", "FILE": "file", "PORT": "number"}
_NAMED = {"process": "command", "file": "file"}
_TABLE = (
    "| setting | type | default | option | environment | for one run | meaning |\n"
    "| --- | --- | --- | --- | --- | --- | --- |"
)


def page() -> str:
    """Return the whole page."""
    return "\n".join(_lines()).rstrip() + "\n"


def _lines() -> Iterator[str]:
    yield _HEAD
    for folder, project in _plugins():
        for name, module in project["entry-points"]["runas.providers"].items():
            yield f"## {name}\n"
            yield f"{project['description']}: [{project['name']}](../{folder}/README.md)\n"
            yield _TABLE
            yield from map(row, import_module(module).settings())
            yield ""


def _plugins() -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(ROOT.glob("plugins/*/pyproject.toml")):
        project = tomllib.loads(file.read_text("utf-8"))["project"]
        yield file.parent.relative_to(ROOT).as_posix(), project


def row(setting: runas.Setting) -> str:
    """Write one setting's line."""
    option = BY_KEY.get(setting.name) or BY_NAME.get(setting.name)
    key = option.keys[0] if option else setting.name
    secret = _secret(setting.name)
    given = setting.default or ""
    plain = " " in given and not given.isupper()  # words, not a value
    default = "required" if setting.required else given if plain or not given else f"`{given}`"
    cells = (
        f"`{key}`" + (", secret" if secret else ""),
        _type(setting, option),
        default,
        _codes(option.flags if option else ()),
        _codes(option.env if option else ()),
        "" if secret or not setting.example else f"`{_set(key, setting.example)}`",
        setting.help,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _secret(name: str) -> bool:
    """Tell what `runas diagnose` shows no part of."""
    return value(name, "x" * 40) == "(hidden)"


def _type(setting: runas.Setting, option: Option | None) -> str:
    """Say what may be written: by the option table, else by what the plugin says of it."""
    if option and option.kind == "duration":
        return f"duration, {span(option.low)} to {span(option.high)}"
    if option and option.kind == "choice":
        return "one of " + ", ".join(option.choices)
    if {setting.default, setting.example} & {"true", "false"}:
        return "true or false"
    if "separated by commas" in setting.help:
        return "list, by commas"
    named = setting.name.rpartition("_")[2]
    known = _METAVARS.get(option.metavar if option else "") or _NAMED.get(named)
    return known or "text"


def _set(key: str, example: str) -> str:
    return "--set " + shlex.quote(f"{key}={example}")


def _codes(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)
