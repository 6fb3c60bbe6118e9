"""An offer at Montluçon, and who fits it: read on a telephone and on a desk, and somebody put forward from there,
with a mouse without JavaScript and by keyboard alone."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page

from node.mission.accounts.roles import Role
from node.mission.forwards.forward import ForwardState
from node.mission.offers.offer import Need
from node.mission.people.candidate import CandidateState, Experience
from node.services.matching import news
from node.services.offers.publishing import publish_offers
from node.services.people import files
from tests.browser.conftest import DESK, PHONE, Site, Visit, check, shoot
from tests.browser.counsellors import enrol, join_network, send
from tests.browser.hands import Hands, Pointing, Typing
from tests.node.mission import samples

pytestmark = pytest.mark.browser


def offer_with_demands(site: Site) -> str:
    """A warehouse job at Domérat that asks for something; where its people are listed."""
    desk = site.node.desk
    usual = desk.referential().skills.for_occupation(samples.WAREHOUSE)
    held = sorted(usual)[:3]
    asked = [*held, next(code for code in usual if code not in held)]
    wanted = samples.offer(
        node=desk.node_id,
        sites=(samples.site(samples.DOMERAT, posts=2),),
        skills=tuple((code, Need.REQUIRED) for code in asked),
        licences=frozenset({"B"}),
        experience="E",
        experience_months=12,
        contract="CDD",
        closes=desk.today() + timedelta(days=30),
    )
    with site.node.database.write() as uow:
        (published,) = publish_offers(uow, desk, [wanted], desk.now())
    return f"/offres/{published.key}/personnes"


def town_with_people(site: Site) -> str:
    """People of each kind; the one who may be put forward."""
    luc = enrol(site, ready=True, licences=frozenset({"B"}))
    enrol(site, "Belkacem", ready=True, first_name="Amina", mobility_km=2, contracts=frozenset({"CDI"}))
    enrol(site, "Petit", first_name="Camille", skills=frozenset(), phone="", email="camille@exemple.fr")
    enrol(site, "Roy", ready=True, first_name="Léa", commune=samples.BAYONNE)
    resting = enrol(site, "N'Diaye", ready=True, first_name="Jean-Baptiste")
    files.set_state(site.node.desk, resting.id, CandidateState.PLACED, "anne")
    enrol(site, "Martin", first_name="Zoé", occupations=(Experience(rome="G1602", months=3),))
    return luc.id


@pytest.mark.parametrize(("width", "javascript", "hands"), [(PHONE, False, Pointing), (DESK, True, Typing)])
def test_somebody_is_put_forward_from_an_offers_people(
    site: Site, visit: Visit, width: int, javascript: bool, hands: type[Pointing] | type[Typing]
) -> None:
    person, people = town_with_people(site), offer_with_demands(site)
    join_network(site)
    page = visit(people, role=Role.COUNSELLOR, width=width, javascript=javascript)
    hand: Hands = hands(page)
    assert groups(page) == ["a-portee", "plus-loin", "a-preparer", "ecartees"]
    assert page.locator("[aria-labelledby=ecartees] .lacks").count() == 2
    shoot(page, f"personnes-{width}")
    if javascript:
        check(page)
    hand.press(f"a[href^='/candidats/{person}/mise-en-relation']")
    assert page.locator("[aria-labelledby=rapprochement] .fits").count() >= 3
    shoot(page, f"personnes-brouillon-{width}")
    if javascript:
        check(page)
    hand.write("#why", "Ponctuel, cinq ans en entrepôt.")
    hand.write("#agreed", "dit au guichet")
    if javascript:
        hand.press("main form button.btn-primary[type=submit]")
    else:
        send(page)
    assert page.url.endswith("/envoi"), "an employer of the town gets a mail or a letter"
    assert states(site, person) == [ForwardState.DRAFT]
    page.goto(site.url + people)
    first = page.locator("[aria-labelledby=a-portee] .todo > li").first
    assert first.locator("a[href*='mise-en-relation']").count() == 0, "they are put forward already"
    assert first.locator("a[href$='#candidatures']").count() == 1
    shoot(page, f"personnes-apres-{width}")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_what_fits_a_person_and_the_rules_are_read_at_any_width(site: Site, visit: Visit, width: int) -> None:
    person, _people = town_with_people(site), offer_with_demands(site)
    page = visit(f"/candidats/{person}/offres", role=Role.COUNSELLOR, width=width)
    page.locator("[aria-labelledby=offres] summary").first.click()
    shoot(page, f"offres-personne-{width}")
    check(page)
    page = visit("/rapprochements", width=width)
    shoot(page, f"rapprochements-{width}")
    check(page)
    page = visit("/aujourdhui", role=Role.COUNSELLOR, width=width)
    shoot(page, f"aujourdhui-{width}")


@pytest.mark.parametrize(("width", "hands"), [(PHONE, Pointing), (DESK, Typing)])
def test_what_newly_fits_is_set_aside_from_today_on(
    site: Site, visit: Visit, width: int, hands: type[Pointing] | type[Typing]
) -> None:
    news.look_for_news(site.node.desk)
    town_with_people(site)
    offer_with_demands(site)
    assert news.look_for_news(site.node.desk) == 1
    page = visit("/aujourdhui", role=Role.COUNSELLOR, width=width)
    shoot(page, f"aujourdhui-nouvelles-{width}")
    hand = hands(page)
    hand.press("a[href^='/correspondances']")
    shoot(page, f"correspondances-{width}")
    check(page)
    if isinstance(hand, Typing):
        hand.strike("details:has(form[action$='/ecarter']) > summary", "Enter")
    else:
        page.locator("details:has(form[action$='/ecarter']) summary").click()
    shoot(page, f"correspondances-ecarter-{width}")
    check(page)
    hand.write("input[name=text]", "Reparle-lui en mars.")
    hand.press("form[action$='/ecarter'] button")
    assert page.locator(".empty").count() == 1
    check(page)


def groups(page: Page) -> list[str]:
    """The parts of the page, from top to bottom."""
    return [one.get_attribute("aria-labelledby") or "" for one in page.locator("section.card").all()]


def states(site: Site, person: str) -> list[ForwardState]:
    with site.node.database.read() as uow:
        return [one.state for one in uow.forwards.of_candidate(person)]
