"""``serve ec2``: the part of the instance metadata service that SDKs ask for credentials.

Version 2 wants a token, got by a PUT with a header that no web page may send unasked; version 1
does without, and serves where an old client knows nothing else.
Sources: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
and .../instancedata-data-retrieval.html, .../instance-identity-documents.html
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from runas.aws.partitions import partition_in, partition_of, region_for
from runas.formats import rfc3339

from .container import current
from .messages import Refusal, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from .messages import Request
    from .profiles import Profiles
    from .tokens import Tokens

IMDS_WANTS = 1500
"""SDKs prolong what has less than 25 minutes left, and then sign with keys that have expired."""

_TOKEN = "X-aws-ec2-metadata-token"
_TTL = "X-Aws-Ec2-Metadata-Token-Ttl-Seconds"
_PUT = "/latest/api/token"
_ROLE = "runas"  # clients paste the name into a path as it is: a profile's name would not do
_TEXT = "text/plain"


class Imds:
    """Answer PUT for a token and GET for metadata; *tokens* are needed where *v2_only*."""

    def __init__(self, profiles: Profiles, tokens: Tokens, v2_only: bool = False) -> None:
        self._profiles = profiles
        self._tokens = tokens
        self._v2_only = v2_only
        self._documents: dict[str, Callable[[], Reply]] = {
            "/latest/meta-data/instance-id": lambda: _text(_ROLE),  # old SDKs ask: is this EC2?
            "/latest/meta-data/iam/info": self._info,
            "/latest/meta-data/iam/security-credentials": self._list,
            f"/latest/meta-data/iam/security-credentials/{_ROLE}": self._credentials,
            "/latest/meta-data/iam/security-credentials-extended": self._list,
            f"/latest/meta-data/iam/security-credentials-extended/{_ROLE}": self._credentials,
            "/latest/meta-data/placement/region": lambda: _text(self._region),
            "/latest/meta-data/placement/availability-zone": lambda: _text(self._region + "a"),
            "/latest/dynamic/instance-identity/document": self._identity,
        }

    @staticmethod
    def serves(path: str) -> bool:
        """Tell whether a path is this application's; the slash may be doubled."""
        return path.lstrip("/").partition("/")[0] == "latest" or path.endswith("/api/token")

    def __call__(self, request: Request) -> Reply:
        """Answer one request; raises Refusal."""
        if request.method == "PUT":
            return self._token(request)
        if request.method not in ("GET", "HEAD"):
            raise Refusal(405, "MethodNotAllowed", "only GET and PUT are served", Allow="GET, PUT")
        path = "/" + request.path.strip("/")
        if path == _PUT:
            raise Refusal(405, "MethodNotAllowed", "a token is got by PUT", Allow="PUT")
        self._authorise(request)
        document = self._documents.get(path)
        if document is None:
            raise Refusal(404, "NotFound", "there is no such metadata here")
        return document()

    def _token(self, request: Request) -> Reply:
        path = "/" + request.path.strip("/")
        if path != _PUT:
            status = 403 if path.endswith("/api/token") else 405
            raise Refusal(status, "Forbidden", f"tokens are at {_PUT}")
        try:
            token, seconds = self._tokens.issue(request.header(_TTL))
        except ValueError as error:
            raise Refusal(400, "BadRequest", f"{_TTL} must be 1 to 21600") from error
        return Reply(token, kind=_TEXT, headers={_TTL: str(seconds)})

    def _authorise(self, request: Request) -> None:
        if _TOKEN in request.headers:
            if self._tokens.left(request.header(_TOKEN)) is None:
                raise Refusal(401, "Unauthorized", "the token is unknown or has expired")
        elif self._v2_only:
            raise Refusal(401, "Unauthorized", "a token is needed (IMDSv2)")

    @property
    def _region(self) -> str:
        held = self._profiles.current
        return region_for(held.profile.region if held else None, self._partition)

    @property
    def _partition(self) -> str | None:
        held = self._profiles.current
        return partition_in(held.profile.role_arn) if held else None

    @property
    def _account(self) -> str:
        held = self._profiles.current
        return held.session.facts.get("account", "") if held else ""

    def _list(self) -> Reply:
        self._profiles.served()
        return _text(_ROLE)

    def _credentials(self) -> Reply:
        keys = current(self._profiles.served())
        assert keys.expiration is not None
        fields = {
            "Code": "Success",
            "LastUpdated": rfc3339(int(time.time())),
            "Type": "AWS-HMAC",
            "AccessKeyId": keys.access_key_id,
            "SecretAccessKey": keys.secret_access_key,
            "Token": keys.session_token,
            "Expiration": rfc3339(keys.expiration),
        }
        return _document({**fields, **({"AccountId": self._account} if self._account else {})})

    def _info(self) -> Reply:
        self._profiles.served()
        partition = partition_of(self._region)
        arn = f"arn:{partition}:iam::{self._account}:instance-profile/{_ROLE}"
        moment = rfc3339(int(time.time()))
        return _document({"Code": "Success", "LastUpdated": moment, "InstanceProfileArn": arn})

    def _identity(self) -> Reply:
        """Say what an instance would of itself; SDKs read the region only."""
        return _document(
            {
                "accountId": self._account,
                "architecture": None,
                "availabilityZone": self._region + "a",
                "imageId": None,
                "instanceId": None,
                "instanceType": None,
                "pendingTime": None,
                "privateIp": "127.0.0.1",
                "region": self._region,
                "version": "2017-09-30",
            }
        )


def _text(text: str) -> Reply:
    return Reply(text, kind=_TEXT)


def _document(fields: dict[str, str | None]) -> Reply:
    return Reply(json.dumps(fields, indent=2), kind=_TEXT)
