"""Lists of the register, without loading anybody whole."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from node.mission.agreements.consent import Consent, ConsentScope
from node.mission.people.candidate import Candidate, CandidateState, CvState, Experience
from node.mission.people.identity import identity_of
from node.mission.people.ports import AgreementEnding, Order, OwnerFigures, RegisterFilter
from node.storage import SqlDatabase
from tests.contracts.databases import NOW
from tests.contracts.test_candidates import AMINA, BRUNO, TODAY

DAY = timedelta(days=1)
CHLOE = Candidate(
    id="c-chloe",
    reference="93-0011",
    first_name="Chloé",
    last_name="d'Étréchy",
    email="chloe.etrechy@courriel.example",
    phone="+33612345678",
    commune="03185",
    occupations=(Experience(rome="N1103", months=0), Experience(rome="D1101", months=4, appellation="N1199")),
    cv_state=CvState.TO_REWORK,
    owner="remi",
    last_contact=TODAY - 40 * DAY,
    registered=TODAY - 60 * DAY,
)
NOBODYS = replace(BRUNO, registered=TODAY - 10 * DAY)


@pytest.fixture
def town(database: SqlDatabase) -> SqlDatabase:
    with database.write() as uow:
        for person in (AMINA, NOBODYS, CHLOE):
            uow.candidates.add(person)
    return database


def found(town: SqlDatabase, **wanted: object) -> list[str]:
    with town.read() as uow:
        page = uow.candidates.page(RegisterFilter(**wanted), 0, 25)  # type: ignore[arg-type]
    assert page.count == len(page.rows)
    return [one.id for one in page.rows]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("", ["c-amina", "c-bruno", "c-chloe"]),
        ("ETRECHY", ["c-chloe"]),
        ("chloe d'étréchy", ["c-chloe"]),
        ("0612", ["c-chloe"]),
        ("06.12.34", ["c-chloe"]),
        ("0612345678", ["c-chloe"]),
        ("06 12 34 56 78", ["c-chloe"]),
        ("+33 (0)6 12 34 56 78", ["c-chloe"]),
        ("etrechy 0033612345678", ["c-chloe"]),
        ("06.12.34.56.78 chloé", ["c-chloe"]),
        ("+33 6 12", ["c-chloe"]),
        ("003361", ["c-chloe"]),
        ("5678", ["c-chloe"]),
        ("345 678", ["c-chloe"]),
        ("06 12 34 56 79", []),
        ("93-0003", ["c-bruno"]),
        ("amina@courriel", ["c-amina"]),
        ("courriel", ["c-amina", "c-chloe"]),
        ("%", []),
        ("_", []),
        ("amina bruno", []),
    ],
)
def test_typed_words_are_all_looked_for(town: SqlDatabase, text: str, who: list[str]) -> None:
    assert found(town, text=text) == who


def test_numbers_of_everywhere_and_what_looks_like_one_are_found(town: SqlDatabase) -> None:
    """A reference may have ten digits; what could not be read as a number is found as it was typed."""
    david = replace(BRUNO, id="c-david", reference="0148000000", phone="+262692000001")
    with town.write() as uow:
        uow.candidates.add(david)
        uow.candidates.add(replace(BRUNO, id="c-eva", reference="eva", phone="+442079460958"))
        uow.candidates.add(replace(BRUNO, id="c-fred", reference="fred", phone="06 12 34 5 (soir)"))
    for text, who in (
        ("0692 00 00 01", ["c-david"]),
        ("+262 (0)692 00 00 01", ["c-david"]),
        ("0692000001", ["c-david"]),
        ("0148000000", ["c-amina", "c-david"]),
        ("0044 20 7946 0958", ["c-eva"]),
        ("79460958", ["c-eva"]),
        ("0612345", ["c-chloe", "c-fred"]),
    ):
        assert sorted(found(town, text=text)) == who, text


def test_filters_and_orders(town: SqlDatabase) -> None:
    assert found(town, cv_state=CvState.READY) == ["c-amina"]
    assert found(town, state=CandidateState.PLACED) == []
    assert found(town, owner="remi") == ["c-chloe"]
    assert found(town, owner="") == ["c-bruno"]
    assert found(town, rome="D1101") == ["c-amina", "c-chloe"]
    assert found(town, rome="D11") == []
    assert found(town, commune="93029") == ["c-amina", "c-bruno"]
    assert found(town, order=Order.OLDEST_CONTACT) == ["c-bruno", "c-chloe", "c-amina"]
    assert found(town, order=Order.NEWEST) == ["c-amina", "c-bruno", "c-chloe"]


def test_a_page_and_how_many_there_are(town: SqlDatabase) -> None:
    with town.read() as uow:
        page = uow.candidates.page(RegisterFilter(), 1, 1)
        assert (page.count, [one.name for one in page.rows]) == (3, ["Bruno Caux"])
        assert uow.candidates.page(RegisterFilter(), 9, 5).count == 3
        (line,) = uow.candidates.page(RegisterFilter(text="amina"), 0, 5).rows
    assert (line.rome, line.cv_state, line.owner, line.ready_until) == (
        "D1101",
        CvState.READY,
        "anne",
        AMINA.ready_until,
    )


def test_lines_and_identities(town: SqlDatabase) -> None:
    with town.read() as uow:
        assert set(uow.candidates.lines(["c-amina", "c-nobody", "c-amina"])) == {"c-amina"}
        assert uow.candidates.lines([]) == {}
        assert uow.candidates.identities() == [identity_of(one) for one in (NOBODYS, AMINA, CHLOE)]


def test_who_was_not_contacted(town: SqlDatabase) -> None:
    with town.write() as uow:
        uow.candidates.add(replace(BRUNO, id="c-new", reference="new", registered=None))
        gone = replace(CHLOE, id="c-gone", reference="gone", state=CandidateState.WITHDRAWN)
        uow.candidates.add(gone)
    with town.read() as uow:
        month = TODAY - 30 * DAY
        assert [one.id for one in uow.candidates.not_contacted_since(month, None, 9).rows] == [
            "c-new",
            "c-chloe",
            "c-bruno",
        ]
        assert [one.id for one in uow.candidates.not_contacted_since(month, "anne", 9).rows] == ["c-new", "c-bruno"]
        assert uow.candidates.not_contacted_since(TODAY + DAY, None, 1).count == 4


def test_signatures_that_end(town: SqlDatabase) -> None:
    assert AMINA.ready_until is not None
    with town.read() as uow:
        assert uow.candidates.signatures_ending(AMINA.ready_until - DAY, None, 9).count == 0
        (line,) = uow.candidates.signatures_ending(AMINA.ready_until, "anne", 9).rows
        assert line.id == "c-amina"
        assert uow.candidates.signatures_ending(AMINA.ready_until, "remi", 9).count == 0


ENDING = (ConsentScope.KEEP, ConsentScope.NETWORK)


def test_agreements_that_end_unless_a_longer_one_holds(town: SqlDatabase) -> None:
    def given(key: str, scope: ConsentScope, days: int, **changes: object) -> Consent:
        fields = {"id": key, "scope": scope, "given_on": TODAY - 9 * DAY, "until": TODAY + days * DAY, "how": "signé"}
        return Consent(**fields | changes)  # type: ignore[arg-type]

    keep, network, offer = ConsentScope.KEEP, ConsentScope.NETWORK, ConsentScope.OFFER
    with town.write() as uow:
        uow.candidates.save(
            replace(
                CHLOE,
                consents=(
                    given("a", keep, 20),
                    given("b", network, 10),
                    given("c", network, 10),
                    given("d", network, 90, withdrawn_at=NOW),
                    given("e", network, 90, given_on=TODAY + DAY),
                    given("f", offer, 5, offer="n/o"),
                ),
            )
        )
        uow.candidates.save(replace(NOBODYS, consents=(given("a", keep, 5), given("b", keep, 400))))
    with town.read() as uow:
        ending = uow.candidates.agreements_ending(ENDING, TODAY, TODAY + 30 * DAY, "remi", 9)
        name = "Chloé d'Étréchy"
        assert ending.rows == (
            AgreementEnding(candidate="c-chloe", name=name, owner="remi", scope=network, until=TODAY + 10 * DAY),
            AgreementEnding(candidate="c-chloe", name=name, owner="remi", scope=keep, until=TODAY + 20 * DAY),
        )
        assert uow.candidates.agreements_ending(ENDING, TODAY, TODAY + 30 * DAY, None, 1).count == 2
        assert uow.candidates.agreements_ending(ENDING, TODAY, TODAY + 9 * DAY, None, 9).count == 0
        assert uow.candidates.agreements_ending(ENDING, TODAY, TODAY + 30 * DAY, "anne", 9).count == 0


def test_who_gave_no_sign_of_life(town: SqlDatabase) -> None:
    with town.write() as uow:
        uow.candidates.add(replace(BRUNO, id="c-old", reference="old", last_seen=date(2024, 1, 1)))
        uow.candidates.add(replace(BRUNO, id="c-none", reference="none"))
        uow.candidates.save(replace(CHLOE, notice_on=TODAY))
    with town.read() as uow:
        assert set(uow.candidates.silent_since(date(2024, 11, 23))) == {"c-old", "c-none"}
        assert [one.id for one in uow.candidates.noticed(None, 9).rows] == ["c-chloe"]
        assert uow.candidates.noticed("anne", 9).count == 0


def test_who_wants_to_be_kept_no_longer(town: SqlDatabase) -> None:
    with town.write() as uow:
        uow.candidates.save(AMINA.leaving(NOW))
        uow.candidates.save(CHLOE.leaving(NOW).coming_back())
    with town.read() as uow:
        assert uow.candidates.objected_before(NOW) == []
        assert uow.candidates.objected_before(NOW + DAY) == ["c-amina"]
        assert uow.candidates.taken_out_unasked() == []


def test_whom_an_earlier_release_took_out_of_the_register(town: SqlDatabase) -> None:
    with town.write() as uow:
        uow.candidates.save(replace(AMINA, state=CandidateState.WITHDRAWN))
    with town.read() as uow:
        assert uow.candidates.taken_out_unasked() == ["c-amina"]


def test_figures_by_counsellor(town: SqlDatabase) -> None:
    with town.read() as uow:
        assert uow.candidates.count_by_owner() == {"": 1, "anne": 1, "remi": 1}
        assert uow.candidates.by_owner(TODAY) == [
            OwnerFigures(owner="", people=1, waiting=1, ready=0),
            OwnerFigures(owner="anne", people=1, waiting=0, ready=1),
            OwnerFigures(owner="remi", people=1, waiting=1, ready=0),
        ]
        assert uow.candidates.by_owner(TODAY + 365 * DAY)[1].ready == 0


def test_days_from_registration_to_the_first_signature(town: SqlDatabase) -> None:
    with town.write() as uow:
        uow.candidates.save(replace(CHLOE, first_ready=TODAY - 45 * DAY))
    with town.read() as uow:
        assert uow.candidates.days_to_ready(TODAY - 50 * DAY) == [0, 15]
        assert uow.candidates.days_to_ready(TODAY - 5 * DAY) == [0]


def test_a_number_is_given_once(town: SqlDatabase) -> None:
    with town.write() as uow:
        assert uow.candidates.next_reference(2026) == "2026-00001"
        uow.candidates.add(replace(BRUNO, id="c-1", reference="2026-00001"))
        uow.candidates.add(replace(BRUNO, id="c-2", reference="2026-00002"))
        assert uow.candidates.next_reference(2026) == "2026-00003"
    with town.write() as uow:
        uow.candidates.remove("c-1")
        assert uow.candidates.next_reference(2026) == "2026-00004"
        assert uow.candidates.next_reference(2027) == "2027-00001"
