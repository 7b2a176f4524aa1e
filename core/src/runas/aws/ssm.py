"""Sessions with instances: open and end them. Their traffic is AWS's plugin's business.

Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_StartSession.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runas.aws.clients import call, client, complete
from runas.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runas.model import Credentials, Profile

FORWARD = "AWS-StartPortForwardingSession"
FORWARD_BEYOND = "AWS-StartPortForwardingSessionToRemoteHost"
SSH = "AWS-StartSSHSession"


@dataclass(frozen=True)
class Wanted:
    """What kind of session: with whom, by which document. An empty one means a shell."""

    target: str
    document: str = ""
    parameters: Mapping[str, str] | None = None

    def request(self) -> dict[str, Any]:
        """Return the request as the API and the plugin want it: every value is a list."""
        request: dict[str, Any] = {"Target": self.target}
        if self.document:
            request["DocumentName"] = self.document
        if self.parameters:
            request["Parameters"] = {name: [text] for name, text in self.parameters.items()}
        return request


class Sessions:
    """Session Manager in the profile's region, for one set of credentials."""

    def __init__(self, profile: Profile, credentials: Credentials) -> None:
        self._profile = profile
        self._client = client("ssm", profile, credentials)

    @property
    def endpoint(self) -> str:
        """The address of the service."""
        return str(self._client.meta.endpoint_url)

    @property
    def region(self) -> str:
        """The region of the service."""
        return str(self._client.meta.region_name)

    def start(self, wanted: Wanted) -> dict[str, str]:
        """Open a session; the answer holds a secret token."""
        try:
            answer = call(self._client, "start_session", self._profile, **wanted.request())
        except Refused as refused:
            raise self._explained(refused, wanted) from refused
        with complete():
            return {name: str(answer[name]) for name in ("SessionId", "TokenValue", "StreamUrl")}

    def end(self, session_id: str) -> None:
        """End a session."""
        call(self._client, "terminate_session", self._profile, SessionId=session_id)

    def _explained(self, refused: Refused, wanted: Wanted) -> Refused:
        if "TargetNotConnected" not in refused.fact:
            return refused
        return type(refused)(
            f"{wanted.target} is not connected to Session Manager in {self.region}",
            "is it running, in this account and region, with the SSM agent and a role for it?",
        )
