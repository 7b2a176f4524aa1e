"""What is remembered between runs: of anything that a file or a variable may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from runas.cache import Cache
from runas.memory import Memory
from runas.profile import Profile

UNDECODABLE = b"caf\xe9".decode("utf-8", "surrogateescape")


@pytest.mark.parametrize("text", ["plain", "café", UNDECODABLE])
def test_any_text_is_remembered_and_told_from_others(tmp_path: Path, text: str) -> None:
    memory = Memory(Cache(str(tmp_path), pytest.fail))
    address = Profile("p", {"saml_auth_url": text})
    memory.learn_provider(address, "x")
    assert memory.provider(address) == "x"
    assert memory.provider(Profile("p", {"saml_auth_url": text + "?"})) is None
    memory.spend(text, text)
    assert memory.spent(text, text)
    assert not memory.spent(text, text + "?")
    assert not memory.spent(text + "?", text)
    role = Profile("p", {"role_arn": f"arn:{text}", "credentials_duration": "7200"})
    assert memory.within_limit(role, chained=False) == role
