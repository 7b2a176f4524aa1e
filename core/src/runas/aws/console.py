"""The console: trade a role's credentials for an address that opens it, signed in.

Source: IAM User Guide, "Enable custom identity broker access to the AWS console".
"""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from runas.aws.partitions import partition_of, region_for
from runas.errors import ConfigurationError, Refused, ServiceUnavailable, UsageError

if TYPE_CHECKING:
    from requests import Response, Session

    from runas.model import Credentials, Profile

notice = logging.getLogger("runas.notice")

_DOMAINS = {
    "aws": ("signin.aws.amazon.com", "console.aws.amazon.com"),
    "aws-cn": ("signin.amazonaws.cn", "console.amazonaws.cn"),
    "aws-us-gov": ("signin.amazonaws-us-gov.com", "console.amazonaws-us-gov.com"),
    "aws-eusc": ("{region}.signin.amazonaws-eusc.eu", "console.amazonaws-eusc.eu"),
}
_LEAST, _MOST = 900, 43200  # seconds, AWS's own limits of SessionDuration
_PATHS = {
    "cfn": "cloudformation",
    "ddb": "dynamodbv2",
    "dynamodb": "dynamodbv2",
    "ecs": "ecs/v2",
    "logs": "cloudwatch",
    "secretsmanager": "secretsmanager",
    "sfn": "states",
    "ssm": "systems-manager",
    "stepfunctions": "states",
    "vpc": "vpcconsole",
}
"""Services whose console has another name than the AWS CLI gives them."""


def destination(
    partition: str, region: str | None, service: str | None = None, url: str | None = None
) -> str:
    """Return the page to open: of a service, an address or a path of the console, or its home.

    Raises UsageError for an address that is not the console's, or a service that is no name.
    """
    _, domain = _domains(partition)
    home = region_for(region, partition)
    host = f"https://{home}.{domain}"
    if url:
        return _within(url, host, domain)
    name = _PATHS.get(service or "console", service or "console").lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9/-]*", name):
        raise UsageError(f"--service {service!r} is no service", "write one like s3, ec2, lambda")
    return f"{host}/{name}/home?region={home}"


def _within(url: str, host: str, domain: str) -> str:
    """See that an address lies in the console: no other gets a sign-in."""
    if url.startswith("/") and not url.startswith("//"):
        return host + url
    try:
        parts = urlsplit(url)
        there = parts.hostname or ""
    except ValueError:
        parts, there = urlsplit(""), ""
    base = domain.partition(".")[2]
    if parts.scheme != "https" or not f".{there}".endswith("." + base):
        raise UsageError(f"--destination {url!r} is not in the console", f"write {host}/...")
    return url


def sign_in_address(
    http: Session,
    profile: Profile,
    credentials: Credentials,
    partition: str,
    page: str,
    seconds: int | None = None,
) -> str:
    """Return an address that signs in and opens *page*; it works once, for 15 minutes.

    *seconds* is how long the console session should last; AWS allows it only where the role was
    not taken with another role's credentials. Without, it lasts as long as the credentials.
    """
    door = _door(profile, partition)
    keys = {
        "sessionId": credentials.access_key_id,
        "sessionKey": credentials.secret_access_key,
        "sessionToken": credentials.session_token,
    }
    asked = {"Action": "getSigninToken", "Session": json.dumps(keys)}
    life = {"SessionDuration": str(min(max(seconds, _LEAST), _MOST))} if seconds else {}
    # Posted: what stands in an address ends up in logs.
    answer = http.post(door, data={**asked, **life})
    if life and 400 <= answer.status_code < 500:
        notice.warning("AWS allows no longer console session for this role; it ends with it")
        answer = http.post(door, data=asked)
    login = {
        "Action": "login",
        "Destination": page,
    }
    return f"{door}?{urlencode(login)}&SigninToken={_token(answer)}"


def console_partition(arn: str | None, region: str | None) -> str:
    """Choose the partition: the role's, else the region's."""
    parts = (arn or "").split(":")
    return parts[1] if len(parts) > 5 else partition_of(region or "")


def _domains(partition: str) -> tuple[str, str]:
    try:
        return _DOMAINS[partition]
    except KeyError:
        raise ConfigurationError(
            f"the console of the partition {partition} has no public sign-in",
            "open it by your organisation's own way",
        ) from None


def _door(profile: Profile, partition: str) -> str:
    """Return the address of the federation endpoint, or of what the user put in its place."""
    own = profile.get("endpoint_url_signin") or profile.get("endpoint_url")
    host = _domains(partition)[0].format(region=region_for(profile.region, partition))
    return f"{own.rstrip('/') if own else 'https://' + host}/federation"


def _token(answer: Response) -> str:
    """Return the token as an address holds it."""
    if 400 <= answer.status_code < 500:
        raise Refused(
            "AWS opens no console for these credentials",
            "they may have ended: try again with -r; session tokens and users' keys do not open it",
        )
    try:
        return quote(str(answer.json()["SigninToken"]), safe="")
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ServiceUnavailable("what answered is not AWS's sign-in", "try again later") from None
