"""From a document to proposals: whole CVs, and the cases that a counsellor would notice."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.reading import TODAY as BENCH_TODAY
from bench.reading import judged
from node.reading.dates import Moment
from node.reading.proposals import Proposal, Remark, Spot
from node.reading.proposing import Proposer
from node.reading.reading import read_document
from node.reading.shapes import Attachment, Kind, Line, ReadDocument
from node.referential import load
from tests.node.reading import files
from tests.node.reading.cvs.pages import MAKES, generated

TODAY = date(2026, 11, 23)
PROPOSER = Proposer(load())


def document(text: str) -> ReadDocument:
    return ReadDocument(kind=Kind.TEXT, lines=tuple(Line(line) for line in text.strip().splitlines() if line))


def propose(text: str) -> Proposal:
    return PROPOSER.propose(document(text), TODAY)


AICHA = """
Aïcha N'DIAYE
Aide à domicile
12 rue des Lilas
03100 Montluçon
06 12 34 56 78 - aicha.ndiaye@example.org
Née le 12/03/1991

Mes emplois
De mars 2019 à juin 2021 : Aide à domicile, ADMR de Montluçon
- préparation des repas
- entretien du linge
2015-2018 : Caissière, Carrefour de Domérat
Depuis septembre 2021 : Aide à domicile chez des particuliers

Diplômes
2014 : BEP carrières sanitaires et sociales
Titre professionnel niveau V (2011)

Langues
Wolof : langue maternelle, anglais scolaire

