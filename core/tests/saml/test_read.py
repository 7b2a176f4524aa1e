"""Reading responses: what providers write, and what they should not."""

import base64
import html
import textwrap
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runas import saml
from runas.errors import AccessDenied, Refused, RunasError, ServiceUnavailable
from runas.testing.saml import SamlIdp

ROLE = "arn:aws:iam::123456789012:role/dev"
PROVIDER = "arn:aws:iam::123456789012:saml-provider/Idp"
NS = 'xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns="urn:oasis:names:tc:SAML:2.0:assertion"'
ATTRIBUTES = "https://aws.amazon.com/SAML/Attributes/"


def encoded(xml):
    return base64.b64encode(xml.encode() if isinstance(xml, str) else xml).decode()


def response(inner="", **attributes):
    """Write a response by hand, whatever is in it."""
    named = "".join(f' {name}="{text}"' for name, text in attributes.items())
    return f"<p:Response {NS}{named}>{inner}</p:Response>"


def stating(*values, name="Role"):
    inner = "".join(f"<AttributeValue>{value}</AttributeValue>" for value in values)
    attribute = f'<Attribute Name="{ATTRIBUTES}{name}">{inner}</Attribute>'
    return response(f"<Assertion><AttributeStatement>{attribute}</AttributeStatement></Assertion>")


@pytest.fixture
def idp():
    return SamlIdp(clock=lambda: 1_800_000_000)


@pytest.mark.parametrize("style", ["saml2", "saml", "ns0", "plain", "mixed"])
@pytest.mark.parametrize("pretty", [True, False])
@pytest.mark.parametrize("provider_first", [True, False])
def test_whatever_the_prefixes_and_the_order(idp, style, pretty, provider_first):
    text = idp.response(
        [(ROLE, PROVIDER)],
        style=style,
        pretty=pretty,
        provider_first=provider_first,
        session_duration=7200,
        source_identity="alice",
        tags={"team": "red"},
        transitive_tag_keys=["team"],
        session_end=1_800_009_000,
        recipient="https://eu-west-1.signin.aws.amazon.com/saml",
    )
    read = saml.read(text)
    [role] = read.roles
    assert (str(role.arn), role.principal_arn) == (ROLE, PROVIDER)
    assert (read.session_name, read.name_id) == ("alice@example.com", "alice")
    assert (read.session_duration, read.source_identity) == (7200, "alice")
    assert (read.tags, read.transitive_tag_keys) == ((("team", "red"),), ("team",))
    assert (read.issued, read.not_on_or_after) == (1_800_000_000, 1_800_000_300)
    assert (read.session_end, read.expiration) == (1_800_009_000, 1_800_000_240)
    assert (read.partition, read.region) == ("aws", "eu-west-1")
    assert read.audiences == ("urn:amazon:webservices",)
    assert not read.encrypted


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (f"{ROLE},{PROVIDER}", "dev"),
        (f"{PROVIDER},{ROLE}", "dev"),
        (f"\n  {ROLE} ,\n {PROVIDER}\n", "dev"),
        (f"{ROLE},odd,{PROVIDER}", "dev,odd"),
        (f"{PROVIDER},{ROLE},odd=,", "dev,odd=,"),
        (f"<![CDATA[{ROLE},{PROVIDER}]]>", "dev"),
        (f"{ROLE.replace('/dev', '/path/to/dev')},{PROVIDER}", "dev"),
        (f"{ROLE},{PROVIDER}".replace("arn:aws:", "arn:aws-cn:"), "dev"),
    ],
)
def test_pairs(value, name):
    [role] = saml.read(encoded(stating(value))).roles
    assert role.arn.name == name


@pytest.mark.parametrize(
    "value", ["", " ", ROLE, PROVIDER, f"{ROLE},{ROLE}", f"{PROVIDER},{PROVIDER}", "a,b",
              f"{ROLE},{PROVIDER},{ROLE}", f"arn:aws:iam::1:role/x,{PROVIDER}", ",arn:"]
)  # fmt: skip
def test_what_is_no_pair_is_passed_over(value):
    good = f"{ROLE},{PROVIDER}"
    [role] = saml.read(encoded(stating(value, good))).roles
    assert str(role.arn) == ROLE


