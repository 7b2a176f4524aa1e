"""IAM: what is there, page by page, for those who may see it."""

import json
from urllib.parse import unquote

import pytest

from runas.testing import AwsEmulator

from .emulator_world import INVALID_TOKEN, PEOPLE, WORK, assume, client, refusal

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def document(resource):
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}


LOOK = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": ["iam:Get*", "iam:List*"], "Resource": "*"},
}


class World:
    def __init__(self, aws):
        self.aws = aws
        self.people = aws.account(PEOPLE, alias="people")
        self.alice = self.people.user("alice", path="/team/", policies={"look": LOOK})
        self.key = self.alice.access_key()
        self.iam = client(aws, self.key, "iam")


@pytest.fixture
def world():
    with AwsEmulator() as aws:
        yield World(aws)


def pages(iam, operation, key, **parameters):
    found = list(iam.get_paginator(operation).paginate(**parameters))
    return len(found), [item for page in found for item in page[key]]


def test_a_user_can_look_at_itself(world):
    user = world.iam.get_user()["User"]
    assert user["Arn"] == f"arn:aws:iam::{PEOPLE}:user/team/alice"
    assert (user["UserName"], user["Path"]) == ("alice", "/team/")
    assert user["UserId"] == world.alice.user_id
    assert world.iam.get_user(UserName="alice")["User"] == user


def test_devices_are_listed_security_keys_too(world):
    device, fido = world.alice.mfa_device(), world.alice.security_key()
    listed = world.iam.list_mfa_devices()["MFADevices"]
    assert [each["SerialNumber"] for each in listed] == [device.serial, fido.serial]
    assert device.serial == f"arn:aws:iam::{PEOPLE}:mfa/alice"
    assert {each["UserName"] for each in listed} == {"alice"}
    world.people.user("bob").mfa_device()
    assert len(world.iam.list_mfa_devices(UserName="bob")["MFADevices"]) == 1


def test_policies_come_as_they_were_written(world):
    text = json.dumps(document("arn:aws:iam::*:role/ä b%"), indent=1, ensure_ascii=False)
    world.alice.inline("odd", text)
    answer = world.iam.get_user_policy(UserName="alice", PolicyName="odd")
    assert answer["PolicyDocument"] == json.loads(text)  # the SDK decodes


def test_policies_travel_url_encoded(world):
    world.alice.inline("odd", document("arn:aws:iam::*:role/a+b c"))
    raw = []
    world.iam.meta.events.register(
        "response-received.iam", lambda response_dict, **_: raw.append(response_dict["body"])
    )
    world.iam.get_user_policy(UserName="alice", PolicyName="odd")
    inner = raw[0].decode().split("<PolicyDocument>")[1].split("</PolicyDocument>")[0]
    assert not set(inner) & set('{" +<&')
    assert json.loads(unquote(inner)) == document("arn:aws:iam::*:role/a+b c")


def test_all_of_a_users_policies_can_be_found(world):
    managed = world.people.policy("managed", document("arn:aws:iam::1:role/m"), path="/x/")
    world.alice.attach(managed)
    group = world.people.group("developers", policies={"inline": document("*")})
    group.attach(world.people.policy("shared", document("arn:aws:iam::1:role/s")))
    world.alice.join(group)
    iam = world.iam
    assert iam.list_user_policies(UserName="alice")["PolicyNames"] == ["look"]
    (attached,) = iam.list_attached_user_policies(UserName="alice")["AttachedPolicies"]
    assert attached == {"PolicyName": "managed", "PolicyArn": managed.arn}
    (found,) = iam.list_groups_for_user(UserName="alice")["Groups"]
    assert (found["GroupName"], found["Arn"]) == ("developers", group.arn)
    assert iam.list_group_policies(GroupName="developers")["PolicyNames"] == ["inline"]
    answer = iam.get_group_policy(GroupName="developers", PolicyName="inline")
    assert answer["PolicyDocument"] == document("*")
    (shared,) = iam.list_attached_group_policies(GroupName="developers")["AttachedPolicies"]
    assert shared["PolicyName"] == "shared"


def test_a_managed_policy_has_versions(world):
    policy = world.people.policy("managed", document("arn:aws:iam::1:role/old"))
    policy.new_version(document("arn:aws:iam::1:role/new"))
    found = world.iam.get_policy(PolicyArn=policy.arn)["Policy"]
    assert (found["DefaultVersionId"], found["IsAttachable"]) == ("v2", True)
    for version, role in (("v1", "old"), ("v2", "new")):
        answer = world.iam.get_policy_version(PolicyArn=policy.arn, VersionId=version)
        told = answer["PolicyVersion"]
        assert told["Document"] == document(f"arn:aws:iam::1:role/{role}")
        assert told["IsDefaultVersion"] is (version == "v2")


def test_awss_own_policies_are_there(world):
    version = world.iam.get_policy(PolicyArn=READ_ONLY)["Policy"]["DefaultVersionId"]
    told = world.iam.get_policy_version(PolicyArn=READ_ONLY, VersionId=version)["PolicyVersion"]
    assert told["Document"]["Statement"]["Effect"] == "Allow"


def test_the_alias_of_an_account(world):
    assert world.iam.list_account_aliases()["AccountAliases"] == ["people"]
    bob = world.aws.account(WORK).user("bob").access_key()
    assert client(world.aws, bob, "iam").list_account_aliases()["AccountAliases"] == []


def test_roles_of_the_own_account_can_be_looked_at(world):
    world.people.role("local", trusts=[world.alice], path="/p/", max_session_duration=7200)
    role = world.iam.get_role(RoleName="local")["Role"]
    assert role["Arn"] == f"arn:aws:iam::{PEOPLE}:role/p/local"
    assert role["MaxSessionDuration"] == 7200
    trusted = role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["AWS"]
    assert trusted == [world.alice.arn]


