"""A realm of Kerberos on loopback: a real KDC, its users, and the key of a web server."""

import base64
import json
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = "build/native/saml_adfs"
"""Where what the extra ``kerberos`` needs is built: it has no wheels, and is in no lock."""

PROGRAMS = ("/usr/sbin/krb5kdc", "/usr/sbin/kdb5_util", "/usr/sbin/kadmin.local", "kinit")
NEEDED = (*PROGRAMS, f"{PACKAGES}/gssapi", f"{PACKAGES}/requests_kerberos")
REALM, SERVICE = "EXAMPLE.TEST", "HTTP/127.0.0.1"

CLIENT = """
[libdefaults]
default_realm = {realm}
dns_lookup_kdc = false
dns_lookup_realm = false
dns_canonicalize_hostname = false
rdns = false
udp_preference_limit = 1
[realms]
{realm} = {{
    kdc = 127.0.0.1:{port}
}}
[domain_realm]
127.0.0.1 = {realm}
"""
SERVER = """
[kdcdefaults]
kdc_listen = 127.0.0.1:{port}
kdc_tcp_listen = 127.0.0.1:{port}
[realms]
{realm} = {{
    database_name = {folder}/principal
    key_stash_file = {folder}/stash
    max_life = 1h
}}
[logging]
kdc = FILE:{folder}/kdc.log
"""


class Realm:
    """A KDC that runs, and a folder with all that it and its clients read."""

    name = REALM

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.keytab = folder / "service.keytab"
        self.environ = {
            "KRB5_CONFIG": str(folder / "krb5.conf"),
            "KRB5_KDC_PROFILE": str(folder / "kdc.conf"),
            "KRB5RCACHENAME": "none:",
        }
        port = self._settle()
        self._run("/usr/sbin/kdb5_util", "create", "-s", "-r", REALM, "-P", "master")
        self._admin(f"addprinc -randkey {SERVICE}", f"ktadd -k {self.keytab} {SERVICE}")
        while not self._listens(port):  # somebody else took the port: another one
            port = self._settle()

    def user(self, name: str, password: str) -> None:
        """Add somebody."""
        self._admin(f'addprinc -pw "{password}" {name}')

    def ticket(self, cache: Path, name: str, password: str) -> dict[str, str]:
        """Get somebody a ticket; return the variables that lead to it."""
        environ = {**self.environ, "KRB5CCNAME": f"FILE:{cache}"}
        self._run("kinit", name, stdin=password + "\n", **environ)
        return environ

    def close(self) -> None:
        """Stop the KDC."""
        self._kdc.terminate()
        self._kdc.wait(10)

    def _settle(self) -> int:
        """Choose a port and write the files that name it."""
        port = free_port()
        facts = {"realm": REALM, "port": port, "folder": self.folder}
        (self.folder / "krb5.conf").write_text(CLIENT.format(**facts))
        (self.folder / "kdc.conf").write_text(SERVER.format(**facts))
        return port

    def _listens(self, port: int) -> bool:
        """Start the KDC and wait until it answers; False where it could not."""
        log = self.folder / "kdc.log"
        self._kdc = subprocess.Popen(
            ["/usr/sbin/krb5kdc", "-n", "-r", REALM],
            env={**os.environ, **self.environ},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 30
        while self._kdc.poll() is None:
            assert time.monotonic() < deadline, log.read_text()
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                return True
            time.sleep(0.05)
        assert "Address already in use" in log.read_text(), log.read_text()
        return False

    def _admin(self, *lines: str) -> None:
        for line in lines:
            self._run("/usr/sbin/kadmin.local", "-r", REALM, "-q", line)

    def _run(self, *argv: str, stdin: str = "", **environ: str) -> None:
        full = {**os.environ, **self.environ, **environ}
        done = subprocess.run(
            argv, env=full, input=stdin, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr


class Acceptor:
    """The server's side of the negotiation, for the farm; ``seen`` are the schemes it was shown."""

    def __init__(self, **environ: str) -> None:
        self.seen: list[str] = []
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("acceptor.py"))],
            env={**os.environ, "PYTHONPATH": str(ROOT / PACKAGES), **environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, scheme: str, message: bytes) -> tuple[str | None, bytes]:
        """Hand a message over, and its answer back."""
        self.seen.append(scheme)
        self._process.stdin.write(f"{scheme} {base64.b64encode(message).decode()}\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return answer["name"], base64.b64decode(answer["token"])

    def close(self) -> None:
        """Let it end."""
        self._process.communicate(timeout=30)


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
