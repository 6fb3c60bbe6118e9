"""The same person twice in the register of Montluçon: shown, merged, taken apart."""

import pytest

from node.imports import ParsedLine
from node.kit.errors import NotFound
from node.mission.accounts.account import LinkPurpose
from node.mission.agreements.consent import ConsentScope
from node.mission.duplicates.comparing import Clue
from node.mission.forwards.forward import ForwardState
from node.mission.people.candidate import Candidate, CandidateState
from node.mission.people.contacts import ContactChannel
from node.mission.people.identity import Identity
from node.mission.people.partners import Eligibility, Help, Local, ObstacleKind
from node.mission.people.ports import RegisterFilter
from node.services.accounts import links, signing_in
from node.services.accounts.links import LinkSpent
from node.services.accounts.sessions import OpenedSession
from node.services.agreements import erasing, withdrawing
from node.services.deposits import deposits
from node.services.desk import Refused
from node.services.duplicates import merging
from node.services.imports import importing
from node.services.my_space import my_space
from node.services.people import cards, contacts, documents, obstacles
from node.services.people import files as people
from node.services.workshops import workshops
from tests.node.mission.samples import candidate
from tests.node.services.counter import ANNE, CV, confirmed, files_with, hand_in, known, register, wait
from tests.node.stage import Place, Stage, campaign, put_forward


def two_entries(town: Place) -> tuple[Candidate, Candidate]:
    """Zoulikha, and Zoulika with a typing error, a CV, contacts, obstacles and a referral."""
    kept = register(town, phone="", email="z@courriel.example")
    gone = deposits.accept_deposit(
        town.desk, hand_in(town, first_name="Zoulika").id, confirmed(town, first_name="Zoulika"), "remi"
    )
    contacts.add_contact(town.desk, gone.id, ContactChannel.PHONE, "Bonjour", "remi")
    obstacles.save_local(town.desk, kept.id, ANNE, obstacles=[], eligibilities=[Eligibility.QPV])
    obstacles.save_local(town.desk, gone.id, "remi", obstacles=[(ObstacleKind.HOUSING, "Hébergée")], eligibilities=[])
    partner = obstacles.save_partner(town.desk, "CCAS", [Help.HOUSING])
    obstacles.refer(town.desk, gone.id, partner.id, Help.HOUSING, "", "remi")
    return known(town, kept.id), known(town, gone.id)


def everything(town: Place, name: str) -> object:
    """All that hangs on a person, but the history, which tells of the merge itself."""
    with town.node.database.read() as uow:
        return (
            uow.candidates.get(name),
            uow.files.local(name),
            [*uow.files.contacts_of(name), *uow.files.referrals_of(name), *uow.deposits.of_candidate(name)],
            [*uow.documents.of_candidate(name)],
            [*uow.workshops.of_candidate(name)],
            [*uow.forwards.of_candidate(name)],
            [*uow.disclosures.of_candidate(name)],
            [line for line in uow.files.history(name) if line.field not in {"merged", "unmerged"}],
        )


def test_a_likeness_is_shown_with_its_reasons(town: Place) -> None:
    kept, gone = two_entries(town)
    (pair,) = merging.duplicates_of(town.desk, kept.reference)
    assert (pair.other.id, pair.likeness.clues) == (gone.id, (Clue.CLOSE_NAME,))
    assert [one.likeness for one in merging.all_duplicates(town.desk)] == [pair.likeness]
    typed = Identity(id="", first_name="Zoulikha", last_name="Benmansour")
    assert len(merging.duplicates_of_identity(town.desk, typed)) == 2


