"""Broken services: at every request, in every way, the right error and never a KeyError."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from runas.errors import ServiceUnavailable
from runas.testing.conformance.base import Base
from runas.testing.sabotage import OUTAGES, REFUSALS, nonsense
from runas.testing.wire import Exchange, Fault, Wire

Faults = Callable[[Exchange], Iterable[tuple[str, Fault]]]
"""Makes the faults to try on one request."""


class Failing(Base):
    """The wire is cut, or somebody else answers."""

    def test_an_outage_is_service_unavailable(self, way: str) -> None:
        """A service that is away or late from any request on ends in ServiceUnavailable."""
        wrong = []
        for at, request in enumerate(self._requests(way)):
            for name, fault in OUTAGES.items():
                outcome = self.log_in(way, wire=Wire(fault, at))
                fits = outcome.error is None or isinstance(outcome.error, ServiceUnavailable)
                if not fits:
                    wrong.append(f"{name} from {request} on: {outcome.story}")
        _report(wrong, "ServiceUnavailable")

    def test_an_outage_at_first_never_succeeds(self, way: str) -> None:
        """Without its service a provider proves nothing."""
        for name, fault in OUTAGES.items():
            if self._requests(way):
                outcome = self.log_in(way, wire=Wire(fault))
                assert outcome.error is not None, f"{name} at every request, and {outcome.story}"

    def test_a_status_of_refusal_is_an_error_of_runas(self, way: str) -> None:
        """A request that is answered with 400, 403, 404 or 429 ends in order."""
        self._disturb(way, lambda request: REFUSALS.items())

    def test_garbage_is_an_error_of_runas(self, way: str) -> None:
        """Other pages, empty answers, cut or altered JSON: in order, never a KeyError."""
        self._disturb(way, nonsense)

    def _disturb(self, way: str, faults: Faults) -> None:
        wrong = []
        for at, request in enumerate(self._requests(way)):
            for name, fault in faults(request):
                outcome = self.log_in(way, wire=Wire(fault, at, once=True))
                wrong.append(self.ended_in_order(outcome, f"{name} as the answer to {request}"))
        _report(list(filter(None, wrong)), "an error of runas")

    def _requests(self, way: str) -> list[Exchange]:
        return self.success(way).wire.exchanges


def _report(wrong: list[str], wanted: str) -> None:
    shown = "\n  ".join(wrong[:12])
    more = f"\n  ... and {len(wrong) - 12} more" if len(wrong) > 12 else ""
    assert not wrong, f"should have ended in {wanted}:\n  {shown}{more}"
