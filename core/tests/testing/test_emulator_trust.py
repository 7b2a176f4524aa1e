"""Who may take which role: trust policies and identity policies together."""

import pytest

from runas.testing import AwsEmulator

from .emulator_world import PEOPLE, WORK, assume, client, not_authorized, refusal


class World:
    def __init__(self, aws):
        self.aws = aws
        self.people, self.work = aws.account(PEOPLE), aws.account(WORK)

    def sts(self, user):
        return client(self.aws, user.access_key())


@pytest.fixture
def world():
    with AwsEmulator() as aws:
        yield World(aws)


def policy(*statements):
    return {"only": {"Version": "2012-10-17", "Statement": list(statements)}}


def statement(effect, action="sts:AssumeRole", resource="*", **more):
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def test_a_role_must_trust_the_caller(world):
    alice, bob = world.people.user("alice"), world.people.user("bob")
    role = world.work.role("admin", trusts=[bob])
    assert refusal(assume, world.sts(alice), role) == not_authorized(alice.arn, role)


def test_a_role_that_is_not_there_looks_the_same(world):
    alice = world.people.user("alice")
    role = world.work.role("admin", trusts=[alice])
    sts = world.sts(alice)
    del world.work.roles["admin"]
    assert refusal(assume, sts, role) == not_authorized(alice.arn, role)


def test_the_path_belongs_to_the_arn(world):
    alice = world.people.user("alice")
    role = world.work.role("admin", trusts=[alice], path="/team/")
    without = role.arn.replace("/team", "")
    code = refusal(world.sts(alice).assume_role, RoleArn=without, RoleSessionName="alice")[1]
    assert code == "AccessDenied"


@pytest.mark.parametrize("principal", [PEOPLE, f"arn:aws:iam::{PEOPLE}:root", "*"])
def test_a_role_may_trust_a_whole_account(world, principal):
    alice = world.people.user("alice")
    assume(world.sts(alice), world.work.role("admin", trusts=[principal]))


def test_another_account_is_not_trusted(world):
    alice = world.people.user("alice")
    role = world.work.role("admin", trusts=["444455556666"])
    assert refusal(assume, world.sts(alice), role)[1] == "AccessDenied"


def test_across_accounts_the_caller_must_be_allowed_as_well(world):
    nobody = world.people.user("nobody", policies={})
    role = world.work.role("admin", trusts=[nobody])
    assert refusal(assume, world.sts(nobody), role) == not_authorized(nobody.arn, role)


def test_within_an_account_being_trusted_by_name_is_enough(world):
    nobody = world.work.user("nobody", policies={})
    assume(world.sts(nobody), world.work.role("named", trusts=[nobody]))
    account_wide = world.work.role("account", trusts=[WORK])
    assert refusal(assume, world.sts(nobody), account_wide)[1] == "AccessDenied"


@pytest.mark.parametrize("where", [PEOPLE, WORK])
def test_an_explicit_deny_wins(world, where):
    policies = policy(statement("Allow", "*"), statement("Deny", "sts:*"))
    denied = world.aws.account(where).user("denied", policies=policies)
    role = world.work.role("admin", trusts=[denied])
    assert refusal(assume, world.sts(denied), role) == not_authorized(denied.arn, role)


def test_a_trust_policy_may_deny(world):
    alice = world.people.user("alice")
    allow = {"Effect": "Allow", "Principal": {"AWS": PEOPLE}, "Action": "sts:AssumeRole"}
    deny = {"Effect": "Deny", "Principal": {"AWS": alice.arn}, "Action": "sts:AssumeRole"}
    document = {"Version": "2012-10-17", "Statement": [allow, deny]}
    role = world.work.role("admin", trust_policy=document)
    assert refusal(assume, world.sts(alice), role)[1] == "AccessDenied"
    assume(world.sts(world.people.user("bob")), role)


@pytest.mark.parametrize(
    ("granted", "fits"),
    [
        (statement("Allow", "STS:assumerole"), True),
        (statement("Allow", "sts:*"), True),
        (statement("Allow", "sts:Assume????"), True),
        (statement("Allow", "*"), True),
        (statement("Allow", "sts:GetSessionToken"), False),
        (statement("Allow", "sts:AssumeRoleWithSAML"), False),
        (statement("Allow", resource=f"arn:aws:iam::{WORK}:role/adm*"), True),
        (statement("Allow", resource=f"arn:aws:iam::{WORK}:role/ADMIN"), False),
        (statement("Allow", resource="arn:aws:iam::*:role/${aws:username}"), True),
        (statement("Allow", resource=["arn:aws:s3:::x", f"arn:aws:iam::{WORK}:role/ad?in"]), True),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, True),
        ({"Effect": "Allow", "NotAction": "sts:*", "Resource": "*"}, False),
        ({"Effect": "Allow", "Action": "sts:*", "NotResource": "arn:aws:iam::*:role/x"}, True),
        ({"Effect": "Allow", "Action": "sts:*", "NotResource": "arn:aws:iam::*:role/a*"}, False),
        (statement("Allow", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}), False),
        (
            statement("Allow", Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}),
            True,
        ),
        (statement("Allow", Condition={"StringEquals": {"aws:username": "admin"}}), True),
        (statement("Allow", Condition={"StringEquals": {"aws:username": "root"}}), False),
    ],
)
def test_the_callers_own_policy_is_read_closely(world, granted, fits):
    user = world.people.user("admin", policies=policy(granted))
    role = world.work.role("admin", trusts=[user])
    if fits:
        assume(world.sts(user), role)
    else:
        assert refusal(assume, world.sts(user), role) == not_authorized(user.arn, role)


