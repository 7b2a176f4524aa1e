"""The server that all fakes stand on."""

import http.client

import pytest

from runas.testing.loopback import Loopback, Reply


def answer(request):
    if request.path == "/gone":
        return None
    said = f"{request.method} {request.target} {request.body.decode()}"
    return Reply(200, said.encode(), (("Server", "fake"),))


@pytest.fixture
def connect():
    """Start servers and connect to them."""
    opened = []

    def start(**options):
        server = Loopback(answer, **options)
        server.start()
        line = http.client.HTTPConnection("127.0.0.1", int(server.url.rpartition(":")[2]))
        opened.extend((line, server))
        return server, line

    yield start
    for each in opened:
        each.close() if isinstance(each, http.client.HTTPConnection) else each.stop()


def got(line, method="GET", target="/", body=None):
    line.request(method, target, body)
    reply = line.getresponse()
    return reply.status, reply.read(), reply.headers


def test_it_answers_and_keeps_the_connection(connect):
    _, line = connect()
    assert got(line, "POST", "/a?b=c", b"d=e")[:2] == (200, b"POST /a?b=c d=e")
    before = line.sock
    assert got(line)[2].get_all("Server") == ["fake"]
    assert line.sock is before


def test_an_older_protocol_hangs_up_after_each_answer(connect):
    _, line = connect(version="HTTP/1.0")
    assert got(line)[0] == 200
    assert line.sock is None


def test_a_method_that_nobody_expects(connect):
    _, line = connect(methods="GET")
    assert got(line, "DELETE")[0] == 501


def test_nothing_to_say_is_to_hang_up(connect):
    _, line = connect()
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        got(line, target="/gone")


def test_stopped_it_answers_nobody_not_even_who_is_connected(connect):
    server, line = connect()
    assert got(line)[0] == 200
    server.stop()
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        got(line)


@pytest.mark.parametrize("length", ["x", "-1", str(1 << 30)])
def test_a_body_without_a_plain_length_is_refused(connect, length):
    _, line = connect()
    line.putrequest("POST", "/")
    line.putheader("Content-Length", length)
    line.endheaders()
    assert line.getresponse().status == 413
