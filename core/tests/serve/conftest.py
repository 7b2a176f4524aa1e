"""An endpoint in this process, and clients with no manners."""

import http.client
import json
import socket
import threading
import time

import pytest

from runas._credentials import Credentials
from runas.serve.base import Server
from runas.serve.container import Container
from runas.serve.listener import Listener
from runas.serve.renewal import Renewal

PATIENCE = 20


class Clock:
    """A wall clock that is set by hand."""

    def __init__(self):
        self.now = 1_900_000_000.0

    def __call__(self):
        return self.now


class Source:
    """Where credentials come from: counts, waits and fails as told."""

    def __init__(self, clock, life=3600):
        self.clock = clock
        self.life = life
        self.calls = 0
        self.failure = None
        self.gate = threading.Event()
        self.gate.set()
        self.came = threading.Semaphore(0)

    def __call__(self):
        self.calls += 1
        self.came.release()
        assert self.gate.wait(PATIENCE)
        if self.failure is not None:
            raise self.failure
        return self.made(self.calls)

    def made(self, number):
        end = int(self.clock() + self.life)
        return Credentials(f"AKIA{number}", "secret-canary", "token-canary", end)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def source(clock):
    return Source(clock)


@pytest.fixture
def eventually():
    def wait(condition):
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, "it never came true"
            time.sleep(0.01)

    return wait


@pytest.fixture
def renewal(source, clock):
    made = []

    def make(credentials=None, obtained=None, **options):
        made.append(Renewal(source, credentials, obtained, clock=clock, **options))
        return made[-1]

    yield make
    source.gate.set()
    for each in made:
        each.close()


class Endpoint:
    def __init__(self, renewal, **options):
        self.listener = Listener.open()
        self.address = self.listener.address
        self.port = self.listener.port
        self.token = self.listener.token
        hosts = (self.address, f"localhost:{self.port}")
        application = Container(renewal, self.token)
        self.server = Server(self.listener.detach(), application, hosts, **options)
        self.server.start()

    def get(self, path="/credentials", method="GET", token=None, **headers):
        """Ask as an SDK does; return the status, the headers and the document."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        given = {"Authorization": self.token if token is None else token}
        given |= {name.replace("_", "-"): text for name, text in headers.items()}
        try:
            connection.request(method, path, headers=given)
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, answer.headers, json.loads(text) if text else None
        finally:
            connection.close()

    def raw(self, *parts, pause=0.0):
        """Send bytes as they are; return all that comes back until the connection closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            received = b""
            try:
                for part in parts:
                    connection.sendall(part)
                    time.sleep(pause)
                while piece := connection.recv(65536):
                    received += piece
            except ConnectionError:
                pass
            return received


@pytest.fixture
def endpoint(renewal, source):
    opened = []

    def open_endpoint(held=None, **options):
        held = held or renewal(source.made(0))
        opened.append(Endpoint(held, **options))
        return opened[-1]

    yield open_endpoint
    source.gate.set()
    for each in opened:
        each.server.close()


@pytest.fixture
def site():
    """Start whole services; their clock is real."""
    from .service import Site

    opened = []

    def start(**options):
        opened.append(Site(options.pop("clock", time.time), **options))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


@pytest.fixture
def no_threads(monkeypatch):
    """Let the system have no more threads, so many times (a container's limit of processes)."""

    def lack(times):
        left, start = [times], threading.Thread.start

        def refuse(thread):
            if left[0]:
                left[0] -= 1
                raise RuntimeError("can't start new thread")
            start(thread)

        monkeypatch.setattr(threading.Thread, "start", refuse)

    return lack


@pytest.fixture
def many_files():
    """Let this process open both ends of a thousand connections."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4096
    if 0 <= hard < wanted:
        pytest.skip(f"no more than {hard} files may be open here")
    if 0 <= soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
