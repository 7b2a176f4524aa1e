"""What is known beforehand answers first, and is tried once."""

import pytest

from runas.challenges import Approval, Choice, Code, Password, Username
from runas.errors import ConfigurationError, Refused, WrongCode, WrongPassword
from runas.prompters.stored import Answers, Given, Stored

PASSWORD = Password("https://a", "me")
ELSEWHERE = Password("https://b", "me")


class Person:
    """A front-end whose answers are known."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []
        self.told = []

    def answer(self, challenge):
        self.asked.append(challenge)
        return self.answers.pop(0)

    def tell(self, text):
        self.told.append(text)


class World:
    """Time, and a command that prints the code of its half minute."""

    def __init__(self, *codes, start=0.0):
        self.now = start
        self.codes = codes
        self.runs = []

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds

    def run(self, setting, command):
        self.runs.append((setting, command.text, self.now))
        return self.codes[min(int(self.now // 30), len(self.codes) - 1)]


def stored(person=None, world=None, spent=(), **answers):
    world = world or World("111 111")
    return Stored(
        Answers(**answers),
        person or Person(),
        spent=lambda device, code: (device, code) in spent or code in spent,
        run=world.run,
        sleep=world.sleep,
        clock=world.clock,
    )


def test_what_is_given_is_not_asked_for():
    prompter = stored(
        username=Given("me", "--username"),
        password=Given("pw", "$RUNAS_PASSWORD"),
        code=Given("123 456", "--otp"),
        prefer=lambda choice: choice.options[1],
    )
    asked = (Username("corp"), PASSWORD, Code("iPhone"), Choice("X", ["p", "q"]))
    assert [prompter.answer(challenge) for challenge in asked] == ["me", "pw", "123456", "q"]


def test_the_rest_is_left_to_the_front_end():
    person = Person("me", "pw", "123456", "p", None)
    prompter = stored(person, prefer=lambda choice: None)
    asked = [Username("corp"), PASSWORD, Code("iPhone"), Choice("X", ["p", "q"]), Approval("iPad")]
    assert [prompter.answer(one) for one in asked] == ["me", "pw", "123456", "p", None]
    assert person.asked == asked
    prompter.tell("hello")
    assert person.told == ["hello"]


# Passwords


@pytest.mark.parametrize(
    ("answers", "origin"),
    [
        ({"password": Given("pw", "--password")}, "--password"),
        (
            {"password_process": Given("pass x", "~/.aws/config:3")},
            "password_process (~/.aws/config:3)",
        ),
        ({"recall": lambda asked: Given("pw", "the keyring")}, "the keyring"),
    ],
)
def test_a_password_is_tried_once(answers, origin):
    prompter = stored(**answers)
    prompter.answer(PASSWORD)
    with pytest.raises(WrongPassword) as refusal:
        prompter.answer(PASSWORD)
    assert refusal.value.fact == f"the password given by {origin} was refused"


def test_a_password_given_without_a_realm_goes_to_the_first_one_only():
    person = Person("typed")
    prompter = stored(person, password=Given("pw", "--password"))
    assert prompter.answer(PASSWORD) == "pw"
    assert prompter.answer(ELSEWHERE) == "typed"


def test_passwords_are_recalled_by_realm():
    prompter = stored(recall=lambda asked: Given(f"for {asked.realm}", "the keyring"))
    assert prompter.answer(PASSWORD) == "for https://a"
    assert prompter.answer(ELSEWHERE) == "for https://b"


def test_a_typed_password_may_be_asked_for_again():
    prompter = stored(Person("one", "two"), recall=lambda asked: None)
    assert [prompter.answer(PASSWORD), prompter.answer(PASSWORD)] == ["one", "two"]


def test_the_option_comes_before_the_command_and_that_before_the_keyring():
    world = World("printed")
    recall = {"recall": lambda asked: pytest.fail("asked")}
    command = {"password_process": Given("pass x", "config")}
    assert stored(password=Given("pw", "-P"), **command, **recall).answer(PASSWORD) == "pw"
    assert stored(world=world, **command, **recall).answer(PASSWORD) == "printed"
    assert world.runs == [("password_process", "pass x", 0)]


# Codes given


def test_a_given_code_that_was_refused_is_not_sent_again():
    prompter = stored(code=Given("123456", "--otp"))
    prompter.answer(Code("iPhone"))
    with pytest.raises(Refused) as refusal:
        prompter.answer(Code("iPhone", 1))
    assert refusal.value.fact == "the code given by --otp was refused"
    assert refusal.value.status == 77
    assert not isinstance(refusal.value, WrongCode)  # which would ask for another try


def test_a_given_code_serves_one_device():
    prompter = stored(Person("654321"), code=Given("123456", "--otp"))
    assert prompter.answer(Code("iPhone")) == "123456"
    assert prompter.answer(Code("Yubikey")) == "654321"
    with pytest.raises(Refused, match="--otp has been used already"):
        prompter.answer(Code("iPhone"))


def test_a_given_code_that_is_spent():
    with pytest.raises(Refused) as refusal:
        stored(code=Given("123456", "$MFA_CODE"), spent={("iPhone", "123456")}).answer(
            Code("iPhone")
        )
    assert str(refusal.value) == (
        "the code given by $MFA_CODE was used just now; wait for the next one"
    )


# Codes printed by a command

OATH = {"code_process": Given("oathtool x", "~/.aws/config:7")}


def test_a_command_s_code():
    world = World("123 456")
    assert stored(world=world, **OATH).answer(Code("iPhone")) == "123456"
    assert world.runs == [("mfa_process", "oathtool x", 0)]


def test_a_refused_command_is_run_once_more_and_helps_if_its_code_is_new():
    world = World("111111", "222222", "333333")
    prompter = stored(world=world, **OATH)
    assert prompter.answer(Code("iPhone")) == "111111"
    world.now = 30
    assert prompter.answer(Code("iPhone", 1)) == "222222"
    world.now = 60
    with pytest.raises(Refused, match=r"given by mfa_process \(~/.aws/config:7\) was refused"):
        prompter.answer(Code("iPhone", 2))
    assert len(world.runs) == 2


def test_a_refused_command_with_the_same_code_ends():
    prompter = stored(world=World("111111"), **OATH)
    prompter.answer(Code("iPhone"))
    with pytest.raises(Refused, match="was refused"):
        prompter.answer(Code("iPhone", 1))


def test_a_spent_code_of_a_command_is_waited_out():
    world, person = World("111111", "222222", start=10), Person()
    assert stored(person, world, spent={"111111"}, **OATH).answer(Code("iPhone")) == "222222"
    assert person.told == ["waiting for the next code"]
    assert world.now == 31
    assert len(world.runs) == 8


def test_a_command_that_never_changes_is_given_up_after_its_half_minute():
    world = World("111111")
    with pytest.raises(Refused, match="was used just now"):
        stored(world=world, spent={"111111"}, **OATH).answer(Code("iPhone"))
    assert 31 <= world.now <= 34


def test_a_failing_command_is_not_papered_over():
    class Broken(World):
        def run(self, setting, command):
            raise ConfigurationError("failed")

    with pytest.raises(ConfigurationError):
        stored(Person("123456"), Broken(), **OATH).answer(Code("iPhone"))


# Codes typed


def test_a_typed_code_that_is_spent_is_asked_for_again():
    person = Person("111111", "222222")
    assert stored(person, spent={"111111"}).answer(Code("iPhone", 1)) == "222222"
    assert person.asked == [Code("iPhone", 1), Code("iPhone")]
    assert person.told == ["that code was used just now: wait for the next one"]


@pytest.mark.parametrize(("attempt", "tries"), [(0, 3), (1, 2), (2, 1), (5, 1)])
def test_spent_codes_count_as_attempts(attempt, tries):
    person = Person(*["111111"] * 9)
    with pytest.raises(Refused, match="used just now"):
        stored(person, spent={"111111"}).answer(Code("iPhone", attempt))
    assert len(person.asked) == tries


def test_no_secret_shows_in_a_repr():
    secret = Given("hunter2", "--password")
    answers = Answers(password=secret, code=secret, password_process=secret)
    assert "hunter2" not in repr((answers, Stored(answers, Person())))
