"""The rows of the start-up table, one function each; README.md says what they measure."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence

from benchmarks import installs
from benchmarks.memory import waiting_parent
from benchmarks.modules import count_modules
from benchmarks.pairs import WARM_UP, Case, Timings, interleave
from benchmarks.report import Line, timed
from benchmarks.world import BARE_BOTO3, PROFILE, Home, World, cache_sso

BARE = "python -c pass"
BOTO3 = "bare boto3"
JSON = ("-O", "json", PROFILE)
MODULES = 70
MANY = 10_000


class Bench:
    """What the rows share: the installed runas, the world, and how often to repeat."""

    def __init__(self, runas: installs.Environment, world: World, rounds: int) -> None:
        self.runas = runas
        self.world = world
        self.rounds = rounds
        self.home = world.home("ten")
        self.echo = _system("echo")

    @property
    def few(self) -> int:
        """How often to repeat what takes a third of a second."""
        return max(3, self.rounds // 3)

    def bare(self) -> Case:
        """Return the unit: Python that does nothing."""
        return Case(BARE, [self.runas.python, "-c", "pass"], self.home.environ)

    def case(self, name: str, words: Sequence[str], home: Home | None = None) -> Case:
        """Return a case of ``runas`` that ends by itself."""
        home = home or self.home
        return Case(name, [self.runas.program("runas"), *words], home.environ)

    def wrapping(self, name: str, home: Home) -> Case:
        """Return a case of ``runas PROFILE echo`` that is over with the first output."""
        command = [self.runas.program("runas"), PROFILE, self.echo, "started"]
        return Case(name, command, home.environ, "output")

    def modules(self, *words: str) -> int:
        """Count the modules that a command needs."""
        return count_modules(self.runas.python, words, self.home.environ)


def cached(bench: Bench) -> list[Line]:
    """Row 1: print credentials from the cache, or become the command with them."""
    become, printed = f"runas -E {PROFILE} true", f"runas -O json {PROFILE}"
    older = f"{printed} (script of an older pip)"
    words = ("-E", PROFILE, _system("true"))
    script = installs.console_script(bench.runas.python, installs.BUILD / "scripts")
    cases = [
        bench.bare(),
        bench.case(become, words),
        bench.case(printed, JSON),
        Case(older, [script, *JSON], bench.home.environ),
    ]
    timings = interleave(cases, bench.rounds)
    return [
        Line(1, BARE, f"{timings.milliseconds(BARE):.1f} ms", modules=bench.modules()),
        timed(1, timings, become, BARE, 2.0, bench.modules(*words), MODULES),
        timed(1, timings, printed, BARE, 2.0, bench.modules(*JSON), MODULES),
        timed(1, timings, older, BARE),
    ]


def wrapped(bench: Bench) -> list[Line]:
    """Row 2: until the command has started beside its endpoint."""
    own, plain = "echo alone", f"runas {PROFILE} echo, until its output"
    hiding = f"{plain}, [default] has keys"
    default = bench.world.home("ten-default", default_keys=True)
    cases = [
        bench.bare(),
        Case(own, [bench.echo, "started"], bench.home.environ, "output"),
        bench.wrapping(plain, bench.home),
        bench.wrapping(hiding, default),
    ]
    timings = interleave(cases, bench.rounds)
    modules = bench.modules(PROFILE, bench.echo)
    return [
        timed(2, timings, own, BARE),
        timed(2, timings, plain, BARE, 2.5, modules),
        timed(2, timings, hiding, BARE, 2.5),
    ]


def many_profiles(bench: Bench) -> list[Line]:
    """Row 3: ten thousand profiles beside ten."""
    names = {10: "10 profiles", MANY: f"{MANY:,} profiles"}
    lines = []
    for keys in (False, True):
        homes = {
            count: bench.world.home(f"of-{count}-{keys}", count, default_keys=keys)
            for count in names
        }
        cases = []
        for count, home in homes.items():
            label = f"{names[count]}, [default] has keys" if keys else names[count]
            if not keys:
                cases.append(bench.case(f"runas -O json, {label}", JSON, home))
            cases.append(bench.wrapping(f"runas {PROFILE} echo, {label}", home))
        timings = interleave(cases, bench.rounds)
        half = len(cases) // 2
        for few, many in zip(cases[:half], cases[half:], strict=True):
            lines.append(timed(3, timings, many.name, few.name, 1.3))
    return lines


def helping(bench: Bench) -> list[Line]:
    """Row 4: the help text, and completion."""
    name, tab = "runas --help", f"completion of a profile name among {MANY:,}"
    home = bench.world.home("completing", MANY, default_keys=False)
    words = ["completion", "--words", PROFILE[:2]]
    cases = [bench.bare(), bench.case(name, ["--help"]), bench.case(tab, words, home)]
    timings = interleave(cases, bench.few)
    return [
        timed(4, timings, name, BARE, 15, bench.modules("--help")),
        timed(4, timings, tab, BARE, 6),
    ]


def cold(bench: Bench) -> list[Line]:
    """Row 5: AssumeRole, beside the least that boto3 needs for it."""
    refresh, empty = f"runas -r -O json {PROFILE}", f"runas -O json {PROFILE}, empty cache"
    started = f"runas -r {PROFILE} echo, until its output"
    home = bench.world.home("cold")
    fresh = bench.world.home("fresh")
    wrapping = bench.wrapping(started, bench.world.home("cold-wrapped"))
    program, *rest = wrapping.command
    cases = [
        boto3(bench),
        bench.case(refresh, ["-r", *JSON], home),
        Case(
            empty,
            [bench.runas.program("runas"), *JSON],
            fresh.environ,
            before=fresh.forget("cache", "state"),
        ),
        Case(started, [program, "-r", *rest], wrapping.environ, "output"),
    ]
    timings = _each_asking_once(bench, cases)
    budgets = {refresh: 1.1}
    return [
        Line(5, BOTO3, f"{timings.milliseconds(BOTO3):.0f} ms"),
        *(timed(5, timings, case.name, BOTO3, budgets.get(case.name)) for case in cases[1:]),
    ]


def boto3(bench: Bench) -> Case:
    """Return the script that does nothing but AssumeRole."""
    command = [bench.runas.python, "-c", BARE_BOTO3, bench.world.seeds.read_only.arn]
    return Case(BOTO3, command, {**bench.home.environ, **bench.home.keys})


def resident(bench: Bench) -> list[Line]:
    """Row 6: the memory of the parent that waits for its command."""
    if not os.path.exists("/proc/self/smaps_rollup"):
        return [Line(6, "the waiting parent", "only on Linux", budget=30, mebibytes=None)]
    home = bench.world.home("memory")
    lines = []
    for name, options in (("cold start", ["-r"]), ("from cache", [])):
        runas = [bench.runas.program("runas"), *options, PROFILE]
        held, shared = waiting_parent(runas, bench.runas.python, home.environ)
        text = f"{held:.1f} MiB (PSS {shared:.1f})"
        lines.append(Line(6, f"the waiting parent, {name}", text, budget=30, mebibytes=held))
    return lines


def others(bench: Bench) -> list[Line]:
    """Row 7: what else the package index has for the job, from its cache and cold."""
    tools = installs.install_others()
    home = bench.world.home("others")
    environ = {**home.environ, "PATH": f"{tools.folder}/bin:{home.environ['PATH']}"}
    cache_sso(tools.python, environ)
    return [*_others_cached(bench, tools, environ), *_others_cold(bench, tools, home, environ)]


def _others_cached(
    bench: Bench, tools: installs.Environment, environ: Mapping[str, str]
) -> list[Line]:
    aws = [tools.program("aws"), "configure", "list", "--profile", PROFILE]
    sso = [tools.program("aws-sso-util"), "credential-process", "--profile", "sso"]
    cases = [
        bench.bare(),
        bench.case(f"runas -O json {PROFILE}, from cache", JSON),
        Case("aws configure list, from cache", aws, environ),
        Case("aws-sso-util credential-process, from cache", sso, environ),
    ]
    before = bench.world.assumed()
    timings = interleave(cases, bench.few)
    if bench.world.assumed() - before > len(cases):  # the first warm-up may
        raise SystemExit("a tool did not take its credentials from the cache")
    return [timed(7, timings, case.name, BARE) for case in cases[1:]]


def _others_cold(
    bench: Bench, tools: installs.Environment, home: Home, environ: Mapping[str, str]
) -> list[Line]:
    role = ["--role-arn", bench.world.seeds.read_only.arn, "--role-session-name", "bench"]
    cases = [
        boto3(bench),
        bench.case(f"runas -r -O json {PROFILE}, cold", ["-r", *JSON]),
        Case(
            "aws configure list, cold",
            [tools.program("aws"), "configure", "list", "--profile", PROFILE],
            environ,
            before=home.forget(".aws/cli"),
        ),
        Case(
            "aws sts assume-role (keeps no cache)",
            [tools.program("aws"), "sts", "assume-role", "--profile", "alice", *role],
            environ,
        ),
        Case("awsume (keeps no cache)", [tools.program("awsumepy"), PROFILE], environ),
    ]
    timings = _each_asking_once(bench, cases)
    return [timed(7, timings, case.name, BOTO3) for case in cases[1:]]


def _each_asking_once(bench: Bench, cases: Sequence[Case]) -> Timings:
    """Time the cases; see to it that all did the same job, one AssumeRole a run."""
    before = bench.world.assumed()
    timings = interleave(cases, bench.few)
    if bench.world.assumed() - before != len(cases) * (bench.few + WARM_UP):
        raise SystemExit("not every command asked for AssumeRole exactly once")
    return timings


def _system(name: str) -> str:
    found = shutil.which(name, path="/usr/bin:/bin")
    if found is None:
        raise SystemExit(f"this machine has no {name}")
    return found


ROWS = {
    1: cached,
    2: wrapped,
    3: many_profiles,
    4: helping,
    5: cold,
    6: resident,
    7: others,
}
