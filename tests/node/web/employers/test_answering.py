"""The employer's page, without an account: what it shows, what a GET leaves as it was, and answers."""

from datetime import timedelta
from typing import Any

import pytest

from node.mission.agreements.consent import ConsentScope
from node.mission.forwards.forward import ForwardState
from node.mission.forwards.terms import GUARANTEE_SAYS
from node.services.actors import BY_LINK
from node.services.agreements import withdrawing
from tests.node.web.conftest import words
from tests.node.web.employers.conftest import Shop
from tests.node.web.employers.test_sendings import sent

NO: dict[str, Any] = {
    "reason": "lacking_skills",
    "to_candidate": "Il faut savoir désosser.",
    "to_guarantor": "Une formation suffirait.",
}


def state(shop: Shop, number: int = 0) -> ForwardState:
    return shop.forward(number).state


def test_a_scanner_of_mails_changes_nothing(shop: Shop) -> None:
    link, scanner = shop.mailed(), shop.town.visitor()
    before = shop.forward()
    for path in (link, f"{link}/1/entretien", f"{link}/1/embauche", f"{link}/1/refus", f"{link}/1/reponse",
                 f"{link}/1/cv.pdf"):  # fmt: skip
        answer = scanner.get(path)
        assert answer.status_code == 200 and not answer.content.startswith(b"%PDF"), path
        assert scanner.request("HEAD", path).status_code in (200, 405)
    assert scanner.get(f"{link}/cv").status_code == 405
    assert shop.forward() == before


def test_the_page_shows_who_why_and_what_was_checked_and_is_told_to_nobody(shop: Shop) -> None:
    answer = shop.town.visitor().get(shop.mailed())
    said = words(answer)
    for part in ("Amina Benali", "Elle a tenu ce rayon deux ans.", "Rencontre en personne", GUARANTEE_SAYS,
                 "Voir le CV", "Adressé à Mme Roche, Boucherie Roche", "04 70 02 55 00"):  # fmt: skip
        assert part in said, part
    assert "0470000000" not in said and "cv.pdf" not in said
    assert "noindex" in answer.headers["x-robots-tag"] and answer.headers["referrer-policy"] == "strict-origin"
    assert answer.headers["cache-control"] == "no-store"


def test_the_cv_opens_once_somebody_pressed_the_button(shop: Shop) -> None:
    link, visitor = shop.mailed(), shop.town.visitor()
    page = visitor.send_form(f"{link}/cv", link)
    assert f"{link}/1/cv.pdf" in page.text and state(shop) is ForwardState.SEEN
    cv = visitor.get(f"{link}/1/cv.pdf")
    assert cv.content.startswith(b"%PDF") and cv.headers["cache-control"] == "no-store"


def test_an_interview_is_the_employers_word_and_the_page_says_what_comes_next(shop: Shop) -> None:
    link, visitor = shop.mailed(), shop.town.visitor()
    shop.town.clock.moment += timedelta(hours=1)
    day = shop.town.node.desk.today() + timedelta(days=3)
    done = visitor.send_form(f"{link}/1/entretien", day=day.isoformat(), said="À 9 h, à la boutique.")
    assert done.url.path == f"{link}/1/reponse" and "vous confirme le jour" in words(done)
    assert shop.forward().moves[-1].actor == BY_LINK
    shown = words(shop.counsellor.get(f"/candidats/{shop.people[0].id}/offres"))
    assert "L'employeur, par le lien" in shown and "À 9 h, à la boutique." in shown and f"{day:%d/%m/%Y}" in shown
    assert "Amina Benali" in words(shop.counsellor.get("/aujourdhui"))
    hired = visitor.send_form(f"{link}/1/embauche", day=f"{day:%d/%m/%Y}")
    assert "après un mois" in words(hired) and state(shop) is ForwardState.HIRED


