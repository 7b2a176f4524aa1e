"""What is in the files that get published."""

import tarfile
import zipfile
from email.parser import Parser

import pytest

pytestmark = pytest.mark.wheels


def test_a_wheel_holds_the_module_and_nothing_else(built):
    names = zipfile.ZipFile(built.wheel).namelist()
    info = f"{built.name.replace('-', '_')}-{built.version}.dist-info"
    assert {name.split("/")[0] for name in names} == {built.module, info}
    assert f"{built.module}/py.typed" in names
    assert f"{info}/licenses/LICENSE" in names
    assert not [name for name in names if "/tests/" in name or "__pycache__" in name]
    source = built.folder / "src"
    shipped = {str(file.relative_to(source)) for file in source.rglob("*.py")}
    assert shipped <= set(names)


def test_a_wheel_describes_itself(built):
    wheel = zipfile.ZipFile(built.wheel)
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = Parser().parsestr(wheel.read(name).decode("utf-8"))
    assert metadata["Name"] == built.name
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert metadata.get_payload().strip(), "the README is empty"
    assert "Typing :: Typed" in metadata.get_all("Classifier")


def test_an_sdist_can_be_tested(built):
    with tarfile.open(built.sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"LICENSE", "README.md", "pyproject.toml", "PKG-INFO"} <= names
    tests = (built.folder / "tests").rglob("test_*.py")
    assert {str(file.relative_to(built.folder)) for file in tests} <= names
    assert not [name for name in names if "__pycache__" in name]
