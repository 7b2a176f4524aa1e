"""An AD FS farm of any make, AWS behind it, and someone in front: at a terminal, or nobody."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from runas.testing.aws import AwsEmulator
from runas.testing.sandbox import Federation
from runas.testing.sandbox import World as Sandbox
from runas_adfs.testing import AdfsFarm

from ..run.person import Person  # noqa: TID252 - tests are not installed
from ..run.reader import spellings  # noqa: TID252 - tests are not installed
from ..run.world import RUNAS, World, reaching  # noqa: TID252 - tests are not installed
from .kerberos import Realm

UPN, DOWN_LEVEL = "alice@corp.example.com", "CORP\\alice"
PASSWORD = "canary-Pa55 & wörd+=sent-once"
CODE, NEXT_CODE, WRONG_CODE = "73194628", "80462713", "00000000"
GIVEN = {"RUNAS_PASSWORD": PASSWORD}
REALM_PASSWORD = "canary-of-the-realm"
CREDENTIALS = ("-O", "json")
ASSERTION = "PHNhbWxw"
"""How every response begins: ``<samlp`` in base64."""


@dataclass
class Adfs(World):
    """A home with the profile ``adfs``, and the farm that it signs in to."""

    farm: AdfsFarm
    trust: Federation

    @property
    def codes(self) -> list[str]:
        """The codes that the account has not spent."""
        (user,) = self.farm.users.values()
        return user.codes

    def role(self, stdout: str) -> str:
        """Name the role that the printed credentials are for; check who took it."""
        arn = self.aws.issued[json.loads(stdout)["AccessKeyId"]].arn
        kind, role, session = arn.rpartition(":")[2].split("/")
        assert (kind, session) == ("assumed-role", "alice")
        return role

    def got_in(self, found: CompletedProcess[str], stderr: str = "") -> None:
        """Check a run that had to end with the role, having said no more than *stderr*."""
        assert (found.returncode, found.stderr) == (0, stderr)
        assert self.role(found.stdout) == "adfs-developer"
        self.kept_secret(found.stdout + found.stderr)

    def let_in(self, someone: Person) -> None:
        """Wait for someone who has to end with the role, whatever the log says, but no secret."""
        found = ends(someone)
        assert found.returncode == 0, found.stderr
        assert self.role(found.stdout) == "adfs-developer"
        self.kept_secret(found.stdout, found.stderr, someone.shown)
        self.sent_once()

    def said_no(
        self, found: CompletedProcess[str], status: int, *facts: str, after: str = ""
    ) -> None:
        """Check a run that had to end without: status, one line on stderr, what it says.

        A sentence of the farm's has lost its full stop there: the hint goes on behind it.
        *after* is the notice that went before, such as one of a push.
        """
        assert (found.returncode, found.stdout) == (status, ""), found
        assert found.stderr.startswith(f"{after}runas: "), found.stderr
        assert found.stderr.count("\n") == 1 + after.count("\n"), found.stderr
        missing = [fact for fact in facts if fact.rstrip(".") not in found.stderr]
        assert not missing, found.stderr
        self.kept_secret(found.stderr)

    def sent_once(self) -> None:
        """Check that the password went to the farm in one request, and nowhere else."""
        assert self.farm.primary == 1
        sent = [one for one in self.farm.requests if PASSWORD in one.form.values()]
        assert len(sent) == 1
        elsewhere = [repr(one).encode() for one in self.aws.requests]
        elsewhere += [one.body + one.target.encode() for one in self.farm.duo.server.requests]
        assert not [one for one in elsewhere if holds(one, PASSWORD)]

    def kept_secret(self, *shown: str) -> None:
        """Check that no secret was shown, or left on the disk where it does not belong."""
        tickets = [ticket.encode() for ticket in self.farm.logins]
        for text in shown:
            assert not holds(text.encode()), text
            assert not [each for each in tickets if each in text.encode()], text
            assert ASSERTION not in text
        for path in filter(Path.is_file, self.home.rglob("*")):
            content = path.read_bytes()
            assert not holds(content), path
            assert ASSERTION.encode() not in content, path
            if any(each in content for each in tickets):
                assert path.parent.name == "cookies", path
                assert path.stat().st_mode & 0o077 == 0, path


def holds(content: bytes, *secrets: str) -> bool:
    """Find the secrets (the password and the codes), as they are or as they travel."""
    spelt = (each for one in secrets or (PASSWORD, CODE, NEXT_CODE) for each in spellings(one))
    return any(each.encode() in content for each in spelt)


@pytest.fixture
def adfs(home: Path) -> Iterator[Callable[..., Adfs]]:
    """Open a farm: its version, its adapters, facts of its only account, more of its profile."""
    with ExitStack() as stack:

        def opened(
            version: str = "2022",
            adapter: str | tuple[str, ...] = (),
            *,
            name: str = UPN,
            profile: dict[str, str] | None = None,
            facts: dict[str, Any] | None = None,
            **options: Any,
        ) -> Adfs:
            aws = stack.enter_context(AwsEmulator())
            trust = Sandbox(aws, stack).federate("adfs")
            farm = AdfsFarm(
                version, adapter, issue=lambda name: trust.issue(subject(name)), **options
            )
            stack.enter_context(farm).user(
                name, PASSWORD, **{"codes": [CODE, NEXT_CODE], **(facts or {})}
            )
            made = Adfs(home, reaching(aws), aws, farm, trust)
            settings = {"saml_username": name, **(profile or {})}
            lines = [f"{key} = {text}" for key, text in settings.items() if text]
            made.config.write_text(
                f"[default]\nregion = eu-west-1\n\n[profile adfs]\nsaml_auth_url = {farm.sign_in}\n"
                + "\n".join([*lines, f"role_arn = {trust.developer}", ""]),
                "utf-8",
            )
            return made

        yield opened


def subject(name: str) -> str:
    """Return the name that the farm's claims rule makes the session's: without its domain."""
    return name.rpartition("\\")[2].partition("@")[0]


@pytest.fixture(scope="session")
def realm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Realm]:
    """Start a KDC with two users: ``alice``, and ``stranger``, whom no farm knows."""
    opened = Realm(tmp_path_factory.mktemp("realm"))
    try:
        for name in ("alice", "stranger"):
            opened.user(name, REALM_PASSWORD)
        yield opened
    finally:
        opened.close()


@pytest.fixture
def sits_at() -> Iterator[Callable[..., Person]]:
    """Put someone at a terminal in front of ``runas``."""
    with ExitStack() as opened:

        def start(place: Adfs, *words: str, **environ: str) -> Person:
            return Person.seated(opened, place, RUNAS, *words, **environ)

        yield start


def ends(someone: Person) -> CompletedProcess[str]:
    """Wait for the end of what someone started."""
    status, out, err = someone.waits()
    return CompletedProcess([], status, out, err)


def types_password(someone: Person, password: str = PASSWORD) -> None:
    """Answer the question for the password, which does not show."""
    someone.sees("Password for ")
    someone.sees(": ")
    types_hidden(someone, password)


def types_code(someone: Person, code: str, device: str) -> None:
    """Answer the question for a code, which does not show."""
    someone.sees(f"MFA code for {device}: ")
    types_hidden(someone, code)


def types_hidden(someone: Person, text: str) -> None:
    """Answer a question whose answer does not show."""
    assert not someone.echo
    someone.types(text + "\n")
