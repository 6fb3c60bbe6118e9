"""The name under which a person practises an occupation, from the CV to the card, in a town that imported ROME."""

import json
from dataclasses import replace
from typing import Any

import pytest

from node.documents.contact import contact_of
from node.mission.accounts.roles import Role
from node.mission.agreements.consent import ConsentScope
from node.mission.people.candidate import Candidate, Experience
from node.reading.proposals import ProposedOccupation
from node.reading.proposing import Proposer
from node.reading.reading import read_document
from node.referential import Referential, load
from node.referential.edition import compose
from node.referential.rome import read_rome
from node.services.people import files, papers
from tests.node.mission import samples
from tests.node.mission.samples import TODAY
from tests.node.referential.official import archive_folder
from tests.node.registering import register_person
from tests.node.web.conftest import Town

LABEL, CHOSEN, OTHER = "Cariste", "Conducteur / Conductrice de chariot", "Frotteur / Frotteuse de parquets"


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Referential:
    """A small ROME with appellations; the embedded tables have none."""
    return compose(rome=read_rome(archive_folder(tmp_path_factory.mktemp("rome"))))


def edition(town: Town, referential: Referential) -> None:
    """The town's reference tables, from now on."""
    town.node = replace(town.node, desk=replace(town.node.desk, referential=lambda: referential))
    town.__dict__.pop("app", None)


@pytest.fixture
def person(town: Town, official: Referential) -> Candidate:
    """Somebody whose occupation was chosen by that name."""
    edition(town, official)
    return register_person(
        town.node.desk,
        {
            "first_name": "Aïcha",
            "last_name": "Benmansour",
            "phone": "0612345678",
            "commune": samples.MONTLUCON,
            "occupations": (Experience(rome="N1101", months=24, appellation=CHOSEN),),
        },
        town.account(Role.COUNSELLOR).id,
        agreements={ConsentScope.KEEP: "signé au guichet"},
    )


def kept(town: Town, person: Candidate) -> tuple[Experience, ...]:
    return files.person_file(town.node.desk, person.id).person.occupations


def test_what_is_chosen_shows_and_is_kept(town: Town, person: Candidate) -> None:
    visitor, path = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}/projet"
    fields: dict[str, Any] = {"occupations": "N1101", "months_N1101": "24", "appellation_N1101": "", "hours": "any"}
    looked = visitor.send_form(path, **fields, chercher="occupations", q_occupations="conducteur de chariot")
    assert f'value="occupations:N1101:{CHOSEN}"' in looked.text
    chosen = visitor.send_form(path, **fields, ajouter=f"occupations:N1101:{CHOSEN}")
    assert f'name="appellation_N1101" value="{CHOSEN}"' in chosen.text
    assert f"{CHOSEN}<br>" in chosen.text and f"{LABEL} (N1101)" in chosen.text
    assert chosen.text.count('name="occupations" value="N1101"') == 1, "another name of it is no second occupation"
    assert visitor.send_form(path, **fields | {"appellation_N1101": CHOSEN}, follow=False).status_code == 303
    assert kept(town, person) == (Experience(rome="N1101", months=24, appellation=CHOSEN),)


@pytest.mark.parametrize("made_up", [LABEL, OTHER, "Pirate"])
def test_its_own_label_and_names_of_other_occupations_are_no_appellation(
    town: Town, person: Candidate, made_up: str
) -> None:
    path = f"/candidats/{person.id}/projet"
    shown = town.signed_in(Role.COUNSELLOR).send_form(path, hours="any", ajouter=f"occupations:N1101:{made_up}")
    assert 'name="appellation_N1101" value=""' in shown.text and LABEL in shown.text


def test_every_page_and_paper_says_it(town: Town, person: Candidate, official: Referential) -> None:
    counsellor, own = town.signed_in(Role.COUNSELLOR), town.signed_in(candidate=person.id)
    for page in ("", "/projet"):
        assert CHOSEN in counsellor.get(f"/candidats/{person.id}{page}").text
    for page in ("/mon-espace/donnees", "/mon-espace/carte", "/mon-espace/mes-donnees.json"):
        assert CHOSEN in own.get(page).text, page
    assert papers.cv_of(person, official).headline == CHOSEN
    assert papers.card_of(person, official, contact_of(town.node.config)).occupations == (CHOSEN,)
    assert papers.resume_of(person, official)["basics"]["label"] == CHOSEN


def test_a_newer_edition_without_it_keeps_it(town: Town, person: Candidate) -> None:
    edition(town, load())
    visitor, path = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}/projet"
    assert f'name="appellation_N1101" value="{CHOSEN}"' in visitor.get(path).text
    fields = {"occupations": "N1101", "months_N1101": "30", "appellation_N1101": CHOSEN, "hours": "any"}
    assert visitor.send_form(path, **fields, follow=False).status_code == 303
    assert kept(town, person) == (Experience(rome="N1101", months=30, appellation=CHOSEN),)
    assert papers.cv_of(person, load()).headline == CHOSEN


def read(official: Referential, content: bytes, name: str) -> tuple[ProposedOccupation, ...]:
    return Proposer(official).propose(read_document(content, name), TODAY).occupations


def test_a_cv_is_read_to_an_appellation(official: Referential) -> None:
    cv = "Luc FABRE\nluc@example.fr\n\nExpérience\n2018 - 2022 : Conducteur de chariot, Entrepôts du Cher\n"
    (found,) = read(official, cv.encode(), "cv.txt")
    assert (found.rome, found.label, found.appellation) == ("N1101", LABEL, CHOSEN)
    (plain,) = read(official, cv.replace("Conducteur de chariot", "Cariste").encode(), "cv.txt")
    assert (plain.rome, plain.appellation) == ("N1101", "")


def test_a_resume_carries_it_to_another_town(official: Referential, person: Candidate) -> None:
    resume = json.dumps(papers.resume_of(person, official)).encode()
    (found,) = read(official, resume, "cv.json")
    assert (found.rome, found.months, found.appellation) == ("N1101", 24, CHOSEN)
    (elsewhere,) = read(load(), resume, "cv.json")
    assert (elsewhere.rome, elsewhere.appellation) == ("N1101", "")
