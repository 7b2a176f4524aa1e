"""The endpoint that the SDKs' container credentials provider asks.

Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
"""

from __future__ import annotations

import hmac
import time

from runas._credentials import Credentials
from runas.formats import container_document

from .listener import PATH
from .messages import Refusal, Reply
from .renewal import Unavailable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .messages import Request
    from .renewal import Renewal

_NO_END = 3600  # seconds until an SDK should ask again for keys that do not expire


class Container:
    """Answer ``GET /credentials`` with what *renewal* holds, for whoever has the token."""

    def __init__(self, renewal: Renewal, token: str) -> None:
        self._renewal = renewal
        self._token = token.encode()

    def __call__(self, request: Request) -> Reply:
        """Answer one request; raises Refusal."""
        if request.path != PATH:
            raise Refusal(404, "NotFound", f"only {PATH} is served here")
        if request.method != "GET":
            raise Refusal(405, "MethodNotAllowed", "only GET is served here", Allow="GET")
        given = request.header("Authorization").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._token):
            raise Refusal(403, "AccessDenied", "the authorization token is missing or wrong")
        return Reply(container_document(current(self._renewal)))


def current(renewal: Renewal) -> Credentials:
    """Return what is held, with an end; raises Refusal where there is nothing good.

    Keys without end get one: botocore fails on an answer without ``Expiration``.
    """
    try:
        credentials = renewal.current()
    except Unavailable as reason:
        raise Refusal(503, reason.code, reason.message) from reason
    if credentials.expiration is not None:
        return credentials
    return Credentials(
        credentials.access_key_id,
        credentials.secret_access_key,
        credentials.session_token,
        int(time.time()) + _NO_END,
    )
