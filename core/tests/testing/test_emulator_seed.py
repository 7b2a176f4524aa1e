"""The small world of `runas sandbox`, used by an SDK as a person would."""

import os
import stat

import botocore.session
import pytest
from botocore.exceptions import ClientError

from runas.testing import AwsEmulator
from runas.testing.aws.seed import PEOPLE, WORK, aws_files, seed

from .emulator_world import assume, client, refusal


class World:
    def __init__(self, aws):
        self.aws, self.seeds = aws, seed(aws)
        self.sts = client(aws, self.seeds.key)

    def proof(self):
        device = self.seeds.device
        return {"SerialNumber": device.serial, "TokenCode": device.unused_code()}


@pytest.fixture
def world():
    with AwsEmulator() as aws:
        yield World(aws)


def test_alice_takes_the_roles_that_are_hers(world):
    assume(world.sts, world.seeds.read_only)
    assume(world.sts, world.seeds.audit)
    assume(world.sts, world.seeds.partner, ExternalId=world.seeds.external_id)
    admin = assume(world.sts, world.seeds.admin, DurationSeconds=14400, **world.proof())
    assume(client(world.aws, admin["Credentials"]), world.seeds.deploy)


def test_the_others_are_refused(world):
    for role in (world.seeds.admin, world.seeds.partner, world.seeds.deploy, world.seeds.payroll):
        assert refusal(assume, world.sts, role)[1] == "AccessDenied"
    longer = refusal(assume, world.sts, world.seeds.read_only, DurationSeconds=3601)
    assert longer[1] == "ValidationError"


def test_alice_can_find_out_what_is_hers(world):
    iam = client(world.aws, world.seeds.key, "iam")
    assert iam.list_mfa_devices()["MFADevices"][0]["SerialNumber"] == world.seeds.device.serial
    (group,) = iam.list_groups_for_user(UserName="alice")["Groups"]
    assert group["GroupName"] == "developers"
    (name,) = iam.list_group_policies(GroupName="developers")["PolicyNames"]
    document = iam.get_group_policy(GroupName="developers", PolicyName=name)["PolicyDocument"]
    assert world.seeds.admin.arn in document["Statement"][0]["Resource"]
    (attached,) = iam.list_attached_group_policies(GroupName="developers")["AttachedPolicies"]
    version = iam.get_policy_version(PolicyArn=attached["PolicyArn"], VersionId="v1")
    effects = [each["Effect"] for each in version["PolicyVersion"]["Document"]["Statement"]]
    assert effects == ["Allow", "Deny"]


@pytest.fixture
def session(world, tmp_path, monkeypatch):
    files = aws_files(world.seeds, tmp_path / "aws")
    for name, value in (files.environment() | world.aws.environment()).items():
        monkeypatch.setenv(name, value)

    def make(profile=None):
        made = botocore.session.Session(profile=profile)
        provider = made.get_component("credential_provider").get_provider("assume-role")
        provider._prompter = lambda _: world.seeds.device.unused_code()
        return made.create_client("sts")

    return make


@pytest.mark.parametrize("profile", ["read-only", "admin", "deploy", "partner", "audit"])
def test_an_sdk_understands_the_files(session, profile):
    arn = session(profile).get_caller_identity()["Arn"]
    assert arn.startswith(f"arn:aws:sts::{WORK}:assumed-role/{profile}/")


def test_the_default_profile_is_alice(session, world):
    assert session().get_caller_identity()["Arn"] == f"arn:aws:iam::{PEOPLE}:user/alice"


def test_a_chain_asks_for_one_code(session, world):
    session("deploy").get_caller_identity()
    assert [each.outcome for each in world.aws.calls("AssumeRole")] == ["OK", "OK"]


def test_a_wrong_code_is_told_by_the_sdk(session, world):
    world.seeds.device.unused_code = world.seeds.device.wrong_code
    with pytest.raises(ClientError, match="invalid MFA one time pass code"):
        session("admin").get_caller_identity()


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_the_files_are_for_the_user_alone(world, tmp_path):
    files = aws_files(world.seeds, tmp_path)
    aws_files(world.seeds, tmp_path)  # again is fine
    for path in (files.config, files.credentials):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert world.seeds.key.secret_access_key not in files.config.read_text()
