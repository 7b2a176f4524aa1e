"""What a profile's settings become in AssumeRole."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runas.aws.parameters import narrowing, session_name, tagging
from runas.errors import ConfigurationError, UsageError
from runas.model import Profile


def work(**settings: str) -> Profile:
    return Profile("work", settings, dict.fromkeys(settings, "~/.aws/config:7"))


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("alice", "alice"),
        ("alice@example.com", "alice@example.com"),
        ("Jörg Müller", "J-rg-M-ller"),
        ("system:serviceaccount:ci:x", "system-serviceaccount-ci-x"),
        ("a", "runas-a"),
        ("", "runas"),
        ("x" * 70, "x" * 64),
    ],
)
def test_the_session_is_named_as_the_user_is(subject, name):
    assert session_name(work(), subject) == name


@given(st.text())
def test_any_name_becomes_one_that_aws_takes(subject):
    assert re.fullmatch(r"[\w+=,.@-]{2,64}", session_name(work(), subject), re.ASCII)


def test_a_chosen_name_is_taken_as_it_is():
    assert session_name(work(role_session_name="deploy-42"), "alice") == "deploy-42"


@pytest.mark.parametrize("name", ["", "x", "a b", "x" * 65, "jörg"])
def test_a_chosen_name_that_aws_refuses_is_named(name):
    with pytest.raises(ConfigurationError) as caught:
        session_name(work(role_session_name=name), "alice")
    assert "role_session_name (~/.aws/config:7)" in caught.value.fact


def test_a_bad_value_of_an_option_is_a_usage_error():
    typed = Profile("work", {"role_session_name": "x"}, {"role_session_name": "-n"})
    with pytest.raises(UsageError, match="role_session_name \\(-n\\): 'x' is no session name"):
        session_name(typed, "alice")


@pytest.mark.parametrize("text", ["", "{", "\n"])
def test_a_policy_that_is_no_json_is_named(text):
    asked = work(session_policy="p.json", session_policy_document=text)
    with pytest.raises(ConfigurationError, match="not JSON") as caught:
        narrowing(asked.having(), "aws")
    assert "session_policy (~/.aws/config:7)" in caught.value.fact


def test_policies_are_listed_once():
    asked = work(session_policy_arns="arn:a, arn:b\narn:a,", read_only="true")
    arns = [each["arn"] for each in narrowing(asked, "aws-cn")["PolicyArns"]]
    assert arns == ["arn:a", "arn:b", "arn:aws-cn:iam::aws:policy/ReadOnlyAccess"]


def test_nothing_narrows_by_itself():
    assert narrowing(work(read_only="false"), "aws") == {"Policy": None, "PolicyArns": []}


@pytest.mark.parametrize("tags", ["team", "=red", "team=red,stage"])
def test_a_tag_without_a_name_or_value_is_named(tags):
    with pytest.raises(ConfigurationError) as caught:
        tagging(work(session_tags=tags))
    assert "session_tags (~/.aws/config:7)" in caught.value.fact


def test_a_tag_s_value_may_be_empty_and_hold_equals_signs():
    tags = tagging(work(session_tags="a=, b=c=d"))["Tags"]
    assert tags == [{"Key": "a", "Value": ""}, {"Key": "b", "Value": "c=d"}]
