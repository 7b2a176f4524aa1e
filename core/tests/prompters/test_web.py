"""Questions that wait for a page: who answers first, what is offered, how they end."""

import threading
import time

import pytest

from runas.challenges import Approval, Browse, Choice, Code, Password, Username, drive
from runas.errors import Cancelled, InteractionRequired, RunasError
from runas.prompters.web import Stale, Web


class Login:
    """A flow that is driven in a thread, as a server does it."""

    def __init__(self, flow, **options):
        self.web = Web(**options)
        self.result = None

        def run():
            try:
                self.result = drive(flow, self.web.answer)
            except RunasError as error:
                self.result = error
            finally:
                self.web.end()

        self.thread = threading.Thread(target=run, daemon=True)
        self.thread.start()

    def asked(self, kind=None):
        until = time.monotonic() + 20
        while self.web.question is None or kind not in (None, self.web.question.kind):
            assert time.monotonic() < until, self.result
            time.sleep(0.005)
        return self.web.question

    def ended(self):
        self.thread.join(20)
        assert not self.thread.is_alive()
        return self.result


def ask(*challenges):
    answers = []
    for challenge in challenges:
        answers += [(yield from challenge)]
    return answers


CODE = Code("iPhone")
NAME, WORD = Username("corp", "me"), Password("https://corp.example", "me")


def test_a_question_is_answered_once_and_by_its_name():
    login = Login(ask(CODE, CODE))
    first = login.asked()
    with pytest.raises(Stale):
        login.web.put("another", "1")
    login.web.put(first.id, " 12 34 ")
    with pytest.raises(Stale):
        login.web.put(first.id, "1")
    second = login.asked()
    assert second.id != first.id
    login.web.put(second.id, "5678")
    assert login.ended() == ["1234", "5678"]


@pytest.mark.parametrize(
    ("challenge", "bad", "good", "answer"),
    [
        (NAME, "", " me ", "me"),
        (WORD, "", " spaces stay ", " spaces stay "),
        (CODE, "  ", "1 2 3", "123"),
        (Choice("Which?", ["a", "b"]), "2", "1", "b"),
        (Choice("Which?", ["a", "b"]), "b", "0", "a"),
    ],
)
def test_answers_are_checked(challenge, bad, good, answer):
    login = Login(ask(challenge))
    question = login.asked()
    with pytest.raises(ValueError):
        login.web.put(question.id, bad)
    login.web.put(question.id, good)
    assert login.ended() == [answer]


def test_what_a_client_is_told():
    login = Login(ask(WORD))
    assert "me at https://corp.example" in login.asked().wanted
    assert login.web.asking() == login.asked().wanted
    login.web.put(login.asked().id, "x")
    login.ended()
    assert login.web.asking() == ""


def test_a_form_with_both_answers_both():
    login = Login(ask(NAME, WORD, CODE))
    login.asked("username")
    login.web.offer(username="you", password="pw")
    login.web.put(login.asked("code").id, "1")
    assert login.ended() == ["you", "pw", "1"]


def test_an_offer_before_the_first_question():
    web = Web()
    web.offer(username="you", password="pw")
    assert [web.answer(NAME), web.answer(WORD)] == ["you", "pw"]


def test_an_offer_that_does_not_fit_is_dropped():
    login = Login(ask(CODE, WORD))
    login.asked("code")
    login.web.offer(password="pw")
    login.web.put(login.asked("code").id, "1")
    login.web.put(login.asked("password").id, "typed")
    assert login.ended() == ["1", "typed"]


def test_an_offer_lapses_when_something_else_is_asked_or_the_login_ends():
    web = Web(patience=0.01)
    web.offer(password="pw")
    with pytest.raises(InteractionRequired):
        web.answer(CODE)
    with pytest.raises(InteractionRequired):
        web.answer(WORD)
    web.offer(password="pw")
    web.end()
    with pytest.raises(InteractionRequired):
        web.answer(WORD)


@pytest.mark.parametrize(
    "challenge", [WORD, Approval("iPhone", "7", 20), Browse("https://x", "A", 20)]
)
@pytest.mark.parametrize("how", ["cancel", "close"])
def test_a_login_can_be_ended_at_every_question(challenge, how):
    ended = []

    def flow():
        try:
            yield from challenge
        finally:
            ended.append(True)

    login = Login(flow())
    login.asked()
    getattr(login.web, how)()
    assert isinstance(login.ended(), Cancelled)
    assert ended


def test_a_cancelled_login_does_not_spoil_the_next():
    web = Web(patience=0.05)
    web.cancel()
    with pytest.raises(InteractionRequired):
        web.answer(WORD)


def test_a_wait_is_one_question_however_often_it_is_asked():
    changes = []
    login = Login(ask(*[Approval("iPhone", "7", 0.02)] * 5), changed=lambda: changes.append(1))
    first = login.asked()
    assert (first.fields["device"], first.fields["number"]) == ("iPhone", "7")
    with pytest.raises(ValueError):
        login.web.put(first.id, "x")
    assert login.ended() == [None] * 5


def test_what_comes_from_a_server_is_made_harmless():
    login = Login(ask(Browse("javascript:alert(1)", "\x1b[31mA", 20)))
    assert login.asked().fields == {"url": "", "user_code": "A"}
    login.web.cancel()
    login.ended()


class Second:
    """Somebody else who is asked."""

    def __init__(self):
        self.asked, self.withdrawn, self.told = [], 0, []

    def ask(self, challenge, done):
        self.asked.append((challenge, done))

    def withdraw(self):
        self.withdrawn += 1

    def tell(self, text):
        self.told.append(text)


def test_the_second_may_be_first():
    second = Second()
    login = Login(ask(WORD), second=second)
    login.asked()
    second.asked[0][1]("typed at the terminal")
    assert login.ended() == ["typed at the terminal"]


def test_the_second_is_called_off_when_the_page_was_first():
    second = Second()
    login = Login(ask(WORD), second=second)
    login.web.put(login.asked().id, "page")
    assert login.ended() == ["page"]
    assert second.withdrawn == 1
    second.asked[0][1]("too late")
    assert login.web.question is None


def test_the_second_may_cancel():
    second = Second()
    login = Login(ask(WORD), second=second)
    login.asked()
    second.asked[0][1](Cancelled("closed"))
    assert isinstance(login.ended(), Cancelled)


def test_the_second_is_told_once_what_to_do_elsewhere():
    second = Second()
    login = Login(ask(*[Approval("iPhone", "7", 0.01)] * 3), second=second)
    login.ended()
    assert second.told == ["approve the sign-in on iPhone (tap 7)"]
    assert not second.asked
