"""Terminals for the tests of the prompters."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .session import Session


@pytest.fixture
def session() -> Iterator[Callable[..., "Session"]]:
    """Start programs at terminals of their own."""
    from .session import Session  # not on Windows

    with ExitStack() as opened:
        yield lambda *args, **kwargs: opened.enter_context(closing(Session(*args, **kwargs)))
