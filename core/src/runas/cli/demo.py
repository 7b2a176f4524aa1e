"""``runas sandbox --demo``: the main job, run inside the sandbox and shown step by step."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

_WHO = (
    "import boto3; who = boto3.client('sts').get_caller_identity();"
    " print('boto3 sees', who['Arn'], 'in', boto3.session.Session().region_name)"
)


def argv() -> list[str]:
    """Return the command that runs the demonstration."""
    return [sys.executable, "-P", "-m", "runas.cli.demo"]


def steps() -> list[tuple[str, list[str]]]:
    """Return what is shown: a sentence, and the words behind ``runas``."""
    boto3 = [sys.executable, "-P", "-c", _WHO]
    code = ["--mfa-process", "runas sandbox code"]
    shown = [
        ("A Python program as a role, through a local endpoint:", ["read-only", *boto3]),
        ("The same with the keys in the environment:", ["-E", "read-only", *boto3]),
        ("A role that wants an MFA code:", [*code, "admin", *boto3]),
        ("A chain: from that role on to the next, without another code:", ["deploy", *boto3]),
        ("When do they end?", ["-e", "admin"]),
        ("Which roles are there?", ["list", "roles"]),
    ]
    if shutil.which("aws"):
        command = ["read-only", "aws", "sts", "get-caller-identity", "--output", "text"]
        shown.insert(2, ("The AWS CLI:", command))
    offered = json.loads(os.environ.get("RUNAS_SANDBOX_STEPS", "[]"))
    for sentence, words in offered:
        own = [part for word in words for part in (boto3 if word == "WHO" else [word])]
        shown.append((sentence, own))
    return shown


def main() -> int:
    """Run every step; return the first status that is not 0."""
    for sentence, words in steps():
        text = " ".join(_short(word) for word in words)
        print(f"\n# {sentence}\n$ runas {text}", flush=True)
        status = subprocess.call([sys.executable, "-P", "-m", "runas", *words])
        if status:
            return status
    print(f"\nNothing of your own was touched: HOME was {os.environ['HOME']}.")
    return 0


def _short(word: str) -> str:
    if word == _WHO:
        return "'import boto3; ...'"
    if word == sys.executable:
        return "python"
    return f"'{word}'" if " " in word else word


if __name__ == "__main__":
    sys.exit(main())
