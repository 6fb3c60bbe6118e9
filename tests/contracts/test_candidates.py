"""The town's register."""

import traceback
from dataclasses import replace
from datetime import UTC, date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from node.mission.agreements.consent import Consent, ConsentScope
from node.mission.parts import Counted
from node.mission.people.candidate import (
    Candidate,
    CandidateState,
    CvState,
    Diploma,
    Experience,
    Hours,
    Job,
    Met,
    ReadySignature,
)
from node.storage import AlreadyThere, Missing, SqlDatabase
from tests.contracts.databases import NOW, open_town

TODAY = date(2026, 11, 23)

AMINA = Candidate(
    id="c-amina",
    reference="93-0007",
    first_name="Amina",
    last_name="Belkacem",
    email="amina@courriel.example",
    phone="01 48 00 00 00",
    commune="93029",
    occupations=(
        Experience(rome="D1101", months=30, appellation="Bouchère « à l'ancienne »"),
        Experience(rome="D1106", months=0),
    ),
    skills=frozenset({"104320", "117701"}),
    qualification=4,
    licences=frozenset({"B", "BE"}),
    languages=(("fr", "B2"), ("ar", "C2")),
    contracts=frozenset({"CDI", "CDD"}),
    mobility_km=25,
    places=frozenset({"93013", "2A004"}),
    availability=date(2026, 12, 1),
    summary="Bouchère, a tenu un rayon de « viandes & œufs ».",
    readiness=ReadySignature(by="Mme Réau", on=TODAY, met=Met.IN_PERSON, met_on=date(2026, 11, 20)),
    consents=(
        Consent(id="k1", scope=ConsentScope.NETWORK, given_on=TODAY, until=date(2027, 11, 23), how="signé au guichet"),
        Consent(id="a1", scope=ConsentScope.KEEP, given_on=TODAY, until=date(2028, 11, 23), how="signé au guichet"),
    ),
    last_contact=TODAY,
    owner="anne",
    birth_date=date(1984, 5, 2),
    diplomas=(Diploma(label="CAP Boucher", level=3, school="CFA de l'Allier", year=2003),),
    jobs=(Job(title="Bouchère", employer="Halles", start="2019-03", end="2023", tasks=("Découpe", "Vente")),),
    hours=Hours.PART,
    vehicle=True,
    qualities=("Ponctuelle", "Calme"),
    card_skills=("117701",),
    words="J'aime conseiller.",
    photo="d7",
    source="k7p2",
    registered=TODAY,
)
BRUNO = Candidate(
    id="c-bruno", reference="93-0003", first_name="Bruno", last_name="Caux", commune="93029", occupations=()
)


