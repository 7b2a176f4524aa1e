"""The emulator as tests see it: a cloud that listens on a loopback port."""

from __future__ import annotations

import time
from urllib.parse import parse_qsl

from runas.testing.aws import control, federation
from runas.testing.aws.cloud import Cloud
from runas.testing.aws.dialects import exchange as exchange_for
from runas.testing.aws.dispatch import Exchange
from runas.testing.aws.errors import AwsError
from runas.testing.aws.faults import Faults
from runas.testing.aws.people import Clock
from runas.testing.aws.records import Request
from runas.testing.aws.server import Answer, serving
from runas.testing.aws.signature import HttpRequest
from runas.testing.loopback import Loopback


class AwsEmulator(Cloud):
    """STS and IAM at `url`, as strict as AWS; a context manager.

    Furnish it with `account(...)` (see `Cloud`), before or after it starts. `port` 0 takes a
    free port; `control` opens the paths that `runas sandbox` uses.
    """

    region = "eu-west-1"

    def __init__(
        self,
        *,
        clock: Clock = time.time,
        signing_clock: Clock = time.time,
        port: int = 0,
        control: bool = False,
    ) -> None:
        super().__init__(clock, signing_clock)
        self.control = control
        self.faults = Faults()
        self._port = port
        self._server: Loopback | None = None
        self._requests: list[Request] = []

    def __enter__(self) -> AwsEmulator:
        self.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listen, and answer on threads of its own."""
        if self._server is None:
            self._server = serving(self._respond, self._signing_now, self._port)
            self._server.start()

    def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self.faults.stop_waiting()
            self._server.stop()
            self._server = None

    @property
    def url(self) -> str:
        """The address that serves both STS and IAM."""
        if self._server is None:
            raise RuntimeError("the emulator is not running: use `with AwsEmulator() as aws:`")
        return self._server.url

    def environment(self) -> dict[str, str]:
        """Name the variables that point SDKs here."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
        }

    @property
    def requests(self) -> list[Request]:
        """What was asked so far, in the order of the answers; a copy."""
        with self.lock:
            return list(self._requests)

    def calls(self, action: str) -> list[Request]:
        """List what was asked of one operation so far."""
        return [each for each in self.requests if each.action == action]

    def forget_requests(self) -> None:
        """Begin a new list of requests."""
        with self.lock:
            self._requests.clear()

    def _signing_now(self) -> float:
        return self.signing_clock()  # a test may have set another one since the start

    def _respond(self, request: HttpRequest) -> Answer | None:
        if self.control and request.method == "GET" and request.path.startswith(control.PREFIX):
            status, text = control.answer(self, request.path)
            return Answer(status, text.encode(), "text/plain; charset=utf-8")
        if request.path == federation.PATH:
            return self._federate(request)
        exchange, dropped = exchange_for(request), self.faults.take_drop()
        try:
            exchange.read()
            if not dropped:
                self._proceed(exchange)
        except AwsError as error:
            exchange.refuse(error)
        exchange.outcome = "Dropped" if dropped else exchange.outcome
        self._record(exchange)
        if dropped:
            return None
        return Answer(exchange.status, exchange.body, exchange.content_type, exchange.request_id)

    def _federate(self, request: HttpRequest) -> Answer:
        """Answer at the console's door, where nobody signs; only the action is recorded."""
        with self.lock:
            status, body, kind = federation.answer(self, request.query, request.body)
            asked = dict(parse_qsl(request.query) + parse_qsl(request.body.decode()))
            outcome, action = "OK" if status == 200 else "Refused", asked.pop("Action", "")
            made = Request("signin", action, None, None, self.now(), outcome, "", asked)
            self._requests.append(made)
        return Answer(status, body, kind)

    def _proceed(self, exchange: Exchange) -> None:
        self.faults.wait(exchange.action)
        error = self.faults.take_error(exchange.action)
        if error is not None:
            raise error
        with self.lock:
            exchange.answer(self)

    def _record(self, exchange: Exchange) -> None:
        signed = exchange.signed
        made = Request(
            service=exchange.service.name,
            action=exchange.action,
            access_key_id=signed.access_key_id if signed else None,
            region=signed.region if signed else None,
            time=self.now(),
            outcome=exchange.outcome,
            message=exchange.message,
            parameters=exchange.form,
        )
        with self.lock:
            self._requests.append(made)

    def fail(
        self,
        action: str,
        *,
        code: str = "ServiceUnavailable",
        status: int = 503,
        message: str = "failed on demand",
        times: int = 1,
    ) -> None:
        """Let the next calls of an operation (`*`: of any) fail with an error."""
        self.faults.fail(action, AwsError(code, message, status), times)

    def slow(self, action: str, seconds: float, *, times: int = 1 << 30) -> None:
        """Let calls of an operation (`*`: of any) take longer."""
        self.faults.slow(action, seconds, times)

    def drop_connections(self, count: int = 1) -> None:
        """Break the next connections before an answer."""
        self.faults.drop(count)
