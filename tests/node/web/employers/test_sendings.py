"""A counsellor sends people to an employer of the town, by mail or letter, and follows it."""

from datetime import timedelta
from typing import Any

import pytest

from node.mission.accounts.roles import Role
from node.mission.agreements.consent import ConsentScope
from node.mission.employers.codes import shown_code
from node.mission.employers.sending import Sending
from node.mission.forwards.forward import ForwardState
from node.mission.forwards.terms import GUARANTEE_SAYS
from node.services.agreements import withdrawing
from node.services.employers.sending import sendings_of
from tests.node.web.conftest import words
from tests.node.web.employers.conftest import Shop


def sent(shop: Shop, number: int = 0) -> Sending:
    made = shop.forward(number).id
    return sendings_of(shop.town.node.desk, [made])[made][0]


def test_after_putting_forward_the_page_asks_how_it_goes_and_to_whom(shop: Shop) -> None:
    visitor, person = shop.counsellor, shop.people[0]
    page = f"/candidats/{person.id}/mise-en-relation?offre={shop.offer.key}"
    site = shop.offer.sites[0].id
    chosen = visitor.send_form(page, why="Elle a tenu ce rayon deux ans.", agreed="au guichet", site=site)
    path = chosen.url.path
    said = words(chosen)
    assert "roche@boucherie.example" in said and "3 rue de la Gare" in said and GUARANTEE_SAYS in said
    assert shop.forward().state is ForwardState.DRAFT
    done = visitor.send_form(path, way="mail", email="roche@boucherie.example", name="Mme Roche")
    assert "Le courriel est parti, avec votre garantie." in words(done)
    assert shop.forward().state is ForwardState.SENT
    assert [mail["To"] for mail in shop.sink.mails] == ["roche@boucherie.example"]
    assert shown_code(sent(shop).code) in words(done)
    assert f'href="/envois/{sent(shop).id}"' in visitor.get(f"/candidats/{person.id}/offres").text


def test_what_was_typed_comes_back_with_what_is_missing(shop: Shop) -> None:
    path = f"/mises-en-relation/{shop.drafted().id}/envoi"
    wrong: list[dict[str, Any]] = [{"way": "mail", "email": ""}, {"way": "mail", "email": "roche"}, {"way": "pigeon"}]
    for fields in wrong:
        answer = shop.counsellor.send_form(path, name="Mme Roche", **fields)
        assert answer.status_code == 422 and "Mme Roche" in words(answer)
    assert shop.forward().state is ForwardState.DRAFT and not shop.sink.mails


def test_a_letter_is_printed_by_a_button_and_each_print_has_a_link(shop: Shop) -> None:
    visitor = shop.counsellor
    page = visitor.send_form(f"/mises-en-relation/{shop.drafted().id}/envoi", way="letter")
    assert "Imprimer la lettre et les CV" in words(page)
    path = f"/envois/{sent(shop).id}"
    for _time in range(2):
        letter = visitor.send_form(f"{path}/lettre", path)
        assert letter.headers["content-type"] == "application/pdf" and letter.content.startswith(b"%PDF")
    assert visitor.get(f"{path}/lettre").status_code == 405


def test_a_preselection_is_one_mail_with_a_sentence_for_each(shop: Shop) -> None:
    visitor, path = shop.counsellor, f"/offres/{shop.offer.key}/preselection"
    shop.drafted(0)
    page = words(visitor.get(path))
    assert "Amina Benali" in page and "Luc Fabre" in page
    luc = shop.people[1].id
    people = [shop.people[0].id, luc]
    refused = visitor.send_form(path, people=people, way="mail", email="roche@boucherie.example")
    assert refused.status_code == 422 and "Dites avec vos mots pourquoi" in words(refused)
    told: dict[str, Any] = {f"why-{luc}": "Il connaît les quais.", f"agreed-{luc}": "au téléphone"}
    done = visitor.send_form(path, people=people, way="mail", email="roche@boucherie.example", **told)
    assert "Le courriel est parti" in words(done)
    (mail,) = shop.sink.mails
    assert mail["Subject"].startswith("2 personnes pour")
    assert sent(shop, 0).id == sent(shop, 1).id
    assert shop.forward(1).why == "Il connaît les quais."


