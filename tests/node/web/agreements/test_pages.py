"""What a person agreed to, on the counsellor's pages and in « Mon espace »: what ends is said before it ends."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest

from node.kit.i18n import ngettext
from node.mission.accounts.roles import Role
from node.mission.agreements.consent import ConsentScope
from node.mission.forwards.forward import Forward, ForwardState
from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate, CandidateState
from node.services.agreements import recording
from node.services.agreements.withdrawing import Withdrawal
from node.services.forwards import sending
from node.services.people import files
from node.web.agreements import pages
from tests.node.mission import samples
from tests.node.web.conftest import Town, words
from tests.node.web.forwards.test_offers import person, published

__all__ = ["person"]


def kept(town: Town, person: Candidate) -> Candidate:
    return files.person_file(town.node.desk, person.id).person


def under_way(town: Town, person: Candidate) -> tuple[Forward, Offer]:
    """A draft to an employer of the town, to whom the person said yes."""
    offer = published(town)
    recording.give_consent(town.node.desk, person.id, ConsentScope.OFFER, "au guichet", "anne", offer=offer.key)
    consent = kept(town, person).consents[-1]
    made = samples.forward(1, ForwardState.DRAFT, town.node.now(), peer=offer.node, offer=offer.key)
    made = replace(made, candidate=person.id, consent=consent.id)
    with town.node.database.write() as uow:
        uow.forwards.add(made)
    return made, offer


def test_what_refusing_other_towns_ends_and_leaves_is_said_before_and_counted_after(
    town: Town, person: Candidate
) -> None:
    _made, offer = under_way(town, person)
    own, base = town.signed_in(candidate=person.id), "/mon-espace/accords"
    said = words(own.get(f"{base}/retirer/network"))
    assert "Aucune candidature en cours ne s'arrête" in said and "Cette candidature continue" in said
    assert offer.title in said and "continue de vous aider" in said
    after = words(own.send_form(f"{base}/retirer/network"))
    assert "Aucune candidature en cours n'a dû s'arrêter" in after and "Vous n'avez pas dit oui" in after
    assert kept(town, person).state is CandidateState.ACTIVE


def test_a_yes_to_one_offer_is_taken_back_alone(town: Town, person: Candidate) -> None:
    _made, offer = under_way(town, person)
    own, base = town.signed_in(candidate=person.id), "/mon-espace/accords"
    assert f"{offer.title}, {offer.employer}" in words(own.get(base))
    path = f"{base}/retirer/offer?sur={quote(offer.key, safe='')}"
    assert "Cette candidature s'arrête" in words(own.get(path))
    town.clock.moment += timedelta(minutes=1)
    own.send_form(f"{base}/retirer/offer", path, sur=offer.key)
    assert files.person_file(town.node.desk, person.id).forwards[0].state is ForwardState.WITHDRAWN
    assert kept(town, person).agrees(ConsentScope.NETWORK, town.node.desk.today())
    today = words(town.signed_in(Role.HEAD).get("/aujourdhui?equipe=1"))
    assert "Mises en relation arrêtées à la demande de la personne" in today


def test_a_person_pauses_leaves_and_comes_back(town: Town, person: Candidate) -> None:
    own, base = town.signed_in(candidate=person.id), "/mon-espace/accords"
    own.send_form(f"{base}/retirer/pause")
    assert kept(town, person).state is CandidateState.LIMITED
    assert "En pause, à votre demande" in words(own.get(base))
    own.send_form(f"{base}/revenir", base)
    assert kept(town, person).state is CandidateState.ACTIVE
    own.send_form(f"{base}/retirer/keep")
    assert kept(town, person).objected_at is not None
    assert "dans les 30 jours" in words(own.get(base))
    own.send_form(f"{base}/revenir", base)
    assert kept(town, person).objected_at is None


def test_a_counsellor_does_the_same_for_whoever_has_no_telephone(town: Town, person: Candidate) -> None:
    visitor, base = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}"
    assert visitor.send_form(f"{base}/accords", scope="employer", how="dit au guichet").status_code == 422
    visitor.send_form(f"{base}/accords", scope="employer", employer="Verrières du Cher", how="dit au guichet")
    assert "Verrières du Cher" in words(visitor.get(f"{base}/accords"))
    ask = f"{base}/accords/retirer?portee=employer&sur=Verri%C3%A8res%20du%20Cher"
    visitor.send_form(f"{base}/accords/retirer", ask, scope="employer", sur="Verrières du Cher")
    assert all(one.withdrawn_at for one in kept(town, person).consents if one.employer)
    visitor.send_form(f"{base}/accords/retirer", f"{base}/accords/retirer?portee=pause", scope="pause")
    assert kept(town, person).state is CandidateState.LIMITED
    assert "La personne revient" in words(visitor.get(f"{base}/accords"))
    visitor.send_form(f"{base}/etat", f"{base}/accords", state="active")
    assert kept(town, person).state is CandidateState.ACTIVE
    visitor.send_form(f"{base}/accords/retirer", f"{base}/accords/retirer?portee=keep", scope="keep")
    answer = visitor.send_form(f"{base}/accords/retirer", f"{base}/accords/retirer?portee=pause", scope="pause")
    assert "a déjà arrêté son suivi" in words(answer)


def test_a_local_offer_asks_for_the_persons_yes_where_it_is_put_forward(town: Town, person: Candidate) -> None:
    offer = published(town)
    visitor, base = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}/mise-en-relation"
    path = f"{base}?offre={quote(offer.key, safe='')}"
    assert 'name="agreed"' in visitor.get(path).text
    refused = visitor.send_form(path, path, why="Il connaît les quais.", site="s1")
    assert refused.status_code == 422 and "n'a pas dit oui à cette offre" in words(refused)
    visitor.send_form(path, path, why="Il connaît les quais.", site="s1", agreed="au guichet")
    said = kept(town, person).consents[-1]
    assert (said.scope, said.offer, said.how) == (ConsentScope.OFFER, offer.key, "au guichet")
    assert sending.all_forwards(town.node.desk)[0].candidate == person.id


@pytest.mark.parametrize("press", [True, False])
def test_the_head_sees_whom_a_release_took_out_before_anything_is_done(
    town: Town, person: Candidate, press: bool
) -> None:
    with town.node.database.write() as uow:
        uow.candidates.save(replace(kept(town, person), state=CandidateState.WITHDRAWN))
    assert "/equipe/reprises" not in town.signed_in(Role.COUNSELLOR).get("/aujourdhui").text
    head = town.signed_in(Role.HEAD)
    assert "/equipe/reprises" in head.get("/aujourdhui").text
    said = words(head.get("/equipe/reprises"))
    assert "Luc Fabre" in said and "Les autres villes n'apprennent rien" in said
    head.send_form("/equipe/reprises", person=person.id if press else "")
    state = CandidateState.ACTIVE if press else CandidateState.WITHDRAWN
    assert kept(town, person).state is state


def test_taking_a_yes_back_promises_nothing_while_other_towns_stay_agreed(town: Town, person: Candidate) -> None:
    recording.give_consent(
        town.node.desk, person.id, ConsentScope.EMPLOYER, "au guichet", "anne", employer="Entrepôts du Cher"
    )
    counsellor, own = town.signed_in(Role.COUNSELLOR), town.signed_in(candidate=person.id)
    page = f"/candidats/{person.id}/accords/retirer?portee=employer&sur={quote('Entrepôts du Cher')}"
    theirs = f"/mon-espace/accords/retirer/employer?sur={quote('Entrepôts du Cher')}"
    for said in (words(counsellor.get(page)), words(own.get(theirs))):
        assert "Rien de nouveau ne part" not in said and "accord pour les autres villes reste" in said
    own.send_form("/mon-espace/accords/retirer/network")
    for said in (words(counsellor.get(page)), words(own.get(theirs))):
        assert "Rien de nouveau ne part vers cet employeur" in said


def test_the_offer_to_say_yes_to_is_told_with_its_place_and_no_other_is_read(town: Town, person: Candidate) -> None:
    offer, line = published(town), "Préparateur de commandes, Entrepôts du Cher, Montluçon (03100)"
    visitor, page = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}/accords"
    asked = f"{page}?offre={quote(offer.key, safe='')}"
    assert line in words(visitor.get(asked))
    assert line not in words(visitor.get(page))
    assert visitor.get(f"{page}?offre=rien").status_code == 200
    visitor.send_form(page, asked, scope="offer", offer=offer.key, how="au guichet")
    assert line in words(visitor.get(page))


def test_two_cvs_that_one_employer_holds_are_one_recipient(town: Town) -> None:
    """As it was said before: whoever is told, and not how often; not the own town, whose employers got paper."""
    own = town.node.desk.node_id
    done = Withdrawal("p1", (), (("o1", "moulins.example"), ("o2", "moulins.example"), ("o3", own)), ())
    (sentence,) = pages.said(town.node.desk, done)
    assert sentence == ngettext(
        "{number} recipient of the CV is told to destroy it.",
        "{number} recipients of the CV are told to destroy it.",
        1,
    ).format(number=1)
