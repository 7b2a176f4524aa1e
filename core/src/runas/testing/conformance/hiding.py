"""Secrets: what a person typed and what the service handed out shows up nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, quote_plus

from runas.model import SamlIdentity
from runas.testing.case import Case
from runas.testing.conformance.base import Base
from runas.testing.conformance.refusing import WRONG
from runas.testing.sabotage import OUTAGES, REFUSALS
from runas.testing.trial import Outcome
from runas.testing.wire import Wire

SHORTEST = 6


class Hiding(Base):
    """Answers, cookies, tokens and assertions are canaries."""

    def test_no_secret_is_logged(self, way: str) -> None:
        """Whatever is logged, at any level, holds no answer, cookie, token or assertion."""
        with self.fake(way) as case:
            outcome = self.run(case, way)
            self._look(case, outcome, "\n".join(outcome.log), "the log")

    def test_no_secret_is_in_a_repr(self, way: str) -> None:
        """The reprs of identity, pending login and challenges hold no secret."""
        with self.fake(way) as case:
            outcome = self.run(case, way)
            shown = [repr(outcome.identity), *map(repr, outcome.person.asked)]
            # What waits between the password and the second factor is no place for secrets.
            shown += [f"{one!r} {one.state!r}" for one in outcome.pending]
            self._look(case, outcome, "\n".join(shown), "a repr")

    def test_no_secret_is_in_an_error(self, way: str) -> None:
        """Errors, and the tracebacks that ``-vv`` shows, hold no secret."""
        requests = len(self.success(way).wire.exchanges)
        for wire in _disturbances(requests):
            with self.fake(way) as case:
                outcome = self.run(case, way, wire)
                self._look(case, outcome, outcome.trace, "an error")

    def test_a_refusal_repeats_no_answer(self, way: str) -> None:
        """The error about a wrong password or code does not quote it."""
        with self.fake(way) as case:
            refused = self.run(case, way, password=WRONG)
            assert WRONG not in refused.trace + "\n".join(refused.log), "it repeats the password"
        with self.fake(way) as case:
            refused = self.run(case, way, codes=["918273"])
            assert "918273" not in refused.trace + "\n".join(refused.log), "it repeats the code"

    def _look(self, case: Case, outcome: Outcome, text: str, where: str) -> None:
        for name, secret in self._canaries(case, outcome):
            for written in {secret, quote(secret), quote_plus(secret)}:
                found = text.find(written)
                before = text[max(0, found - 80) : max(0, found)].rpartition("\n")[2]
                assert found < 0, f"{where} shows {name}, right after: {before}"

    def _canaries(self, case: Case, outcome: Outcome) -> Iterator[tuple[str, str]]:
        """Yield what may not be seen, each with a name for it."""
        public = {*case.settings.values(), case.username}
        code = case.code if isinstance(case.code, str) else ""
        named = [("the password", case.password), ("the code", code)]
        named += [("a secret of the case", one) for one in case.secrets]
        named += [("a token, cookie or ticket", one) for one in outcome.wire.secrets()]
        if isinstance(outcome.identity, SamlIdentity):
            named.append(("the assertion", outcome.identity.assertion[:60]))
        for name, secret in named:
            if len(secret) >= SHORTEST and not any(secret in one for one in public):
                yield name, secret


def _disturbances(requests: int) -> Iterator[Wire]:
    for at in range(requests):
        yield Wire(OUTAGES["status 500"], at)
        yield Wire(REFUSALS["status 403"], at, once=True)
        yield Wire(OUTAGES["a refused connection"], at)
