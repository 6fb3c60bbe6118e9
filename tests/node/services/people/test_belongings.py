"""Nothing that hangs on a person is passed by: not by an erasure, not by what the person downloads."""

import pytest

from node.mission.people.belongings import BELONGINGS, AtErasure, Belonging
from node.services.agreements import erasing
from node.services.my_space import download
from tests.contracts.filled import FILLED
from tests.contracts.test_belongings import counted
from tests.node.services.counter import known, register
from tests.node.stage import Place

BY_KIND = pytest.mark.parametrize("one", BELONGINGS, ids=lambda one: one.kind)


@BY_KIND
def test_an_erasure_reaches_it(town: Place, one: Belonging) -> None:
    person = register(town)
    with town.node.database.write() as uow:
        FILLED[one.kind](uow, person)
    erasing.erase(town.desk, person.id)
    with town.node.database.read() as uow:
        left = counted(uow, person.id)
    assert {kind for kind, count in left.items() if count} == ({one.kind} if one.erasure is AtErasure.STAYS else set())


@BY_KIND
def test_the_download_tells_of_it(town: Place, one: Belonging) -> None:
    person = register(town)
    before = download.everything_about(town.desk, person.id)
    with town.node.database.write() as uow:
        FILLED[one.kind](uow, known(town, person.id))
    after = download.everything_about(town.desk, person.id)
    more = {section for section, rows in after.items() if len(rows) > len(before.get(section, []))}
    assert bool(more) is one.told, more
