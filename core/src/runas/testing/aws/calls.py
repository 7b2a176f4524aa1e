"""One call of an operation, as the operations see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from runas.testing.aws.callers import Caller
from runas.testing.aws.cloud import Cloud
from runas.testing.aws.form import Form


@dataclass(frozen=True)
class Call:
    """The parameters of a call, who makes it (None: nobody signed) and the world it is made in.

    `document` holds the parameters of a JSON protocol, `region` what the call was signed for.
    """

    cloud: Cloud
    form: Form
    caller: Caller | None
    document: Mapping[str, Any] = field(default_factory=dict, repr=False)
    region: str = ""

    @property
    def signer(self) -> Caller:
        """The caller of a signed operation."""
        assert self.caller is not None, "this operation is unsigned"
        return self.caller


Handler = Callable[[Call], Any]


@dataclass(frozen=True)
class Operation:
    """An operation: what answers it, and whether the request must be signed."""

    handler: Handler
    signed: bool = True


Operations = Mapping[str, Operation]
