"""Choosing from a list by typing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runas.prompters.picker import Picker

ROLES = ["dev/admin", "dev/admin-ro", "prod/admin", "prod/ReadOnly", "prod/deploy"]


def pick(labels, *typed, page=15):
    """Type lines at a list; return what the last one settled on."""
    picker = Picker(labels, page)
    for line in typed[:-1]:
        assert picker.typed(line) is None
    return picker.typed(typed[-1])


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (["3"], "prod/admin"),
        (["deploy"], "prod/deploy"),
        (["READONLY"], "prod/ReadOnly"),
        (["prod", "admin"], "prod/admin"),
        (["admin prod"], "prod/admin"),
        (["prod", "5"], "prod/deploy"),
        (["dev/admin"], "dev/admin"),
        (["dev", "deploy"], "prod/deploy"),
        (["nowhere", "deploy"], "prod/deploy"),
        (["dev", "", "5"], "prod/deploy"),
        (["6", "1"], "dev/admin"),
        (["0", "-"], "dev/admin-ro"),
    ],
)
def test_a_number_or_text_that_narrows(typed, found):
    assert ROLES[pick(ROLES, *typed)] == found


def test_a_number_that_is_no_longer_listed_is_text():
    assert pick(["a1", "a2", "bc", "1b2"], "b", "1") == 3


def test_an_account_number_is_text():
    labels = ["111111111111 dev", "222222222222 prod"]
    assert pick(labels, "222222222222") == 1


def test_the_first_column_is_the_option_s_name():
    labels = ["dev-2  222222222222  dev", "dev  111111111111  admin", "x  1  dev-3"]
    assert pick(labels, "dev") == 1


def test_enter_takes_the_only_option():
    picker = Picker(["one"])
    assert picker.question == "Enter takes it: "
    assert picker.typed("") == 0


def test_enter_does_not_choose_among_several():
    assert pick(ROLES, "", "", "") is None


def test_the_same_text_twice_is_told_apart_by_number():
    assert pick(["x", "x"], "x", "2") == 1


def test_a_long_list_comes_in_pages():
    picker = Picker([f"role-{n}" for n in range(1, 101)])
    first = picker.view().splitlines()
    assert first[0] == "  1) role-1"
    assert len(first) == 16
    assert first[-1].strip() == "... and 85 more (Enter shows them)"
    picker.typed("")
    assert picker.view().startswith(" 16) role-16\n")
    for _ in range(5):
        picker.typed("")
    assert picker.view().splitlines()[-1] == "100) role-100"
    picker.typed("")
    assert picker.view().splitlines() == first


def test_what_matches_nothing_is_said_once():
    picker = Picker(ROLES)
    assert picker.typed("\x1b[31mzzz") is None
    assert picker.view() == "nothing here matches 'zzz'\n"
    assert "1) dev/admin" in picker.view()


@given(
    labels=st.lists(st.text(max_size=8), min_size=1, max_size=40),
    typed=st.lists(st.text(max_size=4) | st.sampled_from(["", "1", "99", "a"]), max_size=12),
)
def test_whatever_is_typed_the_list_stays_usable(labels, typed):
    picker = Picker(labels)
    for line in typed:
        picked = picker.typed(line)
        shown = picker.view()
        assert 1 <= shown.count("\n") <= 16
        assert all(c.isprintable() for c in shown.replace("\n", ""))
        if picked is not None:
            assert 0 <= picked < len(labels)


@given(labels=st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=60), data=st.data())
def test_every_option_can_be_reached_by_its_number(labels, data):
    wanted = data.draw(st.integers(0, len(labels) - 1))
    assert pick(labels, str(wanted + 1)) == wanted


@given(labels=st.lists(st.text(max_size=5), min_size=2, max_size=20), text=st.text(max_size=5))
def test_a_filter_never_settles_on_what_does_not_contain_it(labels, text):
    picked = Picker(labels).typed(text)
    words = Picker([text, text]).view().splitlines()[0][3:].casefold().split()
    if picked is not None and str(picked + 1) != "".join(words):
        shown = Picker([labels[picked]]).view().casefold()
        assert all(word in shown for word in words)
