"""The endpoint as the SDKs see it, and as others should not."""

import json
import logging
import threading
import time

import pytest

from runas._credentials import Credentials
from runas.errors import InteractionRequired
from runas.formats import rfc3339
from runas.serve.listener import Listener


def test_the_answer(endpoint, clock):
    status, headers, document = endpoint().get()
    assert status == 200
    assert document == {
        "AccessKeyId": "AKIA0",
        "SecretAccessKey": "secret-canary",
        "Token": "token-canary",
        "Expiration": rfc3339(int(clock.now) + 3600),
    }
    assert headers["Content-Type"] == "application/json"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Server" not in headers
    assert not [name for name in headers if name.lower().startswith("access-control")]


def test_localhost_is_the_address_served(endpoint):
    site = endpoint()
    assert site.get(Host=f"LocalHost:{site.port}")[0] == 200


def test_keys_without_end_get_one(endpoint, renewal):
    document = endpoint(renewal(Credentials("A", "S"))).get()[2]
    assert document["Expiration"] > rfc3339(int(time.time()))


@pytest.mark.parametrize(
    ("status", "request_"),
    [
        (403, {"token": ""}),
        (403, {"token": "wrong"}),
        (403, {"token": "Bearer TOKEN"}),
        (403, {"token": "TOKENx"}),
        (403, {"token": "\xff"}),
        (403, {"Host": "evil.example"}),
        (403, {"Host": "evil.example:PORT"}),
        (403, {"Host": "127.0.0.1"}),
        (403, {"Host": "127.0.0.1:1"}),
        (403, {"Host": "127.0.0.1:PORT."}),
        (403, {"Host": "127.0.0.1:PORT, evil"}),
        (403, {"Host": "0.0.0.0:PORT"}),
        (403, {"Host": "[::1]:PORT"}),
        (403, {"Host": ""}),
        (403, {"Origin": "https://evil.example"}),
        (403, {"Origin": "null"}),
        (403, {"Origin": "http://127.0.0.1:PORT"}),
        (403, {"Referer": "https://evil.example/"}),
        (403, {"Sec_Fetch_Site": "cross-site"}),
        (403, {"Sec_Fetch_Site": "same-origin"}),
        (403, {"Sec_Fetch_Site": ""}),
        (200, {"Sec_Fetch_Site": "none"}),
        (403, {"X_Forwarded_For": "127.0.0.1"}),
        (403, {"Forwarded": "for=127.0.0.1"}),
        (403, {"Via": "1.1 proxy"}),
        (400, {"Content_Length": "5"}),
        (400, {"Transfer_Encoding": "chunked"}),
        (404, {"path": "/"}),
        (404, {"path": "/credentials/"}),
        (404, {"path": "/credentials/other"}),
        (404, {"path": "/./credentials"}),
        (404, {"path": "/x/../credentials"}),
        (404, {"path": "/%63redentials"}),
        (404, {"path": "/CREDENTIALS"}),
        (404, {"path": "/credentials;x"}),
        (200, {"path": "//credentials"}),
        (200, {"path": "/credentials?x=y"}),
        (400, {"path": "http://127.0.0.1:PORT/credentials"}),
        (400, {"path": "*"}),
        (400, {"path": "credentials"}),
        (405, {"method": "POST"}),
        (405, {"method": "PUT"}),
        (405, {"method": "HEAD"}),
        (405, {"method": "DELETE"}),
        (405, {"method": "BREW"}),
        (405, {"method": "OPTIONS"}),
        (405, {"method": "OPTIONS", "Origin": "https://evil", "path": "/x"}),
    ],
)
def test_who_is_answered(endpoint, status, request_):
    site = endpoint()
    filled = {
        name: text.replace("PORT", str(site.port)).replace("TOKEN", site.token)
        for name, text in request_.items()
    }
    answered, headers, document = site.get(**filled)
    assert answered == status
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert not [name for name in headers if name.lower().startswith("access-control")]
    if status != 200 and filled.get("method") != "HEAD":
        assert headers["Content-Type"] == "application/json"
        assert document["code"] == document["Code"]
        assert document["message"] == document["Message"]
        text = json.dumps(document)
        assert "canary" not in text
        assert "evil" not in text


GET = b"GET /credentials HTTP/1.1\r\n"
GOOD = GET + b"Host: ADDRESS\r\nAuthorization: TOKEN\r\n"


