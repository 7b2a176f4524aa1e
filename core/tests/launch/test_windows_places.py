"""Where Windows' programs are sought; the rule is the same text on every system."""

import os

from runas.launch.command import windows_places

ENDINGS = ".COM;.EXE"


def places(command, path="one;two"):
    return list(windows_places(command, path.replace(";", os.pathsep), ENDINGS))


def join(*parts):
    return os.path.join(*parts)


def test_a_bare_name_is_sought_in_the_path_alone():
    found = places("docker")
    assert found[:2] == [join("one", "docker.COM"), join("one", "docker.EXE")]
    assert join("two", "docker.EXE") in found
    assert all(os.path.dirname(place) for place in found)


def test_an_empty_entry_of_the_path_is_no_folder():
    assert places("docker.exe", ";one;") == [join("one", "docker.exe")]


def test_what_is_named_with_its_folder_is_taken_from_there():
    named = join(".", "tool.exe")
    assert places(named) == [named]
    assert places(join(".", "tool"))[1] == join(".", "tool.EXE")


def test_a_folder_in_quotes_and_the_working_directory_where_the_path_names_it():
    assert places("a.exe", '"one";.') == [join("one", "a.exe"), join(".", "a.exe")]
