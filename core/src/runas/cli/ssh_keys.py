"""The public key that ssh is about to prove itself with.

ssh itself is asked which files it would try for the host (``ssh -G``), so that what the user has
configured counts.
Source: ssh(1), -G; ssh_config(5), IdentityFile and its tokens; ssh-keygen(1), -y; ssh-add(1), -L
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator

from runas.errors import CommandNotExecutable, CommandNotFound, ConfigurationError
from runas.launch.aside import said
from runas.launch.execute import find

_PATIENCE = 20
_PUBLIC = re.compile(r"(ssh-ed25519|ssh-rsa) [A-Za-z0-9+/]{60,}={0,2}(?=\s|$)")
"""The kinds of keys that EC2 takes; the comment behind them, often user@host, is not sent."""


def public_key(host: str, user: str) -> str:
    """Return the public half of the first key that ssh would try, without its comment.

    It stands beside the private key, is made from one without a passphrase, or is the agent's.
    Raises ConfigurationError where there is none that EC2 takes.
    """
    for text in _texts(host, user):
        found = _PUBLIC.match(text)
        if found:
            return found[0]
    raise ConfigurationError(
        "ssh has no RSA or Ed25519 key to log in with", "make one: ssh-keygen -t ed25519"
    )


def _texts(host: str, user: str) -> Iterator[str]:
    """Yield what may be a public key, in the order of ssh's files; the agent's keys come last."""
    for path in _identity_files(host, user):
        if not os.path.exists(path) and not os.path.exists(f"{path}.pub"):
            continue
        yield _read(f"{path}.pub")
        yield _read(path)  # where it names the public half of a key that the agent holds
        yield _output("ssh-keygen", "-y", "-P", "", "-f", path)
    yield from _output("ssh-add", "-L").splitlines()


def _identity_files(host: str, user: str) -> Iterator[str]:
    home = os.path.expanduser("~")
    tokens = {"%d": home, "%h": host, "%r": user, "%%": "%"}
    for line in _output("ssh", "-G", "-l", user, "--", host).splitlines():
        name, _, path = line.partition(" ")
        if name.lower() == "identityfile" and path != "none":
            expanded = re.sub("%[dhr%]", lambda found: tokens[found[0]], path.strip('"'))
            yield os.path.expanduser(expanded)


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.readline(8192)
    except OSError:
        return ""


def _output(*argv: str) -> str:
    """Return what a program of OpenSSH writes; nothing where it is missing or fails."""
    try:
        path = find(argv[0], os.environ.get("PATH", os.defpath))
        done = said([path, *argv[1:]], _PATIENCE)
    except (CommandNotFound, CommandNotExecutable, OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""