def test_groups_and_attached_policies_count(world):
    user = world.people.user("alice", policies={})
    role = world.work.role("admin", trusts=[user])
    sts = world.sts(user)
    group = world.people.group("developers")
    user.join(group)
    assert refusal(assume, sts, role)[1] == "AccessDenied"
    group.attach(world.people.policy("take", policy(statement("Allow"))["only"]))
    assume(sts, role)
    user.inline("no", policy(statement("Deny"))["only"])
    assert refusal(assume, sts, role)[1] == "AccessDenied"


def test_a_new_version_of_a_policy_replaces_the_old(world):
    take = world.people.policy("take", policy(statement("Allow"))["only"])
    user = world.people.user("alice", policies={})
    user.attach(take)
    role = world.work.role("admin", trusts=[user])
    assert take.new_version(policy(statement("Allow", "s3:*"))["only"]) == "v2"
    assert refusal(assume, world.sts(user), role)[1] == "AccessDenied"


def test_an_external_id_must_be_given_and_right(world):
    alice = world.people.user("alice")
    role = world.work.role("partner", trusts=[alice], external_id="x-1")
    sts = world.sts(alice)
    assert refusal(assume, sts, role) == not_authorized(alice.arn, role)
    assert refusal(assume, sts, role, ExternalId="X-1") == not_authorized(alice.arn, role)
    assume(sts, role, ExternalId="x-1")


def test_an_external_id_that_nobody_asked_for_is_no_harm(world):
    alice = world.people.user("alice")
    assume(world.sts(alice), world.work.role("admin", trusts=[alice]), ExternalId="x-1")


def test_the_session_of_a_role_may_be_trusted_alone(world):
    alice = world.people.user("alice")
    first = world.work.role("first", trusts=[alice])
    session = f"arn:aws:sts::{WORK}:assumed-role/first/alice"
    last = world.work.role("last", trusts=[session])
    sts = world.sts(alice)
    assume(client(world.aws, assume(sts, first)["Credentials"]), last)
    other = sts.assume_role(RoleArn=first.arn, RoleSessionName="bob")["Credentials"]
    assert refusal(assume, client(world.aws, other), last)[1] == "AccessDenied"


def test_a_role_may_do_what_its_policies_allow(world):
    alice = world.people.user("alice")
    first = world.work.role("first", trusts=[alice], policies={})
    last = world.aws.account("444455556666").role("last", trusts=[first])
    session = client(world.aws, assume(world.sts(alice), first)["Credentials"])
    arn = f"arn:aws:sts::{WORK}:assumed-role/first/alice"
    assert refusal(assume, session, last) == not_authorized(arn, last)
    first.inline("chain", policy(statement("Allow", resource=last.arn))["only"])
    assume(session, last)


def test_roles_of_another_partition_are_out_of_reach(world):
    alice = world.people.user("alice")
    china = world.aws.account("777788889999", partition="aws-cn")
    role = china.role("admin", trusts=["*"])
    assert role.arn == "arn:aws-cn:iam::777788889999:role/admin"
    assert refusal(assume, world.sts(alice), role)[1] == "AccessDenied"


@pytest.mark.parametrize(
    ("partition", "region"), [("aws-cn", "cn-northwest-1"), ("aws-us-gov", "us-gov-west-1")]
)
def test_other_partitions_work_alike(world, partition, region):
    people = world.aws.account("777788889999", partition=partition)
    user = people.user("li")
    role = world.aws.account("888899990000", partition=partition).role("admin", trusts=[user])
    answer = assume(client(world.aws, user.access_key(), region=region), role)
    assert answer["AssumedRoleUser"]["Arn"].startswith(f"arn:{partition}:sts::888899990000:")


def test_a_role_of_a_name_can_be_asked_for_again(world):
    role = world.work.role("admin", trusts=[PEOPLE])
    assert world.work.role("admin") is role
    with pytest.raises(ValueError, match="must trust somebody"):
        world.work.role("other")


@pytest.mark.parametrize(
    ("account_id", "partition"), [("123", "aws"), ("12345678901x", "aws"), ("1" * 12, "mars")]
)
def test_accounts_have_a_number_and_a_partition(world, account_id, partition):
    with pytest.raises(ValueError, match=r"digits|partition"):
        world.aws.account(account_id, partition=partition)
    with pytest.raises(ValueError, match="is in partition aws"):
        world.aws.account(PEOPLE, partition="aws-cn")
