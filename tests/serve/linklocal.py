"""Run in a network of its own, as root: serve 169.254.169.254 and tell what happened, in JSON."""

import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from runas.testing.aws import AwsEmulator
from runas.testing.aws.seed import aws_files, seed

NOBODY = 65534
RIGHTS = ("Uid", "Gid", "Groups", "CapEff")


def address():
    argv = ["ip", "-o", "addr", "show", "lo"]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    return "169.254.169.254/32" in done.stdout


def world(aws):
    home = Path(tempfile.mkdtemp(prefix="linklocal-"))
    files = aws_files(seed(aws), home / ".aws")
    for path in (home, *home.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    urls = {name: text for name, text in aws.environment().items() if "REGION" not in name}
    return {
        **os.environ, **files.environment(), **urls, "RUNAS_CACHE_DIR": str(home / "cache"),
        "SUDO_UID": str(NOBODY), "SUDO_GID": str(NOBODY), "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip


def start(environ, *words):
    argv = [sys.executable, "-m", "runas", *words]
    return subprocess.Popen(argv, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def ask(path, method="GET", **headers):
    connection = http.client.HTTPConnection("169.254.169.254", 80, timeout=10)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def child_of(process):
    with open(f"/proc/{process.pid}/task/{process.pid}/children", encoding="ascii") as file:
        return int(file.read().split()[0])


def rights(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        lines = [line.split() for line in file]
    return {line[0][:-1]: line[1:] for line in lines if line[0][:-1] in RIGHTS}


def one_run(environ, number, whom):
    process = start(environ, "serve", "ec2", "--imds-v2-only", "read-only")
    process.stdout.readline()
    told = {"added": address(), "rights": rights(child_of(process))}
    _, token = ask("/latest/api/token", "PUT", **{"X-aws-ec2-metadata-token-ttl-seconds": "60"})
    path = "/latest/meta-data/iam/security-credentials/"
    told["list"] = ask(path, **{"X-aws-ec2-metadata-token": token})
    told["without"] = ask(path)[0]
    os.kill(child_of(process) if whom == "server" else process.pid, number)
    told["status"] = process.wait(20)
    until = time.monotonic() + 5
    while whom == "guardian" and _answers() and time.monotonic() < until:
        time.sleep(0.05)
    told["answers"] = _answers()
    told["left"] = address()
    return told


def _answers():
    try:
        ask("/")
    except OSError:
        return False
    return True


def main():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with AwsEmulator() as aws:
        environ = world(aws)
        told = {
            "TERM": one_run(environ, signal.SIGTERM, "first"),
            "INT": one_run(environ, signal.SIGINT, "first"),
            "crash": one_run(environ, signal.SIGKILL, "server"),
            "guardian": one_run(environ, signal.SIGKILL, "guardian"),
            "after": one_run(environ, signal.SIGTERM, "first"),
        }
        late = start(environ, "--ec2", "missing")
        told["missing"] = {
            "err": late.communicate(timeout=20)[1].decode(),
            "status": late.returncode,
            "left": address(),
        }
    print(json.dumps(told))


main()
