"""runas for Python programs: credentials and boto3 sessions that stay fresh.

Nothing here prints or asks. Where a person would have to answer, InteractionRequired is raised;
log in beforehand with the ``runas`` command, whose cache is shared.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any

from runas._credentials import Credentials

if TYPE_CHECKING:
    from boto3.session import Session

    from runas.cache import Entry
    from runas.config.selection import Selection
    from runas.login import Login
    from runas.profile import Profile
    from runas.prompters.prompter import Prompter

log = logging.getLogger(__name__)


def credentials(profile: str | None = None, *, session: bool = False) -> Credentials:
    """Return the credentials of a profile, a role's ARN or name; from the cache where fresh.

    Without *profile*, ``AWS_PROFILE`` or the project's default stand in. *session* asks for the
    session-token credentials instead, as ``runas -s``. Raises the errors of ``runas.errors``.

        keys = runas.credentials("admin")
        keys.access_key_id, keys.secret_access_key, keys.session_token, keys.expiration
    """
    return _entry(profile, session)[1].credentials


def boto3_session(profile: str | None = None, *, session: bool = False, **options: Any) -> Session:
    """Return a boto3 session whose credentials renew themselves.

    *options* go to ``boto3.Session`` (``region_name``, ...); the region is the profile's unless
    given. The first credentials are fetched here, so that what is wrong shows at once.

        s3 = runas.boto3_session("admin").client("s3")
    """
    import boto3
    from botocore.credentials import RefreshableCredentials
    from botocore.session import get_session

    selection, entry = _entry(profile, session)

    def renewed() -> dict[str, str | None]:
        return _metadata(_entry(profile, session)[1].credentials)

    core = get_session()
    core._credentials = RefreshableCredentials.create_from_metadata(
        metadata=_metadata(entry.credentials), refresh_using=renewed, method="runas"
    )
    options.setdefault("region_name", selection.profile.region)
    return boto3.Session(botocore_session=core, **options)


def _metadata(keys: Credentials) -> dict[str, str | None]:
    from runas.formats import rfc3339

    end = None if keys.expiration is None else rfc3339(keys.expiration)
    return {
        "access_key": keys.access_key_id,
        "secret_key": keys.secret_access_key,
        "token": keys.session_token,
        "expiry_time": end,
    }


def _entry(name: str | None, session: bool) -> tuple[Selection, Entry]:
    from runas.config.commandline import parse
    from runas.config.load import open_config
    from runas.config.selection import select
    from runas.login import Login

    invocation = parse(["--", *([name] if name else [])], os.environ)
    config = open_config(invocation)
    selection = select(config, invocation)
    login = Login(config, _nobody, log.warning)
    flow = login.engine(selection.profile).entry(session=session)
    return selection, login.drive(selection.profile, flow)


def _nobody(profile: Profile, login: Login) -> Prompter:
    from runas.prompters.headless import Headless
    from runas.prompters.stored import Answers, Stored

    behind = Headless(no_input=True, why="a Python program")
    answers = Answers.of(profile, recall=login.passwords.recall)
    return Stored(answers, behind, spent=login.memory.spent)
