"""The HTTP side; all judgement is elsewhere."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from urllib.parse import parse_qs

from runas.testing import loopback
from runas.testing.loopback import Loopback
from runas_sso.testing.wire import Answer, Request


def serving(respond: Callable[[Request], Answer], port: int) -> Loopback:
    """Make the server; an answer of status 0 hangs up."""

    def reply(asked: loopback.Request) -> loopback.Reply | None:
        query = {name: values[0] for name, values in parse_qs(asked.search).items()}
        answer = respond(Request(asked.method, asked.path, query, asked.headers, asked.body))
        if answer.status == 0:
            return None
        kind = ("Content-Type", answer.content_type)
        headers = [kind, ("x-amzn-RequestId", str(uuid.uuid4())), *answer.headers.items()]
        return loopback.Reply(answer.status, answer.body, headers)

    return Loopback(reply, port, methods="GET POST HEAD")