def test_merged_and_taken_apart_exactly(town: Place) -> None:
    kept, gone = two_entries(town)
    workshop = workshops.plan(town.desk, town.desk.now().replace(hour=14), "Salle 2", ANNE)
    other = workshops.plan(town.desk, town.desk.now().replace(hour=16), "Salle 2", ANNE)
    for who, where in ((kept, workshop), (gone, workshop), (gone, other)):
        workshops.invite(town.desk, where.id, who.id, ANNE)
    before = everything(town, kept.id), everything(town, gone.id)

    whole = merging.merge(town.desk, kept.id, gone.id, ANNE)

    assert whole == known(town, kept.id)
    assert merging.all_duplicates(town.desk) == []
    assert (whole.phone, whole.email, whole.reference) == ("+33612345678", "z@courriel.example", kept.reference)
    assert town.candidate(gone.id) is None
    shown = people.person_file(town.desk, kept.id)
    assert (len(shown.documents), len(shown.contacts), len(shown.referrals), shown.merges) == (1, 1, 1, 1)
    assert {one.id for one in shown.workshops} == {workshop.id, other.id}
    local = obstacles.read_local(town.desk, kept.id)
    assert local.eligibilities == {Eligibility.QPV} and local.obstacles[0].note == "Hébergée"
    with pytest.raises(Refused):
        merging.merge(town.desk, kept.id, kept.id, ANNE)

    merging.unmerge(town.desk, kept.id, ANNE)
    assert len(merging.all_duplicates(town.desk)) == 1
    assert (everything(town, kept.id), everything(town, gone.id)) == before
    with pytest.raises(Refused) as caught:
        merging.unmerge(town.desk, kept.id, ANNE)
    assert caught.value.problem == "not_merged"


def test_merges_are_undone_last_first(town: Place) -> None:
    one, two = two_entries(town)
    three = register(town, first_name="Zoulikah")
    before = [everything(town, person.id) for person in (one, two, three)]
    merging.merge(town.desk, one.id, two.id, ANNE)
    merging.merge(town.desk, three.id, one.id, ANNE)
    assert [merge.gone.id for merge in merging.merges_of(town.desk, three.id)][:1] == [one.id]
    merging.unmerge(town.desk, three.id, ANNE)
    merging.unmerge(town.desk, one.id, ANNE)
    assert [everything(town, person.id) for person in (one, two, three)] == before


def test_what_was_added_since_stays_with_the_kept_entry(town: Place) -> None:
    kept, gone = two_entries(town)
    merging.merge(town.desk, kept.id, gone.id, ANNE)
    contacts.add_contact(town.desk, kept.id, ContactChannel.PHONE, "Depuis", ANNE)
    withdrawing.withdraw(town.desk, kept.id, ANNE, ConsentScope.KEEP)
    mine, theirs = merging.unmerge(town.desk, kept.id, ANNE)
    assert [one.text for one in people.person_file(town.desk, kept.id).contacts] == ["Depuis"]
    assert {mine.state, theirs.state} == {CandidateState.WITHDRAWN}
    assert not any(one.agrees(ConsentScope.NETWORK, town.desk.today()) for one in (mine, theirs))


def space_of(town: Place, token: str) -> str:
    """Whose space a code or a link opens."""
    came = signing_in.open_link(town.desk, token, "203.0.113.9", "Firefox")
    assert isinstance(came, OpenedSession)
    return came.session.candidate


def test_what_a_person_holds_in_their_hands_opens_their_space_after_a_merge(town: Place) -> None:
    kept, gone = two_entries(town)
    _, mine = my_space.printed_code(town.desk, kept.id)
    _, theirs = my_space.printed_code(town.desk, gone.id)
    mailed = links.new_link(town.desk, LinkPurpose.CANDIDATE, gone.id)
    card = cards.share(town.desk, gone.id, 30)
    merging.merge(town.desk, kept.id, gone.id, ANNE)
    assert [space_of(town, token) for token in (mine, theirs, theirs, mailed)] == [kept.id] * 4
    assert cards.shared_card(town.desk, card)[0].id == kept.id

    merging.unmerge(town.desk, kept.id, ANNE)
    with town.node.database.read() as uow:
        now = town.desk.now()
        assert not any(one.is_open(now) for one in uow.accounts.sessions(candidate=kept.id))
    assert [space_of(town, token) for token in (mine, theirs)] == [kept.id, gone.id]
    assert cards.shared_card(town.desk, card)[0].id == gone.id
    with pytest.raises(LinkSpent):
        space_of(town, mailed)


def test_one_new_code_replaces_those_of_both_entries(town: Place) -> None:
    kept, gone = two_entries(town)
    before = [my_space.printed_code(town.desk, one.id)[1] for one in (kept, gone)]
    card = cards.share(town.desk, gone.id, 30)
    merging.merge(town.desk, kept.id, gone.id, ANNE)
    _, new = my_space.printed_code(town.desk, kept.id)
    cards.take_back(town.desk, kept.id)
    for token in before:
        with pytest.raises(LinkSpent):
            space_of(town, token)
    with pytest.raises(NotFound):
        cards.shared_card(town.desk, card)
    assert space_of(town, new) == kept.id


