"""A back door for `runas sandbox`: the code that a user's MFA device shows, over plain HTTP.

It is open only when the emulator was made with `control=True`. The codes belong to users that
exist nowhere but in this process.
"""

from __future__ import annotations

from urllib.parse import unquote

from runas.testing.aws.cloud import Cloud

PREFIX = "/_runas/"


def answer(cloud: Cloud, path: str) -> tuple[int, str]:
    """Answer `GET /_runas/totp/USER` with a code that AWS would accept now."""
    kind, _, name = path.removeprefix(PREFIX).partition("/")
    device = cloud.find_device(unquote(name)) if kind == "totp" else None
    if device is None:
        return 404, "no such user, or no device that shows codes\n"
    with cloud.lock:
        return 200, f"{device.unused_code()}\n"
