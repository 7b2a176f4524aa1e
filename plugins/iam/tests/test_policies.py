"""Reading policy documents."""

import pytest

from runas_iam.policies import allowed, matches, statements

A = "arn:aws:iam::123456789012:role/"


def allow(resource, action="sts:AssumeRole", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(resource, action="sts:AssumeRole", **more):
    return {**allow(resource, action, **more), "Effect": "Deny"}


def found(*held, **variables):
    document = {"Version": "2012-10-17", "Statement": list(held)}
    return allowed(list(statements(document, {"aws:username": "alice", **variables})))


@pytest.mark.parametrize(
    "action",
    [
        "sts:AssumeRole", "STS:assumerole", "sts:*", "*", "sts:Assume*", "s?s:AssumeRol?",
        ["s3:Get*", "sts:AssumeRole"],
    ],
)  # fmt: skip
def test_an_action_that_takes_roles(action):
    assert found(allow(A + "admin", action)) == [A + "admin"]


@pytest.mark.parametrize("action", ["sts:AssumeRoleWithSAML", "sts:Get*", "iam:*", "", [], None, 7])
def test_an_action_that_does_not(action):
    assert found(allow(A + "admin", action)) == []


def test_a_single_statement_is_no_list():
    document = {"Statement": allow([A + "one", A + "two"])}
    assert allowed(list(statements(document, {}))) == [A + "one", A + "two"]


@pytest.mark.parametrize(
    ("action", "names"),
    [("iam:*", True), (["iam:*", "s3:*"], True), ("sts:*", False), ("*", False)],
)
def test_not_action_is_all_the_others(action, names):
    held = {"Effect": "Allow", "NotAction": action, "Resource": A + "admin"}
    assert bool(found(held)) is names


def test_not_resource_of_an_allow_is_any_role():
    assert found({"Effect": "Allow", "Action": "sts:*", "NotResource": A + "admin"}) == ["*"]


@pytest.mark.parametrize(
    "denial",
    [
        deny(A + "admin"),
        deny(A + "*"),
        deny("*", "*"),
        deny("*", "STS:*"),
        {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"},
        {"Effect": "Deny", "Action": "sts:*", "NotResource": A + "other"},
    ],
)
def test_a_deny_wins(denial):
    assert found(allow(A + "admin"), denial) == []


@pytest.mark.parametrize(
    "denial",
    [
        deny(A + "other"),
        deny(A + "admi"),
        deny("*", "s3:*"),
        {"Effect": "Deny", "NotAction": "sts:*", "Resource": "*"},
        {"Effect": "Deny", "Action": "sts:*", "NotResource": [A + "adm*"]},
    ],
)
def test_a_deny_of_something_else_does_not(denial):
    assert found(allow(A + "admin"), denial) == [A + "admin"]


def test_a_deny_that_mfa_ends_does_not_count():
    without = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
    assert found(allow(A + "admin"), deny("*", "*", Condition=without)) == [A + "admin"]


def test_an_allow_that_wants_mfa_counts():
    proven = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    assert found(allow(A + "admin", Condition=proven)) == [A + "admin"]


def test_a_pattern_is_denied_by_a_wider_one_only():
    assert found(allow(A + "team-*"), deny(A + "*")) == []
    assert found(allow(A + "team-*"), deny(A + "team-red-*")) == [A + "team-*"]
    assert found(allow(A + "team-*"), deny(A + "team-?")) == [A + "team-*"]


def test_a_deny_of_all_but_some_narrows_a_pattern():
    but = {"Effect": "Deny", "Action": "sts:AssumeRole", "NotResource": [A + "dev-*", A + "test"]}
    assert found(allow("*"), but) == [A + "dev-*", A + "test"]


def test_variables_are_filled_in_where_they_are_known():
    assert found(allow(A + "${aws:username}")) == [A + "alice"]
    assert found(allow(A + "${AWS:UserName, 'x'}-dev")) == [A + "alice-dev"]
    assert found(allow(A + "${aws:PrincipalTag/team}")) == [A + "*"]


def test_each_is_found_once_and_sorted():
    held = [allow([A + "b", A + "a"]), allow(A + "b", "*")]
    assert found(*held) == [A + "a", A + "b"]


@pytest.mark.parametrize(
    "document",
    [None, "text", [], {}, {"Statement": None}, {"Statement": ["x", {}, {"Effect": "?"}]}],
)
def test_what_is_malformed_says_nothing(document):
    assert list(statements(document, {})) == []


def test_patterns_are_case_sensitive_and_literal():
    assert matches("a.c", "a.c")
    assert not matches("a.c", "abc")
    assert not matches("A*", "abc")
    assert matches("a*c", "a\nc")
