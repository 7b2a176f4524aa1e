"""``serve ecs``: credentials of the current profile, and of others by their names.

Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from runas.formats import container_document

from .container import current
from .limits import Failures, same
from .listener import PATH
from .messages import Refusal, Reply

if TYPE_CHECKING:
    from .messages import Request
    from .profiles import Profiles
    from .renewal import Renewal

_LONGEST_NAME = 256


class Ecs:
    """Answer ``GET /credentials`` and ``GET /credentials/PROFILE``; no token, no answer."""

    def __init__(self, profiles: Profiles, token: str | None, failures: Failures) -> None:
        self._profiles = profiles
        self._token = token
        self._failures = failures

    @staticmethod
    def serves(path: str) -> bool:
        """Tell whether a path is this application's."""
        return path == PATH or path.startswith(PATH + "/")

    def __call__(self, request: Request) -> Reply:
        """Answer one request; raises Refusal."""
        if request.method != "GET":
            raise Refusal(405, "MethodNotAllowed", "only GET is served here", Allow="GET")
        if self._token is not None and not same(request.header("Authorization"), self._token):
            raise self._failures.refusal("the authorization token is missing or wrong")
        return Reply(container_document(current(self._renewal(request.path))))

    def _renewal(self, path: str) -> Renewal:
        if path == PATH:
            return self._profiles.served()
        name = unquote(path[len(PATH) + 1 :])
        if len(name) > _LONGEST_NAME:
            raise Refusal(404, "ProfileNotServed", "no profile has such a long name")
        return self._profiles.other(name)
