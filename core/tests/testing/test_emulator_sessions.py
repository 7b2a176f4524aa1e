"""What a role session may carry: policies, tags, a source identity."""

import json

import pytest

from runas.testing import AwsEmulator

from .emulator_world import PEOPLE, WORK, assume, client, not_authorized, refusal

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def document(action, effect="Allow"):
    statement = {"Effect": effect, "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


class World:
    def __init__(self, aws):
        self.aws = aws
        self.alice = aws.account(PEOPLE).user("alice")
        self.role = aws.account(WORK).role("admin", trusts=[self.alice])
        self.next = aws.account("444455556666").role("next", trusts=[self.role])
        self.sts = client(aws, self.alice.access_key())

    def take(self, **more):
        answer = assume(self.sts, self.role, **more)
        credentials = answer["Credentials"]
        return answer, self.aws.issued[credentials["AccessKeyId"]]

    def session(self, **more):
        return client(self.aws, assume(self.sts, self.role, **more)["Credentials"])


@pytest.fixture
def world():
    with AwsEmulator() as aws:
        yield World(aws)


def tags(**values):
    return [{"Key": key, "Value": value} for key, value in values.items()]


def test_session_policies_are_kept_with_the_credentials(world):
    answer, issued = world.take(Policy=document("s3:Get*"), PolicyArns=[{"arn": READ_ONLY}])
    assert issued.options.policy.text == document("s3:Get*")
    assert issued.options.policy_arns == (READ_ONLY,)
    assert 0 < answer["PackedPolicySize"] <= 100


def test_a_session_policy_narrows_the_role(world):
    arn = f"arn:aws:sts::{WORK}:assumed-role/admin/alice"
    for narrow in (
        {"Policy": document("s3:*")},
        {"Policy": document("*", "Deny")},
        {"PolicyArns": [{"arn": READ_ONLY}]},
    ):
        assert refusal(assume, world.session(**narrow), world.next) == not_authorized(
            arn, world.next
        )
    assume(world.session(Policy=document("sts:AssumeRole")), world.next)


def test_a_session_policy_narrows_within_an_account_too(world):
    local = world.aws.account(WORK).role("local", trusts=[world.role])
    assume(world.session(), local)
    narrow = world.session(Policy=document("s3:*"))
    assert refusal(assume, narrow, local)[1] == "AccessDenied"


def test_a_session_policy_grants_nothing(world):
    role = world.aws.account(WORK).role("poor", trusts=[world.alice], policies={})
    last = world.aws.account("444455556666").role("last", trusts=[role])
    answer = assume(world.sts, role, Policy=document("*"))
    session = client(world.aws, answer["Credentials"])
    assert refusal(assume, session, last)[1] == "AccessDenied"


def test_policies_of_the_roles_account_may_be_named(world):
    policy = world.aws.account(WORK).policy("narrow", document("sts:*"))
    assume(world.session(PolicyArns=[{"arn": policy.arn}]), world.next)
    other = world.aws.account(PEOPLE).policy("other", document("*"))
    code = refusal(world.take, PolicyArns=[{"arn": other.arn}])[1]
    assert code == "MalformedPolicyDocument"


@pytest.mark.parametrize("text", ["{", '{"Statement": []}', document("nonsense")])
def test_policies_must_be_policies(world, text):
    assert refusal(world.take, Policy=text)[:2] == (400, "MalformedPolicyDocument")


def test_at_most_ten_policies_may_be_named(world):
    world.take(PolicyArns=[{"arn": READ_ONLY}] * 10)
    message = refusal(world.take, PolicyArns=[{"arn": READ_ONLY}] * 11)[2]
    assert "at 'policyArns' failed to satisfy constraint" in message


def test_all_policies_together_have_a_size(world):
    long = json.loads(document("s3:*"))
    long["Statement"][0]["Sid"] = "x" * 1900
    arns = [{"arn": READ_ONLY}] * 10
    status, code, message = refusal(world.take, Policy=json.dumps(long), PolicyArns=arns)
    assert (status, code) == (400, "PackedPolicyTooLarge")
    assert message.startswith("Packed policy consumes ")


def test_tags_are_kept_with_the_credentials(world):
    answer, issued = world.take(Tags=tags(Project="Pegasus", Empty=""))
    assert issued.options.tags == {"Project": "Pegasus", "Empty": ""}
    assert answer["PackedPolicySize"] > 0


def test_transitive_tags_go_along_a_chain(world):
    first = world.session(Tags=tags(team="a", local="b"), TransitiveTagKeys=["team"])
    credentials = assume(first, world.next, Tags=tags(more="c"))["Credentials"]
    issued = world.aws.issued[credentials["AccessKeyId"]]
    assert issued.options.tags == {"team": "a", "more": "c"}
    assert issued.options.transitive_tag_keys == ("team",)
    assert refusal(assume, first, world.next, Tags=tags(TEAM="x"))[1] == "InvalidParameterValue"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (tags(a="1", A="2"), "InvalidParameterValue"),
        (tags(a="x" * 257), "ValidationError"),
        (tags(**{"k" * 129: "x"}), "ValidationError"),
        (tags(**{"": "x"}), "ValidationError"),
        (tags(**{"a!": "x"}), "ValidationError"),
        (tags(**{"aws:x": "x"}), "ValidationError"),
        ([{"Key": "a"}], "ValidationError"),
        (tags(**{f"k{n}": "" for n in range(51)}), "ValidationError"),
    ],
)
def test_tags_have_limits(world, wrong, code):
    assert refusal(world.take, Tags=wrong)[:2] == (400, code)


