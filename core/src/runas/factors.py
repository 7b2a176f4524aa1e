"""The second factor: choose one, ask for it, and let a mistyped code be typed again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from runas.challenges import Choice, Flow
from runas.errors import ConfigurationError, InteractionRequired, RunasError, WrongCode
from runas.model import Factor, Identity, MfaRequired, Profile
from runas.relay import Relay

if TYPE_CHECKING:
    from runas.memory import Memory

log = logging.getLogger(__name__)

ATTEMPTS = 3
"""How often a person may type a code in all."""

TYPED = ("totp", "hotp", "token", "sms", "call", "email", "question")
"""Factors that end in something typed: what ``mfa_type = code`` stands for."""


class Factors:
    """Satisfy what a provider asks for after the password, one factor at a time.

    The factor that worked last is taken again; not where *code_given*, for that code is for one
    that whoever answers must choose.
    """

    def __init__(
        self,
        profile: Profile,
        memory: Memory,
        call: Callable[..., Any],
        relay: Relay | None = None,
        *,
        code_given: bool = False,
    ) -> None:
        self.pending: MfaRequired | None = None
        self._relay = relay or Relay(memory)
        self._profile = profile
        self._memory = memory
        self._call = call
        self._code_given = code_given

    def satisfy(
        self, profile: Profile, outcome: Identity | MfaRequired, attempt: int = 0
    ) -> Flow[Identity]:
        """Run ``mfa`` until the provider has an identity; *attempt* counts codes refused before.

        Whoever ends the login before that, and wherever (Ctrl-C, a closed page, nobody to ask, a
        refusal), the provider hears of it.
        """
        while isinstance(outcome, MfaRequired):
            self.pending = pending = outcome
            try:
                outcome = yield from self._one(profile, pending, attempt)
            except BaseException as ending:
                abandon(pending)
                if isinstance(ending, InteractionRequired) and pending.reason:
                    fact = f"{pending.reason}; {ending.fact}"
                    raise InteractionRequired(fact, ending.hint) from ending
                raise
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
        last = None if self._code_given else self._memory.last_factor(self._profile)
        for factor in fitting:
            if last and last == (factor.kind, factor.id):
                return factor
        try:
            return (yield from Choice("Which second factor?", fitting))
        except InteractionRequired:
            return _unasked(fitting)

    def _try(
        self, profile: Profile, pending: MfaRequired, factor: Factor, attempt: int
    ) -> Flow[Identity | MfaRequired]:
        while True:
            flow: Flow[Identity | MfaRequired] | None
            flow = self._call("mfa", profile=profile, pending=pending, factor=factor)
            if flow is None:
                raise ConfigurationError(
                    f"no installed plugin can use the factor {factor}", "choose another: --mfa-type"
                )
            try:
                outcome: Identity | MfaRequired = yield from self._relay.run(
                    flow, attempt, once=factor.kind != "question"
                )
            except WrongCode:
                attempt += 1
                if attempt >= ATTEMPTS:
                    raise
            else:
                return outcome


def abandon(pending: MfaRequired) -> None:
    """Tell the provider that nobody goes on; why matters more than whether it could be told."""
    if pending.abandon is None:
        return
    try:
        pending.abandon()
    except RunasError as failure:
        log.debug("the provider could not be told: %s", type(failure).__name__)


def _unasked(factors: list[Factor]) -> Factor:
    """Choose where nobody can: a push, which only the phone must answer, else a code."""
    order = ("push", *TYPED)
    rank = {kind: place for place, kind in enumerate(order)}
    return min(factors, key=lambda factor: rank.get(factor.kind, len(order)))


__all__ = ["ATTEMPTS", "TYPED", "Factors", "abandon"]