Permis B, véhicule personnel
"""


def test_a_whole_cv() -> None:
    found = propose(AICHA)
    assert found.first_name and found.first_name.value == "Aïcha"
    assert found.last_name and found.last_name.value == "N'DIAYE"
    assert found.phone and found.phone.value == "+33612345678"
    assert found.email and found.email.value == "aicha.ndiaye@example.org"
    assert found.commune and found.commune.value == "03185"
    assert found.birth_date and found.birth_date.value == date(1991, 3, 12)
    # 28 months, then 63 until today.
    assert [(one.rome, one.months) for one in found.occupations] == [("K1304", 91), ("D1505", 36)]
    assert [(one.rome, one.start, one.end) for one in found.experiences] == [
        ("K1304", Moment(2019, 3), Moment(2021, 6)),
        ("D1505", Moment(2015), Moment(2018)),
        ("K1304", Moment(2021, 9), None),
    ]
    assert {"900046", "900050"} <= {skill.value for skill in found.skills}
    assert {(one.code, one.level) for one in found.languages} == {("wo", "C2"), ("en", "A2")}
    assert [licence.value for licence in found.licences] == ["B"]
    assert found.vehicle is not None
    assert [(one.level, one.year) for one in found.diplomas] == [(3, 2014), (3, 2011)]
    assert found.remarks == ()


def shown(text: str, at: Spot | None) -> str:
    assert at is not None
    return document(text).lines[at.line].text[at.start : at.end]


def test_each_value_shows_where_it_stands() -> None:
    found = propose(AICHA)
    assert found.email and shown(AICHA, found.email.at) == "aicha.ndiaye@example.org"
    assert found.last_name and shown(AICHA, found.last_name.at) == "Aïcha N'DIAYE"
    assert shown(AICHA, found.experiences[1].at) == "Caissière"
    assert shown(AICHA, found.diplomas[1].at) == "Titre professionnel niveau V (2011)"
    linen = next(skill for skill in found.skills if skill.value == "900050")
    assert shown(AICHA, linen.at) == "entretien du linge"


def test_overlapping_jobs_are_counted_once() -> None:
    found = propose("Expérience\n01/2020 - 12/2021 : Cariste, Geodis\n06/2020 - 06/2022 : Cariste, DHL")
    assert [(one.rome, one.months) for one in found.occupations] == [("N1101", 30)]


def test_what_is_sought_comes_first_even_without_experience() -> None:
    found = propose("Nadia Benali\nRecherche un poste de secrétaire\nExpérience\n2015-2020 : Cariste, Geodis")
    assert [(one.rome, one.months) for one in found.occupations] == [("M1607", 0), ("N1101", 60)]


def test_titles_above_their_dates_and_below() -> None:
    above = propose("Expérience\nCariste\nGeodis | 2015 - 2018\nSoudeur\nACI | 2010 - 2014")
    below = propose("Expérience\n2015 - 2018\nCariste – Geodis\n2010 - 2014\nSoudeur – ACI")
    for found in (above, below):
        assert [(one.rome, one.start.year if one.start else 0) for one in found.experiences] == [
            ("N1101", 2015),
            ("H2913", 2010),
        ]


@pytest.mark.parametrize(
    "line",
    [
        "Maçon : 3 ans, cariste : 2 ans et 6 mois",
        "Maçon (3 ans) ; cariste (30 mois)",
        "Maçon de 01/2015 à 12/2017, cariste de 01/2019 à 06/2021",
        "01/2015 - 12/2017 maçon, 01/2019 - 06/2021 cariste",
    ],
)
def test_months_stand_with_their_own_job(line: str) -> None:
    found = propose(f"Nadia Benali\nExpérience\n{line}")
    assert {one.rome: one.months for one in found.occupations} == {"F1703": 36, "N1101": 30}


def test_a_length_without_dates() -> None:
    found = propose("Expérience\nMaçon, 3 ans\nCariste : 18 mois")
    assert [(one.rome, one.months, one.start) for one in found.experiences] == [
        ("F1703", 36, None),
        ("N1101", 18, None),
    ]


def test_what_looks_wrong_is_remarked() -> None:
    found = propose("Nadia Benali\nNée le 12/03/2031\n99999 Atlantide")
    assert found.birth_date is None and found.commune is None
    assert set(found.remarks) == {Remark.BIRTH_IN_FUTURE, Remark.UNKNOWN_POSTAL_CODE, Remark.NO_CONTACT}
    assert all(remark.sentence for remark in Remark)


def test_an_empty_document_proposes_nothing() -> None:
    assert PROPOSER.propose(ReadDocument(), TODAY) == Proposal()


def test_an_email_is_read_by_its_longest_file_and_its_sender_fills_the_gap() -> None:
    cv = document("Nadia Benali\n03100 Montluçon\nExpérience\n2015-2018 : Cariste")
    letter = document("Madame,\nvoici mon CV")
    mail = ReadDocument(
        kind=Kind.EMAIL,
        sender="Nadia@Example.org",
        attachments=(Attachment("lettre.txt", b"", letter), Attachment("cv.pdf", b"", cv)),
    )
    found = PROPOSER.propose(mail, TODAY)
    assert found.last_name and found.last_name.value == "Benali"
    assert found.email and (found.email.value, found.email.at) == ("nadia@example.org", None)
    assert found.remarks == (Remark.SEVERAL_CVS,)


@pytest.mark.parametrize("make", MAKES)
def test_every_make_of_cv_is_read_rightly(make: str) -> None:
    if make.startswith(("jpg", "png")) and not files.can_read_pictures():
        pytest.skip("tesseract-ocr-fra is absent: pictures are kept, not read")
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for seed in (101, 102):
        cv = generated(seed, make)
        proposal = PROPOSER.propose(read_document(cv.data, cv.filename), BENCH_TODAY)
        for field, good in judged(cv.person, proposal):
            asked[field] += 1
            right[field] += good
    assert right["contacts"] >= 0.8 * asked["contacts"]
    assert right["dates"] >= 0.75 * asked["dates"]
    assert right["occupation among the first three"] == asked["occupation among the first three"]


words = st.sampled_from(
    "Expérience Formation Langues Compétences Permis B 2015-2018 mars 2019 à ce jour cariste Nadia Benali 03100 "
    "Montluçon 06 12 34 56 78 x@example.org CAP niveau V anglais courant - • : , ( \t née le 12/03/1991 chez".split(" ")
)


@settings(max_examples=60)
@given(st.lists(st.lists(words | st.text(max_size=8), max_size=12).map(" ".join), max_size=25))
def test_whatever_the_text_places_lie_in_their_lines(texts: list[str]) -> None:
    read = ReadDocument(kind=Kind.TEXT, lines=tuple(Line(text) for text in texts))
    found = PROPOSER.propose(read, TODAY)
    single = (
        found.first_name,
        found.last_name,
        found.email,
        found.phone,
        found.commune,
        found.birth_date,
        found.vehicle,
    )
    many: tuple[Any, ...] = (
        *found.skills,
        *found.licences,
        *found.experiences,
        *found.occupations,
        *found.languages,
        *found.diplomas,
    )
    for one in (*single, *many):
        if one is not None and one.at is not None:
            assert 0 <= one.at.start <= one.at.end <= len(texts[one.at.line])
            assert 0 <= one.confidence <= 1
    assert all(0 <= job.months <= 600 for job in found.experiences)
    assert all(0 <= occupation.months <= 600 for occupation in found.occupations)
