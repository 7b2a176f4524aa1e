"""The policy language, statement by statement."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runas.testing.aws.arns import Arn
from runas.testing.aws.patterns import matches
from runas.testing.aws.policy import Decision, Document, PolicyError, decide

ALLOW = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
NAMES = st.text("abcdefghijklmnopqrstuvwxyzABCDEFG0123456789-_.:/${}[]()^+\\", max_size=30)


def verdict(statement, context=None, resource="arn:aws:iam::1:role/r", version="2012-10-17"):
    document = Document.of({"Version": version, "Statement": statement})
    return decide(document.statements, "sts:AssumeRole", resource, context or {})


def under(operator, key, value, context):
    condition = {operator: {key: value}}
    return verdict(ALLOW | {"Condition": condition}, context) is Decision.ALLOWED


@given(NAMES)
def test_a_value_matches_itself_and_the_star(value):
    assert matches(value, value)
    assert matches("*", value)
    assert matches(f"*{value}", f"x{value}")
    assert not matches(f"{value}?", value)


@given(NAMES)
def test_the_value_of_a_variable_is_literal(value):
    assert matches("${who}", value, {"who": value})
    assert not matches("${who}", value + "x", {"who": value + "*"})


def test_variables():
    assert matches("a/${aws:UserName}/*", "a/al/b", {"aws:username": "al"})
    assert not matches("${aws:username}", "", {})
    assert matches("${team, 'none'}", "none", {})
    assert matches("${*}${?}${$}", "*?$", {})
    assert not matches("${*}", "x", {})


def test_variables_are_literal_in_the_old_version():
    old = ALLOW | {"Resource": "arn:${who}"}
    context = {"who": "r"}
    assert verdict(old, context, "arn:r", "2008-10-17") is Decision.SILENT
    assert verdict(old, context, "arn:${who}", "2008-10-17") is Decision.ALLOWED
    assert verdict(old, context, "arn:r") is Decision.ALLOWED


def test_a_variable_without_value_neither_grants_nor_excepts():
    assert verdict(ALLOW | {"Resource": "arn:${who}"}, {}, "arn:") is Decision.SILENT
    excepted = {"Effect": "Allow", "Action": "*", "NotResource": "arn:${who}"}
    assert verdict(excepted) is Decision.SILENT
    assert verdict(excepted, {"who": "x"}) is Decision.ALLOWED


@pytest.mark.parametrize(
    ("operator", "value", "actual", "holds"),
    [
        ("StringEquals", "a", "a", True),
        ("StringEquals", ["b", "a"], "a", True),
        ("StringEquals", "${me}", "me!", True),
        ("StringEquals", "a", "A", False),
        ("StringEquals", "a", None, False),
        ("StringEqualsIfExists", "a", None, True),
        ("StringEqualsIgnoreCase", "a", "A", True),
        ("StringNotEquals", "a", "b", True),
        ("StringNotEquals", ["a", "b"], "b", False),
        ("StringNotEquals", "a", None, True),
        ("StringLike", "a*", "abc", True),
        ("StringNotLike", "a*", "abc", False),
        ("ArnLike", "arn:aws:iam::*:user/?", "arn:aws:iam::1:user/a", True),
        ("ArnNotEquals", "arn:aws:iam::*:user/?", "arn:aws:iam::1:user/a", False),
        ("Bool", True, "true", True),
        ("Bool", "true", "false", False),
        ("Bool", "true", None, False),
        ("BoolIfExists", "true", None, True),
        ("BoolIfExists", "true", "false", False),
        ("Null", "true", None, True),
        ("Null", "true", "x", False),
        ("Null", False, "x", True),
        ("NumericLessThan", 10, "9", True),
        ("NumericLessThanEquals", "10", "10", True),
        ("NumericGreaterThan", "10", "10", False),
        ("NumericNotEquals", "10", "11", True),
        ("DateGreaterThan", "2020-01-01T00:00:00Z", "1600000000", True),
        ("DateLessThan", "2020-01-01T00:00:00Z", "1600000000", False),
        ("IpAddress", "127.0.0.0/8", "127.0.0.1", True),
        ("NotIpAddress", "127.0.0.0/8", "127.0.0.1", False),
        ("ForAllValues:StringEquals", ["a", "b"], ("a",), True),
        ("ForAllValues:StringEquals", ["a", "b"], ("a", "c"), False),
        ("ForAllValues:StringEquals", ["a"], None, True),
        ("ForAnyValue:StringEquals", ["a", "b"], ("a", "c"), True),
        ("ForAnyValue:StringEquals", ["a"], ("c",), False),
    ],
)
def test_conditions(operator, value, actual, holds):
    context = {"me": "me!"} | ({} if actual is None else {"Some:Key": actual})
    assert under(operator, "some:key", value, context) is holds


def test_all_conditions_must_hold():
    condition = {"StringEquals": {"a": "1", "b": "2"}, "Bool": {"c": "true"}}
    statement = ALLOW | {"Condition": condition}
    whole = {"a": "1", "b": "2", "c": "true"}
    assert verdict(statement, whole) is Decision.ALLOWED
    for key in whole:
        assert verdict(statement, whole | {key: "other"}) is Decision.SILENT


def test_silence_allow_and_deny():
    deny = ALLOW | {"Effect": "Deny"}
    assert verdict([ALLOW | {"Action": "s3:*"}]) is Decision.SILENT
    assert verdict([ALLOW]) is Decision.ALLOWED
    assert verdict([deny, ALLOW]) is verdict([ALLOW, deny]) is Decision.DENIED


@pytest.mark.parametrize(
    "bad",
    [
        "{",
        "[]",
        "{}",
        {"Statement": []},
        {"Version": "2024-01-01", "Statement": ALLOW},
        {"Statement": ALLOW | {"Effect": "allow"}},
        {"Statement": ALLOW | {"Sids": "x"}},
        {"Statement": ALLOW | {"NotAction": "x:y"}},
        {"Statement": {"Effect": "Allow", "Resource": "*"}},
        {"Statement": {"Effect": "Allow", "Action": "*"}},
        {"Statement": ALLOW | {"Action": "AssumeRole"}},
        {"Statement": ALLOW | {"Action": 7}},
        {"Statement": ALLOW | {"Resource": "role/x"}},
        {"Statement": ALLOW | {"Principal": "*"}},
        {"Statement": ALLOW | {"Condition": []}},
        {"Statement": ALLOW | {"Condition": {"StringIsh": {"a": "b"}}}},
        {"Statement": ALLOW | {"Condition": {"StringEquals": {"a": {}}}}},
    ],
)
def test_documents_that_aws_refuses(bad):
    with pytest.raises(PolicyError):
        Document.of(bad)


@pytest.mark.parametrize(
    "bad",
    [
        ALLOW | {"Principal": "*"},
        {"Effect": "Allow", "Action": "sts:AssumeRole"},
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Users": "*"}},
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "alice"},
    ],
)
def test_trust_policies_that_aws_refuses(bad):
    with pytest.raises(PolicyError):
        Document.of({"Statement": bad}, trust=True)


def test_a_document_keeps_its_text():
    text = json.dumps({"Statement": [ALLOW]}, indent=3)
    assert Document.of(text).text == text
    assert Document.of(Document.of(text)).text == text


def test_arns():
    arn = Arn.parse("arn:aws:iam::123456789012:role/a:b/c")
    assert (arn.account_id, arn.resource) == ("123456789012", "role/a:b/c")
    assert str(arn) == "arn:aws:iam::123456789012:role/a:b/c"
    for bad in ("role/x", "arn:aws:iam::1:", "urn:aws:iam::1:x"):
        with pytest.raises(ValueError, match="not an ARN"):
            Arn.parse(bad)
