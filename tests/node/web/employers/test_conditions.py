"""« Oui, si… » on the employer's page, what comes back when it is incomplete, and answers taken back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from node.mission.forwards.forward import ConditionKind, ForwardState
from node.mission.offers.offer import Need
from node.services.actors import BY_LINK
from node.services.listening import deliver
from tests.node.mission import samples
from tests.node.web.conftest import words
from tests.node.web.employers.conftest import Shop

S = ForwardState


def asking(shop: Shop) -> list[str]:
    """The skills that the offer asks for from now on."""
    known = sorted(shop.town.node.desk.referential().skills.for_occupation(samples.WAREHOUSE))[:2]
    with shop.town.node.database.write() as uow:
        uow.offers.save(replace(shop.offer, skills=tuple((code, Need.REQUIRED) for code in known)))
    return known


def label(shop: Shop, code: str) -> str:
    return shop.town.node.desk.referential().skills.label(code) or code


def day(shop: Shop, days: int = 30) -> str:
    return (shop.town.node.desk.today() + timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "licence", "licence": "B"}, "permis B"),
        ({"kind": "immersion", "days": "5", "text": "au rayon"}, "une immersion de 5 jours (au rayon)"),
        ({"kind": "other", "text": "savoir désosser"}, "savoir désosser"),
        ({"kind": "skill", "text": "CACES R489"}, "CACES R489"),
        # What was filled in before another kind was chosen counts for nothing.
        ({"kind": "licence", "licence": "B", "days": "500", "skills": "inconnue"}, "permis B"),
    ],
)
def test_yes_if_names_one_thing_and_the_page_says_what_comes_next(
    shop: Shop, fields: dict[str, Any], said: str
) -> None:
    link, visitor = shop.mailed(), shop.town.visitor()
    done = visitor.send_form(f"{link}/1/oui-si", until=day(shop), **fields)
    assert done.url.path == f"{link}/1/reponse"
    assert said in words(done) and "Nous cherchons comment y répondre, et vous le disons." in words(done)
    assert (shop.forward().state, shop.forward().moves[-1].actor) == (S.CONDITIONAL, BY_LINK)
    page = visitor.get(link)
    assert said in words(page) and f"{link}/1/embauche" in page.text and f"{link}/1/oui-si" not in page.text


def test_a_skill_of_the_offer_is_ticked(shop: Shop) -> None:
    first, _second = asking(shop)
    link, visitor = shop.mailed(), shop.town.visitor()
    assert label(shop, first) in words(visitor.get(f"{link}/1/oui-si"))
    done = visitor.send_form(f"{link}/1/oui-si", kind="skill", skills=[first], until=day(shop))
    condition = shop.forward().moves[-1].condition
    assert condition is not None and (condition.kind, condition.codes) == (ConditionKind.SKILL, (first,))
    assert label(shop, first) in words(done)


def test_what_is_missing_or_wrong_comes_back_with_what_was_typed(shop: Shop) -> None:
    asking(shop)
    link, visitor = shop.mailed(), shop.town.visitor()
    whole: dict[str, Any] = {"kind": "skill", "text": "CACES R489", "until": day(shop)}
    changes: list[dict[str, Any]] = [
        {"kind": ""},
        {"kind": "ailes"},
        {"until": ""},
        {"until": day(shop, -1)},
        {"until": day(shop, 0)},
        {"until": day(shop, 900)},
        {"until": "demain"},
        {"skills": ["inconnue"]},
        {"kind": "licence"},
        {"kind": "licence", "licence": "Z"},
        {"kind": "immersion", "days": "500"},
        {"kind": "immersion", "days": "cinq"},
        {"text": "CACES R489, et avoir moins de 30 ans"},
    ]
    for change in changes:
        answer = visitor.send_form(f"{link}/1/oui-si", **(whole | change))
        assert answer.status_code == 422 and "CACES R489" in words(answer), change
        assert "fault" in answer.text, change
    for kind in ("skill", "other"):
        answer = visitor.send_form(f"{link}/1/oui-si", **(whole | {"kind": kind, "text": " "}))
        assert answer.status_code == 422 and 'id="text-fault"' in answer.text
    assert shop.forward().state is S.SENT


def test_once_it_is_met_the_mails_link_asks_for_the_answer(shop: Shop) -> None:
    link, visitor = shop.mailed(), shop.town.visitor()
    visitor.send_form(f"{link}/1/oui-si", kind="licence", licence="B", until=day(shop))
    made = shop.forward().id
    visits = shop.counsellor.send_form(
        f"/mises-en-relation/{made}", f"/candidats/{shop.people[0].id}/offres", event="fulfilled"
    )
    assert visits.status_code == 200 and shop.forward().state is S.FULFILLED
    deliver(shop.town.node, made)
    assert len(shop.sink.mails) == 2
    page = visitor.get(shop.link())
    assert "Votre condition est remplie" in words(page) and f"{shop.link()}/1/entretien" in page.text
    assert "Répondre maintenant" in words(visitor.get(f"{link}/1/reponse"))
    second = visitor.send_form(f"{link}/1/oui-si", link, kind="licence", licence="C", until=day(shop))
    assert second.status_code == 409
    visitor.send_form(f"{link}/1/embauche")
    assert shop.forward().state is S.HIRED


def test_a_mistake_is_taken_back_by_a_button_and_by_no_get(shop: Shop) -> None:
    link, visitor = shop.mailed(), shop.town.visitor()
    done = visitor.send_form(f"{link}/1/embauche")
    assert "J'ai fait une erreur" in words(done)
    before = shop.forward()
    assert visitor.get(f"{link}/1/corriger").status_code == 404
    assert shop.forward() == before
    seen = len(before.moves)
    back = visitor.send_form(f"{link}/1/corriger", f"{link}/1/reponse", seen=seen)
    assert back.url.path == link and "Votre réponse est reprise" in words(back)
    assert f"{link}/1/oui-si" in back.text and shop.forward().state is S.SENT
    again = visitor.send_form(f"{link}/1/corriger", link, seen=seen)
    assert "Quelque chose a changé" in words(again) and shop.forward().state is S.SENT
    visitor.send_form(f"{link}/1/oui-si", kind="other", text="savoir désosser", until=day(shop))
    assert shop.forward().state is S.CONDITIONAL


def test_after_a_day_the_mission_corrects(shop: Shop) -> None:
    link, visitor = shop.mailed(), shop.town.visitor()
    visitor.send_form(f"{link}/1/embauche")
    shop.town.clock.moment += timedelta(hours=25)
    page = words(visitor.get(f"{link}/1/reponse"))
    assert "J'ai fait une erreur" not in page and "Appelez la mission" in page
    late = visitor.send_form(f"{link}/1/corriger", link, seen=len(shop.forward().moves))
    assert "24 heures" in words(late) and shop.forward().state is S.HIRED


def test_a_refusal_ticks_what_was_missing(shop: Shop) -> None:
    first, _second = asking(shop)
    link, visitor = shop.mailed(), shop.town.visitor()
    no: dict[str, Any] = {"to_candidate": "Il faut savoir désosser.", "lacking": [first]}
    for change in ({"reason": "no_position"}, {"reason": "lacking_skills", "lacking": ["inconnue"]}):
        assert visitor.send_form(f"{link}/1/refus", **(no | change)).status_code == 422
    done = visitor.send_form(f"{link}/1/refus", reason="lacking_skills", **no)
    assert shop.forward().moves[-1].lacking == (first,)
    assert label(shop, first) in words(done)
