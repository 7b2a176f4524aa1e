"""Layers of configuration to one profile: who wins, what is inherited, and where it came from."""

from pathlib import Path

import pytest

from runas.config.commandline import parse
from runas.config.project import load
from runas.config.resolver import Config
from runas.errors import ConfigurationError, ProfileNotFound, UsageError
from runas.profile import Profile


@pytest.fixture
def files(home: Path):
    """Write the two AWS files and return a way to resolve from them."""

    def resolve(
        config: str = "",
        name: str = "p",
        *,
        credentials: str = "",
        words: str = "",
        project: str = "",
        **environ: str,
    ) -> Profile:
        (home / ".aws" / "config").write_text(config)
        (home / ".aws" / "credentials").write_text(credentials)
        environ = {
            "AWS_CONFIG_FILE": str(home / ".aws" / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(home / ".aws" / "credentials"),
            **environ,
        }
        file = None
        if project:
            (home / "runas.toml").write_text(project)
            file = load(str(home / "runas.toml"), str(home))
        given = parse([*words.split(), name], environ).given
        found = Config(environ, given, str(home), file)
        role = given.get("role_arn")
        return found.role(role.text) if role else found.profile(name)

    return resolve


CHAIN = """
[default]
region = us-east-1
mfa_serial = from-default
s3 =
  addressing_style = path
[profile base]
mfa_serial = from-source
credentials_duration = 2h
external_id = not-yours
[profile p]
source_profile = base
role_arn = arn:aws:iam::123456789012:role/x
"""


def test_every_layer_beats_the_one_below(files) -> None:
    keys = "[base]\naws_access_key_id = A\naws_secret_access_key = B\n"
    assert files(CHAIN, credentials=keys).get("mfa_serial") == "from-source"
    own = CHAIN + "mfa_serial = own\n"
    assert files(own, credentials=keys).get("mfa_serial") == "own"
    project = 'mfa_serial = "project"'
    assert files(own, credentials=keys, project=project).get("mfa_serial") == "project"
    environ = files(own, credentials=keys, project=project, MFA_SERIAL="environment")
    assert environ.get("mfa_serial") == "environment"
    typed = files(
        own, credentials=keys, project=project, words="-M typed", MFA_SERIAL="environment"
    )
    assert typed.get("mfa_serial") == "typed"
    assert typed.origin("mfa_serial") == "-M"
    assert environ.origin("mfa_serial") == "$MFA_SERIAL"


def test_what_belongs_to_a_hop_is_not_inherited(files) -> None:
    profile = files(CHAIN, credentials="[base]\naws_access_key_id=A\naws_secret_access_key=B\n")
    assert profile.get("external_id") is None
    assert profile.get("aws_access_key_id") is None
    assert profile.region == "us-east-1"
    assert profile.duration == 7200
    assert profile.source is not None
    assert profile.source.get("aws_access_key_id") == "A"


def test_values_know_their_file_and_line(files) -> None:
    profile = files(CHAIN, credentials="[base]\naws_access_key_id=A\naws_secret_access_key=B\n")
    assert profile.origin("role_arn") == "~/.aws/config:13"
    assert profile.origin("mfa_serial") == "~/.aws/config:8"
    assert profile.source is not None
    assert profile.source.origin("aws_access_key_id") == "~/.aws/credentials:2"


def test_the_credentials_file_wins_over_the_config(files) -> None:
    config = "[profile p]\naws_access_key_id = OLD\nregion = eu-west-1\n"
    profile = files(config, credentials="[p]\naws_access_key_id = NEW\naws_secret_access_key = s\n")
    assert profile.get("aws_access_key_id") == "NEW"
    assert profile.region == "eu-west-1"


def test_options_for_the_last_hop_leave_the_others_alone(files) -> None:
    config = """
[profile first]
role_arn = arn:aws:iam::123456789012:role/first
[profile p]
source_profile = first
role_arn = arn:aws:iam::123456789012:role/second
"""
    profile = files(config, words="-X ext -a 30m --role-session-name me --region eu-west-3")
    assert (profile.get("external_id"), profile.duration) == ("ext", 1800)
    assert profile.source is not None
    assert profile.source.get("external_id") is None
    assert profile.source.duration is None
    assert profile.source.get("role_session_name") is None
    assert profile.source.region == "eu-west-3"


def test_a_loop_is_shown(files) -> None:
    config = """
[profile a]
source_profile = b
[profile b]
source_profile = c
[profile c]
source_profile = a
"""
    with pytest.raises(ConfigurationError, match="a -> b -> c -> a"):
        files(config, "a")


def test_a_profile_may_be_its_own_source(files) -> None:
    config = "[profile p]\nsource_profile = p\nrole_arn = arn:aws:iam::123456789012:role/x\n"
    profile = files(config, credentials="[p]\naws_access_key_id=A\naws_secret_access_key=B\n")
    assert profile.source is None
    assert profile.get("aws_access_key_id") == "A"


def test_a_missing_profile_says_what_may_have_been_meant(files) -> None:
    with pytest.raises(ProfileNotFound, match="did you mean 'production'"):
        files("[profile production]\nregion = x\n", "prodution")
    with pytest.raises(ProfileNotFound, match="config:2: profile 'p' names the source_profile"):
        files("[profile p]\nsource_profile = gone\n")


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("[profile p]\nrole_arn = arn:aws:iam::123456789012:role/x\n", "keys"),
        ("[profile p]\nsaml_auth_url = https://x/\n", "saml"),
        ("[profile p]\nsso_session = corp\n[sso-session corp]\nsso_region = r\n", "sso"),
        ("[profile p]\nsso_start_url = https://x\nsso_account_id = 111122223333\n", "sso"),
        ("[profile p]\nweb_identity_auth_url = https://x/\n", "web_identity"),
        ("[default]\nsaml_auth_url = https://x/\n[profile p]\nregion = r\n", "saml"),
        ("[default]\nsaml_auth_url = https://x/\n[profile p]\naws_access_key_id = A\n", "keys"),
        ("[profile s]\nsaml_auth_url = https://x/\n[profile p]\nsource_profile = s\n", "saml"),
    ],
)
def test_the_family_is_read_off_the_settings(files, config: str, expected: str) -> None:
    assert files(config).family == expected


