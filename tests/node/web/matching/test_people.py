"""An offer's people on a page: each in one group, with what fits, what is missing, and one thing to do."""

import re
from dataclasses import replace
from typing import Any

import pytest

from node.mission.accounts.roles import ACCOUNT_ROLES, PERMISSIONS, Permission, Role
from node.mission.accounts.trail import OpenedFor
from node.mission.forwards.forward import ForwardState, Side
from node.mission.matching.exclusion import Exclusion
from node.mission.matching.telling import StepToTake
from node.mission.offers.offer import Need
from node.mission.people.candidate import Candidate
from node.services.accounts.trail import NOBODYS
from node.services.offers import publishing
from node.services.people import files
from node.web.forwards.told import STEPS
from node.web.matching.people import CHANGED_AT
from tests.node.mission import samples
from tests.node.registering import register_person
from tests.node.web.conftest import Town, words
from tests.node.web.forwards.test_offers import by, ended, person, published

__all__ = ["person"]

WAREHOUSE_SKILL = "121396"


def where(offer: Any) -> str:
    return f"/offres/{offer.key}/personnes"


def group(page: str, name: str) -> str:
    """The text of one card; empty when it is not on the page."""
    found = re.search(rf'aria-labelledby="{name}">(.*?)</section>', page, re.DOTALL)
    return found[1] if found else ""


def enrolled(town: Town, name: str, **changes: Any) -> Candidate:
    """Somebody of the town whose CV is not signed."""
    fields = {"first_name": "Zoé", "last_name": name, "commune": samples.MONTLUCON, "phone": "0470000001"}
    sought = {"occupations": samples.candidate().occupations}
    return register_person(town.node.desk, fields | sought | changes, town.account(Role.COUNSELLOR).id)


def test_each_group_says_what_fits_and_what_to_do(town: Town, person: Candidate) -> None:
    enrolled(town, "Martin")
    enrolled(town, "Roy", commune=samples.BAYONNE)
    offer = published(town, commune=samples.DOMERAT)
    page = words(town.signed_in(Role.COUNSELLOR).get(where(offer)))
    assert "Qui convient ? Préparateur de commandes" in page and "Entrepôts du Cher · Domérat · 1 poste" in page
    near = group(page, "a-portee")
    assert "Luc Fabre" in near and "5,7 km, dans son rayon de 10 km" in near and "métier recherché" in near
    assert f"/candidats/{person.id}/mise-en-relation?offre=" in near
    waiting = group(page, "a-preparer")
    assert "Zoé Martin" in waiting and "Avant de signer le CV" in waiting and "#skills" in waiting
    out = group(page, "ecartees")
    assert "Zoé Roy" in out and "de son rayon de 10 km" in out and "1 : hors de portée" in out
    assert f'href="/offres/{offer.node}/{offer.id}"' in page


def test_too_far_for_now_stands_apart_with_what_it_takes(town: Town, person: Candidate) -> None:
    files.amend(town.node.desk, person.id, {"mobility_km": 2}, "anne")
    page = words(town.signed_in(Role.COUNSELLOR).get(where(published(town, commune=samples.DOMERAT))))
    assert "Personne pour le moment" in group(page, "a-portee")
    beyond = group(page, "plus-loin")
    assert "5,7 km : 3,7 km de trop" in beyond and StepToTake.MOBILITY.label in beyond
    assert f"/candidats/{person.id}/projet#mobility_km" in beyond


def test_signs_are_not_all_that_says_what_is_missing(town: Town, person: Candidate) -> None:
    """Whoever does not see the colour, nor the sign, hears a word; points have their maximum."""
    desk = town.node.desk
    wanted = samples.offer(
        7, node=desk.node_id, closes=published(town).closes, skills=(("900999", Need.REQUIRED),), qualification=6
    )
    with town.node.database.write() as uow:
        (offer,) = publishing.publish_offers(uow, desk, [wanted], desk.now())
    for path in (
        where(offer),
        f"/candidats/{person.id}/offres",
        f"/candidats/{person.id}/mise-en-relation?offre={offer.key}",
    ):
        page = words(town.signed_in(Role.COUNSELLOR).get(path))
        assert re.search(r'✗</span><span class="visually-hidden">Manque :</span> 0 compétence demandée sur 1', page)
        assert re.search(r'✓</span><span class="visually-hidden">Convient :</span> métier recherché', page)
        assert re.search(r'~</span><span class="visually-hidden">À voir :</span> qualification absente', page)
        assert "Détail du calcul" in page and "50 sur 250" in page and "/rapprochements" in page
        assert StepToTake.TRAINING.label in page


