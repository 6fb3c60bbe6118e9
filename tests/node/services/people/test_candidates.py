"""The counsellor corrects a person's record; what is out of bounds changes nothing."""

from datetime import timedelta
from typing import Any

import pytest

from node.kit.errors import BadInput, NotFound
from node.mission.agreements.consent import ConsentScope
from node.mission.people.candidate import CandidateState, Experience, Met
from node.mission.people.contacts import ContactChannel
from node.referential import load
from node.services.agreements import withdrawing
from node.services.people import files
from node.services.people.candidates import Correction, correct, one_candidate, register
from node.services.people.quality import NotReady
from tests.node.mission.samples import TODAY, WAREHOUSE, candidate, network_consent
from tests.node.stage import Place


def test_the_register_is_read_by_reference(town: Place) -> None:
    town.enrol(candidate(2, consents=(network_consent(id="c2"),)), candidate(1))
    first, second = register(town.desk, 0, 1), register(town.desk, 1, 10)
    assert [person.reference for person in (*first.rows, *second.rows)] == ["MTL-0001", "MTL-0002"]
    assert (first.count, second.count) == (2, 2)
    assert one_candidate(town.desk, "MTL-0002") == one_candidate(town.desk, "p2")
    with pytest.raises(NotFound):
        one_candidate(town.desk, "MTL-0003")


def test_contacts_place_and_mobility(town: Place) -> None:
    town.enrol(candidate(1, email="old@courriel.example", phone="+33 6 39 98 00 17"))
    kept = correct(
        town.desk,
        "MTL-0001",
        Correction(email=" camille@courriel.example ", phone="", commune="Domérat (03410)", mobility_km=40),
    )
    assert (kept.email, kept.phone, kept.commune, kept.mobility_km) == ("camille@courriel.example", "", "03101", 40)
    assert town.candidate("p1") == kept


def test_nothing_said_nothing_changed(town: Place) -> None:
    town.enrol(candidate(1))
    assert correct(town.desk, "p1", Correction()) == candidate(1)


WHOLE: dict[str, Any] = {
    "phone": "0470000000",
    "skills": frozenset(load().skills.for_occupation(WAREHOUSE)[:3]),
    "occupations": (Experience(rome=WAREHOUSE, months=12),),
    "consents": (network_consent(scope=ConsentScope.KEEP),),
}
"""All that a signature needs, but the meeting."""


def test_the_counsellor_signs_that_the_cv_is_ready(town: Place) -> None:
    town.enrol(candidate(1, readiness=None, **WHOLE))
    kept = correct(town.desk, "p1", Correction(ready_by="Mme Aubert", met_by_phone=True))
    assert kept.readiness is not None
    assert (kept.readiness.by, kept.readiness.on, kept.readiness.met) == ("Mme Aubert", TODAY, Met.BY_PHONE)
    assert kept.is_ready(TODAY)
    assert kept.last_contact == TODAY
    (contact,) = files.person_file(town.desk, "p1").contacts
    assert (contact.channel, contact.by, contact.on) == (ContactChannel.PHONE, "Mme Aubert", TODAY)
    lines = {line.field: line.after for line in files.history(town.desk, "p1")}
    assert lines["ready"] == f"par téléphone, {TODAY.isoformat()}" and lines["cv_state"] == "Prêt"


def test_what_is_corrected_counts_for_the_signature_of_the_same_call(town: Place) -> None:
    town.enrol(candidate(1, readiness=None, **WHOLE | {"phone": ""}))
    kept = correct(town.desk, "p1", Correction(ready_by="Mme Aubert", phone="0470000000"))
    assert kept.is_ready(TODAY)


@pytest.mark.parametrize("lacking", [{"phone": ""}, {"skills": frozenset()}, {"commune": ""}])
def test_nobody_signs_a_cv_that_lacks_something(town: Place, lacking: dict[str, Any]) -> None:
    person = candidate(1, readiness=None, **WHOLE | lacking)
    town.enrol(person)
    with pytest.raises(NotReady) as caught:
        correct(town.desk, "p1", Correction(ready_by="Mme Aubert", mobility_km=40))
    assert caught.value.problem == "not_ready" and len(caught.value.gaps) == 1
    assert town.candidate("p1") == person
    assert files.person_file(town.desk, "p1").contacts == (), "the meeting is not noted either"


def test_an_agreement_given_again_makes_a_person_active_again(town: Place) -> None:
    town.enrol(candidate(1))
    withdrawing.withdraw(town.desk, "p1", scope=ConsentScope.KEEP)
    kept = correct(town.desk, "p1", Correction(network_until=TODAY + timedelta(days=90)))
    assert kept.state is CandidateState.ACTIVE
    assert [(c.scope, c.withdrawn_at is None) for c in kept.consents] == [
        (ConsentScope.NETWORK, False),
        (ConsentScope.NETWORK, True),
    ]
    assert kept.agrees(ConsentScope.NETWORK, TODAY) and kept.objected_at is None


@pytest.mark.parametrize(
    "wrong",
    [
        Correction(email="no address"),
        Correction(email="a@b.example, c@d.example"),
        Correction(email="x" * 200 + "@courriel.example"),
        Correction(phone="06\n07"),
        Correction(phone="06 12 34 56 7"),
        Correction(phone="3939"),
        Correction(phone="0" * 201),
        Correction(commune="Nulle-Part"),
        Correction(mobility_km=-1),
        Correction(mobility_km=2001),
        Correction(ready_by="   "),
        Correction(ready_by="Mme\x00Aubert"),
        Correction(network_until=TODAY - timedelta(days=1)),
    ],
)
def test_what_is_out_of_bounds_changes_nothing(town: Place, wrong: Correction) -> None:
    town.enrol(candidate(1))
    with pytest.raises(BadInput) as caught:
        correct(town.desk, "p1", wrong)
    assert "Aubert" not in str(caught.value)
    assert town.candidate("p1") == candidate(1)
