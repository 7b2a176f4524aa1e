"""Whatever is asked can be refused: the sign-in ends there, with the refusal itself."""

import pytest

import runas
import runas_adfs
from runas_adfs.testing import ADAPTERS

REFUSALS = [runas.Cancelled("closed"), runas.InteractionRequired("nobody"), KeyboardInterrupt()]


CHALLENGES = {"": 2, "azure-mfa": 4, "duo-frame": 4, "duo": 4, "duo-pwl": 5}
"""How many questions a sign-in asks, where a push takes two looks; a code makes three."""

STEPS = [
    (adapter, step)
    for adapter in ("", *ADAPTERS)
    if adapter not in ("certificate", "enrol")
    for step in range(CHALLENGES.get(adapter, 3))
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda each: type(each).__name__)
@pytest.mark.parametrize(("adapter", "step"), STEPS)
def test_refused_at_each_challenge(world, adapter, step, refusal):
    farm = world.farm("2019", adapter or ())
    person = world.person(farm)
    farm.users[world.name.lower()].polls = 2
    answer = person.answer

    def refusing(challenge):
        if len(person.asked) == step:
            raise refusal
        return answer(challenge)

    person.answer = refusing
    with pytest.raises(type(refusal)) as caught:
        person.sign_in()
    assert caught.value is refusal
    assert farm.primary == (1 if step > 1 else 0)
    assert farm.issued == 0


def test_flow_can_be_closed_anywhere(world):
    farm = world.farm("2019", "azure-mfa")
    person = world.person(farm)
    flow = runas_adfs.authenticate(profile=person.profile, http=person.http)
    assert isinstance(next(flow), runas.Username)
    flow.close()
    flow = person.flow()
    next(flow)
    flow.send(world.name)
    assert isinstance(flow.send(world.password), runas.Approval)
    flow.close()
    assert farm.issued == 0