def test_nobody_is_chosen_and_too_many_are(shop: Shop) -> None:
    visitor, path = shop.counsellor, f"/offres/{shop.offer.key}/preselection"
    assert visitor.send_form(path, way="letter").status_code == 422
    assert visitor.get(f"/offres/ailleurs.example/{shop.offer.id}/preselection").status_code == 404


def test_a_mail_that_did_not_leave_is_tried_again_from_today(shop: Shop) -> None:
    visitor, path = shop.counsellor, f"/mises-en-relation/{shop.drafted().id}/envoi"
    shop.sink.refused = {"roche@boucherie.example"}
    said = words(visitor.send_form(path, way="mail", email="roche@boucherie.example"))
    assert "n'est pas encore parti" in said and shop.forward().state is ForwardState.SENT
    page = f"/envois/{sent(shop).id}"
    assert page not in visitor.get("/aujourdhui").text
    shop.town.clock.moment += timedelta(hours=1)
    assert page in visitor.get("/aujourdhui").text
    assert "n'a pas pris le courriel" in words(visitor.send_form(f"{page}/courriel", page))
    shop.sink.refused.clear()
    assert "Le courriel est parti." in words(visitor.send_form(f"{page}/courriel", page))
    assert len(shop.sink.mails) == 1 and page not in visitor.get("/aujourdhui").text


def test_a_town_without_mail_prints(shop: Shop) -> None:
    config = shop.town.node.config
    object.__setattr__(config, "mail", config.mail.model_copy(update={"host": ""}))
    path = f"/mises-en-relation/{shop.drafted().id}/envoi"
    assert "n'envoie pas de courriel" in words(shop.counsellor.get(path))
    assert shop.counsellor.send_form(path, way="mail", email="a@b.example").status_code == 422


def test_a_letter_of_somebody_who_withdrew_waits_on_today_until_it_is_asked_back(shop: Shop) -> None:
    visitor = shop.counsellor
    visitor.send_form(f"/mises-en-relation/{shop.drafted().id}/envoi", way="letter")
    desk, path = shop.town.node.desk, f"/envois/{sent(shop).id}"
    foreseen = withdrawing.foresee(desk, shop.people[0].id, ConsentScope.OFFER)
    assert foreseen.recalled == 1
    withdrawing.withdraw(desk, shop.people[0].id, "anne", ConsentScope.OFFER)
    assert f'href="{path}#destruction"' in visitor.get("/aujourdhui").text
    assert visitor.get(f"{path}/destruction.pdf").content.startswith(b"%PDF")
    assert "papier : destruction demandée" in words(
        visitor.send_form(f"{path}/destruction", path, forward=shop.forward().id)
    )
    assert path not in visitor.get("/aujourdhui").text
    assert visitor.get(f"{path}/destruction.pdf").status_code == 410
    own = shop.town.signed_in(candidate=shop.people[0].id)
    trail = words(own.get("/mon-espace/suivi"))
    assert "Boucherie Roche" in trail and "Papier : destruction demandée" in trail


@pytest.mark.parametrize("act", ["fin", "lettre"])
def test_an_ended_sending_says_so(shop: Shop, act: str) -> None:
    visitor = shop.counsellor
    visitor.send_form(f"/mises-en-relation/{shop.drafted().id}/envoi", way="letter")
    path = f"/envois/{sent(shop).id}"
    visitor.send_form(f"{path}/fin", path)
    assert "Le lien a pris fin" in words(visitor.get(path))
    assert visitor.send_form(f"{path}/{act}", path).status_code == (200 if act == "fin" else 410)


def test_whoever_opened_the_file_by_sending_or_printing_is_in_the_trail(shop: Shop) -> None:
    visitor = shop.counsellor
    visitor.send_form(f"/mises-en-relation/{shop.drafted().id}/envoi", way="letter")
    path = f"/envois/{sent(shop).id}"
    visitor.send_form(f"{path}/lettre", path)
    with shop.town.node.database.read() as uow:
        opened = [one.what.value for one in uow.accounts.accesses_to(shop.people[0].id, 10)]
    assert {"forward", "print"} <= set(opened)
    shop.town.clock.moment += timedelta(days=1)
    assert shop.town.signed_in(Role.ADMINISTRATOR).get(path).status_code == 403
