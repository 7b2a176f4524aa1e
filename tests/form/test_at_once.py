"""However many commands run at once, a password is tried once, and a login is done once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from runas.testing.sandbox import PASSWORD, USER
from runas_form.testing import login, one_time_code

LOGIN = login({USER: PASSWORD})
COMMANDS = 20


def all_at_once(world, name, *values, **environ):
    """Run a command for each value of a setting, all at the same time."""

    def one(value):
        return world.run("-O", "json", "--set", f"{name}={value}", "work", **environ)

    with ThreadPoolExecutor(len(values)) as pool:
        return list(pool.map(one, values))


def roles(world):
    return "role_arn", [f"arn:aws:iam::123456789012:role/none-{n}" for n in range(COMMANDS)]


def applications(world):
    """Give addresses of one provider: each is a login of its own, all with one password."""
    return "saml_auth_url", [f"{world.idp.url}?app={number}" for number in range(COMMANDS)]


@pytest.mark.parametrize("of_many", [roles, applications])
def test_a_wrong_stored_password_is_sent_once(world, of_many) -> None:
    world.shows(LOGIN)
    assert world.run("-P", "-", "password", "work", stdin="stale-canary\n").returncode == 0
    name, values = of_many(world)
    found = all_at_once(world, name, *values)
    assert world.idp.posted("password") == ["stale-canary"]
    assert sorted({one.returncode for one in found}) == [75, 77]
    assert [one.returncode for one in found].count(77) == 1
    assert not [one for one in found if one.stdout or one.stderr.count("\n") != 1]
    assert "stale-canary" not in "".join(one.stderr for one in found)
    checked = world.run("password", "--check", "work")
    assert (checked.returncode, "set it anew" in checked.stderr) == (78, True)
    assert world.idp.posted("password") == ["stale-canary"]


def test_a_right_one_signs_in_once_for_all(world) -> None:
    world.shows(LOGIN, one_time_code("424242"))
    assert world.run("-P", "-", "password", "work", stdin=f"{PASSWORD}\n").returncode == 0
    found = all_at_once(
        world, "role_arn", *[world.trust.developer, world.trust.jump] * 3, MFA_CODE="424242"
    )
    assert [one.returncode for one in found] == [0] * 6, found[0].stderr
    assert world.idp.posted("password") == [PASSWORD]
    assert world.idp.posted("otp") == ["424242"]
