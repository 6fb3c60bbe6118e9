"""Deposits at Montluçon: by poster, at the desk, by mail; settled by a counsellor, or destroyed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from node.kit.errors import BadInput, NotFound
from node.kit.limits import MAX_DOCUMENT_BYTES
from node.mission.accounts.trail import OpenedFor
from node.mission.agreements.consent import ConsentScope
from node.mission.deposits.deposit import Channel, DepositState, SourceKind
from node.mission.people.candidate import CandidateState
from node.mission.people.documents import DocumentKind
from node.mission.people.ports import RegisterFilter
from node.services.agreements import erasing, withdrawing
from node.services.deposits import deposits
from node.services.desk import Refused
from node.services.people import documents, files
from node.services.people.documents import Upload
from node.services.people.saving import BadFields
from node.services.team import figures as team
from tests.node.services.counter import ANNE, CV, REMI, confirmed, files_with, hand_in, known, register, wait
from tests.node.stage import Place


def test_the_same_form_twice_is_one_deposit_and_another_one_is_not(town: Place) -> None:
    first = hand_in(town)
    assert hand_in(town).id == first.id
    assert hand_in(town, first_name="ZOULIKHA").id == first.id
    others = [
        hand_in(town, upload=replace(CV, content=b"%PDF another")),
        hand_in(town, upload=None),
        hand_in(town, phone="0700000000"),
        hand_in(town, first_name="Karim"),
        hand_in(town, message="Bonjour"),
        hand_in(town, network=False),
    ]
    assert len({first.id, *(one.id for one in others)}) == 7
    assert deposits.waiting_deposits(town.desk).count == 7


def test_the_same_form_with_the_same_files_is_one_deposit(town: Place) -> None:
    letter = Upload("lettre.pdf", "application/pdf", b"%PDF Madame, Monsieur", DocumentKind.LETTER)
    first = hand_in(town, others=[letter])
    assert hand_in(town, others=[letter]).id == first.id
    assert hand_in(town).id != first.id
    assert hand_in(town, others=[replace(letter, content=b"%PDF Bonjour")]).id != first.id
    with town.node.database.read() as uow:
        assert [one.kind for one in uow.documents.of_deposit(first.id)] == [DocumentKind.CV, DocumentKind.LETTER]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"phone": "", "email": ""}, "phone"),
        ({"last_name": "", "first_name": ""}, "last_name"),
        ({"upload": Upload("cv.pdf", "application/pdf", b"")}, "document"),
        ({"upload": Upload("cv.pdf", "application/pdf", bytes(MAX_DOCUMENT_BYTES + 1))}, "document"),
    ],
)
def test_what_cannot_be_taken_leaves_nothing(town: Place, changes: dict[str, object], field: str) -> None:
    with pytest.raises(BadFields) as caught:
        hand_in(town, **changes)
    assert [problem.field for problem in caught.value.problems] == [field]
    assert deposits.waiting_deposits(town.desk).count == 0
    assert team.team(town.desk, town.desk.today()).deposits == []


def test_an_unknown_poster_takes_cvs_all_the_same(town: Place) -> None:
    assert hand_in(town, source="gone").source == ""


def test_agreements_are_as_they_were_given(town: Place) -> None:
    given = town.desk.today()
    waiting = hand_in(town, network=False)
    wait(town, days=5)
    person = deposits.accept_deposit(
        town.desk, waiting.id, confirmed(town), ANNE, agreements={ConsentScope.NETWORK: "au téléphone"}
    )
    told = {one.scope: (one.given_on, one.how, one.until) for one in person.consents}
    assert told == {
        ConsentScope.KEEP: (given, "formulaire en ligne", given + timedelta(days=730)),
        ConsentScope.NETWORK: (given + timedelta(days=5), "au téléphone", given + timedelta(days=370)),
    }


def test_no_box_ticked_is_no_agreement(town: Place) -> None:
    person = deposits.accept_deposit(town.desk, hand_in(town, keep=False, network=False).id, confirmed(town), ANNE)
    assert person.consents == ()


def test_only_what_was_confirmed_is_a_fact(town: Place) -> None:
    waiting = hand_in(town, email="lu.par.erreur@courriel.example")
    deposits.keep_proposal(town.desk, waiting.id, {"email": "lu.par.erreur@courriel.example", "skills": ["x"]})
    assert deposits.one_deposit(town.desk, waiting.id).proposal == {
        "email": "lu.par.erreur@courriel.example",
        "skills": ["x"],
    }
    person = deposits.accept_deposit(town.desk, waiting.id, confirmed(town), ANNE)
    assert known(town, person.id).email == ""
    assert deposits.one_deposit(town.desk, waiting.id).proposal is None
    with pytest.raises(BadInput):
        deposits.keep_proposal(town.desk, waiting.id, {"text": "x" * 300_000})


def test_wrong_fields_leave_the_deposit_as_it_is(town: Place) -> None:
    waiting = hand_in(town)
    with pytest.raises(BadFields) as caught:
        deposits.accept_deposit(town.desk, waiting.id, confirmed(town, commune="99999", email="x"), ANNE)
    assert {problem.field for problem in caught.value.problems} == {"commune", "email"}
    assert deposits.one_deposit(town.desk, waiting.id) == waiting
    assert files.register_page(town.desk, RegisterFilter()).count == 0


def test_what_is_settled_is_settled_once(town: Place) -> None:
    waiting = hand_in(town)
    person = deposits.accept_deposit(town.desk, waiting.id, confirmed(town), ANNE)
    for act in (
        lambda: deposits.accept_deposit(town.desk, waiting.id, confirmed(town), REMI),
        lambda: deposits.join_deposit(town.desk, waiting.id, person.id, REMI),
        lambda: deposits.discard_deposit(town.desk, waiting.id, REMI),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.problem == "deposit_settled"
    settled = deposits.one_deposit(town.desk, waiting.id)
    assert (settled.state, settled.candidate, settled.settled_by) == (DepositState.ACCEPTED, person.id, ANNE)


def test_joined_to_a_known_person(town: Place) -> None:
    person = register(town, phone="0700000000")
    documents.add_document(town.desk, person.id, CV, ANNE)
    withdrawing.withdraw(town.desk, person.id, ANNE)
    wait(town, days=10)
    same = hand_in(town)
    after = deposits.join_deposit(town.desk, same.id, person.id, ANNE, {"phone": "06 12 34 56 78"})
    assert after == known(town, person.id)
    assert (after.phone, after.state) == ("+33612345678", CandidateState.ACTIVE)
    assert after.agrees(ConsentScope.NETWORK, town.desk.today())
    assert after.last_seen == town.desk.today()
    assert len(files.person_file(town.desk, person.id).documents) == 1, "the same file is kept once"
    another = hand_in(town, upload=replace(CV, content=b"%PDF newer"))
    deposits.join_deposit(town.desk, another.id, person.id, ANNE)
    assert len(files.person_file(town.desk, person.id).documents) == 2
    assert len([line for line in files.history(town.desk, person.id) if line.field == "deposit"]) == 2


def test_discarded_is_destroyed(town: Place) -> None:
    waiting = hand_in(town, message="je ne cherche plus, merci")
    assert files_with(town, "ne cherche plus")
    deposits.discard_deposit(town.desk, waiting.id, ANNE)
    deposits.discard_deposit(town.desk, waiting.id, ANNE)
    assert files_with(town, "ne cherche plus") == files_with(town, "Benmansour") == []
    with pytest.raises(NotFound):
        deposits.one_deposit(town.desk, waiting.id)
    with town.node.database.read() as uow:
        (line,) = [one for one in uow.accounts.accesses() if one.what is OpenedFor.DISCARD]
    assert (line.account, line.candidate) == (ANNE, ""), "once, by whom, and nobody's name"


def test_who_asked_to_be_called_is_listed_apart_until_called(town: Place) -> None:
    hand_in(town)
    calls = hand_in(town, upload=None, call_back=True)
    assert deposits.waiting_deposits(town.desk, call_back=True).rows == (calls,)
    assert deposits.called_back(town.desk, calls.id, ANNE).call_back is False
    assert deposits.waiting_deposits(town.desk, call_back=True).count == 0
    assert deposits.waiting_deposits(town.desk).count == 2


def test_posters_are_told_apart_by_figures(town: Place) -> None:
    fair = deposits.open_source(town.desk, SourceKind.EVENT, "Forum")
    shop = deposits.open_source(town.desk, SourceKind.COMPANY, "Boulangerie Petit")
    hand_in(town, source=fair.id)
    hand_in(town, source=fair.id, first_name="Karim")
    third = hand_in(town, source=shop.id, first_name="Léa")
    hand_in(town, channel=Channel.MAIL, email="a@b.fr", first_name="Ali")
    person = deposits.accept_deposit(town.desk, third.id, confirmed(town, first_name="Léa"), ANNE)
    erasing.erase(town.desk, person.id)
    figures = {one.label: one for one in team.team(town.desk, town.desk.today()).deposits}
    assert {label: (one.received, one.accepted, one.waiting) for label, one in figures.items()} == {
        "Forum": (2, 0, 2),
        "Boulangerie Petit": (1, 1, 0),
        "": (1, 0, 1),
    }
    assert len(fair.id) == 8
    renamed = deposits.rename_source(town.desk, fair.id, "Forum de Montluçon")
    closed = deposits.close_source(town.desk, fair.id)
    assert (renamed.label, closed.closed) == ("Forum de Montluçon", town.desk.today())
    assert deposits.source(town.desk, fair.id) == closed
    assert hand_in(town, source=fair.id, first_name="Nour").source == fair.id
    assert {one.id for one in deposits.sources(town.desk)} == {fair.id, shop.id}
    with pytest.raises(NotFound):
        deposits.close_source(town.desk, "nothing")
    with pytest.raises(BadFields):
        deposits.open_source(town.desk, SourceKind.DESK, " ")


def test_documents_are_capped_a_person(town: Place) -> None:
    person = register(town)
    kept = documents.add_document(town.desk, person.id, CV, ANNE)
    assert documents.add_document(town.desk, person.id, replace(CV, name="copie.pdf"), ANNE) == kept
    for number in range(39):
        documents.add_document(town.desk, person.id, Upload("a.txt", "text/plain", b"%d" % number), ANNE)
    with pytest.raises(BadFields):
        documents.add_document(town.desk, person.id, Upload("a.txt", "text/plain", b"one too many"), ANNE)


def test_a_photograph_takes_the_place_of_the_one_before(town: Place) -> None:
    person = register(town)
    first = documents.set_photo(town.desk, person.id, Upload("a.jpg", "image/jpeg", b"first"), ANNE)
    second = documents.set_photo(town.desk, person.id, Upload("b.jpg", "image/jpeg", b"second"), ANNE)
    assert known(town, person.id).photo == second.id
    assert second.kind is DocumentKind.PHOTO
    with pytest.raises(NotFound):
        documents.read_document(town.desk, first.id)
    documents.remove_document(town.desk, second.id, ANNE)
    documents.remove_document(town.desk, second.id, ANNE)
    assert known(town, person.id).photo == ""
    assert files.person_file(town.desk, person.id).documents == ()


def test_a_removed_document_is_named_nowhere(town: Place) -> None:
    person = deposits.accept_deposit(town.desk, hand_in(town).id, confirmed(town), ANNE)
    (cv,) = files.person_file(town.desk, person.id).documents
    documents.remove_document(town.desk, cv.id, ANNE)
    with town.node.database.read() as uow:
        assert [one.document for one in uow.deposits.of_candidate(person.id)] == [""]
