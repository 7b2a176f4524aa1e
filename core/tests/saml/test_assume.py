"""AssumeRoleWithSAML against the strict emulator: what works, and what each refusal tells."""

import base64
import logging
import time

import pytest

from runas import defaults, saml
from runas.aws.federation import account_names, assume_with_saml
from runas.errors import AccessDenied, ConfigurationError, Refused, RoleNotOffered, RunasError
from runas.http import session
from runas.model import Profile, Role, RoleArn, SamlIdentity
from runas.testing import AwsEmulator
from runas.testing.saml import SamlIdp
from runas.testing.site import Answer, Site

WORK = "123456789012"
POLICY = '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'


class World:
    def __init__(self, aws):
        self.aws = aws
        self.idp = SamlIdp(clock=aws.now)
        self.work = aws.account(WORK)
        self.provider = self.work.saml_provider("Idp", self.idp)
        self.role = self.work.role("dev,odd", [self.provider], max_session_duration=7200)

    def text(self, roles=None, **more):
        return self.idp.response(roles or [(self.role.arn, self.provider.arn)], **more)

    def profile(self, **settings):
        reach = {"endpoint_url": self.aws.url, "region": "eu-west-1"}
        return Profile("work", reach | settings)

    def take(self, text=None, role=None, principal=None, **settings):
        identity = SamlIdentity("alice", None, text or self.text())
        arn = RoleArn.parse((role or self.role).arn)
        wanted = Role(arn, principal or self.provider.arn)
        return assume_with_saml(self.profile(**settings), identity, wanted)

    def last(self):
        return self.aws.calls("AssumeRoleWithSAML")[-1]


@pytest.fixture
def world():
    with AwsEmulator() as aws:
        yield World(aws)


def test_a_response_opens_the_role(world):
    identity = saml.identity(world.text())
    [role] = saml.roles(identity, world.profile())
    keys = assume_with_saml(world.profile(), identity, role)
    assert keys.temporary
    assert abs(keys.expiration - time.time() - 3600) < 10
    issued = world.aws.issued[keys.access_key_id]
    assert (issued.session_name, issued.operation) == ("alice@example.com", "AssumeRoleWithSAML")
    assert world.last().access_key_id is None


@pytest.mark.parametrize("style", ["saml2", "plain", "mixed"])
def test_encrypted(world, style):
    assert world.take(world.text(encrypted=True, style=style)).temporary


@pytest.mark.parametrize(
    ("said", "asked", "sent", "granted"),
    [
        (None, None, None, 3600),
        (7200, None, "7200", 7200),
        (7200, "1800", "1800", 1800),
        (None, "5400", "5400", 5400),
        (100, None, "900", 900),
        (99999, None, "7200", 7200),
        ("junk", None, None, 3600),
    ],
)
def test_how_long_it_lasts(world, said, asked, sent, granted):
    settings = {"credentials_duration": asked} if asked else {}
    keys = world.take(world.text(session_duration=said), **settings)
    assert world.last().parameters.get("DurationSeconds") == sent
    assert abs(keys.expiration - time.time() - granted) < 10


def test_the_provider_may_end_sessions_earlier(world):
    keys = world.take(world.text(session_duration=7200, session_end=time.time() + 5000))
    assert 4900 < int(world.last().parameters["DurationSeconds"]) <= 5000
    assert keys.expiration - time.time() < 5001


def test_what_the_role_does_not_allow_is_lowered_with_a_notice(world, caplog):
    with caplog.at_level(logging.WARNING, "runas.notice"):
        keys = world.take(credentials_duration="36000")
    assert abs(keys.expiration - time.time() - 7200) < 10
    assert "does not allow 10h; using 2h" in caplog.text


def test_narrowed(world):
    world.take(read_only="true", session_policy_document=POLICY)
    sent = world.last().parameters
    assert sent["PolicyArns.member.1.arn"] == "arn:aws:iam::aws:policy/ReadOnlyAccess"
    assert sent["Policy"] == POLICY.replace(" ", "")


def test_what_the_assertion_carries_is_carried(world):
    keys = world.take(
        world.text(tags={"team": "red"}, transitive_tag_keys=["team"], source_identity="alice")
    )
    options = world.aws.issued[keys.access_key_id].options
    assert (options.tags, options.source_identity) == ({"team": "red"}, "alice")


def test_other_partitions():
    with AwsEmulator() as aws:
        idp = SamlIdp(clock=aws.now)
        account = aws.account("210987654321", partition="aws-cn")
        provider = account.saml_provider("Idp", idp)
        role = account.role("dev", [provider])
        acs = "https://signin.amazonaws.cn/saml"
        text = idp.response([(role.arn, provider.arn)], recipient=acs)
        profile = Profile("x", {"endpoint_url": aws.url, "region": "eu-west-1"})
        [offered] = saml.roles(saml.identity(text), profile)
        assert assume_with_saml(profile, saml.identity(text), offered).temporary


def _failing(world, words):
    """Let AWS refuse a good response."""
    code = "AuthSamlInvalidSamlResponseException"
    world.aws.fail("AssumeRoleWithSAML", code=code, status=400, message=words)
    return world.text()


