"""The text of docs/plugins/reference.md: hooks, challenges, errors, nouns, by their docstrings."""

import inspect
from collections.abc import Iterator
from typing import Any

import runas
from runas import challenges, errors, hookspecs, model
from runas.plugins.installed import API, EXTENSIONS, FAMILIES, PROVIDERS
from runas.plugins.narrow import SHARED

_HEAD = """\
# Reference for authors of plugins

Generated from the code by `make reference`. Interface version {version}.

Everything here is a name of `runas`. Settings that every plugin may read: those of
[the option table](../options.md), and core's own notes: {notes}.
Entry-point groups: {groups}; see [packaging](packaging.md).
"""


def page() -> str:
    """Return the whole page."""
    return "\n".join(_lines()).rstrip() + "\n"


def _lines() -> Iterator[str]:
    notes = ", ".join(f"`{name}`" for name in sorted(SHARED) if name.startswith("runas_"))
    groups = ", ".join(f"`{name}`" for name in (PROVIDERS, FAMILIES, EXTENSIONS, API))
    yield _HEAD.format(version=runas.api_version, notes=notes, groups=groups)
    yield "## Hooks\n"
    for name, hook in hooks().items():
        yield from _entry(f"{name}{shown(hook)}", hook)
    for title, module in (("Challenges", challenges), ("Nouns", model)):
        yield f"## {title}\n"
        for name in module.__all__:
            thing = getattr(module, name)
            if name in runas.__all__ and inspect.isclass(thing):
                yield from _entry(f"runas.{name}{shown(thing)}", thing)
    yield "## Errors\n"
    tree = inspect.getdoc(errors) or ""
    yield f"```text\n{tree[tree.index('RunasError') :].partition(chr(10) * 2)[0]}\n```\n"
    for name in runas.__all__:
        thing = getattr(runas, name)
        if inspect.isclass(thing) and issubclass(thing, errors.RunasError):
            yield f"* `runas.{name}`, status {thing.status}: {inspect.getdoc(thing)}"


def hooks() -> dict[str, Any]:
    """Return the hooks by name, in the order of the file."""
    return {name: one for name, one in vars(hookspecs).items() if hasattr(one, "runas_spec")}


def shown(thing: Any) -> str:
    """Write a signature as it stands in the code."""
    text = str(inspect.signature(thing)).replace("'", "")
    return text.replace("<class str>", "str").removesuffix(" -> None")


def _entry(title: str, thing: Any) -> Iterator[str]:
    yield f"### `{title}`\n"
    text, _, example = (inspect.getdoc(thing) or "").partition("Example::")
    yield text.strip() + "\n"
    if example:
        yield f"```python\n{inspect.cleandoc(example.strip(chr(10)))}\n```\n"
