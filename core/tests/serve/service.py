"""A whole service in this process: its profiles log in as a test wants, nobody else does."""

import http.client
import json
import os
import re
from functools import partial
from types import SimpleNamespace

from runas._credentials import Credentials
from runas.cache import Entry
from runas.challenges import drive
from runas.config.commandline import parse
from runas.config.load import open_config
from runas.prompters.web import Web
from runas.serve.ecs import Ecs
from runas.serve.imds import IMDS_WANTS, Imds
from runas.serve.journal import Journal
from runas.serve.limits import Failures
from runas.serve.page.access import Access
from runas.serve.ports import listen
from runas.serve.profiles import Allowed, Profiles
from runas.serve.renewal import Renewal
from runas.serve.running import Service
from runas.serve.sessions import Session
from runas.serve.tokens import Tokens

PATIENCE = 20
TOKEN = "token-of-the-endpoint-canary"
CONFIG = """
[default]
region = eu-west-1
[profile admin]
role_arn = arn:aws:iam::123456789012:role/team/admin
source_profile = keys
region = eu-central-1
[profile other]
role_arn = arn:aws:iam::210987654321:role/other
source_profile = keys
[profile "with space"]
role_arn = arn:aws:iam::210987654321:role/spaced
source_profile = keys
[profile sign-in]
saml_auth_url = https://login.example.com/app
saml_username = me@example.com
role_arn = arn:aws:iam::123456789012:role/saml
[profile keys]
aws_access_key_id = AKIAEXAMPLE
aws_secret_access_key = secret-canary
[profile broken]
duration_seconds = soon
"""


class FakeLogin:
    """Where a real login would be: runs *flow*, a generator that returns credentials."""

    def __init__(self, site, web, profile):
        self.site, self.web, self.profile = site, web, profile
        self.folder = os.environ["RUNAS_CACHE_DIR"]

    def engine(self, profile):
        def entry(**options):
            self.site.logins.append((profile.name, options))
            keys = yield from self.site.flow(profile)
            facts = {"subject": "alice", "account": "123456789012"}
            if profile.role_arn:
                facts["role"] = profile.role_arn
            return Entry(keys, int(self.site.clock()), facts)

        return SimpleNamespace(entry=entry)

    def drive(self, profile, flow):
        return drive(flow, self.web.answer)


class Site:
    """One service, and a client with or without manners."""

    def __init__(
        self, clock, *, ec2=False, profile="admin", allow=(), patience=900, config="", **options
    ):
        path = os.environ["AWS_CONFIG_FILE"]
        with open(path, "w", encoding="utf-8") as file:
            file.write(CONFIG + config)
        self.clock, self.logins, self.number = clock, [], 0
        self.flow = self.simply
        self.config = open_config(parse([], {}))
        self.journal = Journal()
        start = self.config.profile(profile) if profile else None
        self.profiles = Profiles(
            self.config,
            lambda profile, web: Session(profile, FakeLogin(self, web, profile), web, self.journal),
            self.journal,
            Allowed(self.config, start, allow),
            asker=lambda changed: Web(changed, patience=patience),
            renewal=partial(Renewal, clock=clock, wanted_left=IMDS_WANTS if ec2 else 900),
        )
        listening = listen("127.0.0.1", 0)
        self.port = listening.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        failures = Failures()
        token = None if ec2 else options.pop("token", TOKEN)
        self.access = Access(self.port, token, failures)
        self.tokens = Tokens(clock)
        self.programs = (
            Imds(self.profiles, self.tokens, **options)
            if ec2
            else Ecs(self.profiles, token, failures)
        )
        self.service = Service(
            self.programs, self.profiles, self.journal, self.access, "http://" + self.address
        )
        self.service.open(listening, "localhost")
        self.cookie = ""
        if start is not None:
            self.profiles.switch(start).renewal.current()

    def simply(self, profile):
        """Log in without asking anybody."""
        self.number += 1
        return self.made(self.number)
        yield

    def made(self, number, life=3600):
        end = int(self.clock()) + life
        return Credentials(f"ASIA{number}", "secret-canary", "session-canary", end)

    def ask(self, method, path, body=None, **headers):
        """Send one request; return the status, the headers and the text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        given = {name.replace("_", "-"): text for name, text in headers.items()}
        try:
            connection.request(method, path, body, given)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()

    def get(self, path="/credentials", **headers):
        """Ask as an SDK does."""
        given = {"Authorization": TOKEN} | headers
        status, _, text = self.ask("GET", path, **given)
        return status, json.loads(text) if text.startswith(("{", "[")) else text

    def enter(self):
        """Open the link, as a browser does; the cookie goes with what follows."""
        status, headers, _ = self.ask("GET", f"/?key={self.access.key}", Sec_Fetch_Site="none")
        assert (status, headers["Location"]) == (303, "/")
        self.cookie = headers["Set-Cookie"].partition(";")[0]
        return headers["Set-Cookie"]

    def page(self, method, path, body=None, **headers):
        """Ask as the page does."""
        if not self.cookie:
            self.enter()
        given = {
            "Cookie": self.cookie,
            "Sec_Fetch_Site": "same-origin",
            "Referer": f"http://{self.address}/",
        }
        if method == "POST":
            given |= {
                "Origin": f"http://{self.address}",
                "X_Runas_CSRF": self.access.csrf,
                "Content_Type": "application/json",
            }
            body = json.dumps(body or {})
        status, answered, text = self.ask(method, path, body, **{**given, **headers})
        return status, answered, json.loads(text) if text.startswith(("{", "[")) else text

    def state(self):
        return self.page("GET", "/state")[2]

    def csrf_in_page(self):
        return re.search(r'name="csrf" content="([^"]+)"', self.page("GET", "/")[2])[1]

    def close(self):
        self.service.close()
