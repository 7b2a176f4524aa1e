"""``runas update``, by pip, from folders of packages that the tests write."""

import json
import zipfile

import pytest

from ..run.world import RUNAS  # noqa: TID252 - tests are not installed


@pytest.fixture
def index(world):
    """Give a folder that pip takes for its index; return what adds releases to it."""
    folder = world.home / "index"
    folder.mkdir()
    world.environ |= {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(folder),
        "PIP_CONFIG_FILE": "/dev/null",
    }

    def release(name: str, version: str) -> None:
        stem = f"{name.replace('-', '_')}-{version}"
        with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
            metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
            wheel.writestr(f"{stem}.dist-info/METADATA", metadata)

    return release


def test_a_newer_core_and_a_newer_plugin(world, index):
    for name, version in (
        ("runas-core", "0.1.0"),
        ("runas-core", "9.0.1"),
        ("runas-core", "9.1.0rc1"),
        ("runas-plugin-iam", "9.0.0"),
    ):
        index(name, version)
    for words in (["update"], ["-u"]):
        done = world.run(*words)
        assert done.returncode == 0
        assert done.stdout == "runas-core 0.1.0 -> 9.0.1\nrunas-plugin-iam 0.1.0 -> 9.0.0\n"
        assert "to upgrade: pip install -U runas-core runas-plugin-iam" in done.stderr


def test_nothing_newer(world, index):
    index("runas-core", "0.1.0")
    done = world.run("update")
    assert (done.returncode, done.stdout) == (0, "")
    assert "up to date" in done.stderr
    assert json.loads(world.run("update", "--json").stdout) == [
        {"name": "runas-core", "installed": "0.1.0", "newest": "0.1.0", "newer": False}
    ]


def test_quiet_where_the_index_cannot_be_reached(world):
    done = world.run(
        "update",
        PIP_INDEX_URL="http://127.0.0.1:1/simple",
        PIP_CONFIG_FILE="/dev/null",
        PIP_FIND_LINKS="",
        PIP_EXTRA_INDEX_URL="",
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("here", "there", "newer"),
    [
        ("0.1.0", "0.1.1", True),
        ("0.1.9", "0.1.10", True),
        ("1.0", "1.0.0", False),
        ("1.0.0rc1", "1.0.0", True),
        ("1.1.0.dev1", "1.0.0", False),
    ],
)
def test_which_release_is_newer(here, there, newer):
    from runas.cli.releases import Release

    assert Release("x", here, there).newer is newer


SLOW = """
import sys, time
from pathlib import Path
until = time.monotonic() + 30
while not Path("go-on").exists() and time.monotonic() < until:
    time.sleep(0.05)
"""


def test_a_spinner_where_somebody_watches_and_only_there(world, at_terminal):
    (world.home / "pip").mkdir()
    (world.home / "pip" / "__init__.py").write_text("")
    (world.home / "pip" / "__main__.py").write_text(SLOW)
    world.environ["PYTHONPATH"] = str(world.home)
    window = at_terminal(RUNAS, "update")
    window.wrote("\rasking the package index |")
    window.wrote("\rasking the package index /")
    (world.home / "go-on").write_text("")
    assert window.ends() == 0
    assert "asking" not in "\n".join(window.screen())
    assert "asking" not in world.run("update").stderr
    window = at_terminal(RUNAS, "update", TERM="dumb")
    assert window.ends() == 0
    assert "asking" not in window.written
