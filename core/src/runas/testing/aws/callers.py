"""Who sends a signed request: from access key, session token and signature to a principal."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field

from runas.testing.aws import signature
from runas.testing.aws.arns import partition_of, region_in
from runas.testing.aws.cloud import Cloud
from runas.testing.aws.errors import AwsError, access_denied, expired_token, invalid_token
from runas.testing.aws.issued import IssuedCredentials
from runas.testing.aws.people import User
from runas.testing.aws.policy import Statement
from runas.testing.aws.roles import Role
from runas.testing.aws.signature import HttpRequest, Signed

_REGIONAL_HOST = re.compile(r"(?:sts|iam)(?:-fips)?\.([a-z0-9-]+-\d+)\..*")
_GLOBAL_HOST = re.compile(r"(?:sts|iam)\.amazonaws\.com(?::\d+)?")


@dataclass(frozen=True)
class Caller:
    """The principal behind a request; `credentials` when they are temporary ones."""

    access_key_id: str
    user: User | None = None
    role: Role | None = None
    credentials: IssuedCredentials | None = field(default=None)

    @property
    def _owner(self) -> User | Role:
        owner = self.role or self.user
        assert owner is not None
        return owner

    @property
    def partition(self) -> str:
        """The partition that the principal belongs to."""
        return self._owner.partition

    @property
    def account_id(self) -> str:
        """The account that the principal belongs to."""
        return self._owner.account_id

    @property
    def arn(self) -> str:
        """The principal's ARN: a user, or a session of a role."""
        return self.credentials.arn if self.credentials else self._owner.arn

    @property
    def user_id(self) -> str:
        """The unique id; a role session's is `AROA...:session-name`."""
        if self.role is not None and self.credentials is not None:
            return f"{self.role.role_id}:{self.credentials.session_name}"
        assert self.user is not None
        return self.user.user_id

    def statements(self) -> list[Statement]:
        """Collect the identity's own policies, without those of the session."""
        owner = self._owner
        return owner.statements() if isinstance(owner, User) else owner.own_statements()

    def session_statements(self) -> list[Statement] | None:
        """Collect the session policies; None when the session has none."""
        documents = self.credentials.options.documents if self.credentials else ()
        return [each for document in documents for each in document.statements] or None


def authenticate(cloud: Cloud, request: HttpRequest, signed: Signed, service: str) -> Caller:
    """Find out who signed a request, or refuse it as AWS does."""
    _check_scope(signed, service, request.headers.get("host", ""))
    signature.check_headers(request, signed)
    caller, secret = _look_up(cloud, signed)
    if not region_in(caller.partition, signed.region):
        raise invalid_token()
    signature.check_time(signed, cloud.signing_clock())
    signature.check_signature(request, signed, secret)
    if caller.credentials is not None and caller.credentials.expiration <= cloud.now():
        raise expired_token()
    return caller


def _check_scope(signed: Signed, service: str, host: str) -> None:
    """Compare the credential scope with the service called and, where its name tells, the host."""
    prefix = "Credential should be scoped "
    regional, everywhere = _REGIONAL_HOST.fullmatch(host), _GLOBAL_HOST.fullmatch(host)
    expected = regional[1] if regional else "us-east-1" if everywhere else signed.region
    if signed.region != expected or partition_of(signed.region) is None:
        raise signature.mismatch(f"{prefix}to a valid region, not '{signed.region}'. ")
    if signed.service != service:
        raise signature.mismatch(f"{prefix}to correct service: '{service}'. ")
    if signed.terminator != "aws4_request":
        wrong = signed.terminator
        raise signature.mismatch(
            f"{prefix}with a valid terminator: 'aws4_request', not '{wrong}'. "
        )


def _look_up(cloud: Cloud, signed: Signed) -> tuple[Caller, str]:
    """Find the caller and the secret key; long-term keys come without a session token."""
    key_id = signed.access_key_id
    issued = cloud.issued.get(key_id)
    if issued is not None:
        if not hmac.compare_digest((signed.session_token or "").encode(),
                                   issued.session_token.encode()):  # fmt: skip
            raise invalid_token()
        return Caller(key_id, issued.user, issued.role, issued), issued.secret_access_key
    found = cloud.find_key(key_id)
    if found is None or signed.session_token is not None:
        raise invalid_token()
    user, key = found
    return Caller(key_id, user), key.secret_access_key


def check_kind(caller: Caller, service: str, action: str) -> None:
    """Refuse what a kind of temporary credentials cannot call at all.

    Source: IAM User Guide, "Compare AWS STS credentials": GetSessionToken's may call IAM only
    if they were won with MFA, and of STS only two operations; role sessions may not call
    GetSessionToken.
    """
    issued = caller.credentials
    if issued is None:
        return
    if service == "iam" and caller.role is None and not issued.mfa:
        raise invalid_token()
    if service == "sts" and action not in {"AssumeRole", "GetCallerIdentity"}:
        raise session_refused(action)


def session_refused(action: str) -> AwsError:
    """Refuse an operation that wants long-term credentials."""
    return access_denied(f"Cannot call {action} with session credentials")