def test_each_pair_counts_once():
    both = f"{ROLE},{PROVIDER}", f"{PROVIDER}, {ROLE}"
    assert len(saml.read(encoded(stating(*both))).roles) == 1


def test_a_thousand_roles_keep_their_order(idp):
    names = [ROLE + str(number) for number in range(1000)]
    read = saml.read(idp.response([(name, PROVIDER) for name in names]))
    assert [str(role.arn) for role in read.roles] == names


def _escaped(text, template):
    return "".join(char if char.isalnum() else template.format(ord(char)) for char in text)


@pytest.mark.parametrize(
    "written",
    [
        lambda text: "\r\n".join(textwrap.wrap(text, 76)),
        lambda text: f"  \n{text}\t\n",
        lambda text: _escaped(text, "&#x{:x};"),
        lambda text: _escaped(text, "&#{};"),
        html.escape,
        lambda text: text.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D"),
    ],
)
def test_however_the_page_wrote_it(idp, written):
    text = idp.response([(ROLE, PROVIDER)])
    assert saml.read(written(text)).text == text


@pytest.mark.parametrize(
    ("url", "partition", "region"),
    [
        ("https://signin.aws.amazon.com/saml", "aws", "us-east-1"),
        ("https://signin.aws.amazon.com:443/saml", "aws", "us-east-1"),
        ("https://SIGNIN.AWS.amazon.com/saml", "aws", "us-east-1"),
        ("https://ap-southeast-2.signin.aws.amazon.com/saml", "aws", "ap-southeast-2"),
        ("https://us-west-2.signin.aws.amazon.com/saml/acs/SAMLSPAB12", "aws", "us-west-2"),
        ("https://signin.amazonaws.cn/saml", "aws-cn", "cn-north-1"),
        ("https://cn-northwest-1.signin.amazonaws.cn/saml", "aws-cn", "cn-northwest-1"),
        ("https://signin.amazonaws-us-gov.com/saml", "aws-us-gov", "us-gov-east-1"),
        ("https://us-gov-west-1.signin.amazonaws-us-gov.com/saml", "aws-us-gov", "us-gov-west-1"),
        ("https://eusc-de-east-1.signin.amazonaws-eusc.eu/saml", "aws-eusc", "eusc-de-east-1"),
    ],
)
def test_addresses_of_aws(url, partition, region):
    assert saml.sign_in(url) == saml.SignIn(partition, region)


