"""What the settings mean: which instance, which services, which kind of login."""

from urllib.parse import urlsplit

import pytest

import runas
from runas.errors import UsageError
from runas_sso import surroundings
from runas_sso.instances import Instance, find_instance, read_instances
from runas_sso.place import Place

A = Instance("https://alpha.awsapps.com/start", "eu-west-1")
B = Instance("https://beta.awsapps.com/start", "eu-west-1", "corp")
C = Instance("https://gamma.awsapps.com/start", "us-east-1")


@pytest.mark.parametrize(
    ("start_url", "region", "found"),
    [
        (A.start_url, "ap-south-1", Instance(A.start_url, "ap-south-1")),
        ("https://new.awsapps.com/start", "eu-west-1", None),
        (A.start_url, None, A),
        ("bet", None, B),
        ("^https://g.*start$", None, C),
        (None, "us-east-1", C),
        ("a.awsapps", "us-east-1", C),
    ],
)
def test_instance_search(start_url, region, found):
    wanted = found or Instance(start_url, region)
    assert find_instance(start_url, region, [A, B, C, A]) == wanted


@pytest.mark.parametrize(
    ("start_url", "region", "words"),
    [
        (None, None, "several instances"),
        ("awsapps", None, "several Identity Centers fit awsapps"),
        (None, "eu-west-1", "several Identity Centers fit eu-west-1"),
        ("nothing", None, "no Identity Center in the config fits nothing"),
        ("https://other/start", None, "no Identity Center in the config"),
        ("bet", "us-east-1", "fits bet in us-east-1"),
        ("(", None, "neither an address nor a pattern"),
    ],
)
def test_instance_search_that_finds_not_exactly_one(start_url, region, words):
    with pytest.raises(runas.ConfigurationError, match=words) as caught:
        find_instance(start_url, region, [A, B, C])
    assert caught.value.status == 78
    if start_url != "(":
        assert B.start_url in caught.value.fact


def test_instance_search_without_a_config():
    with pytest.raises(runas.ConfigurationError, match="found: none"):
        find_instance(None, None, [])


def test_one_address_in_two_regions_is_one_instance(caplog):
    assert find_instance(None, None, [A, Instance(A.start_url, "us-east-1")]) == A
    assert "two regions" in caplog.text


def test_config_may_hand_the_instances_over(profile):
    text = f"{A.start_url} {A.region}\n\nhalf\n{B.start_url} {B.region} {B.session}\n"
    assert list(read_instances(text)) == [A, B]
    found = Place.of(profile(sso_start_url="beta", sso_region=None, sso_instances=text))
    assert (found.start_url, found.region, found.session) == (B.start_url, B.region, "corp")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"sso_region": None}, r"lacks sso_region; add it to the profile, or to \[sso-session co"),
        ({"sso_start_url": None, "sso_session": None}, "lacks sso_start_url; add it to the prof"),
        ({"sso_start_url": None, "sso_region": None}, r"config:7: there is no \[sso-session corp"),
        ({"sso_region": "x/../y"}, r"config:7: 'x/../y' is no region"),
        ({"sso_region": "us-east-1.evil.example/#"}, "is no region"),
        ({"sso_region": "US-EAST-1"}, "is no region"),
        ({"sso_start_url": "ftp://x"}, "'ftp://x' is no address"),
        ({"sso_start_url": "https://a b"}, "is no address"),
        ({"sso_start_url": "https://me:secret@corp.example/start"}, "'corp.example/start' is no"),
        ({"sso_start_url": "https://[::1"}, "is no address"),
        ({"sso_start_url": "https://[::1", "sso_region": None}, "lacks sso_region"),
        ({"sso_start_url": "https://[::1", "sso_region": None, "sso_instances": ""}, "found: none"),
        ({"endpoint_url_sso": "nonsense"}, "config:7: 'nonsense' is no address"),
        (
            {"endpoint_url_sso": "https://me:secret@127.0.0.1"},
            "config:7: '127.0.0.1' is no address",
        ),
    ],
)
def test_settings_that_cannot_be(profile, settings, words):
    with pytest.raises(runas.ConfigurationError, match=words):
        Place.of(profile(**settings))


@pytest.mark.parametrize(("name", "text"), [("sso_region", "x"), ("sso_start_url", "https://a b")])
def test_a_bad_value_of_an_option_is_a_usage_error(profile, name, text):
    settings = profile(**{name: text}).settings
    with pytest.raises(UsageError, match=f"--here: '{text}' is no"):
        Place.of(runas.Profile("dev", settings, {name: "--here"}, None, "sso"))


