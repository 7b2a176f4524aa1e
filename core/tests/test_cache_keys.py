"""The names of entries: everything that changes the answer, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runas._credentials import Credentials
from runas.cache import UNKEYED, Cache, Entry, key
from runas.profile import Profile

text = st.text(st.characters(), max_size=30)
settings = st.dictionaries(text.filter(lambda name: not name.startswith("cli_")), text, max_size=4)
chains = st.lists(settings, min_size=1, max_size=3)


def chain(hops: list[dict[str, str]]) -> Profile:
    profile = None
    for number, hop in enumerate(hops):
        profile = Profile(f"hop {number}", hop, source=profile)
    assert profile is not None
    return profile


class TestKeys:
    @given(chains, chains, text, text)
    def test_differ_whenever_anything_does(
        self, one: list[dict[str, str]], other: list[dict[str, str]], why: str, reason: str
    ) -> None:
        kept = [
            [{n: t for n, t in hop.items() if n not in UNKEYED} for hop in c] for c in (one, other)
        ]
        alike = (kept[0], why) == (kept[1], reason)
        assert (key(why, chain(one)) == key(reason, chain(other))) is alike

    def test_tell_fields_apart_however_the_text_is_cut(self) -> None:
        cuts: list[list[dict[str, str]]] = [
            [{"ab": "c"}],
            [{"a": "bc"}],
            [{"a": "b", "c": ""}],
            [{"a": "b"}, {"c": ""}],
            [{"c": ""}, {"a": "b"}],
            [{}, {"a": "b", "c": ""}],
        ]
        assert len({key("role", chain(hops)) for hops in cuts}) == len(cuts)

    def test_know_neither_names_nor_the_order_of_settings(self) -> None:
        one = Profile("one", {"a": "1", "b": "2"}, source=Profile("x", {}))
        other = Profile("other", {"b": "2", "a": "1"}, source=Profile("y", {}))
        assert key("role", one) == key("role", other)

    @pytest.mark.parametrize("name", [*sorted(UNKEYED), "cli_pager", "cli_timestamp_format"])
    def test_ignore_what_only_says_how(self, name: str) -> None:
        asked = Profile("p", {"role_arn": "r"})
        assert key("role", asked) == key("role", asked.having(**{name: "x"}))

    @pytest.mark.parametrize(
        "name",
        "external_id credentials_duration session_policy role_session_name mfa_serial endpoint_url"
        " endpoint_url_sts aws_access_key_id a_plugins_own".split(),
    )
    def test_know_what_changes_the_answer(self, name: str) -> None:
        asked = Profile("p", {"role_arn": "r"})
        assert key("role", asked) != key("role", asked.having(**{name: "x"}))

    def test_of_an_identity_know_its_settings_only(self) -> None:
        one = Profile("p", {"saml_auth_url": "u", "role_arn": "1", "region": "eu-west-1"})
        other = one.having(role_arn="2", region="eu-west-2")
        assert key("login", one, {"saml_auth_url"}) == key("login", other, {"saml_auth_url"})
        assert key("login", one, {"region"}) != key("login", other, {"region"})

    def test_are_hex_of_128_bits_or_more_and_fit_the_cache(self, tmp_path: Path) -> None:
        name = key("role", Profile("../../x", {"role_arn": "\udcff"}))
        assert len(name) * 4 >= 128
        assert int(name, 16)
        cache = Cache(str(tmp_path))
        cache.write(name, Entry(Credentials("AKIA", "secret"), 1))
        assert [found for found, _ in cache.entries()] == [name]
