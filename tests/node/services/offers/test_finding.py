"""An offer by its name: by number, by reference, by its name in the network, and never another one."""

from dataclasses import replace

import pytest

from node.kit.errors import NotFound
from node.mission.offers.offer import Offer
from node.services.offers.finding import find_offer
from tests.node.mission.samples import offer
from tests.node.stage import Place

PEER = "les-grands-moulins.emploi.example"


@pytest.fixture
def offers(town: Place) -> tuple[Offer, Offer]:
    """A peer's, and one of the town's own whose reference looks like the peer's name of its own."""
    theirs = offer(1, node=PEER)
    ours = replace(offer(2, node=town.id), reference=theirs.key)
    with town.node.database.write() as uow:
        uow.offers.add(theirs)
        uow.offers.add(ours)
    return theirs, ours


def test_each_of_its_names_leads_to_it(town: Place, offers: tuple[Offer, Offer]) -> None:
    theirs, ours = offers
    with town.node.database.read() as uow:
        for name in (ours.id, ours.key):
            assert find_offer(uow, town.desk, name) == find_offer(uow, town.desk, name, own=True) == ours
        assert find_offer(uow, town.desk, theirs.key) == theirs, "a reference is what somebody wrote"
        assert find_offer(uow, town.desk, ours.reference, own=True) == ours


@pytest.mark.parametrize("name", ["", "/", "nobody", f"{PEER}/", f"{PEER}/nothing", "/o1"])
def test_what_leads_nowhere_is_said(town: Place, offers: tuple[Offer, Offer], name: str) -> None:
    with town.node.database.read() as uow:
        for own in (False, True):
            with pytest.raises(NotFound):
                find_offer(uow, town.desk, name, own=own)
