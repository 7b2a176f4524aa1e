"""Which instance is meant, and TXT records."""

import socket
import struct
import threading

import pytest

from runas.aws import targets
from runas.aws.txt import texts
from runas.errors import ConfigurationError, UsageError

from .conftest import MINE, keys_of

ALL = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"},
}


@pytest.fixture
def find(aws, profile):
    keys = keys_of(aws.account(MINE).user("ops", policies={"all": ALL}))

    def find(text, *recorded):
        return targets.resolve(text, profile(), keys, lambda name: list(recorded))

    return find


@pytest.mark.parametrize(
    "text", ["i-0123456789abcdef0", "i-01234567", "mi-" + "0" * 17, "ecs:a_b_c"]
)
def test_an_id_asks_nobody(text, find, aws):
    assert find(text) == text
    assert not aws.requests


def test_a_txt_record_comes_last(find, aws):
    assert find("bastion.example.com", "v=spf1", "i-0123456789abcdef0") == "i-0123456789abcdef0"
    assert len(aws.calls("DescribeInstances")) == 2
    with pytest.raises(ConfigurationError, match="no running instance"):
        find("bastion.example.com", "i-01234567", "i-89abcdef")


@pytest.mark.parametrize("text", ["", "web", "a b", "1.2.3", ":x", "x:"])
def test_what_is_no_target(text, find):
    with pytest.raises(UsageError):
        find(text)


def test_instances_come_in_any_number(find, aws):
    for number in range(3):
        aws.machine(MINE, "eu-west-1", name=f"web-{number}", tags={"team": "red"})
    with pytest.raises(ConfigurationError, match=r"web-0.*web-1.*web-2"):
        find("team:red")


def answering(reply):
    """Serve one DNS answer on a loopback port; return the server's address."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))

    def serve():
        question, sender = server.recvfrom(512)
        server.sendto(reply(question), sender)
        server.close()

    threading.Thread(target=serve, daemon=True).start()
    return server.getsockname()


def answer(question, *records):
    """Answer a question with TXT records, each of several pieces, the name as a pointer."""
    head = question[:2] + struct.pack("!5H", 0x8180, 1, len(records), 0, 0)
    body = question[12:]
    for pieces in records:
        data = b"".join(bytes([len(piece)]) + piece for piece in pieces)
        body += b"\xc0\x0c" + struct.pack("!2HIH", 16, 1, 60, len(data)) + data
    return head + body


def test_texts_of_a_name():
    records = ([b"i-0123456789", b"abcdef0"], [b"v=spf1"])
    server = answering(lambda question: answer(question, *records))
    assert texts("bastion.example.com", [server]) == ["i-0123456789abcdef0", "v=spf1"]


@pytest.mark.parametrize(
    "reply",
    [
        lambda question: b"",
        lambda question: b"\0" * 12,
        lambda question: answer(question, [b"x"])[:-1],
        lambda question: question[:2] + b"\xff" * 40,
    ],
)
def test_answers_that_are_none(reply):
    found = texts("bastion.example.com", [answering(reply)])
    assert found in ([], [""])
