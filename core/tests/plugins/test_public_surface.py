"""What plugins rely on is written down: a change shows up here, and wants a new api_version.

After an addition: raise the minor of ``runas.api_version``; after a removal or a change: announce
it for one release (CONTRIBUTING.md), then raise the major. Then write the list anew:

    python core/tests/plugins/test_public_surface.py
"""

import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import runas
from runas import hookspecs

SURFACE = Path(__file__).with_name("surface.txt")
DOORS = ("runas", "runas.html", "runas.http", "runas.saml", "runas.testing")


def lines():
    """Describe the interface, a line for every name."""
    yield f"runas.api_version = {runas.api_version}"
    for name, hook in vars(hookspecs).items():
        if hasattr(hook, "runas_spec"):
            yield f"hook {name}{inspect.signature(hook)}"
    for door in DOORS:
        module = import_module(door)
        for name in sorted(module.__all__):
            yield from described(f"{door}.{name}", getattr(module, name))


def described(name, thing):
    """Describe one name: a function, or a class with what it offers."""
    if not (inspect.isclass(thing) or inspect.isfunction(thing)):
        yield name
        return
    yield f"{name}{signature(thing)}"
    for member, value in sorted(vars(thing).items()) if inspect.isclass(thing) else ():
        if not member.startswith("_") and (
            inspect.isfunction(value) or isinstance(value, property)
        ):
            shown = signature(value) if inspect.isfunction(value) else ""
            yield f"{name}.{member}{shown}"


def signature(thing):
    try:
        return str(inspect.signature(thing))
    except (TypeError, ValueError):
        return ""


def test_the_interface_is_the_one_that_is_written_down():
    # In an interpreter of its own: what other tests load does not change it.
    done = subprocess.run(
        [sys.executable, __file__, "-"], capture_output=True, text=True, check=True
    )
    assert done.stdout == SURFACE.read_text("utf-8"), __doc__


def test_all_is_sorted_and_complete():
    for door in DOORS:
        module = import_module(door)
        assert sorted(module.__all__) == sorted(set(module.__all__))
        assert all(getattr(module, name) is not None for name in module.__all__)


if __name__ == "__main__":
    text = "\n".join(lines()) + "\n"
    if sys.argv[1:] == ["-"]:
        sys.stdout.write(text)
    else:
        SURFACE.write_text(text, "utf-8")
