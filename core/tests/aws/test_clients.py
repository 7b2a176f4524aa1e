"""Where a client's calls go, how they are signed, and what of the user's files reaches them."""

import logging
from pathlib import Path

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import EndpointResolutionError, EndpointVariantError
from botocore.loaders import Loader

from runas.aws import clients
from runas.aws.data import ServiceData
from runas.errors import ConfigurationError, ServiceUnavailable
from runas.model import Credentials, Profile

from .conftest import keys_of

KEYS = Credentials("AKIAEXAMPLE", "secret", "token")


class _Sent(Exception):
    pass


def sent(client, operation="get_caller_identity", **parameters):
    """Return what a client would send: the address, and region and service of the signature."""
    seen = []

    def grab(request, **_: object) -> AWSResponse:
        seen.append(request)
        raise _Sent

    client.meta.events.register("before-send.*", grab)
    with pytest.raises(_Sent):
        getattr(client, operation)(**parameters)
    header = seen[0].headers.get("Authorization") or b""
    text = header if isinstance(header, str) else header.decode()
    scope = text.partition("Credential=")[2].split("/")[2:4]
    return seen[0].url, "/".join(scope)


def sts(partition=None, **settings):
    return clients.client("sts", Profile("work", settings), KEYS, partition)


CN = "arn:aws-cn:iam::222233334444:role/admin"
GOV = "arn:aws-us-gov:iam::333344445555:role/admin"
WEST = "https://sts.eu-west-1.amazonaws.com/"


@pytest.mark.parametrize(
    ("settings", "url", "scope"),
    [
        ({}, "https://sts.us-east-1.amazonaws.com/", "us-east-1/sts"),
        ({"region": "eu-west-1"}, WEST, "eu-west-1/sts"),
        ({"role_arn": CN}, "https://sts.cn-northwest-1.amazonaws.com.cn/", "cn-northwest-1/sts"),
        (
            {"role_arn": CN, "region": "cn-north-1"},
            "https://sts.cn-north-1.amazonaws.com.cn/",
            "cn-north-1/sts",
        ),
        (
            {"role_arn": CN, "region": "eu-west-1"},
            "https://sts.cn-northwest-1.amazonaws.com.cn/",
            "cn-northwest-1/sts",
        ),
        (
            {"role_arn": GOV, "region": "us-west-2"},
            "https://sts.us-gov-west-1.amazonaws.com/",
            "us-gov-west-1/sts",
        ),
        (
            {"mfa_serial": GOV.replace("role", "mfa")},
            "https://sts.us-gov-west-1.amazonaws.com/",
            "us-gov-west-1/sts",
        ),
        ({"role_arn": "admin", "region": "eu-west-1"}, WEST, "eu-west-1/sts"),
        (
            {"region": "eu-west-1", "use_fips_endpoint": "true"},
            "https://sts-fips.eu-west-1.amazonaws.com/",
            "eu-west-1/sts",
        ),
        (
            {"region": "eu-west-1", "use_dualstack_endpoint": "true"},
            "https://sts.eu-west-1.api.aws/",
            "eu-west-1/sts",
        ),
        ({"region": "eu-west-1", "use_fips_endpoint": "false"}, WEST, "eu-west-1/sts"),
        (
            {"region": "eu-west-1", "sts_regional_endpoints": "legacy"},
            "https://sts.amazonaws.com/",
            "us-east-1/sts",
        ),
        ({"endpoint_url": "http://127.0.0.1:5000"}, "http://127.0.0.1:5000/", "us-east-1/sts"),
        (
            {"endpoint_url": "https://all.test", "endpoint_url_sts": "https://sts.test/x"},
            "https://sts.test/x",
            "us-east-1/sts",
        ),
        (
            {"endpoint_url_iam": "https://iam.test", "region": "eu-west-1"},
            WEST,
            "eu-west-1/sts",
        ),
        (
            {
                "endpoint_url": "https://all.test",
                "ignore_configured_endpoint_urls": "true",
                "region": "eu-west-1",
            },
            WEST,
            "eu-west-1/sts",
        ),
    ],
)
def test_the_settings_decide_where_a_call_goes(settings, url, scope):
    assert sent(sts(**settings)) == (url, scope)


