"""A phone that must approve: waited for by yielding, and told apart when nothing comes of it."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import pytest

from runas.errors import ApprovalExpired, ApprovalRejected
from runas.model import Factor, MfaRequired
from runas.testing.conformance.base import Base


class Second(Base):
    """Pushes and calls."""

    def test_waiting_is_asking_again(self, way: str) -> None:
        """While nobody has tapped, or opened the browser, the same question is asked again."""
        kinds = self.success(way).person.kinds
        waited = next((one for one in ("Approval", "Browse") if one in kinds), None)
        if waited is None:
            pytest.skip("it waits for nobody")
        assert kinds.count(waited) >= 2, "it asked once: after an answer look, and ask again"

    def test_a_rejected_push_is_told_from_an_expired_one(self, way: str) -> None:
        """Declined on the phone is ApprovalRejected, unanswered is ApprovalExpired."""
        self._needs_approval(way)
        for name, error in (("reject", ApprovalRejected), ("expire", ApprovalExpired)):
            with self.fake(way) as case:
                act = getattr(case, name)
                if act is None:
                    pytest.fail(f"it asks for an Approval: say with Case({name}=...) how it ends")
                outcome = self.run(case, way, approve=_at_once(act))
            assert type(outcome.error) is error, f"{name}: {outcome.story}, not {error.__name__}"

    def test_it_leaves_the_factors_of_others_alone(self) -> None:
        """Asked about a factor of another plugin's login, ``mfa`` returns None."""
        hook = getattr(self.code, "mfa", None)
        if hook is None or hook.runas_impl["wrapper"]:
            pytest.skip("it has no mfa of its own")
        for kind in ("totp", "push", "webauthn", "carrier-pigeon"):
            factor = Factor(kind, "somebody else's", "1")
            pending = MfaRequired((factor,), state=object())
            given = {"profile": self.trial.profile({}), "http": None, "pending": pending}
            wanted = inspect.signature(hook).parameters
            answer = hook(**{name: value for name, value in (given | {"factor": factor}).items()
                             if name in wanted})  # fmt: skip
            assert answer is None, f"it takes on the {kind} of another plugin's login"

    def _needs_approval(self, way: str) -> None:
        if "Approval" not in self.success(way).person.kinds:
            pytest.skip("it asks for no Approval")


def _at_once(act: Callable[[], object]) -> Callable[[], None]:
    done: list[object] = []

    def look() -> None:
        if not done:
            done.append(act())

    return look