def test_a_refusal_needs_reason_and_text_and_keeps_what_was_typed(shop: Shop) -> None:
    link, visitor = shop.mailed(), shop.town.visitor()
    for change in ({"reason": ""}, {"reason": "no_answer"}, {"to_candidate": " "}, {"to_candidate": "Trop âgée."}):
        answer = visitor.send_form(f"{link}/1/refus", **(NO | change))
        assert answer.status_code == 422 and "Une formation suffirait." in words(answer), change
    assert state(shop) is ForwardState.SENT
    done = visitor.send_form(f"{link}/1/refus", **NO)
    assert "détruire le CV" in words(done) and state(shop) is ForwardState.DECLINED


def test_the_second_of_two_colleagues_is_told_and_nothing_is_doubled(shop: Shop) -> None:
    link, first, second = shop.mailed(), shop.town.visitor(), shop.town.visitor()
    first.send_form(f"{link}/1/refus", **NO)
    before = shop.forward()
    late = second.send_form(f"{link}/1/refus", link, **NO)
    assert late.status_code == 409 and "Quelqu'un de chez vous a répondu avant" in words(late)
    assert second.send_form(f"{link}/1/embauche", link).status_code == 409
    assert second.get(f"{link}/1/embauche").url.path == f"{link}/1/reponse"
    assert shop.forward() == before


def test_after_a_withdrawal_the_page_says_so_without_the_name(shop: Shop) -> None:
    link, visitor = shop.mailed(), shop.town.visitor()
    visitor.send_form(f"{link}/cv", link)
    withdrawing.withdraw(shop.town.node.desk, shop.people[0].id, "anne", ConsentScope.OFFER)
    said = words(visitor.get(link))
    assert "n'est plus proposée" in said and "Amina" not in said
    for path in (f"{link}/1/cv.pdf", f"{link}/1/refus", f"{link}/1/reponse"):
        gone = visitor.get(path)
        assert gone.status_code == 404 and "04 70 02 55 00" in words(gone) and "Amina" not in gone.text
    assert visitor.send_form(f"{link}/1/refus", link, **NO).status_code == 404


def test_a_link_that_ended_gives_the_missions_telephone(shop: Shop) -> None:
    link, visitor = shop.mailed(), shop.town.visitor()
    shop.town.clock.moment += timedelta(days=60)
    for answer in (visitor.get(link), visitor.post(f"{link}/cv", headers={"Sec-Fetch-Site": "same-origin"})):
        assert answer.status_code == 410
        assert "Ce lien a pris fin" in words(answer) and "04 70 02 55 00" in words(answer)
    unknown = visitor.get("/employeur/rien")
    assert unknown.status_code == 404 and "copié en entier" in words(unknown)


@pytest.mark.parametrize("path", ["1/peut-etre", "9/entretien", "0/entretien", "x/entretien"])
def test_addresses_that_are_none(shop: Shop, path: str) -> None:
    assert shop.town.visitor().get(f"{shop.mailed()}/{path}").status_code in (404, 422)


def test_whoever_asks_too_often_waits(shop: Shop) -> None:
    visitor = shop.town.visitor()
    statuses = [visitor.get("/employeur/rien").status_code for _time in range(70)]
    assert set(statuses) == {404, 429}


def test_a_letter_is_verified_by_code_and_name_together(shop: Shop) -> None:
    shop.mailed()
    visitor, code = shop.town.visitor(), sent(shop).code
    found = visitor.send_form("/verifier", code=code, nom="benali amina")
    said = words(found)
    assert (
        found.status_code == 200 and "En cours" in said and GUARANTEE_SAYS in said and "Rencontre en personne" in said
    )
    assert "Boucher" not in said and "Amina" not in said.replace('value="benali amina"', "")
    wrong = {words(visitor.send_form("/verifier", code=code, nom="Luc Fabre")).replace("Luc Fabre", "X"),
             words(visitor.send_form("/verifier", code="K7PX-M2QD", nom="Luc Fabre"))
             .replace("K7PX-M2QD", code).replace("Luc Fabre", "X")}  # fmt: skip
    assert all("Nous n'attestons rien" in one for one in wrong)
    for _time in range(20):
        last = visitor.send_form("/verifier", code="K7PX-M2QD", nom="Luc Fabre")
    assert last.status_code == 429