@pytest.mark.parametrize(
    "url",
    ["", "x", "http://signin.aws.amazon.com/saml", "https://signin.aws.amazon.com.evil.example/saml",
     "https://evilsignin.aws.amazon.com/saml", "https://signin.aws.amazon.com@evil.example/saml",
     "https://signin.aws.amazon.com:8443/saml", "https://signin.aws.amazon.com/",
     "https://signin.aws.amazon.com/samlx", "https://a.b.signin.aws.amazon.com/saml",
     "https://signin.aws.amazon.com:x/saml", "https://[/saml", "https://user@signin.amazonaws.cn/saml",
     "https://signin.aws.amazon.com/saml/acs/", "https://signin.amazonaws.com/saml"],
)  # fmt: skip
def test_addresses_of_others(url):
    assert saml.sign_in(url) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-09-20T12:00:00Z", 1789905600),
        ("2026-09-20T12:00:00.123Z", 1789905600),
        ("2026-09-20T12:00:00.1234567Z", 1789905600),
        ("2026-09-20T14:00:00+02:00", 1789905600),
        ("2026-09-20T12:00:00", 1789905600),
        ("", None),
        ("soon", None),
        ("9999-99-99T00:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_times(text, seconds):
    xml = response(f'<Assertion IssueInstant="{text}"/>')
    read = saml.read(encoded(xml))
    assert read.issued == seconds or (seconds is None and (read.issued or -1) < 0)


def test_the_earliest_end_counts():
    data = '<SubjectConfirmationData NotOnOrAfter="{}"/>'.format("2026-09-20T12:05:00Z")
    xml = response(
        '<Assertion><Conditions NotOnOrAfter="2026-09-20T12:01:00Z"/>'
        f"<Subject><SubjectConfirmation>{data}</SubjectConfirmation></Subject></Assertion>"
    )
    assert saml.read(encoded(xml)).not_on_or_after == 1789905660


def test_the_provider_says_no(idp):
    with pytest.raises(Refused, match="refused the sign-in: The account is closed") as caught:
        saml.read(idp.refusal("AuthnFailed", "The account\n is\u202e closed"))
    assert caught.value.status == 77
    assert "log in again" in caught.value.hint
    with pytest.raises(Refused, match="NoPassive"):
        saml.read(idp.refusal("NoPassive"))
    with pytest.raises(AccessDenied):
        saml.read(idp.refusal("RequestDenied", "no"))


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (BOMB + response("&b;"), "document type"),
        ("<!DOCTYPE x SYSTEM 'file:///etc/passwd'>" + response(), "document type"),
        ((BOMB + response()).encode("utf-16"), "document type"),
        (stating(f"{ROLE},{PROVIDER}<!-- -->.evil"), "comment"),
        (stating(f"{ROLE}<?x y?>,{PROVIDER}"), "comment"),
        (response("<Assertion><Issuer>a<!---->b</Issuer></Assertion>"), "comment"),
        ("<html><body>Sign in</body></html>", "it is a html"),
        ("<Assertion/>", "it is a Assertion"),
        ("not XML", "not XML"),
        ("", "not XML"),
        (response("&undefined;"), "not XML"),
        (response()[:-3], "not XML"),
        (b"\xff\xfe\x00", "not XML"),
        ("<?xml version='1.0' encoding='nonsense'?><a/>", "not XML"),
    ],
)  # fmt: skip
def test_what_is_no_response(xml, words):
    with pytest.raises(ServiceUnavailable, match=words) as caught:
        saml.read(encoded(xml))
    assert caught.value.status == 69
    assert caught.value.hint


@pytest.mark.parametrize(
    "text", ["!", "====", "abc", "é", "AAA=AAA", "a" * 101, f"&#{'1' * 5000};"]
)
def test_what_is_no_base64(text):
    with pytest.raises(ServiceUnavailable):
        saml.read(text)


def test_what_is_longer_than_any_response():
    with pytest.raises(ServiceUnavailable, match="a million characters"):
        saml.read("A" * 3_000_000)
    assert not saml.read(encoded(response("x" * 700_000))).roles


def test_white_space_and_commas_without_end_take_no_time():
    started = time.monotonic()
    saml.read(encoded(stating(" ," * 30_000)))
    saml.read(encoded(stating(" " * 70_000)))
    saml.read(encoded(response("<a>" * 10_000 + "</a>" * 10_000)))
    assert time.monotonic() - started < 5


def test_the_repr_keeps_the_proof(idp):
    text = idp.response([(ROLE, PROVIDER)])
    identity = saml.identity(idp_now().response([(ROLE, PROVIDER)]))
    assert text not in repr(saml.read(text))
    assert identity.assertion not in repr(identity)


def idp_now():
    return SamlIdp()


HOSTILE = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=300).map(lambda text: response(text).encode("utf-8", "surrogatepass")),
    st.lists(
        st.sampled_from(
            ["<Assertion>", "</Assertion>", "<Subject>", "<AttributeStatement>", "<!--", "-->",
             "<![CDATA[", "]]>", f'<Attribute Name="{ATTRIBUTES}Role">', "<AttributeValue>", ROLE,
             ",", "&a;", PROVIDER, "</AttributeValue>", "<!DOCTYPE a>",
             '<Conditions NotOnOrAfter="x"/>', "\0"]
        ),
        max_size=30,
    ).map(lambda parts: response("".join(parts)).encode()),
)  # fmt: skip


@given(HOSTILE)
def test_hostile_documents_end_in_an_error_or_an_assertion(content):
    try:
        read = saml.read(base64.b64encode(content).decode())
    except RunasError as error:
        assert error.hint
    else:
        assert isinstance(read, saml.Assertion)


@given(st.text(max_size=200))
def test_hostile_texts_end_in_an_error(text):
    with pytest.raises(RunasError):
        saml.read(text)
