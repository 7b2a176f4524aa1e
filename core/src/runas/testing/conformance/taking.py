"""Roles and keys, for plugins that have hooks of their own for them."""

from __future__ import annotations

import sys
import time
from typing import Any

import pytest

from runas.model import Credentials, MfaRequired, Role, RoleArn
from runas.testing.case import Case
from runas.testing.conformance.base import Base
from runas.testing.sabotage import OUTAGES, nonsense
from runas.testing.trial import Outcome
from runas.testing.wire import Wire


class Taking(Base):
    """``list_roles`` and ``assume``."""

    def test_it_lists_roles(self, way: str) -> None:
        """Roles are listed as `runas.Role`, each once; an identity of others is left alone."""
        self._has_own("list_roles")
        with self.fake(way) as case:
            identity = self.succeeded(self.run(case, way)).identity
            roles = self.trial.call("list_roles", case, identity=identity)
        assert all(isinstance(role, Role) for role in roles), f"not all are runas.Role: {roles}"
        assert len(set(roles)) == len(roles), f"a role is listed twice: {roles}"

    def test_it_takes_a_role(self, way: str) -> None:
        """Taking a role gives temporary credentials with an end, and shows no secret."""
        with self._role(way) as (case, found, outcome):
            keys = self.trial.call("assume", case, identity=outcome.identity, role=found)
        if isinstance(keys, MfaRequired):
            return
        assert isinstance(keys, Credentials), f"assume returned {type(keys).__name__}"
        assert keys.temporary, "the credentials have no session token"
        end = keys.expiration
        assert isinstance(end, int), f"the expiration is {end!r}: seconds since the epoch"
        assert end > time.time(), "the credentials have ended already"

    def test_taking_a_role_fails_in_order(self, way: str) -> None:
        """A broken service while a role is taken ends in an error of runas."""
        with self._role(way) as (case, found, outcome), Wire() as wire:
            self.trial.call("assume", case, identity=outcome.identity, role=found)
        faults = [(name, fault, False) for name, fault in OUTAGES.items()]
        for at, request in enumerate(wire.exchanges):
            for name, fault, once in [*faults, *((*one, True) for one in nonsense(request))]:
                with self._role(way) as (case, found, outcome), Wire(fault, at, once):
                    given: dict[str, Any] = {"identity": outcome.identity, "role": found}
                    ended = self.trial.attempt("assume", case, **given)
                if ended is not None:
                    outcome.error = ended
                    complaint = self.ended_in_order(outcome, f"{name} as the answer to {request}")
                    assert not complaint, complaint

    def _has_own(self, hook: str) -> None:
        if not hasattr(self.code, hook) or not hasattr(getattr(self.code, hook), "runas_impl"):
            pytest.skip(f"it has no {hook} of its own")

    def _role(self, way: str) -> _Taking:
        self._has_own("assume")
        return _Taking(self, way)


class _Taking:
    """A login that has come as far as its role."""

    def __init__(self, kit: Base, way: str) -> None:
        self._kit = kit
        self._way = way
        self._context = kit.fake(way)

    def __enter__(self) -> tuple[Case, Role, Outcome]:
        case = self._context.__enter__()
        if not case.role:
            self._context.__exit__(None, None, None)
            pytest.skip("the case names no role")
        try:
            outcome = self._kit.succeeded(self._kit.run(case, self._way))
        except BaseException:
            self._context.__exit__(*sys.exc_info())
            raise
        return case, Role(RoleArn.parse(case.role)), outcome

    def __exit__(self, *end: Any) -> None:
        self._context.__exit__(*end)
