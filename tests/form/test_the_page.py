"""docs/saml.md, tried by a new user: all that it has them write and type, in an empty home."""

import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from runas.testing.aws import AwsEmulator
from runas.testing.saml import SamlIdp
from runas_form.testing import FormIdp, Screen, login, one_time_code

from ..run.pages import Page, Step  # noqa: TID252 - tests are not installed
from ..run.reader import Reader, moved_in  # noqa: TID252 - tests are not installed

PAGE = Page.named("saml.md")
ADDRESS = "https://idp.example.com/realms/staff/protocol/saml/clients/aws"
ELSEWHERE = "https://portal.example.com/aws"
USER, PASSWORD = "alice@example.com", "canary-pa55 7c3d"
CODES = ("424242", "123456", "171819")
"""What the app for codes shows, one after the other; the second is the page's."""
WHO = "aws sts get-caller-identity"


@dataclass
class NewUser(Reader):
    """Somebody with an account at a provider, an app for codes, and nothing else."""

    idp: FormIdp


@pytest.fixture
def new_user(home: Path) -> Iterator[NewUser]:
    """Open a provider with the page's roles behind it, a portal of scripts, and an empty home."""
    with ExitStack() as opened:
        aws, trusted, offered = opened.enter_context(AwsEmulator()), SamlIdp(), []
        for account, name in (("123456789012", "admin"), ("111111111111", "jump")):
            provider = aws.account(account).saml_provider("Idp", trusted)
            offered.append((aws.account(account).role(name, [provider]), provider))
        aws.account("222222222222").role("admin", [offered[1][0]])
        roles = [(role.arn, provider.arn) for role, provider in offered]

        def issue(user: str) -> str:
            return trusted.response(roles, session_name=user)

        script = Screen("<html><body><div id=app></div><script src=app.js></script></body></html>")
        idp = FormIdp(issue, [login({USER: PASSWORD}), one_time_code(lambda text: text in CODES)])
        place = home / "new"
        environ = moved_in(aws, place)
        portal, idp = opened.enter_context(FormIdp(issue, [script])), opened.enter_context(idp)
        own = {ADDRESS: idp.url, ELSEWHERE: portal.url}
        yield NewUser(place, environ, opened, own, (PASSWORD,), idp)


def logins(user: NewUser) -> int:
    return len(user.idp.posted("password"))


def installs(user: NewUser, step: Step) -> None:
    out, _ = user.types(step)
    assert "runas-plugin-form" in out
    assert "runas-core" in out


def lists_plugins(user: NewUser, step: Step) -> None:
    out, _ = user.types(step)
    assert "form" in out


def diagnoses(user: NewUser, step: Step) -> None:
    out, _ = user.types(step)
    assert "form (runas-plugin-form" in out
    assert logins(user) == 0


def signs_in(user: NewUser, step: Step) -> None:
    (shown,) = PAGE.written("text")
    said = shown.replace("https://idp.example.com", user.idp.origin)
    said = said.replace("idp.example.com", "127.0.0.1")
    typed = (f"{PASSWORD}\n", f"{CODES[0]}\n")
    out, _ = user.types(step, *zip(said.splitlines(), typed, strict=True))
    assert out.split() == [
        "arn:aws:iam::111111111111:role/jump",
        "arn:aws:iam::123456789012:role/admin",
    ]


def picks_a_role(user: NewUser, step: Step) -> None:
    before = logins(user)
    out, _ = user.types(step, ("Which role?", "admin\n"))
    assert f"123456789012:assumed-role/admin/{USER}" in out
    assert logins(user) == before


def names_a_role(user: NewUser, step: Step) -> None:
    before = logins(user)
    out, _ = user.types(step)
    assert f"123456789012:assumed-role/admin/{USER}" in out
    assert logins(user) == before


def jumps(user: NewUser, step: Step) -> None:
    before = logins(user)
    out, _ = user.types(step)
    assert f"222222222222:assumed-role/admin/{USER}" in out
    assert logins(user) == before


def keeps_the_password(user: NewUser, step: Step) -> None:
    _, err = user.types(step, (f"Password for {USER}", f"{PASSWORD}\n"))
    assert "is kept" in err


def checks_the_password(user: NewUser, step: Step) -> None:
    user.types(step)


def hands_a_code_over(user: NewUser, step: Step) -> None:
    before = logins(user)
    out, err = user.types(step)
    assert (f"assumed-role/admin/{USER}" in out, err) == (True, "")
    assert logins(user) == before + 1


def lacks_a_code(user: NewUser, step: Step) -> None:
    out, err = user.types(step)
    assert (out, err.count("\n")) == ("", 1)
    assert "MFA_CODE" in err


def logs_out(user: NewUser, step: Step) -> None:
    _, err = user.types(step)
    assert "logged out" in err


def is_told_why(user: NewUser, step: Step) -> None:
    _, err = user.types(step)
    assert err.count("\n") == 1
    said = " ".join(PAGE.text.split())
    wanted = ("no installed provider knows", "whose page needs a browser to run its script")
    assert all(one in err and one in said for one in wanted)


def is_told_what_it_is(user: NewUser, step: Step) -> None:
    _, err = user.types(step)
    assert "needs a browser to run its script" in err


def records(user: NewUser, step: Step) -> None:
    user.types(step, ("MFA code", f"{CODES[2]}\n"))
    path = user.home / "login.txt"
    text = path.read_text("utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "<password>" in text
    assert PASSWORD not in text
    assert CODES[2] not in text


def another_plugin(user: NewUser, step: Step) -> None:
    assert "NAME" in step.text


TRIED: dict[str, Callable[[NewUser, Step], None]] = {
    "pip install runas-plugin-form": installs,
    "runas plugin list": lists_plugins,
    "runas diagnose work": diagnoses,
    "runas list roles work": signs_in,
    f"runas work {WHO}": picks_a_role,
    f"runas --role 123456789012/admin --profile work {WHO}": names_a_role,
    f"runas prod {WHO}": jumps,
    "runas password work": keeps_the_password,
    "runas password --check work": checks_the_password,
    f"runas -rr --role admin -o 123456 --profile work {WHO}": hands_a_code_over,
    f"runas --no-input -rr --role admin --profile work {WHO}": lacks_a_code,
    "runas logout work": logs_out,
    f"runas -S {ELSEWHERE} list roles": is_told_why,
    "pip install runas-plugin-NAME": another_plugin,
    f"runas -R form -S {ELSEWHERE} list roles": is_told_what_it_is,
    "runas -rr --record login.txt list roles work": records,
}


def test_everything_on_the_page_is_tried() -> None:
    assert PAGE.commands == list(TRIED)
    assert PAGE.kinds == ["ini", "text", "ini"]
    assert PAGE.written("ini") == PAGE.profiles


def test_the_page_from_an_empty_home_to_its_last_command(new_user) -> None:
    new_user.follows(PAGE, TRIED)
