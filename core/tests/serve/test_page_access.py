"""Who may use the page, and what all others get: the table of hostile requests."""

import logging
import re
import socket
import threading
import time

import pytest

from runas.challenges import Password
from runas.serve import running

from .service import TOKEN

PATHS = ["/", "/page/app.js", "/state", "/events", "/profile", "/list-profiles", "/catalogue"]
CHANGES = ["/answer", "/auth", "/cancel", "/mfa", "/profile", "/refresh"]


def test_the_link_becomes_a_cookie_that_no_other_site_can_use(site):
    service = site()
    cookie = service.enter()
    assert cookie.startswith(f"runas-{service.port}=")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert service.access.key not in cookie
    assert service.page("GET", "/")[0] == 200


@pytest.mark.parametrize("path", PATHS)
def test_without_the_link_there_is_nothing_to_see(site, path):
    service = site()
    status, headers, text = service.ask("GET", path)
    assert status == 403
    assert "admin" not in text
    assert service.access.csrf not in text
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("key", ["", "x", "KEY&key=KEY", "KEYx"])
def test_a_wrong_key_opens_nothing(site, key):
    service = site()
    status, headers, _ = service.ask("GET", "/?key=" + key.replace("KEY", service.access.key))
    assert status in (403, 429)
    assert "Set-Cookie" not in headers


def test_the_cookie_of_another_service_opens_nothing(site):
    one, other = site(), site()
    one.enter()
    value = one.cookie.partition("=")[2]
    assert other.ask("GET", "/state", Cookie=one.cookie)[0] == 403
    assert other.ask("GET", "/state", Cookie=f"runas-{other.port}={value}")[0] == 403


@pytest.mark.parametrize("path", PATHS[2:3] + PATHS[4:])
def test_the_token_opens_the_api_too(site, path):
    assert site().ask("GET", path, Authorization=TOKEN)[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:PORT"},
        {"Host": "169.254.169.254"},
        {"Host": "127.0.0.1:1"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://localhost:PORT"},
        {"Origin": "https://127.0.0.1:PORT"},
        {"Referer": "https://evil.example/"},
        {"Referer": "http://127.0.0.1:PORT.evil.example/"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": ""},
        {"X_Forwarded_For": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"Via": "1.1 proxy"},
    ],
)
@pytest.mark.parametrize(("method", "path"), [("GET", "/state"), ("POST", "/refresh")])
def test_other_pages_are_refused_even_with_the_cookie(site, headers, method, path):
    service = site()
    filled = {name: text.replace("PORT", str(service.port)) for name, text in headers.items()}
    before = list(service.logins)
    status, answered, _ = service.page(method, path, **filled)
    assert status == 403
    assert service.logins == before
    assert not [name for name in answered if name.lower().startswith("access-control")]


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize("csrf", ["", "x", "COOKIE", "KEY"])
def test_what_changes_anything_needs_the_csrf_token(site, path, csrf):
    service = site()
    service.enter()
    wrong = csrf.replace("COOKIE", service.cookie.partition("=")[2])
    wrong = wrong.replace("KEY", service.access.key)
    before = list(service.logins)
    assert service.page("POST", path, {}, X_Runas_CSRF=wrong)[0] == 403
    assert service.page("POST", path, {"csrf": wrong}, X_Runas_CSRF="")[0] == 403
    assert service.logins == before


@pytest.mark.parametrize("path", CHANGES)
def test_the_token_alone_changes_nothing(site, path):
    assert site().ask("POST", path, "", Authorization=TOKEN)[0] == 403


@pytest.mark.parametrize("path", CHANGES)
def test_a_csrf_token_alone_changes_nothing(site, path):
    service = site()
    assert service.ask("POST", path, "", X_Runas_CSRF=service.access.csrf)[0] == 403


@pytest.mark.parametrize(
    ("status", "method", "path"),
    [
        (405, "OPTIONS", "/state"),
        (405, "GET", "/refresh"),
        (405, "PUT", "/profile"),
        (405, "DELETE", "/"),
        (405, "POST", "/state"),
        (405, "POST", "/"),
        (404, "GET", "/page/"),
        (404, "GET", "/page/index.html"),
        (404, "GET", "/page/../state.py"),
        (404, "GET", "/page/..%2fstate.py"),
        (404, "GET", "/page/%2e%2e/%2e%2e/__init__.py"),
        (404, "GET", "/page//app.js"),
        (404, "GET", "/page/app.js/"),
        (404, "GET", "/page/app.js%00"),
        (404, "GET", "/PAGE/app.js"),
        (404, "GET", "/favicon.ico"),
        (404, "GET", "/latest/meta-data/"),
        (404, "GET", "/etc/passwd"),
    ],
)
def test_paths_lead_nowhere_else(site, status, method, path):
    assert site().page(method, path)[0] == status


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (413, "x" * 20_000, "application/json"),
        (400, "{", "application/json"),
        (400, "[]", "application/json"),
        (400, '{"id": 1}', "application/json"),
        (400, '{"id": "x", "answer": "\\ud800"}', "application/json"),  # half a character
        (400, '{"id": "x", "csrf": "\\udc80"}', "application/json"),
        (400, "[" * 9_000, "application/json"),
        (400, "a=" + "&a=" * 100, "application/x-www-form-urlencoded"),
        (400, b"\xff\xfe", "text/plain"),
        (409, '{"id": "x", "answer": "y"}', "application/json"),
        (409, "", "application/json"),
    ],
)
def test_bodies_are_small_and_plain(site, status, body, kind):
    service = site()
    service.enter()
    answered, _, text = service.ask(
        "POST", "/answer", body, Cookie=service.cookie, X_Runas_CSRF=service.access.csrf,
        Content_Type=kind,
    )  # fmt: skip
    assert answered == status
    assert "x" * 100 not in text


