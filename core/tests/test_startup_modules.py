"""What every path loads: a ceiling that only goes down, and what the fast lane must never load.

Modules are counted, not milliseconds: that holds on every machine. A number here may be lowered
whenever the code allows; whoever must raise one explains it in docs/design.md.
"""

import subprocess
import sys

import pytest

from runas.testing import AwsEmulator
from runas.testing.aws.seed import aws_files, seed

# Reports sys.modules at the moment that runas becomes or starts the command, else when it ends.
# As the installed script does: no `re`, no `runpy`, nothing but the import of main.
PROBE = """
import sys
told = []
def tell(event, arguments=()):
    if not told and event in ("os.exec", "os.posix_spawn", "the end"):
        told.extend(sys.modules)
        sys.stderr.write("modules: " + " ".join(told) + "\\n")
        sys.stderr.flush()
if sys.argv[1:]:
    sys.addaudithook(tell)
    import os
    os._exit = sys.exit  # main ends at once; here the rest must still be told
    from runas.__main__ import main
    try:
        status = main()
    finally:
        tell("the end")
    sys.exit(status)
tell("the end")
"""

TOOLS = "typer click rich pluggy requests urllib3 bs4 boto3 botocore keyring yaml".split()
SLOW = (
    "argparse asyncio collections contextlib dataclasses datetime enum functools http importlib"
    " inspect json logging pathlib re shutil socket subprocess tempfile threading tomllib typing"
).split()

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the paths differ there")


@pytest.fixture(scope="module")
def emulator():
    with AwsEmulator() as aws:
        yield aws, seed(aws)


@pytest.fixture
def world(emulator, home, monkeypatch):
    """Give a home whose profile `read-only` needs one AssumeRole; return the emulator."""
    aws, seeds = emulator
    aws_files(seeds, home / ".aws")
    for name, text in aws.environment().items():
        monkeypatch.setenv(name, text)
    monkeypatch.chdir(home)
    aws.forget_requests()
    return aws


@pytest.fixture
def cached(world):
    """Fill the cache, and see to it that the test asks AWS for nothing more."""
    modules("-O", "json", "read-only")
    assert world.calls("AssumeRole")
    world.forget_requests()
    modules("read-only", "true")  # leaves its copy of a config whose [default] has keys
    yield
    assert not world.requests


def modules(*words):
    """Run `runas WORDS` and return what it had loaded when it was done or the command began."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    line = next(line for line in done.stderr.splitlines() if line.startswith("modules: "))
    return set(line.split()[1:])


def own(found):
    """Return what runas loaded beyond bare Python (with what .pth files of this place add)."""
    return found - modules()


def families(found):
    """Return the top-level names."""
    return {name.partition(".")[0] for name in found}


# The budget is 70 modules, of which bare Python brings up to 34. The endpoint's listener, the copy
# of the config and the supervisor of the child come on top.
FAST = {
    "environment": (["-E", "read-only", "true"], 36),
    "credential_process": (["-O", "json", "read-only"], 36),
    "shell": (["read-only"], 36),
    "expiration": (["-e", "read-only"], 36),
    "endpoint": (["read-only", "true"], 46),
}


@pytest.mark.parametrize(("words", "most"), FAST.values(), ids=FAST)
def test_from_the_cache_little_is_loaded(words, most, cached):
    found = own(modules(*words))
    assert len(found) <= most, sorted(found)


@pytest.mark.parametrize("words", [words for words, _ in FAST.values()], ids=FAST)
def test_from_the_cache_nothing_heavy_is_loaded(words, cached):
    assert not families(modules(*words)) & {*TOOLS, *SLOW}


def test_the_child_of_the_endpoint_starts_before_the_server_is_imported(cached):
    found = modules("read-only", "true")
    assert "runas.serve.listener" in found
    assert not found & {"runas.serve.base", "runas.serve.connection", "runas.serve.renewal"}


def test_no_provider_is_imported_from_the_cache(cached):
    for words, _ in FAST.values():
        assert not [name for name in modules(*words) if name.startswith("runas_")]


def test_a_usage_error_loads_no_aws(world):
    code = PROBE.replace("sys.exit(status)", "sys.exit(0 if status == 2 else 1)")
    done = subprocess.run(
        [sys.executable, "-c", code, "--duration", "soon", "read-only"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = families(done.stderr.rpartition("modules: ")[2].split())
    assert not found & {*TOOLS, *SLOW}


NO_LOGIN = set("requests urllib3 bs4 boto3 botocore keyring yaml xml".split())
HANDED_OVER = {
    "version": (["--version"], 245, NO_LOGIN),
    "help": (["--help"], 245, NO_LOGIN),
}


@pytest.mark.parametrize(("words", "most", "never"), HANDED_OVER.values(), ids=HANDED_OVER)
def test_what_needs_no_login_loads_nothing_for_one(words, most, never, world):
    found = own(modules(*words))
    assert len(found) <= most, sorted(found)
    assert not families(found) & never
    assert not [name for name in found if name.startswith("runas_")]


def test_a_cold_login_with_keys_loads_no_front_end_and_no_sign_in_pages(world):
    found = own(modules("-O", "json", "read-only"))
    assert world.calls("AssumeRole")
    assert len(found) <= 410, len(found)
    assert not families(found) & {"typer", "click", "rich", "bs4", "requests", "keyring"}
