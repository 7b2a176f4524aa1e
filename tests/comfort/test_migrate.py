"""docs/migrate.md, against the program: every line on its right side is typed, none is left out."""

import json
import re
from contextlib import ExitStack

import pytest

from runas.config.options import BY_FLAG
from runas_sso.testing import Person as Clicker

from ..run.pages import Page, rows  # noqa: TID252 - tests are not installed
from .moving import PASSWORD, PROGRAMS, Mover

PAGE = Page.named("migrate.md")
_CODE = re.compile(r"`([^`]+)`")


def sections() -> dict[str, str]:
    """Return the page's sections by their titles."""
    parts = re.split(r"(?m)^## ", PAGE.text)[1:]
    return {title: text for title, _, text in (part.partition("\n") for part in parts)}


def lines() -> list[str]:
    """Return what is typed now, each line once."""
    return list(dict.fromkeys(now.strip("`") for _, (_, now) in rows(PAGE.text)))


def test_every_row_is_one_command_of_ours():
    for title, text in sections().items():
        for heading, (left, right) in rows(text):
            assert heading == "you typed", title
            assert _CODE.fullmatch(right), (title, right)
            assert re.search(r"(^|[ (;|])runas ", right.strip("`")), (title, right)
            assert _CODE.match(left), (title, left)
    assert len(lines()) > 100


# What the tools offer, from their own help and code.
TOOLS = {
    "aws-runas": "list ls roles mfa serve srv ec2 ecs -p -H --headless ssm shell sh forward fwd ssh"
    " --ec2ic --plugin ecr password passwd pw diagnose diag update --duration --role-duration --otp"
    " --mfa-serial --mfa-type --external-id --jump-role --saml-url --saml-entityid --web-url"
    " --web-redirect --web-client --username --password --provider --env --output --session"
    " --refresh --expiration --whoami --write-credentials --list-mfa --list-roles --update"
    " --diagnose --verbose --version --mfa-arn --make-conf --ecs --ec2 --saml-user --saml-password"
    " --saml-provider --mfa_type pwd auth_browser federated_username",
    "assume-role": "-f --force-refresh --role --role-session-name -- refresh_before_expiry"
    " role_prefix profile_name_prefix",
    "aws-sso-util": "login --profile --all --force-refresh --headless logout roles -u --sso-region"
    " -a -r --sep --no-header --sort-by run-as --region configure populate -o -c --non-interactive"
    " --existing-config-action --credential-process --no-credential-process --dry-run --components"
    " --include-region --region-style --trim-account-name --trim-role-name --account-name-case"
    " --role-name-case --profile-name-process --raw-account-names credential-process --start-url"
    " check --check-profile --command --instance-details --skip-token-check --quiet console launch"
    " --destination --override-region-in-destination --open --print --duration --logout-first"
    " get-config-token launch-from-config lookup assignments cfn",
    "saml2aws": "configure login exec console list-roles script -a --idp-provider --mfa"
    " --skip-verify --url --username --password --mfa-token --role --policyfile --policyarns"
    " --aws-urn --skip-prompt --session-duration --disable-keychain --region --cache-saml"
    " --disable-sessions --disable-remember-device --force --credential-process"
    " --download-browser-driver --exec-profile --link --shell --browser-type --verbose",
    "gimme-aws-creds": "-u --action-configure --action-register-device -o -p --roles --resolve"
    " --insecure --mfa-code --remember-device --action-list-profiles --action-list-roles"
    " --action-setup-fido-authenticator --open-browser --force-classic",
    "aws-adfs": "login list reset --profile --region --no-ssl-verification --adfs-ca-bundle"
    " --adfs-host --provider-id --username-password-command --mfa-token-command --env --stdin"
    " --authfile --stdout --printenv --print-console-signin-url --role-arn --session-duration"
    " --no-session-cache --assertfile --sspi --duo-factor",
    "okta-aws-cli": "web m2m direct list-profiles debug --aws-region --org-domain --oidc-client-id"
    " --aws-iam-role --aws-session-duration --format --profile --cache-access-token"
    " --write-aws-credentials --debug-api-calls --exec --aws-acct-fed-app-id --qr-code"
    " --open-browser --all-profiles --username --password",
    "aws-vault": "exec export login add list clear remove rotate proxy migrate-backend -d -n -t"
    " --region --json --server --ec2-server --ecs-server --lazy --stdout --format --path --profiles"
    " --sessions --prompt --backend include_profile AWS_VAULT AWS_ASSUME_ROLE_TTL AWS_MFA_SERIAL"
    " AWS_SESSION_TOKEN_TTL AWS_MIN_TTL mfa_process session_tags transitive_session_tags"
    " source_identity",
    "granted": "assume -c -u -s -r -d --env --export --unset --exec --console-destination --sso"
    " --sso-start-url --sso-region --account-id --role-name --browser-profile --mfa-token --chain"
    " --reason --no-cache sso generate populate --profile-template --prune token sso-tokens cache"
    " doctor completion credentials settings registry credential-process",
    "aws-sso-cli": "exec eval process credentials console list time login logout cache tags setup"
    " wizard profiles completions ecs server load -a -A -R -p -c --csv --diff --sts-refresh"
    " config.yaml StartUrl SSORegion DefaultRegion Via AuthWorkflow UrlAction AutoLogin"
    " ProfileFormat",
    "awsume": "-s -r -l -o -u -a -k --role-arn --source-profile --external-id --mfa-token"
    " --session-name --session-policy --session-policy-arns --role-duration --with-saml"
    " --with-web-identity --who --list-plugins AWSUME_PROFILE AWSUME_EXPIRATION",
}