@pytest.mark.parametrize("purpose", [LinkPurpose.CANDIDATE, LinkPurpose.PAPER])
def test_what_was_handed_out_for_two_people_opens_neithers_space(town: Place, purpose: LinkPurpose) -> None:
    """Whoever got it while the two files were one may be the other person."""
    kept, gone = two_entries(town)
    before = links.new_link(town.desk, LinkPurpose.CANDIDATE, kept.id)
    merging.merge(town.desk, kept.id, gone.id, ANNE)
    wait(town, minutes=1)
    since, card = links.new_link(town.desk, purpose, kept.id), cards.share(town.desk, kept.id, 30)
    merging.unmerge(town.desk, kept.id, ANNE)
    with pytest.raises(LinkSpent):
        space_of(town, since)
    with pytest.raises(NotFound):
        cards.shared_card(town.desk, card)
    assert space_of(town, before) == kept.id


def test_no_way_in_is_left_to_an_erased_person_of_two_entries(town: Place) -> None:
    kept, gone = two_entries(town)
    _, code = my_space.printed_code(town.desk, gone.id)
    merging.merge(town.desk, kept.id, gone.id, ANNE)
    erasing.erase(town.desk, kept.id)
    with pytest.raises(LinkSpent):
        space_of(town, code)


def test_erasing_the_one_erases_both(town: Place) -> None:
    kept, gone = two_entries(town)
    documents.add_document(town.desk, kept.id, CV, ANNE)
    merging.merge(town.desk, kept.id, gone.id, ANNE)
    assert files_with(town, "Zoulika")
    erasing.erase(town.desk, kept.id)
    assert [files_with(town, word) for word in ("Zoulika", "zoulika", "Hébergée", "Benmansour")] == [[]] * 4


def test_an_import_does_not_bring_a_merged_entry_back(town: Place) -> None:
    kept, gone = two_entries(town)
    merging.merge(town.desk, kept.id, gone.id, ANNE)
    line = ParsedLine(1, candidate(9, reference=gone.reference))
    assert importing.import_candidates(town.desk, [line]).unchanged == 1
    assert people.register_page(town.desk, RegisterFilter()).count == 1


def test_a_recall_reaches_what_was_disclosed_of_the_other_entry(stage: Stage) -> None:
    home = stage.montlucon
    home.enrol(candidate(1), candidate(2))
    (offer,) = stage.moulins.post(campaign())
    stage.sync()
    forward = put_forward(home, "p2", offer.key)
    stage.sync()
    merging.merge(home.desk, "p1", "p2", ANNE)
    assert home.forward(forward.id).candidate == "p1"
    done = withdrawing.withdraw(home.desk, "p1")
    assert (done.withdrawn, len(done.orders)) == ((forward.id,), 1)
    stage.sync()
    assert stage.moulins.forward(forward.id).state is ForwardState.WITHDRAWN
    assert stage.moulins.forward(forward.id).has_dossier is False


def test_two_entries_put_forward_for_one_offer_are_not_merged(stage: Stage) -> None:
    home = stage.montlucon
    home.enrol(candidate(1), candidate(2))
    (offer,) = stage.moulins.post(campaign())
    stage.sync()
    for who in ("p1", "p2"):
        put_forward(home, who, offer.key)
    with pytest.raises(Refused) as caught:
        merging.merge(home.desk, "p1", "p2", ANNE)
    assert caught.value.problem == "both_forwarded"
    assert {home.candidate(who) is not None for who in ("p1", "p2")} == {True}


def test_nothing_is_left_of_a_merge_that_failed(town: Place) -> None:
    kept, gone = two_entries(town)
    merging.merge(town.desk, kept.id, gone.id, ANNE)
    wait(town, days=1)
    town.enrol(candidate(7, reference=gone.reference))
    before = everything(town, kept.id)
    with pytest.raises(Refused) as caught:
        merging.unmerge(town.desk, kept.id, ANNE)
    assert caught.value.problem == "reference_taken"
    assert everything(town, kept.id) == before
    assert obstacles.read_local(town.desk, "p7") == Local()
