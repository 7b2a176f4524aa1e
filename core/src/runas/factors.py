"""The second factor: choose one, ask for it, and let a mistyped code be typed again."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from runas.challenges import Challenge, Choice, Code, Flow
from runas.errors import ConfigurationError, InteractionRequired, WrongCode
from runas.model import Factor, Identity, MfaRequired, Profile

if TYPE_CHECKING:
    from runas.memory import Memory

ATTEMPTS = 3
"""How often a person may type a code in all."""

TYPED = ("totp", "hotp", "token", "sms", "call", "email", "question")
"""Factors that end in something typed: what ``mfa_type = code`` stands for."""


class Factors:
    """Satisfy what a provider asks for after the password, one factor at a time."""

    def __init__(self, profile: Profile, memory: Memory, call: Callable[..., Any]) -> None:
        self.pending: MfaRequired | None = None
        self._profile = profile
        self._memory = memory
        self._call = call

    def satisfy(
        self, profile: Profile, outcome: Identity | MfaRequired, attempt: int = 0
    ) -> Flow[Identity]:
        """Run ``mfa`` until the provider has an identity; *attempt* counts codes refused before."""
        while isinstance(outcome, MfaRequired):
            self.pending = pending = outcome
            try:
                outcome = yield from self._one(profile, pending, attempt)
            except InteractionRequired as nobody:
                if not pending.reason:
                    raise
                raise InteractionRequired(
                    f"{pending.reason}; {nobody.fact}", nobody.hint
                ) from nobody
        return outcome

    def _one(
        self, profile: Profile, pending: MfaRequired, attempt: int
    ) -> Flow[Identity | MfaRequired]:
        factor = yield from self._choose(pending.factors)
        outcome = yield from self._try(profile, pending, factor, attempt)
        self._memory.used_factor(self._profile, factor)
        return outcome

    def _choose(self, factors: tuple[Factor, ...]) -> Flow[Factor]:
        wanted = self._profile.get("mfa_type") or "auto"
        kinds = {"auto": None, "code": TYPED}.get(wanted, (wanted,))
        fitting = [factor for factor in factors if kinds is None or factor.kind in kinds]
        if not fitting:
            enrolled = ", ".join(sorted({factor.kind for factor in factors})) or "none"
            raise ConfigurationError(
                f"the factor '{wanted}' is not enrolled; there is: {enrolled}",
                f"change mfa_type ({self._profile.origin('mfa_type')})",
            )
        if len(fitting) == 1:
            return fitting[0]
        last = self._memory.last_factor(self._profile)
        for factor in fitting:
            if last and last == (factor.kind, factor.id):
                return factor
        return (yield from Choice("Which second factor?", fitting))

    def _try(
        self, profile: Profile, pending: MfaRequired, factor: Factor, attempt: int
    ) -> Flow[Identity | MfaRequired]:
        while True:
            flow = self._call("mfa", profile=profile, pending=pending, factor=factor)
            if flow is None:
                raise ConfigurationError(
                    f"no installed plugin can use the factor {factor}", "choose another: --mfa-type"
                )
            try:
                return (yield from self._counting(flow, attempt))
            except WrongCode:
                attempt += 1
                if attempt >= ATTEMPTS:
                    raise

    def _counting(
        self, flow: Flow[Identity | MfaRequired], attempt: int
    ) -> Generator[Challenge[Any], Any, Identity | MfaRequired]:
        """Pass the flow's challenges on; number the codes, and remember each as spent."""
        try:
            challenge = next(flow)
            while True:
                if isinstance(challenge, Code):
                    challenge = replace(challenge, attempt=attempt)
                try:
                    answer = yield challenge
                except GeneratorExit:
                    raise
                except BaseException as refusal:  # noqa: BLE001 - the flow decides, not we
                    challenge = flow.throw(refusal)
                    continue
                if isinstance(challenge, Code):
                    self._memory.spend(challenge.device, answer)
                challenge = flow.send(answer)
        except StopIteration as done:
            result: Identity | MfaRequired = done.value
            return result
        finally:
            flow.close()


__all__ = ["ATTEMPTS", "TYPED", "Factors"]
