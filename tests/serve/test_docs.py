"""What docs/serve.md and docs/docker.md say can be typed as it stands."""

import configparser
import plistlib
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ..run.world import RUNAS  # noqa: TID252 - tests are not installed

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("serve.md", "docker.md")


def blocks(page, language):
    text = (DOCS / page).read_text("utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.S)


def commands():
    """Return every `runas serve ...` of an indented line or a service's file."""
    lines = [line for page in PAGES for line in (DOCS / page).read_text("utf-8").splitlines()]
    starts = ("    ", "ExecStart")
    texts = [line for line in lines if line.startswith(starts) and "runas serve e" in line]
    found = {re.split(r" &| > | 2>|\.\.\.|<", text.partition("runas ")[2])[0] for text in texts}
    return sorted(found)


@pytest.mark.parametrize("text", commands())
def test_the_options_exist(text):
    words = shlex.split(text)
    options = [word for word in words if word.startswith("-")]
    done = subprocess.run(
        [RUNAS, *words[:2], "--help"], capture_output=True, text=True, timeout=60, check=True
    )
    missing = [option for option in options if not re.search(rf"{option}\b", done.stdout)]
    assert not missing, done.stdout


def test_the_plist_is_one():
    (plist,) = blocks("serve.md", "xml")
    assert "runas serve ecs" in plistlib.loads(plist.encode())["ProgramArguments"][2]


def test_the_unit_is_one():
    (unit,) = blocks("serve.md", "ini")
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(unit)
    assert set(parser) == {"DEFAULT", "Unit", "Service", "Install"}


def test_the_images_are_there():
    text = (DOCS / "serve.md").read_text("utf-8")
    names = re.findall(r"\]\((images/[^)]+)\)", text)
    assert names
    assert not [name for name in names if not (DOCS / name).is_file()]


@pytest.mark.skipif(sys.platform == "win32", reason="sh")
def test_a_script_takes_the_variables_over(world, tmp_path):
    """The three lines of serve.md, and what docker's --env-file would do."""
    script = """
    runas serve ecs -p 0 --env-file aws.env read-only > endpoint.sh 2> said &
    while [ ! -s endpoint.sh ]; do sleep 0.1; done
    . ./endpoint.sh
    unset AWS_SHARED_CREDENTIALS_FILE
    export AWS_CONFIG_FILE=/dev/null HOME=/nonexistent AWS_REGION=eu-west-1
    python -c "import boto3; print(boto3.client('sts', 'eu-west-1').get_caller_identity()['Arn'])"
    env -i $(cat aws.env) AWS_ENDPOINT_URL=$AWS_ENDPOINT_URL "$(command -v python)" -c \
        "import boto3; print(boto3.client('sts', 'eu-west-1').get_caller_identity()['Arn'])"
    kill $!; wait $!
    """
    started = time.monotonic()
    done = subprocess.run(
        ["sh", "-c", script], env=world.environ, cwd=tmp_path,
        capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    arn = "arn:aws:sts::123456789012:assumed-role/read-only/alice\n"
    assert (done.stdout, done.returncode) == (arn * 2, 0), done.stderr
    assert time.monotonic() - started < 60
