"""``runas ecr login``: a docker that records."""

import pytest


def logins(runs):
    return {run["argv"][-1]: run["stdin"] for run in runs()}


def test_the_account_s_own_registry(world):
    docker = world.program("docker")
    done = world.run("ecr", "login", "ops")
    assert done.returncode == 0, done.stderr
    (run,) = docker()
    assert run["argv"] == [
        *("login", "--username", "AWS", "--password-stdin"),
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
    ]
    assert run["stdin"].endswith("\n")
    assert run["stdin"].strip() in world.aws.registry_passwords
    assert not [name for name in run["environ"] if "KEY" in name or "TOKEN" in name]


def test_several_registries_and_one_password_a_region(world):
    docker = world.program("docker")
    near, far = (
        "210987654321.dkr.ecr.eu-west-1.amazonaws.com",
        "210987654321.dkr.ecr.us-east-1.amazonaws.com",
    )
    done = world.run(
        "ecr", "login", "ops", "123456789012", near, f"https://{far}/repo:tag", "public"
    )
    assert done.returncode == 0, done.stderr
    found = logins(docker)
    assert list(found) == [
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
        near,
        far,
        "public.ecr.aws",
    ]
    assert found[near] == found["123456789012.dkr.ecr.eu-west-1.amazonaws.com"]
    assert len(set(found.values())) == 3
    asked = world.aws.calls("GetAuthorizationToken")
    assert [(one.service, one.region) for one in asked] == [
        ("ecr", "eu-west-1"),
        ("ecr", "us-east-1"),
        ("ecr-public", "us-east-1"),
    ]


def test_another_program(world):
    podman = world.program("podman")
    assert world.run("ecr", "login", "ops", "--program", "podman").returncode == 0
    assert len(podman()) == 1


def test_the_program_s_status_is_handed_on(world):
    world.program("docker")
    done = world.run("ecr", "login", "ops", FAKE_STATUS="5")
    assert done.returncode == 5
    assert "could not log in to 123456789012.dkr.ecr" in done.stderr


def test_the_password_can_be_printed(world):
    done = world.run("ecr", "login", "ops", "--print", **world.without())
    assert done.stdout.strip() in world.aws.registry_passwords
    two = world.run("ecr", "login", "ops", "--print", "123456789012", "public")
    assert two.returncode == 2


def test_without_a_program_nobody_logs_in(world):
    done = world.run("ecr", "login", "ops", **world.without())
    assert done.returncode == 78
    assert "neither docker nor podman" in done.stderr
    assert not world.aws.requests


def test_a_role_that_may_not(world):
    world.program("docker")
    done = world.run("ecr", "login", "read-only")
    assert done.returncode == 77
    assert "ecr:GetAuthorizationToken" in done.stderr


@pytest.mark.parametrize(
    ("text", "host", "region"),
    [
        ("123456789012", "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        *(
            (host, host, "eu-west-1")
            for host in (
                "123456789012.dkr.ecr-fips.eu-west-1.amazonaws.com",
                "123456789012.dkr-ecr.eu-west-1.on.aws",
            )
        ),
        (
            "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/app",
            "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
            "cn-north-1",
        ),
    ],
)
def test_what_people_call_a_registry(text, host, region):
    from runas.aws.ecr import Registry

    assert Registry.named(text, "cn-north-1") == Registry(host, region)


@pytest.mark.parametrize("text", ["docker.io", "123", "evil.example/123456789012.dkr.ecr"])
def test_what_is_no_registry(text):
    from runas.aws.ecr import Registry
    from runas.errors import UsageError

    with pytest.raises(UsageError):
        Registry.named(text, "eu-west-1")