@pytest.mark.parametrize("tool", TOOLS)
def test_everything_of_a_tool_is_spoken_of(tool):
    code = " ".join(_CODE.findall(sections()[tool].replace("/", " ")))
    spoken = set(re.split(r"[\s=]+", code))
    assert not set(TOOLS[tool].split()) - spoken


def test_the_options_of_aws_runas_are_ours():
    pairs = re.findall(r"`(-\w)/(--[\w-]+)`", sections()["aws-runas"])
    assert len(pairs) == 29
    for short, long in pairs:
        assert BY_FLAG[short] is BY_FLAG[long], (short, long)


@pytest.fixture
def typing(world, at_terminal):
    """Make the world of a line."""
    with ExitStack() as stack:
        yield lambda line: Mover(world, line, stack)


def does_it(mover, at_terminal):
    """Run the line; what it starts gets credentials."""
    done = mover.run()
    assert done.returncode == 0, done.stderr
    command = re.search(rf" ({'|'.join(PROGRAMS[:3])}|\./myscript\.py)( |$)", mover.line)
    if not command:
        return done
    record = "mine" if "myscript" in command[1] else command[1]
    (run,) = map(json.loads, (mover.world.home / f"{record}.json").read_text().splitlines())
    has = {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_ACCESS_KEY_ID"} & run["environ"].keys()
    assert has, run
    return done


def serves(mover, at_terminal):
    status, out, err = mover.serve()
    assert status == 130, err
    assert re.match(r"export AWS_(CONTAINER_CREDENTIALS_FULL_URI|EC2_METADATA_SERVICE_EN)", out), (
        out
    )


def signs_in(mover, at_terminal):
    window = at_terminal("sh", "-c", mover.typed)
    if "--no-browser" in mover.line:
        window.wrote("user_code=")
        window.wrote("\n")
        address = re.search(r"http://\S+user_code=[\w-]+", window.written)[0]
        Clicker().open(address)
    assert window.ends() == 0, window.screen()
    assert len(mover.center.logins) == 1
    assert ": signed in " in window.written


def keeps_a_password(mover, at_terminal):
    window = at_terminal("sh", "-c", mover.typed)
    window.wrote("assword")
    window.types(f"{PASSWORD}\n")
    assert window.ends() == 0, window.screen()
    assert PASSWORD not in window.written
    assert mover.world.run("password", "--check", "my-saml-profile").returncode == 0


def asks(mover, at_terminal):
    window = at_terminal("sh", "-c", mover.typed, TERM="dumb")
    window.wrote("How does 'dev' sign in?")
    window.types("1\n")
    window.wrote("Which Identity Center?")
    window.types("1\n")
    window.wrote("Which role?")
    window.types("1\n")
    window.wrote("Region to work in")
    window.types("eu-west-1\n")
    assert window.ends() == 0, window.screen()
    assert "[profile dev]" in mover.world.config.read_text()


def opens_a_page(mover, at_terminal):
    does_it(mover, at_terminal)
    assert "Action=login" in mover.browser_opened()


SCENES = {
    r"runas serve ": serves,
    r"runas login ": signs_in,
    r"runas password ": keeps_a_password,
    r"runas configure profile dev$": asks,
    r"runas console (?!.*--print)": opens_a_page,
}
"""Lines that wait for a person, a browser or a signal; every other is typed and ends by itself."""


@pytest.mark.parametrize("line", lines())
def test_every_line_does_what_it_says(line, typing, at_terminal):
    scenes = [scene for pattern, scene in SCENES.items() if re.match(pattern, line)]
    assert len(scenes) < 2
    (scene,) = scenes or [does_it]
    scene(typing(line), at_terminal)
