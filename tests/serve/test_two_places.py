"""A question at the terminal and on the page: whoever answers first."""

import http.client
import json
import os
import re
import select
import signal
import subprocess
import sys
import termios
import time
from urllib.parse import urlsplit

import pytest

from ..run.world import RUNAS  # noqa: TID252 - tests are not installed

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX terminal")

# Take the terminal given as the controlling one, all streams on it, and become the program.
LEADER = (
    "import fcntl, os, sys, termios;"
    " fd = os.open(sys.argv[1], os.O_RDWR); fcntl.ioctl(fd, termios.TIOCSCTTY, 0);"
    " [os.dup2(fd, n) for n in range(3)]; fd > 2 and os.close(fd);"
    " os.execvp(sys.argv[2], sys.argv[2:])"
)


class AtTerminal:
    """`runas serve` in the foreground of a terminal, and a client of its page."""

    def __init__(self, world, *words):
        self.master, self.slave = os.openpty()
        self.shown = ""
        argv = [sys.executable, "-c", LEADER, os.ttyname(self.slave), RUNAS, "serve", *words]
        environ = {**world.environ, "TERM": "xterm"}
        self.process = subprocess.Popen(argv, env=environ, start_new_session=True)
        self.sees("page:")
        self.sees("\n")
        link = re.search(r"page: +(\S+)", self.shown)[1]
        self.netloc, self.key = urlsplit(link).netloc, link.partition("key=")[2]

    def sees(self, text):
        until = time.monotonic() + 30
        while text not in self.shown:
            assert time.monotonic() < until, f"not shown: {text!r} in {self.shown!r}"
            if select.select([self.master], [], [], 0.1)[0]:
                self.shown += os.read(self.master, 65536).decode()

    def types(self, text):
        os.write(self.master, text.encode())

    @property
    def echo(self):
        return bool(termios.tcgetattr(self.slave)[3] & termios.ECHO)

    def state(self):
        return self.ask("GET", "/state")

    def ask(self, method, path, **fields):
        connection = http.client.HTTPConnection(self.netloc, timeout=20)
        connection.request("GET", f"/?key={self.key}")
        answer = connection.getresponse()
        answer.read()
        headers = {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}
        connection.request("GET", "/", headers=headers)
        csrf = re.search(r'name="csrf" content="(.+?)"', connection.getresponse().read().decode())[
            1
        ]
        headers |= {"X-Runas-CSRF": csrf, "Content-Type": "application/json"}
        connection.request(method, path, json.dumps(fields) if fields else None, headers)
        text = connection.getresponse().read()
        connection.close()
        return json.loads(text)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)
        os.close(self.slave)


@pytest.fixture
def terminal(world):
    opened = []

    def start(*words):
        opened.append(AtTerminal(world, *words))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


def test_the_terminal_may_answer(world, terminal, eventually):
    place = terminal("ecs", "-p", "0", "admin")
    place.sees("MFA code for")
    assert not place.echo
    assert place.state()["questions"][0]["kind"] == "code"
    place.types(world.seeds.device.code() + "\n")
    eventually(lambda: place.state()["profile"]["valid"])
    assert not place.state()["questions"]
    assert place.echo


def test_the_page_may_answer_and_the_terminal_is_left_as_it_was(world, terminal, eventually):
    place = terminal("ecs", "-p", "0", "admin")
    place.sees("MFA code for")
    asked = place.state()["questions"][0]
    place.ask("POST", "/answer", id=asked["id"], answer=world.seeds.device.code())
    eventually(lambda: place.state()["profile"]["valid"])
    eventually(lambda: place.echo)


@pytest.mark.timing
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_ending_while_it_asks_leaves_the_terminal_as_it_was(terminal, number, status):
    place = terminal("ecs", "-p", "0", "admin")
    place.sees("MFA code for")
    started = time.monotonic()
    if number == signal.SIGINT:
        place.types("\x03")
    else:
        place.process.send_signal(number)
    assert place.process.wait(20) == status
    assert time.monotonic() - started < 1.5
    assert place.echo


def test_ctrl_d_cancels_the_login_and_serving_goes_on(terminal, eventually):
    place = terminal("ecs", "-p", "0", "admin")
    place.sees("MFA code for")
    place.types("\x04")
    problem = eventually(lambda: place.state()["profile"]["problem"])
    assert problem["kind"] == "Cancelled"