@pytest.mark.parametrize(
    ("status", "parts"),
    [
        (b"403", [GET, b"\r\n"]),
        (b"403", [GET, b"Host: ADDRESS\r\nHost: evil\r\nAuthorization: TOKEN\r\n\r\n"]),
        (b"403", [GET, b"Host: ADDRESS\r\nAuthorization: TOKEN\r\nAuthorization: x\r\n\r\n"]),
        (b"431", [b"GET /" + b"x" * 100_000]),
        (b"431", [GET, b"X: " + b"x" * 100_000]),
        (b"431", [GET, b"X: y\r\n" * 100_000]),
        (b"431", [GET, b"X: y\r\n" * 200, b"\r\n"]),
        (b"400", [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"]),
        (b"400", [b"GET\r\n\r\n"]),
        (b"400", [b"GET /credentials HTTP/9x\r\nHost: ADDRESS\r\n\r\n"]),
        (b"505", [b"GET /credentials HTTP/3.0\r\nHost: ADDRESS\r\n\r\n"]),
        (b"400", [b"GET /credentials\r\n"]),
        (b"400", [GOOD, b"X-Forwarded-For : 10.0.0.1\r\n\r\n"]),
        (b"400", [GOOD, b"x\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n"]),
        (b"400", [GOOD, b"X\xff: y\r\nOrigin: http://evil\r\n\r\n"]),
        (b"400", [GOOD, b"X: y\r\n X-Forwarded-For: 10.0.0.1\r\n\r\n"]),
        (b"400", [GET, b" X: y\r\nHost: ADDRESS\r\nAuthorization: TOKEN\r\n\r\n"]),
        (b"400", [GOOD, b"X: y\0\r\n\r\n"]),
        (b"400", [GOOD, b"Content-Length : 5\r\n\r\nGET /"]),
        (b"400", [GOOD, b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"]),
        (b"400", [GOOD, b"Content-Length: 0000000005\r\n\r\nGET /"]),
        (b"400", [GOOD, b"Content-Length: 0\r\nContent-Length: 0\r\n\r\n"]),
    ],
)
def test_what_is_hardly_http(endpoint, capfd, status, parts):
    site = endpoint(patience=2)
    marks = (b"ADDRESS", site.address.encode()), (b"TOKEN", site.token.encode())
    for mark, text in marks:
        parts = [part.replace(mark, text) for part in parts]
    answer = site.raw(*parts)
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert b"canary" not in answer
    assert capfd.readouterr() == ("", "")
    assert site.get()[0] == 200


def test_one_connection_serves_several_requests(endpoint):
    site = endpoint(patience=0.5)
    request = GET + f"Host: {site.address}\r\nAuthorization: {site.token}\r\n\r\n".encode()
    assert site.raw(request, request, request).count(b"HTTP/1.1 200") == 3


def test_the_slow_are_sent_away(endpoint):
    site = endpoint(patience=0.3)
    start = time.monotonic()
    assert site.raw(*[b"G"] * 30, pause=0.05) == b""
    assert site.raw() == b""
    assert time.monotonic() - start < 10


def test_the_slow_do_not_keep_others_out_for_long(endpoint):
    site = endpoint(patience=0.5, at_once=4)
    slow = [threading.Thread(target=site.raw) for _ in range(20)]
    for thread in slow:
        thread.start()
    assert site.get()[0] == 200
    for thread in slow:
        thread.join(20)


def test_a_system_without_threads_is_waited_for(endpoint, no_threads):
    site = endpoint(at_once=2)
    no_threads(5)
    for _ in range(5):
        assert site.raw() == b""
    assert site.get()[0] == 200


def test_200_clients_at_expiry_are_one_login(endpoint, renewal, source, clock):
    held = renewal(source.made(0), wait=20)
    clock.now += 4000
    source.gate.clear()
    site = endpoint(held)
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(site.get())) for _ in range(200)]
    for thread in threads:
        thread.start()
    assert source.came.acquire(timeout=20)
    source.gate.set()
    for thread in threads:
        thread.join(30)
    assert [(status, document["AccessKeyId"]) for status, _, document in answers] == [
        (200, "AKIA1")
    ] * 200
    assert source.calls == 1


def test_a_person_who_is_needed_is_a_clean_503(endpoint, renewal, source):
    source.failure = InteractionRequired("a code is needed", "run: runas login p")
    status, _, document = endpoint(renewal()).get()
    assert status == 503
    assert document["code"] == "InteractionRequired"
    assert "runas login p" in document["message"]


def test_nothing_is_logged_that_is_nobodys_business(endpoint, caplog, capfd, eventually):
    caplog.set_level(logging.DEBUG)
    site = endpoint()
    site.get(path="/credentials?canary")
    site.get(path="/canary", token="canary")
    eventually(lambda: "with 200" in caplog.text and "with 404" in caplog.text)
    assert "canary" not in caplog.text
    assert site.token not in caplog.text
    assert capfd.readouterr() == ("", "")


def test_a_closed_endpoint_is_gone(endpoint):
    site = endpoint()
    site.server.close()
    with pytest.raises(OSError):
        site.get()


def test_tokens_are_long_random_and_fit_for_a_header():
    tokens = set()
    for _ in range(20):
        listener = Listener.open()
        tokens.add(listener.token)
        assert listener.variables() == {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://127.0.0.1:{listener.port}/credentials",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": listener.token,
        }
        listener.close()
    assert len(tokens) == 20
    for token in tokens:
        assert len(token) == 32
        assert token.replace("-", "").replace("_", "").isalnum()
