"""Wrong answers: each ends in the error that says what was wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from runas.errors import ConfigurationError, Refused, WrongCode, WrongPassword
from runas.factors import ATTEMPTS
from runas.model import Setting
from runas.testing.conformance.base import Base
from runas.testing.trial import Outcome

WRONG = "not-the-pa55word"


class Refusing(Base):
    """A person who mistypes, and an account with a trouble of its own."""

    def test_a_wrong_password_is_sent_once(self, way: str) -> None:
        """A wrong password ends in WrongPassword; it is sent once, for accounts lock."""
        self._needs(way, "Password")
        outcome = self.log_in(way, password=WRONG)
        assert isinstance(outcome.error, WrongPassword), f"with a wrong password {outcome.story}"
        sent = _sending(outcome, WRONG)
        assert len(sent) <= 1, f"the wrong password was sent {len(sent)} times: {sent}"
        assert outcome.person.kinds.count("Password") == 1, "it asked for the password again"

    def test_an_unknown_user_is_refused(self, way: str) -> None:
        """A name that nobody has ends in a refusal."""
        self._needs(way, "Username")
        outcome = self.log_in(way, username="nobody-of-this-name")
        assert isinstance(outcome.error, Refused), f"with an unknown name {outcome.story}"

    def test_a_missing_setting_is_an_error_of_configuration(self, way: str) -> None:
        """Without a setting that it requires, it says so before anything is sent."""
        settings: Callable[[], Sequence[Setting]] = getattr(self.code, "settings", list)
        for setting in (one for one in settings() if one.required):
            with self.fake(way) as case:
                kept = {name: text for name, text in case.settings.items() if name != setting.name}
                outcome = self.run(replace(case, settings=kept), way)
            told = isinstance(outcome.error, ConfigurationError)
            assert told, f"without {setting.name} {outcome.story}"
            assert not outcome.wire.exchanges, f"without {setting.name} it sent a request"

    def test_the_password_goes_to_one_place(self, way: str) -> None:
        """The password is sent once, in a body, to the origin of the sign-in address."""
        self._needs(way, "Password")
        with self.fake(way) as case:
            outcome = self.run(case, way)
            sent = [each for each in outcome.wire.exchanges if _carries(each.sent, case.password)]
            told = [each for each in outcome.wire.exchanges if case.password in each.path]
        assert outcome.identity is not None, outcome.story
        assert not told, f"the password stands in an address: {told[0]}"
        assert len(sent) <= 1, f"the password was sent {len(sent)} times: {list(map(str, sent))}"

    def test_a_mistyped_code_may_be_typed_again(self, way: str) -> None:
        """A wrong code ends in WrongCode, and the right one then leads on; no new password."""
        self._needs(way, "Code")
        with self.fake(way) as case:
            outcome = self.run(case, way, codes=[case.wrong_code, case.code])
        assert outcome.identity is not None, (
            f"with a wrong code, then the right one {outcome.story}"
        )
        assert outcome.person.kinds.count("Password") <= 1, "it asked for the password again"
        assert outcome.person.kinds.count("Code") == 2, "the code was not asked for again"

    def test_wrong_codes_run_out(self, way: str) -> None:
        """Three wrong codes end in WrongCode."""
        self._needs(way, "Code")
        with self.fake(way) as case:
            outcome = self.run(case, way, codes=[case.wrong_code])
        assert isinstance(outcome.error, WrongCode), f"with wrong codes only {outcome.story}"
        asked = outcome.person.kinds.count("Code")
        assert asked <= ATTEMPTS, f"it asked for a code {asked} times"

    def test_odd_answers_are_answers(self, way: str) -> None:
        """Quotes, umlauts, markup and line breaks in an answer are refused, and harm nothing."""
        for odd in ("ä€😀", "\"'<&>", "a\r\nb: c", "%00%0a", " "):
            outcome = self.log_in(way, password=odd, codes=[odd])
            complaint = self.ended_in_order(outcome, f"with the answer {odd!r}")
            assert not complaint, complaint

    def test_each_trouble_ends_in_its_error(self, way: str) -> None:
        """What else the provider may refuse for ends in the error that says so."""
        with self.fake(way) as case:
            names = list(case.troubles)
        if not names:
            pytest.skip("the case names no troubles")
        for name in names:
            with self.fake(way) as case:
                trouble = case.troubles[name]
                trouble.cause()
                outcome = self.run(case, way)
            exactly = type(outcome.error) is trouble.error
            assert exactly, f"{name}: {outcome.story}, not with {trouble.error.__name__}"
            assert str(outcome.error).strip(), f"{name}: the error says nothing"

    def _needs(self, way: str, kind: str) -> None:
        if kind not in self.success(way).person.kinds:
            pytest.skip(f"it asks for no {kind}")

    def refused(self, outcome: Outcome, when: str) -> Refused:
        """Return the refusal that a login ended in."""
        assert isinstance(outcome.error, Refused), f"{when} {outcome.story}"
        return outcome.error


def _sending(outcome: Outcome, text: str) -> list[str]:
    return [str(each) for each in outcome.wire.exchanges if _carries(each.sent, text)]


def _carries(sent: str, text: Any) -> bool:
    """Tell whether a body holds a text: as it is, or as a form writes it."""
    from urllib.parse import quote_plus

    return bool(text) and (text in sent or quote_plus(text) in sent)