def test_lists_come_in_pages(world):
    for number in range(7):
        world.alice.inline(f"p{number}", LOOK)
    names = list(world.alice.policies)
    asked = {"UserName": "alice", "PaginationConfig": {"PageSize": 3}}
    assert pages(world.iam, "list_user_policies", "PolicyNames", **asked) == (3, names)
    assert pages(world.iam, "list_user_policies", "PolicyNames", UserName="alice") == (1, names)


def test_pages_can_be_forced_to_be_short(world):
    world.aws.page_size = 1
    names = [f"g{number}" for number in range(3)]
    for name in names:
        world.alice.join(world.people.group(name))
        world.alice.attach(world.people.policy(name, LOOK))
        world.alice.mfa_device()
    count, groups = pages(world.iam, "list_groups_for_user", "Groups", UserName="alice")
    assert (count, [each["GroupName"] for each in groups]) == (3, names)
    key = "AttachedPolicies"
    count, attached = pages(world.iam, "list_attached_user_policies", key, UserName="alice")
    assert (count, [each["PolicyName"] for each in attached]) == (3, names)
    assert pages(world.iam, "list_mfa_devices", "MFADevices")[0] == 3
    answer = world.iam.list_mfa_devices(MaxItems=1000)
    assert (len(answer["MFADevices"]), answer["IsTruncated"]) == (1, True)


@pytest.mark.parametrize("wrong", [{"MaxItems": 0}, {"MaxItems": 1001}, {"Marker": "x!"}])
def test_pages_are_asked_for_within_limits(world, wrong):
    assert refusal(world.iam.list_mfa_devices, **wrong)[:2] == (400, "ValidationError")


@pytest.mark.parametrize(
    ("operation", "parameters", "words"),
    [
        ("get_user", {"UserName": "bob"}, "The user with name bob cannot be found."),
        (
            "get_user_policy",
            {"UserName": "alice", "PolicyName": "p"},
            "The user policy with name p cannot be found.",
        ),
        ("list_group_policies", {"GroupName": "g"}, "The group with name g cannot be found."),
        ("get_role", {"RoleName": "r"}, "The role with name r cannot be found."),
        (
            "get_policy",
            {"PolicyArn": f"arn:aws:iam::{PEOPLE}:policy/p"},
            f"Policy arn:aws:iam::{PEOPLE}:policy/p was not found.",
        ),
        (
            "get_policy_version",
            {"PolicyArn": READ_ONLY, "VersionId": "v7"},
            f"Policy {READ_ONLY} version v7 does not exist or is not attachable.",
        ),
    ],
)
def test_what_is_not_there(world, operation, parameters, words):
    call = getattr(world.iam, operation)
    assert refusal(call, **parameters) == (404, "NoSuchEntity", words)


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("list_user_policies", {}),
        ("get_user", {"UserName": "a b"}),
        ("get_user", {"UserName": "x" * 129}),
        ("get_user_policy", {"UserName": "alice"}),
        ("get_policy", {"PolicyArn": "short"}),
        ("get_role", {"RoleName": "r" * 65}),
    ],
)
def test_names_have_limits(world, operation, parameters):
    call = getattr(world.iam, operation)
    assert refusal(call, **parameters)[:2] == (400, "ValidationError")


def test_looking_needs_permission(world):
    nobody = world.people.user("nobody", policies={})
    iam = client(world.aws, nobody.access_key(), "iam")
    status, code, message = refusal(iam.list_mfa_devices)
    assert (status, code) == (403, "AccessDenied")
    assert message == (
        f"User: {nobody.arn} is not authorized to perform: iam:ListMFADevices on resource: user"
        " nobody because no identity-based policy allows the iam:ListMFADevices action"
    )
    world.alice.inline("no", {"Statement": LOOK["Statement"] | {"Effect": "Deny"}})
    assert "with an explicit deny" in refusal(world.iam.get_user)[2]


def test_a_user_may_be_allowed_to_see_itself_only(world):
    own = LOOK["Statement"] | {"Resource": "arn:aws:iam::*:user/${aws:username}"}
    policies = {"own": {"Version": "2012-10-17", "Statement": own}}
    bob = world.people.user("bob", policies=policies)
    iam = client(world.aws, bob.access_key(), "iam")
    iam.list_mfa_devices()
    assert refusal(iam.list_mfa_devices, UserName="alice")[1] == "AccessDenied"


def test_session_credentials_need_mfa_to_look(world):
    sts, device = client(world.aws, world.key), world.alice.mfa_device()
    plain = sts.get_session_token()["Credentials"]
    assert refusal(client(world.aws, plain, "iam").get_user) == INVALID_TOKEN
    proven = sts.get_session_token(SerialNumber=device.serial, TokenCode=device.code())
    client(world.aws, proven["Credentials"], "iam").get_user()


def test_a_role_looks_with_its_own_permissions(world):
    role = world.people.role("viewer", trusts=[world.alice], policies={"look": LOOK})
    credentials = assume(client(world.aws, world.key), role)["Credentials"]
    iam = client(world.aws, credentials, "iam")
    assert iam.get_user(UserName="alice")["User"]["UserName"] == "alice"
    status, code, message = refusal(iam.get_user)
    assert (status, code) == (400, "ValidationError")
    assert message == "Must specify userName when calling with non-User credentials"
    role.policies.clear()
    assert refusal(iam.get_user, UserName="alice")[1] == "AccessDenied"
