"""The session of a login: what it refuses, repeats, limits and tells."""

import gzip
import logging
import socket
import ssl
import threading
import time
from typing import Any

import pytest
import requests

from runas.errors import ConfigurationError, PageNotRecognised, ServiceUnavailable
from runas.http import TIMEOUT, Session, session
from runas.http import transport as transport_room
from runas.model import Profile
from runas.testing.site import Answer, Site

CANARY = "c4nary-pa55word"


@pytest.fixture
def site():
    with Site() as made:
        made.page("/", "<p>Hello</p>")
        yield made


@pytest.fixture
def http():
    with session(Profile("work", {})) as made:
        yield made


def failing(site, path, times, status=503, **headers):
    """Fail so many times, then answer."""
    left = [times]

    def handle(asked):
        left[0] -= 1
        return Answer(status, headers) if left[0] >= 0 else Answer(200, {}, "good")

    for method in ("GET", "POST"):
        site.on(method, path, handle)


@pytest.mark.parametrize("url", ["http://idp.example/", "http://10.0.0.1/", "http://127.0.0.1.x/"])
def test_plain_http_is_refused(http, url):
    with pytest.raises(ConfigurationError, match="refusing plain http") as caught:
        http.get(url)
    assert caught.value.status == 78


@pytest.mark.parametrize("url", [
    "", "x", "http://", "https://[", "https://a b/", "file:///etc", "https://a:99999/",
    "https://[::ffff:999.1.1.1]/", "https://a\u2100b/",
])  # fmt: skip
def test_what_is_no_address(http, url):
    with pytest.raises(ConfigurationError):
        http.get(url)


def test_a_redirect_to_plain_http_is_refused(http, site):
    site.on("GET", "/away", Answer(302, {"Location": "http://idp.example/?token=s3cret"}))
    with pytest.raises(ConfigurationError, match="refusing plain http") as caught:
        http.get(site.url + "/away")
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "location",
    [
        "https://[",
        "http://:x/",
        "//",
        "\xff://",
        "http://[::ffff:999.1.1.1]/",
        "data:x",
        "//a:99999",
    ],
)
def test_redirects_to_nowhere(http, site, location):
    site.on("GET", "/away", Answer(302, {"Location": location}))
    with pytest.raises((ConfigurationError, ServiceUnavailable)):
        http.get(site.url + "/away")


def test_redirects_are_limited(http, site):
    site.on("GET", "/round", Answer(302, {"Location": "/round"}))
    with pytest.raises(PageNotRecognised, match="redirects in a circle"):
        http.get(site.url + "/round")
    assert len(site.requests) == 21


def test_idempotent_requests_are_tried_again(http, site):
    failing(site, "/flaky", 1)
    assert http.get(site.url + "/flaky").text == "good"
    failing(site, "/flaky", 1)
    assert http.post(site.url + "/flaky").status_code == 503
    failing(site, "/flaky", 9)
    assert http.get(site.url + "/flaky").status_code == 503
    assert len(site.requests) == 2 + 1 + 3


def test_retry_after_is_respected(http, site):
    failing(site, "/slow", 1, **{"Retry-After": "2"})
    started = time.monotonic()
    assert http.get(site.url + "/slow").text == "good"
    assert time.monotonic() - started >= 1.9


@pytest.mark.parametrize("value", ["3600", "Fri, 31 Dec 2999 23:59:59 GMT"])
def test_but_not_for_ever(http, site, value):
    failing(site, "/slow", 1, 429, **{"Retry-After": value})
    started = time.monotonic()
    assert http.get(site.url + "/slow").status_code == 429
    assert time.monotonic() - started < 10
    assert len(site.requests) == 1


MUCH = "9" * 5000
LATE = f"Mon, 01 Jan {'9' * 30} 00:00:00 GMT"


@pytest.mark.parametrize("value", ["soon", MUCH, LATE])
def test_a_malformed_retry_after_does_not_count(http, site, value):
    failing(site, "/slow", 1, **{"Retry-After": value})
    assert http.get(site.url + "/slow").text == "good"


@pytest.mark.parametrize(("reset", "date"), [(MUCH, ""), ("1", LATE)])
def test_nor_does_a_malformed_end_of_a_rate_limit(http, reset, date):
    lines = ["HTTP/1.1 429 Wait", f"X-Rate-Limit-Reset: {reset}", f"Date: {date}", "", ""]
    server, address = serve_raw("\r\n".join(lines).encode())
    with server:
        assert http.post(address).status_code == 429


