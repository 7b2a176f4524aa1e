"""Measure the endpoint under load: ``.venv/bin/python benchmarks/serve.py [--clients 1000]``.

Clients are processes of their own, with a connection for each request as SDKs have it. First the
endpoint beside a bare *hello* on the same server, in turn, so that a busy machine slows down both;
then all clients at once at the moment of expiry, which must be one login and no error.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import sys
import threading
import time
from collections.abc import Generator
from functools import partial
from http.client import HTTPConnection
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Any

ROUNDS, REQUESTS, WORKERS = 9, 400, 4
LOGIN = 0.15  # seconds that AssumeRole takes
TOKEN = "token-of-the-benchmark"
BUDGET = 0.7

Wanted = tuple[int, str, int]


def ask(wanted: Wanted) -> tuple[list[float], int]:
    """Send requests one after the other; return the seconds of each, and how many went wrong."""
    port, path, count = wanted
    times, wrong = [], 0
    for _ in range(count):
        begun = time.perf_counter()
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", path, headers={"Authorization": TOKEN})
            answer = connection.getresponse()
            answer.read()
            wrong += answer.status != 200
            connection.close()
        except OSError:
            wrong += 1
        times.append(time.perf_counter() - begun)
    return times, wrong


def crowd(wanted: Wanted) -> tuple[list[float], int]:
    """Be many clients at once, a thread each."""
    port, path, count = wanted
    told: list[tuple[list[float], int]] = []
    gate = threading.Barrier(count)

    def one() -> None:
        gate.wait()
        told.append(ask((port, path, 1)))

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [seconds for times, _ in told for seconds in times], sum(wrong for _, wrong in told)


def hello() -> int:
    """Serve one word on the same server; return its port."""
    from runas.serve.base import Server
    from runas.serve.messages import Reply
    from runas.serve.ports import listen

    listening = listen("127.0.0.1", 0)
    port: int = listening.getsockname()[1]
    word = '{"word": "' + "hello" * 40 + '"}'
    server = Server(listening.detach(), lambda _: Reply(word), [f"127.0.0.1:{port}"], at_once=512)
    server.start()
    return port


class Endpoint:
    """A whole ``serve ecs`` in this process, whose logins take a while and are counted."""

    def __init__(self) -> None:
        from runas._credentials import Credentials
        from runas.config.commandline import parse
        from runas.config.load import open_config
        from runas.prompters.web import Web
        from runas.serve.ecs import Ecs
        from runas.serve.journal import Journal
        from runas.serve.limits import Failures
        from runas.serve.page.access import Access
        from runas.serve.ports import listen
        from runas.serve.profiles import Allowed, Profiles
        from runas.serve.renewal import Renewal
        from runas.serve.running import Service

        self.now, self.logins = time.time(), 0
        config, journal, failures = open_config(parse([], {}), {}), Journal(), Failures()
        endpoint = self

        class Session:
            def obtain(self) -> Credentials:
                endpoint.logins += 1
                time.sleep(LOGIN)
                key = f"ASIA{endpoint.logins:016}"
                return Credentials(key, "s" * 40, "t" * 800, int(endpoint.now) + 3600)

        def opener(profile: object, web: Web) -> Any:
            return Session()

        self.profiles = Profiles(
            config, opener, journal, Allowed(config, None, ["all"]),
            renewal=partial(Renewal, clock=lambda: self.now),
        )  # fmt: skip
        listening = listen("127.0.0.1", 0)
        self.port: int = listening.getsockname()[1]
        access = Access(self.port, TOKEN, failures)
        programs = Ecs(self.profiles, TOKEN, failures)
        Service(programs, self.profiles, journal, access, "benchmark").open(listening)

    def start(self) -> None:
        """Serve a profile."""
        from runas.profile import Profile

        self.profiles.switch(Profile("work", {})).renewal.current()


def load(pool: Pool, port: int, path: str) -> tuple[float, list[float], int]:
    """Ask from all workers; return requests a second, their seconds, and errors."""
    begun = time.perf_counter()
    told = pool.map(ask, [(port, path, REQUESTS)] * WORKERS)
    seconds = time.perf_counter() - begun
    times = [one for each, _ in told for one in each]
    return len(times) / seconds, times, sum(wrong for _, wrong in told)


def spread(times: list[float]) -> str:
    """Return the median and the slowest hundredth, in milliseconds."""
    cuts = statistics.quantiles(times, n=100)
    return f"{cuts[49] * 1000:.1f} / {cuts[98] * 1000:.1f} ms"


def throughput(pool: Pool, ours: int, bare: int) -> Generator[str, None, bool]:
    """Compare with the bare server, round by round."""
    ratios, times, plain, errors = [], [], [], 0
    for _ in range(ROUNDS):
        mine, seconds, wrong = load(pool, ours, "/credentials")
        theirs, others, failed = load(pool, bare, "/")
        ratios.append(mine / theirs)
        times += seconds
        plain += others
        errors += wrong + failed
    ratio = statistics.median(ratios)
    yield f"requests a second, beside hello   {ratio:.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
    yield f"p50 / p99 of the endpoint         {spread(times)}"
    yield f"p50 / p99 of hello                {spread(plain)}"
    yield f"errors                            {errors}"
    return ratio >= BUDGET and not errors


def expiry(pool: Pool, endpoint: Endpoint, clients: int) -> Generator[str, None, bool]:
    """Let the credentials end, and all clients ask at once."""
    before = endpoint.logins
    endpoint.now += 4000
    told = pool.map(crowd, [(endpoint.port, "/credentials", clients // WORKERS)] * WORKERS)
    times = [one for each, _ in told for one in each]
    errors, logins = sum(wrong for _, wrong in told), endpoint.logins - before
    yield f"{len(times)} clients at expiry: logins     {logins} (each takes {LOGIN * 1000:.0f} ms)"
    yield f"errors                            {errors}"
    yield f"p50 / p99                         {spread(times)}"
    return logins == 1 and not errors


def main() -> int:
    """Measure, print, and fail where a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--clients", type=int, default=1000)
    asked = parser.parse_args()
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    context = multiprocessing.get_context("forkserver")
    with context.Pool(WORKERS) as pool:
        bare, endpoint = hello(), Endpoint()
        endpoint.start()
        kept = True
        for part in (
            throughput(pool, endpoint.port, bare),
            expiry(pool, endpoint, asked.clients),
        ):
            kept = show(part) and kept
    print("kept" if kept else "NOT kept")
    return 0 if kept else 1


def show(part: Generator[str, None, bool]) -> bool:
    """Print what a part tells; return its verdict."""
    while True:
        try:
            print(next(part), flush=True)
        except StopIteration as end:
            return bool(end.value)


if __name__ == "__main__":
    sys.exit(main())