@pytest.mark.parametrize(
    ("variables", "url"),
    [
        ({"AWS_ENDPOINT_URL": "https://all.test"}, "https://all.test/"),
        (
            {"AWS_ENDPOINT_URL": "https://all.test", "AWS_ENDPOINT_URL_STS": "https://sts.test"},
            "https://sts.test/",
        ),
        (
            {"AWS_ENDPOINT_URL": "https://all.test", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
            WEST,
        ),
        ({"AWS_USE_FIPS_ENDPOINT": "true"}, "https://sts-fips.eu-west-1.amazonaws.com/"),
        ({"AWS_USE_DUALSTACK_ENDPOINT": "true"}, "https://sts.eu-west-1.api.aws/"),
        ({"AWS_STS_REGIONAL_ENDPOINTS": "legacy"}, "https://sts.amazonaws.com/"),
        ({"AWS_PROFILE": "nobody", "AWS_DEFAULT_REGION": "ap-south-1"}, WEST),
    ],
)
def test_the_environment_decides_where_a_call_goes(variables, url):
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        assert sent(sts(region="eu-west-1"))[0] == url


def test_a_variable_wins_over_the_profile():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_USE_FIPS_ENDPOINT", "false")
        assert sent(sts(region="eu-west-1", use_fips_endpoint="true"))[0] == WEST


def test_a_partition_given_wins():
    assert sent(sts("aws-cn", role_arn=GOV))[1] == "cn-northwest-1/sts"


@pytest.mark.parametrize(
    ("region", "url", "scope"),
    [
        ("eu-west-1", "https://iam.amazonaws.com/", "us-east-1/iam"),
        ("cn-north-1", "https://iam.cn-north-1.amazonaws.com.cn/", "cn-north-1/iam"),
        ("us-gov-east-1", "https://iam.us-gov.amazonaws.com/", "us-gov-west-1/iam"),
    ],
)
def test_iam_is_one_for_a_partition(region, url, scope):
    iam = clients.client("iam", Profile("work", {"region": region}), KEYS)
    assert sent(iam, "get_user") == (url, scope)


def test_without_credentials_nothing_is_signed():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "AKIAOTHER")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "other")
        assert sent(clients.client("sts", Profile("work", {}), None))[1] == ""


def test_the_user_s_files_do_not_reach_in(home: Path):
    (home / ".aws/config").write_text(
        "[default]\nregion = sa-east-1\nuse_fips_endpoint = true\nendpoint_url = https://x.test\n"
        "retry_mode = adaptive\n[plugins]\nevil = evil\n"
    )
    (home / ".aws/credentials").write_text("broken\n")
    client = sts(region="eu-west-1")
    assert sent(client)[0] == WEST
    assert client.meta.config.retries["mode"] == "standard"


def test_waiting_has_an_end():
    config = sts().meta.config
    assert (config.connect_timeout, config.read_timeout) == (5, 20)
    assert config.retries["total_max_attempts"] == 3


@pytest.mark.parametrize("service", ["sts", "iam", "sso", "sso-oidc", "ssm", "ecr"])
def test_the_short_data_says_what_botocore_s_own_says(service):
    """Address and signature are the same in every region, with and without FIPS and dual stack."""
    table = botocore.session.Session().get_component("data_loader").load_data("partitions")
    regions = [region for partition in table["partitions"] for region in partition["regions"]]
    for region in [each for each in regions if not each.endswith("-global")][::3]:
        for variant in ({}, {"use_fips_endpoint": True}, {"use_dualstack_endpoint": True}):
            theirs = _outcome(service, region, variant, Loader)
            if theirs is not None:
                assert _outcome(service, region, variant, ServiceData) == theirs


