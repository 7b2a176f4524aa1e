"""End what was begun at Okta when the person, or an error, ends the login here."""

from __future__ import annotations

import logging
from collections.abc import Callable
from types import TracebackType

import runas

log = logging.getLogger(__name__)

KEPT = (runas.WrongCode, runas.ApprovalExpired)
"""After these the same transaction can go on: a code is typed again, a push sent again."""


class Abandon:
    """Cancel at the end of the ``with`` block unless it ends well, or in a way that may go on.

    Ctrl-C, a closed question and a closed generator all arrive as exceptions at the ``yield``, so
    this is where a push disappears from the phone again.
    """

    def __init__(self, cancel: Callable[[], None]) -> None:
        self._cancel = cancel

    def __enter__(self) -> None:
        """Nothing to do: what is to be cancelled begins later."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None or issubclass(kind, KEPT):
            return
        try:
            self._cancel()
        except runas.RunasError as failure:
            # The person's own reason to stop matters more than this.
            log.debug("the sign-in could not be cancelled: %s", type(failure).__name__)