def test_whoever_stands_is_shown_as_such_with_no_second_try(town: Town, person: Candidate) -> None:
    offer = published(town)
    ended(town, 1, person, offer, by(Side.RECEIVER, town, ForwardState.SEEN))
    page = words(town.signed_in(Role.COUNSELLOR).get(where(offer)))
    near = group(page, "a-portee")
    assert "Déjà en relation : vue" in near and "déjà 1 mise en relation" in near and "mise-en-relation?" not in near
    with town.node.database.write() as uow:
        (made,) = uow.forwards.of_candidate(person.id)
        uow.forwards.save(replace(made, state=ForwardState.EXPIRED))
    page = words(town.signed_in(Role.COUNSELLOR).get(where(offer)))
    assert "mise-en-relation?" in group(page, "a-portee"), "what ended without an answer may be tried again"


def test_a_closed_offer_says_so_and_lists_nobody(town: Town, person: Candidate) -> None:
    offer = published(town)
    publishing.close_offer(town.node.desk, offer.key, "filled")
    page = words(town.signed_in(Role.COUNSELLOR).get(where(offer)))
    assert "Cette offre est fermée" in page and person.last_name not in page


def test_opening_the_list_is_in_the_trail_and_an_unknown_offer_is_not_found(town: Town, person: Candidate) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    assert visitor.get("/offres/montlucon.emploi.example/nulle/personnes").status_code == 404
    with town.node.database.read() as uow:
        before = len(uow.accounts.accesses(100))
    visitor.get(where(published(town)))
    with town.node.database.read() as uow:
        lines = uow.accounts.accesses(100)
    assert len(lines) == before + 1
    assert (lines[0].account, lines[0].candidate, lines[0].what) == (
        town.account(Role.COUNSELLOR).id,
        NOBODYS,
        OpenedFor.LISTED,
    )


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_only_those_who_read_files_see_an_offers_people(town: Town, role: Role) -> None:
    answer = town.signed_in(role).get(where(published(town)))
    assert (answer.status_code == 200) is (Permission.READ_FILES in PERMISSIONS[role])


def test_each_step_and_each_reason_of_a_person_has_its_place() -> None:
    assert set(STEPS) == set(StepToTake)
    assert set(CHANGED_AT) == set(Exclusion) - {Exclusion.CLOSED, Exclusion.OTHER_OCCUPATION}


def test_each_step_leads_to_something_that_is_there(town: Town, person: Candidate) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    for place in {*STEPS.values(), *(one for one in CHANGED_AT.values() if one)}:
        path, _sharp, anchor = place.format(offer="").partition("#")
        assert f'id="{anchor}"' in visitor.get(f"/candidats/{person.id}/{path}").text, place


def test_the_draft_says_why_these_two_do_not_fit(town: Town, person: Candidate) -> None:
    offer = published(town, commune=samples.BAYONNE)
    page = words(town.signed_in(Role.COUNSELLOR).get(f"/candidats/{person.id}/mise-en-relation?offre={offer.key}"))
    assert "Rapprochement impossible aujourd'hui" in page and "au-delà de son rayon de 10 km" in page


def test_a_persons_offers_within_reach_come_first_then_those_that_take_more(town: Town, person: Candidate) -> None:
    files.amend(town.node.desk, person.id, {"mobility_km": 2}, "anne")
    published(town, 1, commune=samples.DOMERAT)
    visitor, path = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}/offres"
    page = words(visitor.get(path))
    assert "Aucune à portée aujourd'hui" in group(page, "offres")
    assert "Si vous pouviez aller plus loin" in page and "3,7 km de trop" in group(page, "plus-loin")
    near = published(town, 2)
    page = words(visitor.get(path))
    assert "dans sa commune" in group(page, "offres") and f'href="/offres/{near.node}/{near.id}"' in page
    assert "% de correspondance" not in page