def test_a_default_start_url_in_the_environment_makes_no_profile_one_of_its_own(files) -> None:
    config = "[profile p]\nrole_arn = arn:aws:iam::123456789012:role/x\n"
    profile = files(config, AWS_DEFAULT_SSO_START_URL="https://x.awsapps.com/start")
    assert profile.family == "keys"


def test_an_sso_session_is_part_of_the_profile(files) -> None:
    config = """
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
[profile p]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Developer
"""
    profile = files(config)
    assert profile.get("sso_start_url") == "https://corp.awsapps.com/start"
    assert profile.origin("sso_region") == "~/.aws/config:4"
    assert profile.ends_in_role


KEYS = {"AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "s"}


def test_keys_of_the_environment_serve_a_profile_without_a_source(files) -> None:
    config = "[profile p]\nrole_arn = arn:aws:iam::123456789012:role/x\n"
    default = "[default]\naws_access_key_id = FILE\naws_secret_access_key = s\n"
    assert files(config, credentials=default, **KEYS).get("aws_access_key_id") == "ENV"
    profile = files(config, credentials=default)
    assert profile.source is not None
    assert profile.source.get("aws_access_key_id") == "FILE"


def test_keys_of_the_environment_do_not_replace_a_named_source(files) -> None:
    config = "[profile p]\nsource_profile = default\nrole_arn = arn:aws:iam::123456789012:role/x\n"
    default = "[default]\naws_access_key_id = FILE\naws_secret_access_key = s\n"
    profile = files(config, credentials=default, **KEYS)
    assert profile.get("aws_access_key_id") is None
    assert profile.source is not None
    assert profile.source.get("aws_access_key_id") == "FILE"


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("admin", "arn:aws:iam::123456789012:role/admin"),
        ("team/admin", "arn:aws:iam::123456789012:role/team/admin"),
        ("arn:aws-cn:iam::210987654321:role/x", "arn:aws-cn:iam::210987654321:role/x"),
    ],
)
def test_a_role_prefix_leaves_a_full_arn_alone(files, role: str, expected: str) -> None:
    project = 'role_prefix = "arn:aws:iam::123456789012:role/"'
    assert files("", project=project, words=f"--role {role}").role_arn == expected


