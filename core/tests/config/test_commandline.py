"""Words to an invocation: what stands before PROFILE, and where parsing stops."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runas.config.commandline import command_of, extended, parse
from runas.config.options import OPTIONS
from runas.errors import RunasError, UsageError


def options(words: list[str], environ: dict[str, str] | None = None) -> dict[str, str]:
    found = parse(words, environ or {})
    return {name: value.text for name, value in found.given.items()}


@pytest.mark.parametrize(
    ("words", "expected", "rest"),
    [
        (["prof", "aws", "--version", "-v"], {}, ["prof", "aws", "--version", "-v"]),
        (["-Es", "prof"], {"env": "true", "session": "true"}, ["prof"]),
        (["-rr", "prof"], {"refresh": "2"}, ["prof"]),
        (["-r", "-r", "prof"], {"refresh": "2"}, ["prof"]),
        (["-f", "--force-refresh", "prof"], {"refresh": "2"}, ["prof"]),
        (["-Ojson", "prof"], {"output": "json"}, ["prof"]),
        (["-O", "JSON", "prof"], {"output": "json"}, ["prof"]),
        (["--output=json", "prof"], {"output": "json"}, ["prof"]),
        (["-sOjson", "prof"], {"session": "true", "output": "json"}, ["prof"]),
        (["-a", "1h30m", "prof"], {"credentials_duration": "5400"}, ["prof"]),
        (["-d", "900", "prof"], {"session_token_duration": "900"}, ["prof"]),
        (["--role", "admin", "./x"], {"role_arn": "admin"}, ["./x"]),
        (["--role-name", "Dev", "cmd"], {"role_arn": "Dev"}, ["cmd"]),
        (["--set", "A=1", "--set", "b=2", "p"], {"set": "A=1\nb=2"}, ["p"]),
        (["--policy-arn", "a", "--policy-arn", "b", "p"], {"session_policy_arns": "a,b"}, ["p"]),
        (["--", "prof", "-x"], {}, ["prof", "-x"]),
        (["-", "x"], {}, ["-", "x"]),
        (["--region", "eu-west-1", "p"], {"region": "eu-west-1"}, ["p"]),
        (
            ["-E", "exec", "-sO", "json", "p"],
            {"env": "true", "session": "true", "output": "json"},
            ["exec", "p"],
        ),
        (["exec", "--", "-x", "-E"], {}, ["exec", "-x", "-E"]),
        (["exec", "p", "-E"], {}, ["exec", "p", "-E"]),
        ([], {}, []),
    ],
)
def test_options_stand_before_the_profile(
    words: list[str], expected: dict[str, str], rest: list[str]
) -> None:
    found = parse(words, {})
    assert {name: value.text for name, value in found.given.items()} == expected
    assert found.words == rest


@pytest.mark.parametrize(
    ("words", "fact"),
    [
        (["--nope", "p"], "no such option: --nope"),
        (["--regin", "x"], "did you mean --region?"),
        (["-y"], "no such option: -y"),
        (["-O"], "-O needs a value"),
        (["-O", ""], "-O needs a value"),
        (["-O", "xml", "p"], "'xml' is not known"),
        (["-a", "soon", "p"], "-a: 'soon' is not a duration"),
        (["-a", "14m", "p"], "use 15m to 12h"),
        (["-d", "37h", "p"], "use 15m to 36h"),
        (["--env=yes", "p"], "--env takes no value"),
        (["--redirect-port", "http", "p"], "--redirect-port: 'http' is no port"),
        (["--account-id", "12", "p"], "--account-id: '12' is no account"),
        (["--redirect-port", "65536", "p"], "use a number from 1024 to 65535"),
    ],
)
def test_a_malformed_option_is_a_usage_error(words: list[str], fact: str) -> None:
    with pytest.raises(UsageError, match=r".") as caught:
        parse(words, {})
    assert fact in str(caught.value)
    assert caught.value.status == 2


def test_the_environment_stands_in_and_the_command_line_wins() -> None:
    environ = {"RUNAS_ENV_CREDENTIALS": "yes", "CREDENTIALS_DURATION": "2h", "MFA_SERIAL": "GA1"}
    assert options(["p"], environ) == {
        "env": "true",
        "credentials_duration": "7200",
        "mfa_serial": "GA1",
    }
    found = parse(["-a", "15m", "p"], environ).given["credentials_duration"]
    assert (found.text, found.origin) == ("900", "-a")


def test_the_first_of_several_variables_wins() -> None:
    environ = {"AWS_DEFAULT_REGION": "us-east-1", "AWS_REGION": "eu-west-1"}
    assert options(["p"], environ)["region"] == "eu-west-1"
    assert options(["p"], {"AWS_REGION": " eu-west-1 "})["region"] == "eu-west-1"


def test_a_blank_variable_says_nothing() -> None:
    blank = {name: " " for option in OPTIONS for name in option.env}
    assert options(["p"], blank) == {}
    assert options(["p"], blank | {"AWS_DEFAULT_REGION": "eu-west-1"}) == {"region": "eu-west-1"}


@pytest.mark.parametrize(
    ("text", "count"), [("true", 1), ("0", 0), ("off", 0), ("2", 2), (" 1 ", 1)]
)
def test_how_verbose(text: str, count: int) -> None:
    assert parse(["p"], {"RUNAS_VERBOSE": text}).count("verbose") == count


@pytest.mark.parametrize(
    ("variable", "text", "fact"),
    [
        ("CREDENTIALS_DURATION", "soon", "'soon' is not a duration"),
        ("RUNAS_VERBOSE", "very", "'very' is not a boolean"),
        ("RUNAS_VERBOSE", "²", "'²' is not a boolean"),
        ("RUNAS_VERBOSE", "12", "'12' is not a boolean"),
        ("RUNAS_NO_INPUT", "never", "'never' is not a boolean"),
    ],
)
def test_a_malformed_variable_is_a_configuration_error_that_names_it(variable, text, fact) -> None:
    with pytest.raises(RunasError) as caught:
        parse(["p"], {variable: text})
    assert caught.value.status == 78
    assert str(caught.value).startswith(f"${variable}: {fact}")


@pytest.mark.parametrize(("text", "off"), [("true", False), ("woodpecker", False), ("false", True)])
def test_ci_means_no_input(text: str, off: bool) -> None:
    assert parse(["p"], {"CI": text}).on("no_input") is not off


def test_a_double_dash_before_the_command_is_dropped_once() -> None:
    assert command_of(["--", "-x", "--"]) == ["-x", "--"]
    assert command_of(["aws", "--", "x"]) == ["aws", "--", "x"]


def test_an_option_behind_the_profile_says_where_options_go() -> None:
    with pytest.raises(UsageError, match="options go before the profile"):
        command_of(["-E", "aws"])


def test_options_behind_a_verb_are_added_to_those_before_it() -> None:
    before = parse(["-v", "--set", "a=1", "--policy-arn", "x", "-a", "1h", "console"], {})
    found = extended(before, ["-v", "--set", "b=2", "--policy-arn", "y", "-a", "2h"])
    assert {name: value.text for name, value in found.given.items()} == {
        "verbose": "2",
        "set": "a=1\nb=2",
        "session_policy_arns": "x,y",
        "credentials_duration": "7200",
    }
    assert found.subcommand == "console"


def test_options_can_be_repeated_for_a_helper() -> None:
    found = parse(["-rEv", "-o", "123456", "--region=eu-west-1", "p", "cmd"], {})
    assert found.first_options() == ["-r", "-v", "-o", "123456", "--region", "eu-west-1"]
    assert found.lasting_options() == ["-v", "--region", "eu-west-1"]


def test_a_password_from_stdin_is_asked_for_once_only() -> None:
    found = parse(["-P", "-", "p"], {})
    assert found.first_options() == ["-P", "-"]
    assert found.lasting_options() == []


@given(st.lists(st.text(max_size=8) | st.sampled_from(["-E", "-O", "--role", "--", "-rr", "p"])))
def test_any_words_are_read_or_refused(words: list[str]) -> None:
    try:
        found = parse(words, {})
    except UsageError:
        return
    assert words[len(words) - len(found.words) :] == found.words


def test_every_flag_and_variable_belongs_to_one_option() -> None:
    flags = [flag for option in OPTIONS for flag in option.flags]
    keys = [key for option in OPTIONS for key in option.keys]
    variables = [name for option in OPTIONS for name in option.env]
    for names in (flags, keys, variables):
        assert len(names) == len(set(names))
