"""A folder that came with a clone: nothing in it is executed, or becomes part of an address."""

import ast
import os
from pathlib import Path

import pytest

import runas
import runas_iam
import runas_sso

# What runas and its helpers import, and what they run by name.
_MODULES = ("runas", "pip", "boto3", "requests", "typer")
_FILES = ("json.py", "logging.py", "dataclasses.py", "sitecustomize.py")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a folder whose modules leave a mark where somebody imports them."""
    folder = tmp_path / "clone"
    mark = f"open({str(tmp_path / 'imported')!r}, 'a').write(__name__ + '\\n')\n"
    for name in _MODULES:
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text(mark)
        (folder / name / "__main__.py").write_text(mark)
    for name in _FILES:
        (folder / name).write_text(mark)
    return folder


@pytest.mark.parametrize(
    "words",
    [("-E", "read-only", "true"), ("read-only", "true"), ("update",)],
    ids=["environment", "endpoint", "update"],
)
def test_nothing_is_imported_from_the_working_directory(words, clone, world):
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": os.devnull, "PIP_CONFIG_FILE": os.devnull}
    done = world.run(*words, cwd=clone, **offline)
    assert not (clone.parent / "imported").exists(), (clone.parent / "imported").read_text()
    assert done.returncode == 0, done.stderr


def test_every_python_that_is_started_leaves_the_folder_out():
    started = []
    for package in (runas, runas_iam, runas_sso):
        for path in sorted(Path(package.__path__[0]).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.List | ast.Tuple) and len(node.elts) > 1:
                    first, second = map(ast.unparse, node.elts[:2])
                    if first == "sys.executable" and "testing" not in path.parts:
                        started.append((path.name, second))
    assert len(started) > 4
    assert [one for one in started if one[1] not in ("'-P'", "'-I'")] == []


@pytest.mark.parametrize(
    "region",
    [
        "eusc-x.evil.example/",
        "evil.example#",
        "evil.example:8443",
        "eu-west-1@evil",
        "-x",
        "x" * 64,
    ],
)
def test_a_region_is_no_way_into_an_address(region, clone, world):
    (clone / "runas.toml").write_text(f'region = "{region}"\n')
    done = world.run("-E", "read-only", "env", cwd=clone)
    assert done.returncode == 78
    assert f"runas.toml:1: region: {region!r} is not the name of a region" in done.stderr
    assert (done.stdout, len(done.stderr.splitlines())) == ("", 1)
    assert not world.aws.requests


def test_a_region_that_was_typed_is_a_usage_error(world):
    done = world.run("--region", "evil.example/", "read-only", "env")
    assert done.returncode == 2
    assert "--region: 'evil.example/' is not the name of a region" in done.stderr


@pytest.mark.parametrize("prefix", ["a]b", "x;y", "[x", "#x", "a\\u0085b", " a", "profile a"])
def test_a_projects_prefix_is_part_of_a_name_and_nothing_else(prefix, clone, world):
    before = world.credentials.read_bytes()
    (clone / "runas.toml").write_text(f'profile_name_prefix = "{prefix}"\n')
    done = world.run("-c", "read-only", "true", cwd=clone)
    assert done.returncode == 78
    assert "profile_name_prefix" in done.stderr
    assert world.credentials.read_bytes() == before


def test_a_projects_prefix_does_not_lead_to_keys_that_cannot_be_had_again(clone, world):
    with world.credentials.open("a") as file:
        file.write("[prod-read-only]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = own\n")
    before = world.credentials.read_bytes()
    (clone / "runas.toml").write_text('profile_name_prefix = "prod"\n')
    done = world.run("-c", "read-only", "true", cwd=clone)
    assert done.returncode == 78
    assert "[prod-read-only]" in done.stderr
    assert world.credentials.read_bytes() == before