def test_every_request_has_a_timeout(site, monkeypatch):
    seen = []
    real = requests.adapters.HTTPAdapter.send

    def spy(self, request, **options):
        seen.append(options["timeout"])
        return real(self, request, **options)

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", spy)
    with session(Profile("work", {})) as http:
        http.get(site.url)
        http.get(site.url, timeout=3)
    assert seen == [TIMEOUT, 3]


def test_nobody_answers(http):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/?token=s3cret"
        with pytest.raises(ServiceUnavailable, match="takes too long") as caught:
            http.post(address, timeout=0.2)
        assert caught.value.status == 69
    with pytest.raises(ServiceUnavailable, match="cannot be reached: the connection is refused"):
        http.post(address)
    assert caught.value.__cause__ is None
    assert "s3cret" not in f"{caught.value}"


def serve_raw(content):
    """Answer one connection with these bytes, and close it."""
    server = socket.create_server(("127.0.0.1", 0))

    def run():
        with server:
            while True:
                try:
                    peer, _ = server.accept()
                except OSError:
                    return
                with peer:
                    peer.recv(65536)
                    peer.sendall(content)

    threading.Thread(target=run, daemon=True).start()
    return server, f"http://127.0.0.1:{server.getsockname()[1]}/"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"junk\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\njunk",
        b"HTTP/1.1 999999 What\r\n\r\n",
    ],
)  # fmt: skip
def test_answers_that_cannot_be_read(http, content):
    server, address = serve_raw(content)
    with pytest.raises(ServiceUnavailable) as caught:
        http.post(address)
    server.close()
    assert caught.value.hint


def test_a_bomb_is_not_unpacked(http, site):
    bomb = gzip.compress(b"\0" * (64 << 20))
    site.on("GET", "/bomb", Answer(200, {"Content-Encoding": "gzip"}, bomb))
    with pytest.raises(ServiceUnavailable, match="too large"):
        http.get(site.url + "/bomb")
    assert transport_room.LARGEST == 16 << 20


def test_streams_are_read_too(http, site):
    response = http.get(site.url, stream=True)
    assert b"".join(response.iter_content(3)) == b"<p>Hello</p>"


@pytest.fixture
def untrusted(tmp_path):
    """A TLS server whose certificate nobody vouches for, and its certificate."""
    from datetime import UTC, datetime, timedelta
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "idp")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (tmp_path / "both.pem").write_bytes(secret + pem)
    (tmp_path / "ca.pem").write_bytes(pem)
    with Site() as site:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tmp_path / "both.pem")
        server: Any = site._server
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *args: None
        site.page("/", "secure")
        yield site.url.replace("http:", "https:"), str(tmp_path / "ca.pem")


def test_certificates_are_always_verified(untrusted, monkeypatch):
    url, certificate = untrusted
    with session(Profile("x", {})) as http:
        for verify in (None, False):
            with pytest.raises(ServiceUnavailable, match="is not trusted") as caught:
                http.get(url, verify=verify)
            assert "ca_bundle or AWS_CA_BUNDLE" in caught.value.hint
        http.verify = False
        with pytest.raises(ServiceUnavailable):
            http.get(url)
    with session(Profile("x", {"ca_bundle": certificate})) as http:
        assert http.get(url).text == "secure"
    monkeypatch.setenv("AWS_CA_BUNDLE", certificate)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/elsewhere")
    with session(Profile("x", {})) as http:
        assert http.get(url).text == "secure"


def test_a_certificate_file_that_is_not_there(monkeypatch):
    profile = Profile("x", {"ca_bundle": "/gone"}, {"ca_bundle": "~/.aws/config:9"})
    with pytest.raises(ConfigurationError, match=r"config:9: there is no certificate file"):
        session(profile)
    monkeypatch.setenv("AWS_CA_BUNDLE", "/gone")
    with pytest.raises(ConfigurationError, match=r"\$AWS_CA_BUNDLE"):
        session(Profile("x", {}))


def test_a_certificate_file_of_requests_that_is_not_there(http, monkeypatch):
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/elsewhere/gone.pem")
    with pytest.raises(ConfigurationError) as caught:
        http.get("https://127.0.0.1:1/")
    assert "REQUESTS_CA_BUNDLE" in caught.value.hint