REFUSALS = {
    "old": (lambda w: w.text(issued=time.time() - 301, lifetime=900), "5 minutes", "log in again"),
    "expired": (
        lambda w: w.text(issued=time.time() - 100, lifetime=50), "has expired", "log in again"),
    "signature": (
        lambda w: SamlIdp(w.idp.entity_id).response([(w.role.arn, w.provider.arn)]),
        "signature invalid", "upload the current metadata"),
    "audience": (
        lambda w: w.text(recipient="http://localhost:1/saml/acs"), "required audience",
        "set the audience to"),
    "issuer": (
        lambda w: _failing(w, "Issuer not present in specified provider"), "Issuer not present",
        "upload the provider's own metadata"),
    "name": (lambda w: w.text(session_name="a b"), "RoleSessionName", "2 to 64 letters"),
    "source": (lambda w: w.text(source_identity="aws:me"), "Source Identity", "SourceIdentity"),
    "pair": (
        lambda w: w.text([(w.role.arn + "x", w.provider.arn)]), "Not authorized", "trust policy"),
    "subject": (lambda w: w.text(name_id=None), "Not authorized", "trust policy"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSALS)
def test_each_refusal_says_what_to_do(world, case):
    make, fact, hint = REFUSALS[case]
    with pytest.raises(Refused) as caught:
        world.take(make(world))
    assert fact in caught.value.fact
    assert hint in caught.value.hint
    assert caught.value.status == 77
    assert caught.value.__cause__ is None


def test_a_changed_response_is_refused(world):
    changed = base64.b64encode(base64.b64decode(world.text()).replace(b"dev,odd", b"admin"))
    world.work.role("admin", [world.provider])
    with pytest.raises(Refused, match="signature invalid"):
        world.take(changed.decode(), world.work.role("admin"))


def test_an_unknown_provider(world):
    gone = world.provider.arn + "Gone"
    with pytest.raises(Refused, match="provider doesn't exist") as caught:
        world.take(world.text([(world.role.arn, gone)]), principal=gone)
    assert "saml_principal_arn" in caught.value.hint


def test_no_session_name_is_told_without_a_call(world):
    with pytest.raises(Refused, match="no RoleSessionName"):
        world.take(world.text(session_name=None))
    assert not world.aws.requests


def test_longer_than_aws_accepts(world):
    many = [(f"{world.role.arn}{number}", world.provider.arn) for number in range(1000)]
    with pytest.raises(Refused, match=r"characters long; AWS accepts 100000") as caught:
        world.take(world.text(many))
    assert "fewer roles" in caught.value.hint
    assert not world.aws.requests


def test_a_role_without_its_provider(world):
    with pytest.raises(RoleNotOffered):
        assume_with_saml(
            world.profile(),
            SamlIdentity("alice", None, world.text()),
            Role(RoleArn.parse(world.role.arn)),
        )


@pytest.mark.parametrize("carries", [{"tags": {"a": "b"}}, {"source_identity": "alice"}])
def test_trust_must_cover_what_is_carried(world, carries):
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": world.provider.arn},
        "Action": "sts:AssumeRoleWithSAML",
    }
    document = {"Version": "2012-10-17", "Statement": statement}
    role = world.work.role("plain", trust_policy=document)
    pair = [(role.arn, world.provider.arn)]
    assert world.take(world.text(pair), role)
    with pytest.raises(AccessDenied, match="Not authorized") as caught:
        world.take(world.text(pair, **carries), role)
    assert "sts:TagSession" in caught.value.hint


def test_no_error_quotes_the_proof(world):
    text = world.text()
    for settings in ({"session_policy_document": "{"}, {"session_policy_arns": "x"}):
        with pytest.raises(RunasError) as caught:
            world.take(text, **settings)
        assert text[:100] not in f"{caught.value!r}{caught.value.__cause__!r}"
    with pytest.raises(ConfigurationError) as caught:
        world.take(text, principal="short")
    assert text[:100] not in repr(caught.value)


ROLE_PAGE = """<html><body><form id="saml_form" action="/saml"><fieldset>
<div class="saml-account"><div class="saml-account-name">Account: prod (123456789012)</div></div>
<div class="saml-account"><div class="saml-account-name">Account: 210987654321</div></div>
<div class="saml-account"><div class="saml-account-name">Account: a (b) (111122223333)</div></div>
</fieldset></form></body></html>"""


def _two(site, world):
    arns = [(f"{world.role.arn}{i}", world.provider.arn) for i in range(2)]
    return saml.read(world.text(arns, recipient=f"{site.url}/saml"))


def test_account_names(world):
    with Site() as site, session(Profile("x", {})) as http:
        site.page("/saml", ROLE_PAGE)
        names = account_names(http, _two(site, world))
        assert names == {"123456789012": "prod", "111122223333": "a (b)"}
        assert site.requests[0].form["SAMLResponse"]
        for bad in (Answer(500, {}, "x"), Answer(302, {"Location": "https://console.invalid/"}),
                    Answer(200, {"Content-Type": "application/json"}, "{}")):  # fmt: skip
            site.on("POST", "/saml", bad)
            assert account_names(http, _two(site, world)) == {}


def test_accounts_are_named_where_a_person_may_have_to_pick(world):
    with Site() as site, session(Profile("x", {})) as http:
        site.page("/saml", ROLE_PAGE)
        identity = saml.identity(_two(site, world).text)
        named = defaults.list_roles(Profile("x", {}), http, identity)
        assert {role.account_name for role in named} == {"prod"}
        asked = len(site.requests)
        for settled in ({"role_arn": world.role.arn}, {"endpoint_url": "http://127.0.0.1:1"}):
            plain = defaults.list_roles(Profile("x", settled), http, identity)
            assert {role.account_name for role in plain} == {None}
        assert len(site.requests) == asked


def test_account_names_go_to_aws_only(world):
    elsewhere = world.text(recipient="https://evil.example/saml")
    with session(Profile("x", {})) as http:
        assert account_names(http, saml.read(elsewhere)) == {}
        assert account_names(http, saml.read(world.text())) == {}
