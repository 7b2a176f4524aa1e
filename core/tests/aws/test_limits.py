"""Finding out how long a role may be taken."""

import pytest

from runas.aws.faults import DurationRefused
from runas.aws.limits import granted
from runas.errors import AccessDenied, Refused
from runas.model import RoleArn

ROLE = RoleArn("aws", "123456789012", "/", "admin")
HOUR = 3600


def allowing(most: int, tried: list[int | None]):
    def attempt(life: int | None) -> int:
        tried.append(life)
        if (life or HOUR) > most:
            raise DurationRefused("too long")
        return life or HOUR

    return attempt


@pytest.mark.parametrize(
    ("asked", "most", "tried"),
    [
        (None, HOUR, [None]),
        (900, HOUR, [900]),
        (7200, 7200, [7200]),
        (5400, HOUR, [5400, 3600]),
        (43200, HOUR, [43200, 28800, 14400, 7200, 3600]),
        (43200, 5 * HOUR, [43200, 28800, 14400]),
    ],
)
def test_usual_lives_are_tried_from_the_longest(asked, most, tried):
    seen: list[int | None] = []
    assert granted(ROLE, asked, allowing(most, seen)) == (tried[-1] or HOUR)
    assert seen == tried


@pytest.mark.parametrize(
    ("known", "tried"),
    [(5400, [43200, 5400]), (None, [43200, 28800, 14400, 7200, 3600]), (43200, [43200, 28800])],
)
def test_what_is_known_is_tried_first(known, tried):
    seen: list[int | None] = []
    granted(
        ROLE, 43200, allowing(known if known and known < 43200 else tried[-1], seen), lambda: known
    )
    assert seen == tried


def test_an_hour_refused_is_the_end():
    with pytest.raises(DurationRefused):
        granted(ROLE, HOUR, allowing(0, []))
    with pytest.raises(Refused):
        granted(ROLE, 2 * HOUR, allowing(0, []))


def test_another_refusal_is_not_tried_away():
    def attempt(life: int | None) -> int:
        raise AccessDenied("no")

    with pytest.raises(AccessDenied):
        granted(ROLE, 43200, attempt)
