"""``runas.credentials`` and ``runas.boto3_session``, as Python programs use them."""

import threading
import time

import pytest

import runas
from runas.testing.aws import AwsEmulator
from runas.testing.aws.seed import aws_files, seed


@pytest.fixture
def aws(home, monkeypatch):
    """Give an emulator with the profiles of its seed."""
    with AwsEmulator() as emulator:
        seeds = seed(emulator)
        aws_files(seeds, home / ".aws")
        monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.url)
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.chdir(home)
        yield emulator


def who(session):
    return session.client("sts", endpoint_url=None).get_caller_identity()["Arn"]


def test_credentials_of_a_profile(aws, capfd):
    keys = runas.credentials("read-only")
    assert keys.access_key_id.startswith("ASIA")
    assert keys.expiration - time.time() > 3500
    assert runas.credentials("read-only") == keys
    assert len(aws.calls("AssumeRole")) == 1
    assert keys.secret_access_key not in repr(keys)
    assert capfd.readouterr() == ("", "")


def test_a_role_by_its_arn_and_session_credentials(aws):
    arn = "arn:aws:iam::123456789012:role/read-only"
    assert runas.credentials(arn).temporary
    session = runas.credentials("read-only", session=True)
    assert aws.issued[session.access_key_id].role is None


def test_aws_profile_stands_in(aws, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "read-only")
    assert runas.credentials() == runas.credentials("read-only")


def test_a_session_acts_as_the_role_in_its_region(aws, capfd):
    session = runas.boto3_session("read-only")
    assert session.region_name == "eu-west-1"
    assert who(session) == "arn:aws:sts::123456789012:assumed-role/read-only/alice"
    assert runas.boto3_session("read-only", region_name="us-east-1").region_name == "us-east-1"
    assert capfd.readouterr() == ("", "")


def test_a_session_outlives_its_credentials_twice(aws):
    aws.lifetime_override = 3
    session = runas.boto3_session("read-only")
    seen = set()
    deadline = time.monotonic() + 9
    while time.monotonic() < deadline:
        assert who(session).endswith("role/read-only/alice")
        seen.add(session.get_credentials().get_frozen_credentials().access_key)
        time.sleep(0.3)
    assert len(seen) >= 3


def test_threads_share_one_login(aws):
    found, errors = [], []

    def fetch():
        try:
            found.append(runas.credentials("read-only"))
        except runas.RunasError as error:
            errors.append(error)

    threads = [threading.Thread(target=fetch) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert len(set(found)) == 1
    assert len(aws.calls("AssumeRole")) == 1


def test_sessions_in_threads(aws):
    arns = []
    threads = [
        threading.Thread(target=lambda: arns.append(who(runas.boto3_session("read-only"))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert arns == ["arn:aws:sts::123456789012:assumed-role/read-only/alice"] * 4


def test_where_a_person_must_answer_an_error_says_so(aws, capfd):
    with pytest.raises(runas.InteractionRequired, match="an MFA code") as caught:
        runas.credentials("admin")
    assert "MFA_CODE" in str(caught.value)
    with pytest.raises(runas.InteractionRequired):
        runas.boto3_session("admin")
    assert capfd.readouterr() == ("", "")


def test_inside_a_running_event_loop_as_in_a_notebook(aws, capfd):
    import asyncio

    async def cell():
        keys = runas.credentials("read-only")
        with pytest.raises(runas.InteractionRequired):
            runas.credentials("admin")
        return keys, who(runas.boto3_session("read-only"))

    keys, arn = asyncio.run(cell())
    assert keys.temporary
    assert arn.endswith("assumed-role/read-only/alice")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("nobody", runas.ConfigurationError, "there is no profile or role 'nobody'"),
        ("partner-x", runas.ConfigurationError, "did you mean 'partner'"),
    ],
)
def test_a_profile_that_there_is_not(name, kind, said, aws):
    with pytest.raises(kind) as caught:
        runas.credentials(name)
    assert said in str(caught.value)


def test_a_refusal_is_an_error_of_runas(aws):
    aws.fail("AssumeRole", code="ExpiredToken", status=403, message="over", times=3)
    with pytest.raises(runas.Refused, match="have expired"):
        runas.credentials("read-only")


def test_importing_runas_loads_no_aws():
    import subprocess
    import sys

    code = "import runas, sys; sys.exit(bool({'boto3', 'botocore', 'typer'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