def test_a_body_has_one_plain_length(site):
    service = site()
    service.enter()
    head = (
        f"POST /refresh HTTP/1.1\r\nHost: {service.address}\r\nCookie: {service.cookie}\r\n"
        f"X-Runas-CSRF: {service.access.csrf}\r\n"
    )
    for lengths in (
        "Content-Length: 1\r\nContent-Length: 2\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: +1\r\n",
        "Content-Length: 1e3\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
    ):
        with socket.create_connection(("127.0.0.1", service.port), timeout=20) as connection:
            connection.sendall((head + lengths + "\r\n{}").encode())
            assert connection.recv(12) == b"HTTP/1.1 400"


def test_the_page_runs_nothing_but_its_own_files(site):
    service = site()
    _, headers, text = service.page("GET", "/")
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert not re.findall(r'<script(?![^>]*\bsrc=)|\bon\w+=|\bstyle=|<style|="(?:https?:)?//', text)
    for name in ("app.js", "dom.js", "style.css"):
        content = service.page("GET", f"/page/{name}")[2]
        assert not re.findall(r"https?://|innerHTML|eval\(|@import|url\(", content)


def test_slow_and_silent_clients_keep_nobody_out(site, monkeypatch):
    monkeypatch.setattr(running, "_AT_ONCE", 64)
    service = site()
    silent = []
    try:
        for number in range(200):  # more than are answered at once
            connection = socket.create_connection(("127.0.0.1", service.port), timeout=20)
            connection.sendall(b"GET /cred"[: number % 10])
            silent.append(connection)
        started = time.monotonic()
        assert service.get()[0] == 200
        assert time.monotonic() - started < 3
    finally:
        for connection in silent:
            connection.close()


def test_no_secret_is_in_a_log_the_state_or_the_history(site, caplog, capfd, eventually):
    caplog.set_level(logging.DEBUG)
    service = site(profile=None)

    def flow(profile):
        yield from Password("https://login.example.com", "me")
        return service.made(1)

    service.flow = flow
    service.profiles.switch(service.config.profile("admin"))
    eventually(lambda: service.state()["questions"])
    service.page("POST", "/auth", {"username": "me", "password": "pass-canary"})
    eventually(lambda: service.get()[0] == 200)
    seen = str(service.state()) + caplog.text + "".join(capfd.readouterr())
    secrets = ("canary", service.access.key, service.access.csrf, service.cookie.split("=")[1])
    assert not [secret for secret in secrets if secret in seen]


def test_pages_that_listen_are_counted(site):
    service = site()
    service.enter()
    connections = []
    try:
        answers = []
        for _ in range(20):
            connection = socket.create_connection(("127.0.0.1", service.port), timeout=20)
            connections.append(connection)
            request = f"GET /events HTTP/1.1\r\nHost: {service.address}\r\nCookie: {service.cookie}"
            connection.sendall(f"{request}\r\n\r\n".encode())
            answers.append(connection.recv(12))
        assert answers == [b"HTTP/1.1 200"] * 16 + [b"HTTP/1.1 503"] * 4
        assert service.get()[0] == 200
    finally:
        for connection in connections:
            connection.close()


def test_events_tell_of_changes(site):
    service = site()
    service.enter()
    with socket.create_connection(("127.0.0.1", service.port), timeout=20) as connection:
        request = f"GET /events HTTP/1.1\r\nHost: {service.address}\r\nCookie: {service.cookie}"
        connection.sendall(f"{request}\r\n\r\n".encode())
        received = b""
        threading.Timer(0.3, lambda: service.journal.note("something-new")).start()
        while b"something-new" not in received:
            received += connection.recv(65536)
        assert b"text/event-stream" in received
        service.close()
        while connection.recv(65536):
            continue