@pytest.mark.parametrize("content", [b"", b"no certificate", b"\xff\x00"])
def test_a_certificate_file_that_holds_none(untrusted, tmp_path, content):
    (tmp_path / "none.pem").write_bytes(content)
    with (
        session(Profile("x", {"ca_bundle": str(tmp_path / "none.pem")})) as http,
        pytest.raises(ConfigurationError) as caught,
    ):
        http.get(untrusted[0])
    assert "AWS_CA_BUNDLE" in caught.value.hint


def test_the_proxy_of_the_environment_is_used(http, site, monkeypatch):
    monkeypatch.setenv("http_proxy", site.url)
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    site.on("GET", "http://127.0.0.1:9/x", Answer(200, {}, "from the proxy"))
    http.get("http://127.0.0.1:9/x")
    assert len(site.requests) == 1
    with pytest.raises(ServiceUnavailable, match=r"the proxy on the way to idp\.example fails"):
        http.get("https://idp.example/")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert http.get(site.url).text == "<p>Hello</p>"


@pytest.mark.parametrize(
    ("proxy", "words"),
    [
        (f"me:{CANARY}@127.0.0.1:1", "cannot be read"),
        (f"http://me:{CANARY}@127.0.0.1:port", "cannot be read"),
        (f"http://me:{CANARY}@[::1", "cannot be read"),
        ("http://", "cannot be read"),
        (f"ftp://me:{CANARY}@127.0.0.1:1", "cannot be read"),
        (f"socks5://me:{CANARY}@127.0.0.1:1", "SOCKS"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_named(http, monkeypatch, proxy, words):
    monkeypatch.setenv("https_proxy", proxy)
    with pytest.raises(ConfigurationError) as caught:
        http.get("https://idp.example/")
    assert "the proxy on the way to idp.example" in caught.value.fact
    assert words in caught.value.fact
    assert "HTTPS_PROXY" in caught.value.hint
    assert CANARY not in str(caught.value)


def test_netrc_stays_at_home(http, site, home):
    (home / ".netrc").write_text(f"default login me password {CANARY}\n")
    (home / ".netrc").chmod(0o600)
    site.on("GET", "/away", Answer(302, {"Location": "/"}))
    http.get(site.url + "/away")
    assert not any("authorization" in asked.headers for asked in site.requests)
    http.get(site.url, auth=("a", "b"))
    assert "authorization" in site.requests[-1].headers


@pytest.mark.parametrize("status", [307, 308])
def test_no_redirect_takes_an_answer_away(http, site, status):
    http.guard(CANARY)
    with Site() as other:
        other.on("POST", "/", Answer(200, {}, "thanks"))
        site.on("POST", "/in", Answer(status, {"Location": other.url + "/"}))
        for sent in ({"json": {"password": CANARY}}, {"data": {"p": CANARY}}, {"data": CANARY}):
            with pytest.raises(ConfigurationError, match="would pass the password"):
                http.post(site.url + "/in", **sent)
        assert not other.requests
        assert http.post(site.url + "/in", data={"q": "other"}).text == "thanks"


def test_authorization_does_not_cross_origins(http, site):
    with Site() as other:
        other.page("/", "x")
        site.on("GET", "/away", Answer(302, {"Location": other.url + "/"}))
        http.get(site.url + "/away", headers={"Authorization": "Bearer x"})
        assert "authorization" not in other.requests[0].headers
    site.on("GET", "/away", Answer(302, {"Location": "/"}))
    http.get(site.url + "/away", headers={"Authorization": "Bearer x"})
    assert site.requests[-1].headers["authorization"] == "Bearer x"


def test_the_log_says_where_and_never_what(http, site, caplog):
    with caplog.at_level(logging.DEBUG):
        with pytest.raises(ServiceUnavailable):
            http.get(f"http://127.0.0.1:1/?q={CANARY}")
        http.post(f"{site.url}/?q={CANARY}", data={"p": CANARY}, headers={"X": CANARY})
    assert "POST 127.0.0.1/ 200 " in caplog.text
    assert CANARY not in caplog.text


def test_the_repr_tells_nothing(http):
    http.guard(CANARY)
    assert CANARY not in repr(http)
    assert isinstance(http, Session)
