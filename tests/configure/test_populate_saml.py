"""`runas configure populate` with all roles of a SAML assertion."""

from runas.testing.sandbox import PASSWORD, Federation
from runas_okta.testing import OktaOrg

from .world import World


def test_a_profile_for_every_role(world: World, okta: tuple[OktaOrg, Federation]) -> None:
    org, federation = okta
    with world.config.open("a") as file:
        file.write(
            f"\n[profile okta]\nsaml_auth_url = {org.app_url}\nsaml_provider = okta\n"
            f"saml_username = alice@example.com\npassword_process = echo {PASSWORD}\n"
            f"role_arn = {federation.developer}\nregion = eu-west-1\n"
        )
    words = ("okta", "--components", "role_name", "--trim-role-name", "^okta-")
    assert world.populate(*words).stderr == "runas: profiles: 2 new\n"
    found = world.profiles()["developer"]
    assert found == {
        "saml_auth_url": org.app_url,
        "runas_provider": "okta",
        "saml_username": "alice@example.com",
        "password_process": f"echo {PASSWORD}",
        "role_arn": federation.developer,
        "region": "eu-west-1",
        "runas_populated": "true",
    }
    done = world.run("-w", "jump")
    assert done.returncode == 0, done.stderr
    assert "assumed-role/okta-jump/alice@example.com" in done.stdout
    assert world.populate(*words, "--prune").stderr == "runas: profiles: 2 as before\n"
    renamed = world.populate("okta", "--name-template", "{account_id}-{role_name}", "--prune")
    assert renamed.stderr == "runas: profiles: 2 new, 2 removed\n"
    assert {"123456789012-okta-jump", "okta", "own"} < set(world.profiles())


def test_without_a_profile(world: World, okta: tuple[OktaOrg, Federation]) -> None:
    org, federation = okta
    words = ("--saml-url", org.app_url, "-U", "alice@example.com", "-P", PASSWORD)
    world.populate(*words, "--name-template", "{role_name}")
    found = world.profiles()["okta-developer"]
    assert found["role_arn"] == federation.developer
    assert PASSWORD not in world.config.read_text()


def test_no_credential_process_beside_a_role_arn(
    world: World, okta: tuple[OktaOrg, Federation]
) -> None:
    words = ("--saml-url", okta[0].app_url, "--credential-process")
    assert "is for Identity Center" in world.populate(*words, status=2).stderr
