"""The page in a real browser, with a real provider and its fake."""

import os
from pathlib import Path

import pytest

from runas.testing.sandbox import PASSWORD, USER

pytestmark = pytest.mark.requires("chromedriver")

okta = pytest.importorskip("runas_okta.testing")

CONTRAST = """
const bright = (c) => {
  const part = (v) => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  return .2126 * part(c[0]) + .7152 * part(c[1]) + .0722 * part(c[2]);
};
const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
const back = (e) => {
  for (; e; e = e.parentElement) {
    const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > 0) return c;
  }
  return [255, 255, 255];
};
const poor = [];
for (const e of document.querySelectorAll("body *")) {
  const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  if (!own || e.closest(".skip, .hidden, :disabled, [hidden]") || !e.offsetParent) continue;
  const [a, b] = [bright(rgb(getComputedStyle(e).color)), bright(back(e))];
  const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  if (ratio < 4.5) poor.push(`${ratio.toFixed(1)} ${e.tagName} ${e.textContent.slice(0, 30)}`);
}
return poor;
"""
UNNAMED = """
return [...document.querySelectorAll("button, a, input:not([hidden])")].filter((e) =>
  !(e.textContent.trim() || (e.labels && e.labels.length) || e.getAttribute("aria-label"))
).map((e) => e.outerHTML);
"""


@pytest.fixture
def browser(tmp_path):
    from .browser import Browser

    opened = Browser(tmp_path / "browser")
    yield opened
    opened.close()


@pytest.fixture
def org(world):
    """An Okta org whose user has a phone and an authenticator; profiles that sign in to it."""
    federation = world.furniture.federate("okta")
    org = world.furniture.enter(okta.OktaOrg(issue=federation.issue))
    org.push, org.totp = okta.Push(number="42", after=10**6), okta.Totp()
    org.user(USER, PASSWORD, [org.push, org.totp])
    common = f"saml_auth_url = {org.app_url}\nsaml_username = {USER}\nregion = eu-west-1\n"
    world.add(f"[profile work]\n{common}role_arn = {federation.developer}\nmfa_type = push\n")
    world.add(f"[profile coded]\n{common}role_arn = {federation.developer}\nmfa_type = totp\n")
    world.add(f"[profile both]\n{common}role_arn = {federation.developer}\n")
    return org


def question(browser, text):
    browser.sees(text)
    return browser


def test_password_push_with_its_number_credentials(world, org, browser):
    served = world.serve("ecs", "-p", "0", "work")
    browser.open(served.link)
    assert browser.url == served.address + "/", "the key is not in the address bar"
    browser.sees(f"Password of {USER}")
    assert browser.focus.startswith("answer-"), "ready to type"
    browser.presses(*PASSWORD, "Enter")
    browser.sees("Approve the sign-in on iPhone").sees("42").sees("Waiting for you")
    org.push.after = 0
    browser.sees("Credentials end in").sees(f"okta-developer/{USER}")
    assert org.primary_authentications == 1, "the same login went on"
    assert not browser.complaints


def test_a_rejected_push_is_said_with_what_to_do(world, org, browser):
    served = world.serve("ecs", "-p", "0", "work")
    browser.open(served.link).sees(f"Password of {USER}")
    browser.presses(*PASSWORD, "Enter")
    browser.sees("Approve the sign-in")
    org.push.outcome, org.push.after = "reject", 0
    browser.sees("No credentials").sees("What to do:")


def test_a_wrong_code_may_be_typed_again_and_a_wrong_password_not_alone(world, org, browser):
    served = world.serve("ecs", "-p", "0", "coded")
    browser.open(served.link).sees(f"Password of {USER}")
    browser.presses(*"wrong", "Enter")
    browser.sees("No credentials")
    browser.clicks("#refresh")
    browser.sees(f"Password of {USER}")
    browser.presses(*PASSWORD, "Enter")
    browser.sees("Code for")
    browser.presses(*"000000", "Enter")
    browser.sees("That code was refused")
    browser.presses(*org.totp.code(), "Enter")
    browser.sees("Credentials end in")


def test_the_factor_is_chosen_without_a_mouse(world, org, browser):
    served = world.serve("ecs", "-p", "0", "both")
    browser.open(served.link).sees(f"Password of {USER}")
    browser.presses(*PASSWORD, "Enter")
    browser.sees("Which second factor?")
    browser.presses("Tab", "Enter")
    browser.sees("Code for")
    browser.presses(*org.totp.code(), "Enter")
    browser.sees("Credentials end in")


def test_a_provider_that_is_down(world, browser):
    served = world.serve("ecs", "-p", "0", "read-only")
    browser.open(served.link).sees("Credentials end in")
    world.aws.fail("*", times=1_000)
    browser.clicks("#refresh")
    browser.sees("read-only: ").sees("Credentials end in")
    browser.find("#problem p")


def test_switching_profiles_from_the_keyboard(world, browser):
    served = world.serve("ecs", "-p", "0", "read-only")
    browser.open(served.link).sees("Profile read-only").sees("assumed-role/read-only/alice")
    browser.types("#search", "aud 1234")
    browser.sees("1 of ")
    browser.presses("Down")
    assert browser.focus.startswith("audit")
    browser.presses("Enter")
    browser.sees("Profile audit").sees("assumed-role/audit/alice")


def test_what_one_page_does_another_sees(world, browser):
    served = world.serve("ec2", "-p", "0", "admin")
    browser.open(served.link).sees("Code for")
    first = browser.run("return window.name = 'first'")
    browser.run("window.open('/')")
    assert first
    browser.presses(*world.seeds.device.code(), "Enter")
    browser.sees("Credentials end in")


def test_it_says_when_runas_has_gone(world, browser):
    served = world.serve("ecs", "-p", "0", "read-only")
    browser.open(served.link).sees("Credentials end in")
    served.ends()
    browser.sees("runas does not answer")


def test_a_stranger_s_browser_sees_nothing(world, browser):
    served = world.serve("ecs", "-p", "0", "read-only")
    browser.open(served.address + "/").sees("open the link that")
    assert "read-only" not in browser.text


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1100, 340])
def test_it_can_be_read_in_light_and_dark_wide_and_narrow(
    world, org, browser, scheme, width, tmp_path
):
    served = world.serve("ecs", "-p", "0", "work")
    browser.size(width, 1200 if width > 500 else 1700)
    browser.scheme(scheme)
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    browser.open(served.link).sees(f"Password of {USER}")
    found = [looks(browser, folder / f"{scheme}-{width}-password.png")]
    browser.presses(*PASSWORD, "Enter")
    browser.sees("42")
    found.append(looks(browser, folder / f"{scheme}-{width}-number.png"))
    org.push.after = 0
    browser.sees("Credentials end in")
    found.append(looks(browser, folder / f"{scheme}-{width}-good.png"))
    assert found == [[]] * 3


def looks(browser, path):
    """Take a picture; return what is hard to read, without a name, or sticks out."""
    browser.shot(path)
    wide = browser.run("return document.documentElement.scrollWidth > innerWidth")
    return browser.run(CONTRAST) + browser.run(UNNAMED) + ["too wide"] * wide
