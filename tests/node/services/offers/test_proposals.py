"""An employer's proposal: kept for a counsellor, published by one, put aside, destroyed when nobody came."""

from datetime import timedelta

import pytest

from node.kit.errors import NotFound
from node.mission.offers.offer import OfferContact
from node.mission.offers.proposal import KEPT
from node.services.desk import Refused
from node.services.offers import proposals
from node.services.offers.finding import one_offer
from node.services.offers.offers import add_offer
from node.services.offers.publishing import close_offer
from node.services.offers.retention import forget_contacts
from node.services.people.saving import BadFields
from tests.node.services.offers.test_offers import typed
from tests.node.stage import MONTLUCON, Place, Stage


def proposed(**changes: object) -> dict[str, object]:
    fields = typed(**changes)
    del fields["rome"]
    return fields


def test_a_proposal_is_no_offer_until_a_counsellor_publishes_it(town: Place) -> None:
    size = town.size()
    made = proposals.propose_offer(town.desk, proposed())
    assert proposals.propose_offer(town.desk, proposed()) == made, "the same words twice are one"
    with town.node.database.read() as uow:
        assert list(uow.offers.of_node(town.id)) == []
    assert town.size() == size
    offer = add_offer(town.desk, typed(), "anne", proposal=made.id)
    assert offer.rome and proposals.waiting_proposals(town.desk).count == 0
    with pytest.raises(NotFound):
        proposals.one_proposal(town.desk, made.id)


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("contact_name", {"contact": OfferContact(phone="+33470000000")}),
        ("contact_phone", {"contact": OfferContact(name="Mme Roux")}),
        ("description", {"description": ""}),
        ("description", {"description": "Recherche une femme de moins de 30 ans."}),
    ],
)
def test_what_is_missing_or_forbidden_is_said_to_the_employer(
    town: Place, field: str, change: dict[str, object]
) -> None:
    with pytest.raises(BadFields) as caught:
        proposals.propose_offer(town.desk, proposed(**change))
    assert field in {problem.field for problem in caught.value.problems}
    assert proposals.waiting_proposals(town.desk).count == 0


def test_the_page_is_no_way_to_fill_the_database(town: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposals, "MOST_WAITING", 1)
    proposals.propose_offer(town.desk, proposed())
    with pytest.raises(Refused):
        proposals.propose_offer(town.desk, proposed(title="Autre poste (H/F)"))


def test_what_nobody_dealt_with_is_destroyed(stage: Stage) -> None:
    town = stage[MONTLUCON]
    made = proposals.propose_offer(town.desk, proposed(closes=town.desk.today() + timedelta(days=300)))
    stage.wait(days=KEPT.days)
    assert proposals.purge_proposals(town.desk) == 0
    stage.wait(days=1)
    assert (proposals.purge_proposals(town.desk), proposals.purge_proposals(town.desk)) == (1, 0)
    assert not proposals.put_aside(town.desk, made.id)


def test_whom_to_call_is_forgotten_two_years_after_the_offer_ended(stage: Stage) -> None:
    town = stage[MONTLUCON]
    closed, open_ = (add_offer(town.desk, typed(title=title), "anne") for title in ("Un (H/F)", "Deux (H/F)"))
    close_offer(town.desk, closed.id, "filled")
    stage.wait(days=730)
    assert forget_contacts(town.desk) == 0
    stage.wait(days=1)
    size = town.size()
    assert (forget_contacts(town.desk), forget_contacts(town.desk)) == (1, 0)
    assert one_offer(town.desk, closed.key).contact == OfferContact() != one_offer(town.desk, open_.key).contact
    stage.wait(days=30)
    assert forget_contacts(town.desk) == 1 and town.size() == size
