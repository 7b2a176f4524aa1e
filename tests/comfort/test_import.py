"""``runas configure import``, for every tool that it knows."""

import pytest

from runas.cli.importing.reading import tools

FILES = {
    "saml2aws": (
        ".saml2aws",
        """
[default]
app_id               =
url                  = https://corp.okta.com/home/amazon_aws/0oa1/272
username             = me@example.com
provider             = Okta
mfa                  = PUSH
skip_verify          = false
aws_urn              = urn:amazon:webservices
aws_session_duration = 3600
aws_profile          = saml
role_arn             = arn:aws:iam::123456789012:role/dev

[partner]
url                  = https://sso.example.com/adfs/ls
provider             = ADFS
mfa                  = Auto
skip_verify          = true
aws_session_duration = 60
aws_profile          = partner-prod
region               = eu-central-1

[keycloak]
url                  = https://127.0.0.1:1/realms/corp/protocol/saml/clients/aws
provider             = KeyCloak
policy_arn_list      = arn:aws:iam::aws:policy/ReadOnlyAccess
""",
        """\
+[profile default]
+saml_auth_url = https://corp.okta.com/home/amazon_aws/0oa1/272
+saml_username = me@example.com
+saml_provider = okta
+mfa_type = push
+duration_seconds = 3600
+role_arn = arn:aws:iam::123456789012:role/dev
+
+[profile partner-prod]
+saml_auth_url = https://sso.example.com/adfs/ls
+saml_provider = adfs
+region = eu-central-1
+
+[profile keycloak]
+saml_auth_url = https://127.0.0.1:1/realms/corp/protocol/saml/clients/aws
+session_policy_arns = arn:aws:iam::aws:policy/ReadOnlyAccess
""".replace("[profile default]", "[profile default-imported]"),
        ["partner: skip_verify: certificates are always verified", "aws_session_duration is left"],
    ),
    "gimme-aws-creds": (
        ".okta_aws_login_config",
        """
[DEFAULT]
okta_org_url = https://corp.okta.com
okta_username = me@example.com
gimme_creds_server = appurl
app_url = https://corp.okta.com/home/amazon_aws/0oa1/272
preferred_mfa_type = token:software:totp
aws_rolename = all

[prod]
inherits = DEFAULT
aws_rolename = arn:aws:iam::210987654321:role/prod
aws_default_duration = 14400

[lambda]
okta_org_url = https://corp.okta.com
gimme_creds_server = internal
""",
        """\
+[profile DEFAULT]
+saml_auth_url = https://corp.okta.com/home/amazon_aws/0oa1/272
+saml_username = me@example.com
+mfa_type = totp
+
+[profile prod]
+saml_auth_url = https://corp.okta.com/home/amazon_aws/0oa1/272
+saml_username = me@example.com
+mfa_type = totp
+role_arn = arn:aws:iam::210987654321:role/prod
+duration_seconds = 14400
""",
        ["lambda: left out: without app_url there is no sign-in address"],
    ),
    "aws-adfs": (
        None,
        """
[profile corp]
region = eu-west-1
adfs_config.adfs_host = adfs.example.com
adfs_config.adfs_user = me@example.com
adfs_config.provider_id = urn:amazon:webservices
adfs_config.adfs_ca_bundle = None
adfs_config.role_arn = arn:aws:iam::123456789012:role/dev
adfs_config.session_duration = 7200
adfs_config.sspi = True
""",
        """\
+[profile corp-imported]
+saml_auth_url = https://adfs.example.com/adfs/ls/IdpInitiatedSignOn.aspx
+saml_username = me@example.com
+role_arn = arn:aws:iam::123456789012:role/dev
+duration_seconds = 7200
""",
        ["there is a profile 'corp' already"],
    ),
    "okta-aws-cli": (
        ".okta/okta.yaml",
        """
awscli:
  profiles:
    test:
      org-domain: test.okta.com
      oidc-client-id: 0oab
      aws-acct-fed-app-id: 0oac
      aws-iam-role: arn:aws:iam::012345678901:role/dev
      aws-session-duration: 3600
    bare:
      org-domain: test.okta.com
  roles:
    "arn:aws:iam::012345678901:role/dev": Development
""",
        """\
+[profile test]
+saml_auth_url = https://test.okta.com/home/amazon_aws/0oac/272
+role_arn = arn:aws:iam::012345678901:role/dev
+duration_seconds = 3600
""",
        ["bare: left out: without aws-acct-fed-app-id"],
    ),
    "aws-runas": (
        "old/config",
        """
[default]
region = us-east-1

[profile read-only]
role_arn = arn:aws:iam::999999999999:role/other

[profile old]
saml_auth_url = https://corp.okta.com/home/amazon_aws/0oa1/272
saml_username = me@example.com
jump_role_arn = arn:aws:iam::123456789012:role/jump
role_arn      = arn:aws:iam::210987654321:role/admin
credentials_duration = 2h
auth_browser = chrome
""",
        """\
+[profile old]
+saml_auth_url = https://corp.okta.com/home/amazon_aws/0oa1/272
+saml_username = me@example.com
+jump_role_arn = arn:aws:iam::123456789012:role/jump
+role_arn = arn:aws:iam::210987654321:role/admin
+credentials_duration = 2h
+auth_browser = chrome
""",
        ["old: auth_browser: browsers are not driven here"],
    ),
}


