"""Names of generated profiles."""

import pytest

from runas.cli.populate_names import Names, Style, safe, short_region
from runas.errors import ConfigurationError, UsageError
from runas.model import Role, RoleArn


def role(name: str = "Admin", account: str | None = "Corp Dev", number: str = "1" * 12) -> Role:
    return Role(RoleArn("aws", number, "/", name), account_name=account)


@pytest.mark.parametrize(
    ("region", "short"),
    [
        ("us-east-1", "usea1"),
        ("ap-northeast-1", "apne1"),
        ("ca-central-1", "cace1"),
        ("ap-southeast-2", "apse2"),
        ("us-gov-west-1", "govwe1"),
        ("cn-northwest-1", "cnnw1"),
        ("us-iso-east-1", "us-iso-east-1"),
        ("eu-central", "eu-central"),
        ("", ""),
    ],
)
def test_short_regions(region: str, short: str) -> None:
    assert short_region(region) == short


@pytest.mark.parametrize(
    ("style", "names"),
    [
        (Style(), ["Corp-Dev.Admin", "Corp-Dev.Admin.usea1"]),
        (Style(safe=False), ["Corp Dev.Admin", "Corp Dev.Admin.usea1"]),
        (Style(separator="/", region_style="long"), ["Corp-Dev/Admin", "Corp-Dev/Admin/us-east-1"]),
        (Style(include_region="always"), ["Corp-Dev.Admin.euwe1", "Corp-Dev.Admin.usea1"]),
        (Style("x{,role_name,account_number,region"), [f"x{{.Admin.{'1' * 12}", None]),
        (Style(trim_accounts=["^Corp "], role_case="lower"), ["Dev.admin", "Dev.admin.usea1"]),
        (Style(trim_accounts=[".*"], account_case="upper"), ["1" * 12 + ".Admin", None]),
        (Style(template="{role_name}@{account_name}"), ["Admin@Corp-Dev", "Admin@Corp-Dev.usea1"]),
        (Style(template="{region}-{role_name}"), ["eu-west-1-Admin", "us-east-1-Admin"]),
    ],
)
def test_styles(style: Style, names: list[str | None]) -> None:
    found, told = Names(style).all([role()], ["eu-west-1", "us-east-1"])
    assert not told
    for one, name in zip(found, names, strict=True):
        assert name in (None, one.name)


def test_names_that_several_roles_want() -> None:
    roles = [role(), role(number="2" * 12), role("Other")]
    found, told = Names(Style()).all(roles, [])
    ends = ["." + "1" * 12, "." + "2" * 12]
    assert [one.name for one in found] == [
        *["Corp-Dev.Admin" + end for end in ends],
        "Corp-Dev.Other",
    ]
    assert told == ["Corp-Dev.Admin"]
    with pytest.raises(ConfigurationError, match="several roles"):
        Names(Style("account_name")).all([role(), role("Other")], [])
    with pytest.raises(ConfigurationError, match="no name is left"):
        Names(Style("role_name", trim_roles=["."])).all([role()], [])


def test_an_account_without_a_name_goes_by_its_number() -> None:
    assert Names(Style()).name(role(account=None), 0, None) == "1" * 12 + ".Admin"


@pytest.mark.parametrize("template", ["{role_name.__class__}", "{0}", "{", "{role_name!r}", "{x}"])
def test_templates_with_other_fields_are_refused(template: str) -> None:
    with pytest.raises(UsageError):
        Names(Style(template=template))


def test_safe_names() -> None:
    assert [safe(text) for text in (" Büro (EU)/x ", "--a.b_c", "日本", "a]b")] == [
        "Buro-EU-x",
        "a.b_c",
        "",
        "a-b",
    ]