@pytest.mark.parametrize(
    ("region", "more", "oidc", "portal"),
    [
        ("us-east-1", {}, "oidc.us-east-1.amazonaws.com", "portal.sso.us-east-1.amazonaws.com"),
        (
            "cn-north-1",
            {},
            "oidc.cn-north-1.amazonaws.com.cn",
            "portal.sso.cn-north-1.amazonaws.com.cn",
        ),
        (
            "us-gov-west-1",
            {"use_fips_endpoint": "true"},
            "oidc.us-gov-west-1.amazonaws.com",
            "portal.sso.us-gov-west-1.amazonaws.com",
        ),
        (
            "eusc-de-east-1",
            {},
            "oidc.eusc-de-east-1.amazonaws.eu",
            "portal.sso.eusc-de-east-1.amazonaws.eu",
        ),
        (
            "us-west-2",
            {"use_fips_endpoint": "true"},
            "oidc-fips.us-west-2.amazonaws.com",
            "portal.sso-fips.us-west-2.amazonaws.com",
        ),
        (
            "us-west-2",
            {"use_dualstack_endpoint": "true"},
            "oidc.us-west-2.api.aws",
            "portal.sso.us-west-2.api.aws",
        ),
        (
            "us-west-2",
            {"use_dualstack_endpoint": "true", "use_fips_endpoint": "true"},
            "oidc-fips.us-west-2.api.aws",
            "portal.sso-fips.us-west-2.api.aws",
        ),
    ],
)
def test_addresses_are_those_of_botocore(profile, region, more, oidc, portal):
    import boto3
    from botocore import UNSIGNED
    from botocore.config import Config

    own = {"endpoint_url_sso": None, "endpoint_url_sso_oidc": None}
    place = Place.of(profile(sso_region=region, **own, **more))
    assert (place.oidc, place.portal) == (f"https://{oidc}", f"https://{portal}")
    config = Config(signature_version=UNSIGNED, **dict.fromkeys(more, True))
    assert asked_of(boto3.client("sso-oidc", region_name=region, config=config)) == place.oidc
    assert asked_of(boto3.client("sso", region_name=region, config=config)) == place.portal


def asked_of(client):
    """Return where botocore would really send a request."""

    class Sent(Exception):
        pass

    def stop(request, **rest):
        raise Sent(request.url)

    client.meta.events.register("before-send", stop)
    with pytest.raises(Sent) as caught:
        if hasattr(client, "register_client"):
            client.register_client(clientName="x", clientType="public")
        else:
            client.list_accounts(accessToken="x")
    parts = urlsplit(str(caught.value))
    return f"{parts.scheme}://{parts.netloc}"


def test_addresses_set_by_the_user(profile, monkeypatch):
    all_one = {"endpoint_url_sso": None, "endpoint_url": "https://all.example/"}
    place = Place.of(profile(**all_one))
    assert place.portal == "https://all.example"
    assert place.oidc.startswith("http://127.0.0.1:")
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", "true")
    assert Place.of(profile(**all_one)).oidc == "https://oidc-fips.us-east-1.amazonaws.com"
    monkeypatch.undo()


def test_address_typed_by_hand_is_not_the_sessions(profile):
    settings = dict(profile().settings)
    origins = {"sso_start_url": "--sso-start-url"}
    assert Place.of(runas.Profile("x", settings, origins, None, "sso")).session is None


@pytest.mark.parametrize(
    ("environ", "platform", "local"),
    [
        ({}, "darwin", True),
        ({}, "win32", True),
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"BROWSER": "w3m"}, "linux", True),
        ({"DISPLAY": ":0", "SSH_CONNECTION": "1 2 3 4"}, "linux", False),
        ({"SSH_TTY": "/dev/pts/0", "BROWSER": "x"}, "darwin", False),
        ({"DISPLAY": ":0", "WSL_DISTRO_NAME": "Ubuntu"}, "linux", False),
        ({"BROWSER": "wslview", "WSL_DISTRO_NAME": "Ubuntu"}, "linux", True),
        ({"DISPLAY": ":0", "container": "podman"}, "linux", False),
        ({"DISPLAY": ":0", "CODESPACES": "true"}, "linux", False),
        ({"DISPLAY": ":0", "KUBERNETES_SERVICE_HOST": "10.0.0.1"}, "linux", False),
        ({"CI": "true"}, "darwin", False),
    ],
)
def test_where_a_local_browser_is_likely(environ, platform, local):
    assert surroundings.local_browser(environ, platform, lambda path: False) is local


def test_container_is_known_by_its_mark():
    found = surroundings.local_browser({"DISPLAY": ":0"}, "linux", "/.dockerenv".__eq__)
    assert found is False


@pytest.mark.parametrize(
    ("settings", "device"),
    [
        ({"use_device_code": "true"}, True),
        ({"use_device_code": "false"}, False),
        ({"use_device_code": "true", "redirect_port": "8400"}, True),
        ({"redirect_port": "8400"}, False),
        ({"redirect_port": "8400", "sso_session": None}, True),
    ],
)
def test_what_the_user_says_about_the_kind_of_login(profile, monkeypatch, settings, device):
    monkeypatch.setenv("SSH_CONNECTION", "1 2 3 4")
    asked = profile(**settings)
    assert surroundings.by_device(asked, Place.of(asked)) is device
    monkeypatch.undo()