def test_every_tool_is_tried():
    assert set(FILES) == set(tools())


def prepare(tool, world):
    path, text, added, remarks = FILES[tool]
    if path is None:
        world.add(text)
    else:
        file = world.home / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    words = ["--file", str(world.home / path)] if tool == "aws-runas" else []
    return words, added, remarks


@pytest.mark.parametrize("tool", FILES)
def test_what_would_be_added_is_shown(tool, world):
    words, added, remarks = prepare(tool, world)
    before = world.config.read_text()
    done = world.run("configure", "import", tool, "--dry-run", *words)
    assert done.returncode == 0, done.stderr
    head, _, rest = done.stdout.partition("@@ at the end @@\n+\n")
    assert head == "--- ~/.aws/config\n+++ ~/.aws/config\n"
    assert rest == added
    for remark in remarks:
        assert remark in done.stderr
    assert world.config.read_text() == before


@pytest.mark.parametrize("tool", FILES)
def test_what_is_written_can_be_read_and_nothing_else_changes(tool, world):
    words, added, _ = prepare(tool, world)
    before = world.config.read_text()
    done = world.run("configure", "import", tool, "--yes", *words)
    assert done.returncode == 0, done.stderr
    assert world.config.read_text().startswith(before.rstrip("\n"))
    names = [line[10:-1] for line in added.splitlines() if line.startswith("+[profile ")]
    listed = world.run("list", "profiles", "--json")
    assert '"broken"' not in listed.stdout, listed.stderr
    assert set(names) <= set(world.run("list", "profiles", "--names").stdout.split())
    again = world.run("configure", "import", tool, "--dry-run", *words)
    assert tool != "aws-runas" or not again.stdout


SIGNED_IN_BY = {
    "saml2aws": {"partner-prod": "adfs (", "keycloak": "one of "},
    "gimme-aws-creds": {"prod": "okta ("},
    "aws-adfs": {"corp-imported": "adfs ("},
    "okta-aws-cli": {"test": "okta ("},
}


@pytest.mark.parametrize("tool", SIGNED_IN_BY)
def test_the_address_tells_which_provider_signs_in(tool, world):
    words, _, _ = prepare(tool, world)
    world.run("configure", "import", tool, "--yes", *words)
    for name, provider in SIGNED_IN_BY[tool].items():
        done = world.run("diagnose", name, "--offline")
        said = done.stdout.partition("\nprovider\n")[2].splitlines()[0]
        assert said.strip(" ✓!").startswith(provider), said


def test_without_a_terminal_nothing_is_written_unasked(world):
    prepare("saml2aws", world)
    before = world.config.read_text()
    done = world.run("configure", "import", "saml2aws")
    assert done.returncode == 75
    assert "--yes" in done.stderr
    assert world.config.read_text() == before


def test_the_person_is_asked(world, at_terminal):
    from ..run.world import RUNAS  # noqa: TID252 - tests are not installed

    prepare("saml2aws", world)
    before = world.config.read_text()
    window = at_terminal(RUNAS, "configure", "import", "saml2aws", NO_COLOR="1")
    window.shows("Add these profiles?")
    window.types("leave\n")
    assert window.ends() == 78
    assert world.config.read_text() == before


def test_whose_files_are_here(world):
    prepare("saml2aws", world)
    done = world.run("configure", "import")
    lines = dict(line.split(None, 1) for line in done.stdout.splitlines())
    assert lines["saml2aws"].endswith(".saml2aws")
    assert lines["okta-aws-cli"] == "(no file)"


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["nonesuch"], 2, "name one of aws-runas, saml2aws"),
        (["saml2aws"], 78, "there is no"),
        (["saml2aws", "--file", ".aws"], 78, "cannot read"),
    ],
)
def test_what_cannot_be_read(words, status, said, world):
    done = world.run("configure", "import", *words)
    assert done.returncode == status
    assert said in done.stderr
