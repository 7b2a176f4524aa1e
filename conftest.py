"""What holds for every test: a world of its own, no network but loopback, no trace left behind."""

import errno
import ipaddress
import itertools
import os
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).parent
REQUIRE_ALL = os.environ.get("RUNAS_REQUIRE_ALL") == "1"
IN_CI = bool(os.environ.get("CI"))

# Whatever of the machine could reach into a test, or into a program that a test starts.
PREFIXES = ("AWS", "RUNAS_", "SAML_", "WEB_", "MFA_", "SSH_", "TYPER_", "XDG_", "_RUNAS", "_TYPER")
NAMES = (
    *("BROWSER", "CI", "COLUMNS", "CREDENTIALS_DURATION", "CURL_CA_BUNDLE", "EXTERNAL_ID"),
    *("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "FORCE_COLOR", "GITHUB_ACTIONS", "JUMP_ROLE_ARN"),
    *("LINES", "NO_COLOR", "PY_COLORS", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"),
    *("MAKEFLAGS", "MAKELEVEL", "MFLAGS"),
    *("REQUESTS_CA_BUNDLE", "SESSION_TOKEN_DURATION", "SSL_CERT_DIR", "SSL_CERT_FILE"),
    *("WAYLAND_DISPLAY", "WSL_DISTRO_NAME"),
)

# Broken pipes and files too large are errors in Python; for its children it undoes both itself.
_PYTHON_IGNORES = {getattr(signal, name, None) for name in ("SIGPIPE", "SIGXFSZ", "SIGXFZ")}

hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("ci" if IN_CI else "here")

refused: list[str] = []
_homes = itertools.count()


def pytest_configure() -> None:
    """Begin with signals as a terminal gives them: `nohup`, `&` and CI leave some of them ignored.

    The programs that a test starts inherit that, and rightly so.
    """
    for one in signal.valid_signals() - {signal.SIGINT}:
        if signal.getsignal(one) is signal.SIG_IGN and one not in _PYTHON_IGNORES:
            signal.signal(one, signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_SETMASK, ())


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose programs are missing, or fail it where all of them must be there."""
    for marker in item.iter_markers("requires"):
        missing = [name for name in marker.args if not _found(name)]
        if missing:
            outcome = pytest.fail if REQUIRE_ALL else pytest.skip
            outcome("not installed: " + ", ".join(missing))


def _found(name: str) -> bool:
    return (ROOT / name).exists() if "/" in name else shutil.which(name) is not None


def _loopback(host: object) -> bool:
    if host in (None, "", "localhost") or not isinstance(host, str):
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified


def _refuse(host: object) -> OSError:
    refused.append(str(host))
    return OSError(errno.ENETUNREACH, f"a test may not reach {host}")


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    """Refuse connections and look-ups that would leave this machine."""
    connect, connect_ex, lookup = (
        socket.socket.connect,
        socket.socket.connect_ex,
        socket.getaddrinfo,
    )

    def leaves(sock: socket.socket, address: object) -> bool:
        inet = sock.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple)
        return inet and not _loopback(address[0])

    def guarded_connect(self, address):
        if leaves(self, address):
            raise _refuse(address[0])
        return connect(self, address)

    def guarded_connect_ex(self, address):
        if leaves(self, address):
            raise _refuse(address[0])
        return connect_ex(self, address)

    def guarded_lookup(host, *args, **kwargs):
        if not _loopback(host):
            raise _refuse(host)
        return lookup(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_lookup)
        yield


@pytest.fixture(scope="session", autouse=True)
def _homes_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Take the user's and the machine's settings away, for the whole run."""
    base = tmp_path_factory.mktemp("homes")
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(PREFIXES) or name in NAMES or name.lower().endswith("_proxy"):
                patch.delenv(name)
        # The programs of this environment (runas, aws) come before the machine's.
        patch.setenv("PATH", os.path.dirname(sys.executable), prepend=os.pathsep)
        patch.setenv("TERM", "xterm")  # shells complain where there is none
        # What keyring falls back to where there is none: no test may reach the user's own.
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        _settle(patch, base / "shared")
        yield base


def _settle(patch: pytest.MonkeyPatch, home: Path) -> None:
    (home / ".aws").mkdir(parents=True)
    for name in ("HOME", "USERPROFILE"):
        patch.setenv(name, str(home))
    folders = {
        "XDG_CONFIG_HOME": ".config",
        "XDG_CACHE_HOME": ".cache",
        "XDG_DATA_HOME": ".local/share",
        "XDG_STATE_HOME": ".local/state",
        "APPDATA": "AppData/Roaming",
        "LOCALAPPDATA": "AppData/Local",
        "RUNAS_CACHE_DIR": "runas-cache",
        "RUNAS_STATE_DIR": "runas-state",
        "AWS_CONFIG_FILE": ".aws/config",
        "AWS_SHARED_CREDENTIALS_FILE": ".aws/credentials",
    }
    for name, folder in folders.items():
        patch.setenv(name, str(home / folder))


@pytest.fixture(autouse=True)
def home(_homes_of_tests: Path) -> Iterator[Path]:
    """Give the test a home folder of its own; everything that runas reads or writes lies in it."""
    folder = Path.cwd()
    path = _homes_of_tests / str(next(_homes))
    refused.clear()
    with pytest.MonkeyPatch.context() as patch:
        _settle(patch, path)
        before = _environment()
        yield path
        changed = sorted({name for name, _ in before.items() ^ _environment().items()})
        _put_back(before)
    moved = Path.cwd() != folder
    os.chdir(folder)
    assert not changed, f"the test left os.environ changed: {', '.join(changed)}"
    assert not moved, "the test left another working directory"
    assert not refused, f"the test tried to reach {', '.join(sorted(set(refused)))}"


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}


def _put_back(before: dict[str, str]) -> None:
    for name in _environment().keys() - before.keys():
        del os.environ[name]
    os.environ.update(before)