def test_fifty_tags_in_any_script_are_fine(world):
    world.take(Tags=tags(**{f"ключ {n}": "значение" for n in range(5)}))
    world.take(Tags=tags(**{f"k{n}": "" for n in range(50)}))


def test_only_tags_that_are_there_can_be_transitive(world):
    wrong = refusal(world.take, Tags=tags(a="1"), TransitiveTagKeys=["b"])
    assert wrong[1] == "InvalidParameterValue"


def only_assume(principal):
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
        ],
    }


@pytest.mark.parametrize(
    ("more", "action"),
    [
        ({"Tags": tags(a="1")}, "sts:TagSession"),
        ({"SourceIdentity": "me"}, "sts:SetSourceIdentity"),
    ],
)
def test_tags_and_source_identity_need_permissions_of_their_own(world, more, action):
    strict = world.aws.account(WORK).role("strict", trust_policy=only_assume(world.alice.arn))
    assume(world.sts, strict)
    refused = refusal(assume, world.sts, strict, **more)
    assert refused == not_authorized(world.alice.arn, strict, action)


def test_trust_may_depend_on_tags_and_names(world):
    trust = only_assume(world.alice.arn)
    trust["Statement"][0] |= {
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Condition": {
            "StringEquals": {"aws:RequestTag/team": "a", "sts:RoleSessionName": "${aws:username}"},
            "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]},
        },
    }
    role = world.aws.account(WORK).role("tagged", trust_policy=trust)
    assume(world.sts, role, Tags=tags(team="a"))
    for wrong in ({}, {"Tags": tags(team="b")}, {"Tags": tags(team="a", more="b")}):
        assert refusal(assume, world.sts, role, **wrong)[1] == "AccessDenied"


def test_a_source_identity_stays_along_a_chain(world):
    answer = assume(world.sts, world.role, SourceIdentity="alice@example.com")
    assert answer["SourceIdentity"] == "alice@example.com"
    first = client(world.aws, answer["Credentials"])
    assert assume(first, world.next)["SourceIdentity"] == "alice@example.com"
    assert refusal(assume, first, world.next, SourceIdentity="bob")[1] == "AccessDenied"


def test_a_source_identity_must_not_look_like_awss(world):
    assert refusal(world.take, SourceIdentity="aws:me")[:2] == (400, "ValidationError")