def test_a_person_is_kept_whole(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.candidates.add(AMINA)
        uow.candidates.add(BRUNO)
    with database.read() as uow:
        assert uow.candidates.get("c-amina") == AMINA
        assert uow.candidates.by_reference("93-0003") == BRUNO
        assert uow.candidates.all() == [BRUNO, AMINA]
        assert uow.candidates.count() == 2
        assert uow.candidates.get("c-nobody") is None
        assert uow.candidates.by_reference("") is None


def test_saving_replaces_everything_consents_included(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.candidates.add(AMINA)
        uow.candidates.add(BRUNO)
    withdrawn = AMINA.taking_back(ConsentScope.NETWORK, "", NOW)
    changed = replace(
        withdrawn, state=CandidateState.WITHDRAWN, readiness=None, skills=frozenset(), consents=withdrawn.consents[::-1]
    )
    with database.write() as uow:
        uow.candidates.save(changed)
    with database.read() as uow:
        assert uow.candidates.get("c-amina") == changed
        assert uow.candidates.get("c-bruno") == BRUNO
    fewer = replace(changed, consents=changed.consents[:1])
    with database.write() as uow:
        uow.candidates.save(fewer)
        assert uow.candidates.get("c-amina") == fewer
    with database.read() as uow:
        assert uow.candidates.all() == [BRUNO, fewer]


def test_an_erased_person_is_gone_and_does_not_come_back(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.candidates.add(AMINA)
    with database.write() as uow:
        uow.candidates.remove("c-amina")
        uow.candidates.remove("c-nobody")
        assert uow.candidates.get("c-amina") is None
    with pytest.raises(Missing), database.write() as uow:
        uow.candidates.save(AMINA)
    with database.write() as uow:
        assert uow.candidates.all() == []
        # Nothing of the consents was left behind either.
        uow.candidates.add(replace(AMINA, consents=AMINA.consents[:1]))
        assert uow.candidates.all() == [replace(AMINA, consents=AMINA.consents[:1])]


def test_the_register_is_read_part_by_part(database: SqlDatabase) -> None:
    with database.write() as uow:
        assert uow.candidates.part(0, 10) == Counted(0, ())
        uow.candidates.add(AMINA)
        uow.candidates.add(BRUNO)
    with database.read() as uow:
        assert uow.candidates.part(0, 1) == Counted(2, (BRUNO,))
        assert uow.candidates.part(1, 1) == Counted(2, (AMINA,))
        assert uow.candidates.part(2, 1) == Counted(2, ())
        assert list(uow.candidates.part(0, 10).rows) == list(uow.candidates.all())
        assert uow.candidates.part(0, None) == Counted(2, (BRUNO, AMINA))
        assert uow.candidates.part(1, None) == Counted(2, (AMINA,))


def test_many_people_at_once(database: SqlDatabase) -> None:
    people = [replace(AMINA, id=f"c{number}", reference=f"R{number}") for number in range(3)]
    with database.write() as uow:
        for person in people:
            uow.candidates.add(person)
    with database.read() as uow:
        assert uow.candidates.many(["c2", "nobody", "c0"]) == {"c2": people[2], "c0": people[0]}
        assert uow.candidates.many([]) == {}


def test_references_are_unique(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.candidates.add(AMINA)
        uow.candidates.add(BRUNO)
    with pytest.raises(AlreadyThere) as caught, database.write() as uow:
        uow.candidates.add(replace(AMINA, id="c-other"))
    told = "".join(traceback.format_exception(caught.value))
    assert AMINA.last_name not in told and AMINA.reference not in told
    with pytest.raises(AlreadyThere), database.write() as uow:
        uow.candidates.save(replace(BRUNO, reference=AMINA.reference))
    with database.read() as uow:
        assert uow.candidates.all() == [BRUNO, AMINA]


def test_what_a_savepoint_undid_is_read_as_it_was(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.candidates.add(AMINA)
        with pytest.raises(ZeroDivisionError), uow.savepoint():
            uow.candidates.save(replace(AMINA, consents=(), phone=""))
            uow.candidates.add(BRUNO)
            _ = 1 // 0
        assert uow.candidates.get("c-amina") == AMINA
        assert uow.candidates.all() == [AMINA]
        uow.candidates.remove("c-amina")
        uow.candidates.add(BRUNO)
    with database.read() as uow:
        assert uow.candidates.all() == [BRUNO]


_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
_day = st.dates(date(1990, 1, 1), date(2100, 1, 1))
_consents = st.lists(
    st.builds(
        Consent,
        id=_text,
        scope=st.sampled_from(ConsentScope),
        given_on=_day,
        until=_day,
        how=_text,
        offer=_text,
        withdrawn_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    ),
    max_size=4,
    unique_by=lambda consent: consent.id,
).map(tuple)
_person = st.builds(
    Candidate,
    id=st.just("c"),
    reference=_text,
    first_name=_text,
    last_name=_text,
    email=_text,
    phone=_text,
    commune=_text,
    occupations=st.lists(st.builds(Experience, rome=_text, months=st.integers(0, 600)), max_size=3).map(tuple),
    skills=st.frozensets(_text, max_size=3),
    qualification=st.integers(0, 9),
    licences=st.frozensets(_text, max_size=3),
    languages=st.lists(st.tuples(_text, _text), max_size=3).map(tuple),
    contracts=st.frozensets(_text, max_size=3),
    mobility_km=st.integers(0, 20_000),
    places=st.frozensets(_text, max_size=3),
    relocates=st.booleans(),
    availability=st.none() | _day,
    summary=_text,
    state=st.sampled_from(CandidateState),
    readiness=st.none() | st.builds(ReadySignature, by=_text, on=_day, met=st.sampled_from(Met), met_on=_day),
    consents=_consents,
    last_contact=st.none() | _day,
    cv_state=st.sampled_from(CvState),
    owner=_text,
    birth_date=st.none() | _day,
    diplomas=st.lists(st.builds(Diploma, label=_text, level=st.integers(0, 8), year=st.integers(0, 2100))).map(tuple),
    jobs=st.lists(st.builds(Job, title=_text, rome=_text, tasks=st.lists(_text, max_size=2).map(tuple))).map(tuple),
    hours=st.sampled_from(Hours),
    vehicle=st.booleans(),
    public_transport=st.booleans(),
    qualities=st.lists(_text, max_size=2).map(tuple),
    interests=st.lists(_text, max_size=2).map(tuple),
    words=_text,
    photo=_text,
    source=_text,
    registered=st.none() | _day,
    first_ready=st.none() | _day,
    last_seen=st.none() | _day,
    notice_on=st.none() | _day,
)


@given(one=_person, other=_person)
@settings(max_examples=25, deadline=None)
def test_anybody_comes_back_as_given(one: Candidate, other: Candidate) -> None:
    database = open_town()
    with database.write() as uow:
        uow.candidates.add(one)
    with database.write() as uow:
        assert uow.candidates.all() == [one]
        uow.candidates.save(other)
    with database.read() as uow:
        assert uow.candidates.all() == [other]
        assert uow.candidates.get("c") == other
    database.dispose()


def test_those_who_seek_an_occupation_by_the_beginning_of_its_code(database: SqlDatabase) -> None:
    """A name that looks like a code is none."""
    named = replace(
        AMINA, id="c-named", reference="93-0008", consents=(), occupations=(Experience(rome="K2204", months=0),)
    )
    named = replace(named, occupations=(replace(named.occupations[0], appellation="D1101"),))
    with database.write() as uow:
        for one in (AMINA, named):
            uow.candidates.add(one)

    def seeking(*beginnings: str) -> list[str]:
        with database.read() as uow:
            return [one.id for one in uow.candidates.seeking(beginnings)]

    assert seeking("D11") == seeking("D1106") == seeking("D1101", "D1106") == ["c-amina"]
    assert seeking("K22", "D11") == ["c-amina", "c-named"]
    assert seeking("D12") == seeking() == []
    with database.read() as uow:
        assert uow.candidates.seeking(["D1101"]) == [AMINA], "the whole value, agreements too"
