"""Somebody who comes from another tool, with the profiles that docs/migrate.md speaks of."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from runas.secrets import open_store
from runas.testing.sandbox import World as Furniture
from runas_okta.testing import OktaOrg, Push, Totp
from runas_sso.testing import IdentityCenter, minted_by

from ..configure.world import sign_in  # noqa: TID252 - tests are not installed
from ..run.world import RUNAS, alone  # noqa: TID252 - tests are not installed
from .conftest import FAKE, World

USER, PASSWORD = "me@example.com", "secret"
WORK, INSTANCE = "123456789012", "i-0123456789abcdef0"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + "k" * 43
PROGRAMS = ("aws", "docker", "terraform", "session-manager-plugin")

# Allows the sign-in behind an address, while whoever opened it goes on.
BROWSER = """#!/bin/sh
echo "$1" >> {opened}
{python} -c 'import sys; from runas_sso.testing import Person; Person().open(sys.argv[1])' "$1" \\
    >/dev/null 2>&1 &
"""


PIP = """
import sys
print(sys.argv[3], "(9.0.0)")
print("Available versions: 9.0.0, 0.1.0")
"""


class Mover:
    """One line of the page, and a world in which it can be typed."""

    def __init__(self, world: World, line: str, stack: ExitStack) -> None:
        self.world, self.line, self.stack = world, line, stack
        self.words = {"123456": world.seeds.device.code()}
        self.world.environ["TZ"] = "UTC"
        self._programs()
        self._plain()
        if "sso" in line or "URL" in line or re.search("login|logout|account-id|configure", line):
            self._portal()
        if re.search("saml|deploy-profile|IDP|corp-", line):
            self._provider()

    def _programs(self) -> None:
        self.runs = {name: self.world.program(name) for name in PROGRAMS}
        home = self.world.home
        self.script(
            "myscript.py", FAKE.format(python=sys.executable, record=f"{home}/mine.json"), home
        )
        self.script("code", '#!/bin/sh\ntest "$1" = --now && echo "$CODE"\n')
        self.script("password", f'#!/bin/sh\ntest "$1" = --now && echo {PASSWORD}\n')
        (home / "packages" / "pip").mkdir(parents=True)
        (home / "packages" / "pip" / "__init__.py").write_text("")
        (home / "packages" / "pip" / "__main__.py").write_text(PIP)
        self.world.environ["PYTHONPATH"] = str(home / "packages")
        self.opened = home / "opened"
        browser = BROWSER.format(opened=self.opened, python=sys.executable)
        self.world.environ["BROWSER"] = str(self.script("browser", browser))

    def script(self, name: str, text: str, folder: Path | None = None) -> Path:
        """Write a program."""
        path = (folder or self.world.home / "bin") / name
        path.write_text(text)
        path.chmod(0o755)
        return path

    def _plain(self) -> None:
        """Give `my-profile` a role, and the account an instance to reach."""
        world = self.world
        ops = world.config.read_text().partition("[profile ops]")[2].partition("[")[0]
        world.add(f"[profile my-profile]{ops}")
        world.aws.machine(
            WORK, "eu-west-1", name="web-1", private_ip="10.0.3.7", instance_id=INSTANCE
        )
        prefix = 'role_prefix: "arn:aws:iam::123456789012:role/"\n'
        if re.search(r"--role [a-z-]+ \./|--role read-only$", self.line):
            (world.home / "assume-role.yaml").write_text(prefix)
        allowed = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}
        policy = {"Version": "2012-10-17", "Statement": allowed}
        (world.home / "policy.json").write_text(json.dumps(policy))
        if "--ec2ic" in self.line:
            (world.home / ".ssh").mkdir()
            (world.home / ".ssh" / "id_ed25519.pub").write_text(KEY)
            self.script("ssh", "#!/bin/sh\necho identityfile '~/.ssh/id_ed25519'\n")

    def _portal(self) -> None:
        """Open an Identity Center, and sign in unless the line does."""
        center = IdentityCenter(region="eu-west-1", mint=minted_by(self.world.aws))
        center = self.stack.enter_context(center)
        center.account(WORK, "corp-work").role("Developer").role("ReadAccess")
        self.center = center
        self.world.environ |= center.environment()
        self.world.add(
            f"[sso-session corp]\nsso_start_url = {center.start_url}\nsso_region = eu-west-1\n"
            "sso_registration_scopes = sso:account:access\n\n"
            f"[profile my-sso-profile]\nsso_session = corp\nsso_account_id = {WORK}\n"
            "sso_role_name = Developer\nregion = eu-west-1\n"
        )
        self.words["URL"] = center.start_url
        if "runas login" not in self.line:
            sign_in(center)
            sign_in(center, sso_session="corp", sso_registration_scopes="sso:account:access")

    def _provider(self) -> None:
        """Open an Okta org, and keep the user's password."""
        world = self.world
        trust = Furniture(world.aws, self.stack).federate("corp")
        self.totp = Totp()
        self.okta = self.stack.enter_context(OktaOrg(issue=trust.issue))
        coded = re.search(r"\b123456\b|code --now", self.line)
        wanted = [Push(after=0)] if "push" in self.line else [self.totp] if coded else []
        self.okta.user(USER, PASSWORD, wanted)
        common = (
            f"saml_auth_url = {self.okta.app_url}\nsaml_username = {USER}\nregion = eu-west-1\n"
        )
        world.add(
            f"[profile my-saml-profile]\n{common}role_arn = {trust.developer}\n\n"
            f"[profile my-deploy-profile]\n{common}jump_role_arn = {trust.jump}\n"
            f"role_arn = {trust.target}\n"
        )
        self.words |= {"IDP": self.okta.app_url, "123456": self.totp.code()}
        world.environ["CODE"] = self.totp.code()
        if "runas password" not in self.line:
            origin = re.match(r"https?://[^/]+", self.okta.app_url)[0]
            if "saml-profile" in self.line or "deploy" in self.line or "IDP" in self.line:
                open_store(self.environ, str(world.home)).set(origin, USER, PASSWORD)

    @property
    def environ(self) -> dict[str, str]:
        """The variables of the terminal."""
        return {**os.environ, **self.world.environ}

    @property
    def typed(self) -> str:
        """The line, with this world's addresses, codes and free ports in place of the page's."""
        typed = self.line
        for word, here in self.words.items():
            typed = re.sub(rf"(?<![\w/.:-]){word}(?![\w/.:-])", here, typed)
        if "runas serve" in typed:
            typed = re.sub(r" -p \d+|(?<=serve ecs)(?! -p)", " -p 0", typed)
        return typed

    def run(self) -> subprocess.CompletedProcess[str]:
        """Type the line in a shell that is no terminal."""
        return alone(["sh", "-c", self.typed], self.world.environ, self.world.home)

    def serve(self) -> tuple[int, str, str]:
        """Start the line, wait until it serves, and stop it; return status, stdout and stderr."""
        process = subprocess.Popen(
            [RUNAS, *shlex.split(self.typed)[1:]],
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.world.home,
            start_new_session=True,
        )
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        return process.returncode, first + out, err

    def browser_opened(self) -> str:
        """Wait for the address that the browser was given."""
        deadline = time.monotonic() + 20
        while not (self.opened.exists() and self.opened.read_text().endswith("\n")):
            assert time.monotonic() < deadline, "nothing was opened"
            time.sleep(0.05)
        return self.opened.read_text().strip()
