"""The promise of an employer who said « oui, si… »: what a training fund can read and prove."""

from dataclasses import replace
from datetime import UTC, date, datetime

from node.documents.promise import Promise, promise_pdf
from tests.node.documents.people import MONTLUCON
from tests.node.documents.reading import Document

PROMISE = Promise(
    person="Aïcha N'Diaye",
    employer="Les Grands Moulins",
    post="Cariste",
    place="Entrepôt de Montluçon",
    thing="CACES R489 catégorie 1",
    until=date(2027, 3, 15),
    promised=datetime(2026, 11, 27, 14, 10, tzinfo=UTC),
    signed_by="Les Grands Moulins, siège",
    number="1/412",
    mission=MONTLUCON,
)


def test_a_promise_says_who_what_by_when_and_how_it_is_proven() -> None:
    page = Document(promise_pdf(PROMISE))
    assert page.pages == 1
    assert page.comes_in_order(
        "Oui, si…",
        "Les Grands Moulins dit oui à Aïcha N'Diaye",
        "Cariste",
        "Entrepôt de Montluçon",
        "CACES R489 catégorie 1",
        "avant le 15 mars 2027",
        "27 novembre 2026 à 15 h 10",
        "Les Grands Moulins, siège",
        "1/412",
        "L’employeur",
    )


def test_an_answer_that_the_mission_noted_waits_for_the_employers_signature() -> None:
    page = Document(promise_pdf(replace(PROMISE, signed_by="", number="", place="")))
    assert "notée par la mission emploi" in page.text and "sous le numéro" not in page.text


def test_long_names_keep_to_one_page() -> None:
    long = replace(PROMISE, person="Anne " * 60, employer="Entreprise " * 60, post="poste " * 90, thing="x" * 900)
    assert Document(promise_pdf(long)).pages == 1
