"""What was asked of the emulator, for assertions such as "exactly one AssumeRole"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Request:
    """One request. `outcome` is `OK`, the error's code, or `Dropped`; `time` is AWS's time."""

    service: str
    action: str
    access_key_id: str | None
    region: str | None
    time: float
    outcome: str
    message: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)
