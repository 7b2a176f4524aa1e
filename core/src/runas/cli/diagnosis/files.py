"""Whether the files are there, readable, whole and private."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator

from runas.cli.diagnosis.case import Case, Finding, Mark
from runas.cli.diagnosis.redact import value
from runas.config.aws_files import AwsFile
from runas.errors import ConfigurationError

_TOPIC = "files"


def check(case: Case) -> Iterator[Finding]:
    """Look at the AWS files and the project file."""
    for file in (case.config.config, case.config.credentials):
        yield from _file(file)
    yield from _project(case)
    if case.problem is not None:
        yield Finding(Mark.WRONG, "profile", case.problem.fact, case.problem.hint)
        yield from _as_written(case)


def _as_written(case: Case) -> Iterator[Finding]:
    """Show what a profile that cannot be resolved says itself."""
    for file in (case.config.config, case.config.credentials):
        try:
            section = file.profile(case.name) if case.name else None
        except ConfigurationError:
            continue  # said above
        for key, text in section.values.items() if section else ():
            said = f"{key} = {value(key, text)}  ({section.origin(key) if section else ''})"
            yield Finding(Mark.FINE, "values", said)


def _file(file: AwsFile) -> Iterator[Finding]:
    if not os.path.exists(file.path):
        yield Finding(Mark.FINE, _TOPIC, f"{file.shown}: there is none")
        return
    names = file.profile_names()
    count = f"{len(names)} profile{'' if len(names) == 1 else 's'}"
    yield Finding(Mark.FINE, _TOPIC, f"{file.shown}: {count}")
    problems: list[ConfigurationError] = []
    for _ in file.sections(problems):
        pass
    for problem in problems:
        yield Finding(Mark.LOOK, _TOPIC, problem.fact, problem.hint)
    if file.credentials and sys.platform != "win32":
        yield from _mode(file)


def _mode(file: AwsFile) -> Iterator[Finding]:
    mode = stat.S_IMODE(os.stat(file.path).st_mode)
    if mode & 0o077:
        fact = f"{file.shown}: others may read it (mode {mode:04o})"
        yield Finding(Mark.LOOK, _TOPIC, fact, f"chmod 600 {file.shown}")


def _project(case: Case) -> Iterator[Finding]:
    project = case.config.project
    if project is None:
        yield Finding(Mark.FINE, _TOPIC, "no project file", detail=True)
        return
    keys = ", ".join(project.values) or "nothing"
    yield Finding(Mark.FINE, _TOPIC, f"{project.shown} (project file) sets {keys}")
    if project.left_out:
        yield Finding(
            Mark.LOOK,
            _TOPIC,
            f"{project.shown}: {', '.join(project.left_out)} left out, not confirmed yet",
            "run any command with it once at a terminal, and confirm",
        )