OPERATIONS = {
    "sts": ("get_caller_identity", {}),
    "iam": ("get_user", {}),
    "sso": ("get_role_credentials", {"roleName": "a", "accountId": "1", "accessToken": "x"}),
    "sso-oidc": ("register_client", {"clientName": "a", "clientType": "public"}),
    "ssm": ("describe_sessions", {"State": "Active"}),
    "ecr": ("get_authorization_token", {}),
}
_loaders: dict[tuple[type, str], Loader] = {}


def _outcome(service: str, region: str, variant: dict[str, bool], kind: type[Loader]):
    """Return what a client sends; None where botocore's own tables are too old to tell."""
    arguments = (service,) if kind is ServiceData else ()
    loader = _loaders.setdefault((kind, service), kind(*arguments))
    session = botocore.session.Session()
    session.register_component("data_loader", loader)
    keys = {"aws_access_key_id": "AKIAEXAMPLE", "aws_secret_access_key": "secret"}
    operation, parameters = OPERATIONS[service]
    try:
        client = session.create_client(service, region, config=Config(**variant), **keys)
        return sent(client, operation, **parameters)
    except EndpointVariantError:
        return None
    except EndpointResolutionError as error:
        return str(error)


@pytest.mark.parametrize("url", [
    "ftp://x.test", "sts.test", "http://", "https://x:port", "//x", "http://-x.test", "http://x y",
    "http://x..y", "http://\u00e9.test", "http://x.test/\n", "http://x.test:99999", "http://[",
])  # fmt: skip
def test_an_address_that_is_none_is_named(url):
    profile = Profile("work", {"endpoint_url": url}, {"endpoint_url": "~/.aws/config:3"})
    with pytest.raises(ConfigurationError) as caught:
        clients.client("sts", profile, KEYS)
    assert caught.value.fact.startswith("~/.aws/config:3: ")


def test_a_region_that_is_none_is_named():
    profile = Profile("work", {"region": "eu west"}, {"region": "--region"})
    with pytest.raises(ConfigurationError) as caught:
        clients.client("sts", profile, KEYS)
    assert caught.value.fact.startswith("--region: ")


@pytest.mark.parametrize("by", ["setting", "variable"])
def test_certificates_that_are_not_there_are_named(by):
    settings = {"ca_bundle": "~/no/such.pem"} if by == "setting" else {}
    with pytest.MonkeyPatch.context() as patch:
        if by == "variable":
            patch.setenv("AWS_CA_BUNDLE", "no-such.pem")
        with pytest.raises(ConfigurationError) as caught:
            clients.client("sts", Profile("work", settings, {"ca_bundle": "config:3"}), KEYS)
    assert caught.value.fact.startswith("$AWS_CA_BUNDLE" if by == "variable" else "config:3")


def test_nobody_listens(aws):
    url = aws.url
    aws.stop()
    profile = Profile("work", {"endpoint_url": url})
    with pytest.raises(ServiceUnavailable) as caught:
        clients.call(clients.client("sts", profile, KEYS), "get_caller_identity", profile)
    assert url.removeprefix("http://") in caught.value.fact


def test_a_broken_connection_is_tried_again(aws, profile, alice):
    aws.drop_connections(2)
    client = clients.client("sts", profile(), keys_of(alice))
    assert clients.call(client, "get_caller_identity", profile())["Arn"] == alice.arn


def test_an_outage_ends_in_words(aws, profile, alice):
    aws.fail("GetCallerIdentity", times=9)
    client = clients.client("sts", profile(), keys_of(alice))
    with pytest.raises(ServiceUnavailable):
        clients.call(client, "get_caller_identity", profile())
    assert len(aws.calls("GetCallerIdentity")) == 3


def test_the_log_holds_no_secret(aws, profile, alice, caplog):
    keys = keys_of(alice)
    with caplog.at_level(logging.DEBUG, "runas"):
        client = clients.client("sts", profile(), keys)
        clients.call(client, "get_session_token", profile(), DurationSeconds=900)
    (line,) = [each for each in caplog.messages if "get_session_token" in each]
    assert " get_session_token 200 in " in line
    assert keys.secret_access_key not in caplog.text