def test_a_role_without_a_prefix_is_looked_for_among_those_offered(files) -> None:
    profile = files("", words="--role admin")
    assert (profile.role_arn, profile.get("role_name")) == (None, "admin")


def test_other_attributes_can_be_set(files) -> None:
    profile = files("[profile p]\nacme_realm = a\n", words="--set acme_realm=b --set MFA_SERIAL=x")
    assert (profile.get("acme_realm"), profile.get("mfa_serial")) == ("b", "x")


@pytest.mark.parametrize("pair", ["novalue", "=x"])
def test_a_malformed_pair_is_a_usage_error(files, pair: str) -> None:
    with pytest.raises(UsageError, match="is not KEY=VALUE"):
        files("[profile p]\n", words=f"--set {pair}")


def test_a_bad_value_names_file_and_line(files) -> None:
    with pytest.raises(ConfigurationError, match=r"~/\.aws/config:2: credentials_duration: 'x'"):
        files("[profile p]\ncredentials_duration = x\n")


def test_duration_seconds_is_the_same_attribute_and_ours_wins(files) -> None:
    assert files("[profile p]\nduration_seconds = 1800\n").duration == 1800
    both = "[profile p]\ncredentials_duration = 1h\nduration_seconds = 1800\n"
    assert files(both).duration == 3600


def test_endpoints_follow_the_order_of_the_sdks(files) -> None:
    config = """
[profile p]
endpoint_url = https://all.example
services = mine
[services mine]
sts =
  endpoint_url = https://sts.example
"""
    assert files(config).get("endpoint_url_sts") == "https://sts.example"
    over = files(config, AWS_ENDPOINT_URL="https://env.example")
    assert over.get("endpoint_url_sts") is None
    assert over.get("endpoint_url") == "https://env.example"
    own = files(config, AWS_ENDPOINT_URL_STS="https://one.example")
    assert own.get("endpoint_url_sts") == "https://one.example"
    ignored = files(config, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS="true")
    assert ignored.get("endpoint_url") is None


def test_a_session_policy_is_read(files, home: Path) -> None:
    path = home / "policy.json"
    path.write_text('{"Version": "2012-10-17"}')
    profile = files("[profile p]\nregion = r\n", words=f"--policy {path}")
    assert profile.get("session_policy_document") == '{"Version": "2012-10-17"}'
    with pytest.raises(UsageError, match="cannot read the policy"):
        files("[profile p]\nregion = r\n", words=f"--policy {home / 'gone.json'}")


def test_a_jump_role_is_a_source_of_its_own(files) -> None:
    config = """
[profile p]
saml_auth_url = https://idp.example/
jump_role_arn = arn:aws:iam::111111111111:role/jump
role_arn = arn:aws:iam::222222222222:role/admin
external_id = x
credentials_duration = 2h
"""
    last = files(config)
    assert (last.role_arn, last.get("jump_role_arn")) == (
        "arn:aws:iam::222222222222:role/admin",
        None,
    )
    jump = last.source
    assert jump is not None
    assert (jump.role_arn, jump.family) == ("arn:aws:iam::111111111111:role/jump", "saml")
    assert (jump.get("external_id"), jump.duration) == (None, None)
    assert jump.origin("role_arn") == "~/.aws/config:4"
    alone = files(config.replace("role_arn = arn:aws:iam::2", "x = 2"))
    assert (alone.role_arn, alone.source) == ("arn:aws:iam::111111111111:role/jump", None)
