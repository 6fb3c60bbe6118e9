"""An employer of the town without an account: sent to by letter, and answering by the private link.

By pointing, on a telephone too, and without a script; the counsellor sees the answer.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from node.mission.accounts.roles import Role
from node.mission.forwards.forward import Forward, ForwardState
from node.mission.offers.offer import Need, OfferState
from node.services.employers import sending
from node.services.forwards import sending as forwards
from node.services.forwards.answers import give_answer, home_move
from node.services.offers.finding import one_offer
from tests.browser.conftest import PHONE, WIDTHS, Site, Visit, check, shoot
from tests.browser.counsellors import enrol, join_network, open_offer
from tests.browser.counsellors import send as press_main
from tests.browser.hands import Typing, follow
from tests.node.mission.samples import MONTLUCON, WAREHOUSE

pytestmark = pytest.mark.browser


def drafted(site: Site, *names: str) -> list[Forward]:
    """People who are ready, each with a draft for the same offer of the town."""
    join_network(site)
    offer = open_offer(site)
    drafts = []
    for number, name in enumerate(names):
        person = enrol(site, name, ready=True, phone=f"04700000{number:02d}")
        demand = forwards.Demand(candidate=person.id, offer=offer, why="A tenu ce poste deux ans.", agreed="au guichet")
        drafts.append(forwards.create(site.node.desk, demand, site.account(Role.COUNSELLOR).id))
    return drafts


def link_of(site: Site, forward: Forward) -> str:
    """The address under the letter's QR code."""
    with site.node.database.write() as uow:
        (made,) = uow.sendings.of_forward(forward.id)
        url = sending.new_link(uow, site.node.desk, made, site.node.now())
    return url.removeprefix(site.url)


def state(site: Site, forward: Forward) -> ForwardState:
    return forwards.one_forward(site.node.desk, forward.id).state


def choose_letter(page: Page, forward: Forward) -> None:
    page.locator("#name").fill("Mme Roche")
    page.locator("#address").fill("3 rue de la Gare\n03100 Montluçon")
    page.locator("#way-letter").check()
    press_main(page)


@pytest.mark.parametrize("how", [{}, {"javascript": False}])
def test_a_local_application_is_answered_by_its_link(site: Site, visit: Visit, how: dict[str, Any]) -> None:
    (draft,) = drafted(site, "Fabre")
    desk = visit(f"/mises-en-relation/{draft.id}/envoi", role=Role.COUNSELLOR, **how)
    choose_letter(desk, draft)
    assert "/envois/" in desk.url and desk.locator("form[action$='/lettre'] button").count() == 1
    link = link_of(site, draft)
    phone = visit(link, width=PHONE, **how)
    for _time in range(2):
        phone.reload()
    assert state(site, draft) is ForwardState.SENT, "a GET changes nothing"
    assert phone.locator("a[href$='cv.pdf']").count() == 0
    follow(phone.locator("form[action$='/cv'] button"))
    assert state(site, draft) is ForwardState.SEEN
    assert phone.locator("a[href$='cv.pdf']").count() == 1
    follow(phone.locator("a[href$='/entretien']"))
    phone.locator("#said").fill("Jeudi à 9 h, à l'entrepôt.")
    press_main(phone)
    assert phone.url.endswith("/1/reponse") and state(site, draft) is ForwardState.INTERVIEW
    follow(phone.locator(f"main a[href='{link}']").last)
    follow(phone.locator("a[href$='/refus']"))
    press_main(phone)
    assert phone.locator("#to_candidate-fault").count() == 1
    phone.locator("#reason").select_option("lacking_skills")
    phone.locator("#to_candidate").fill("Il faut savoir conduire un chariot.")
    press_main(phone)
    assert state(site, draft) is ForwardState.DECLINED
    desk.goto(site.url + f"/candidats/{draft.candidate}/offres")
    assert "Jeudi à 9 h" in desk.locator("#candidatures ~ *").first.inner_text()
    colleague = visit(f"{link}/1/embauche", width=PHONE, **how)
    assert colleague.url.endswith("/1/reponse"), "a second answer is told of the first"


@pytest.mark.parametrize("how", [{}, {"javascript": False}])
def test_a_yes_if_becomes_a_hire(site: Site, visit: Visit, how: dict[str, Any]) -> None:
    (draft,) = drafted(site, "Fabre")
    desk = visit(f"/mises-en-relation/{draft.id}/envoi", role=Role.COUNSELLOR, **how)
    choose_letter(desk, draft)
    link = link_of(site, draft)
    phone = visit(link, width=PHONE, **how)
    follow(phone.locator("a[href$='/embauche']"))
    press_main(phone)
    assert state(site, draft) is ForwardState.HIRED
    follow(phone.locator("form[action$='/corriger'] button"))
    assert state(site, draft) is ForwardState.SENT, "that was a mistake"
    follow(phone.locator("a[href$='/oui-si']"))
    assert phone.locator("#licence").is_visible() and phone.locator("#days").is_visible()
    phone.locator("#kind-licence").check()
    assert phone.locator("#licence").is_visible() and not phone.locator("#days").is_visible()
    phone.locator("#until").fill((site.node.desk.today() + timedelta(days=40)).isoformat())
    phone.locator("#text").fill("avant la saison")
    phone.locator("#licence").select_option("B")
    press_main(phone)
    assert phone.url.endswith("/1/reponse") and state(site, draft) is ForwardState.CONDITIONAL
    assert "permis B (avant la saison)" in phone.locator("#suite ~ *").last.locator("..").inner_text()
    desk.goto(f"{site.url}/candidats/{draft.candidate}/offres")
    follow(desk.locator("button[name=event][value=fulfilled]").first)
    assert state(site, draft) is ForwardState.FULFILLED
    phone.goto(site.url + link)
    follow(phone.locator("a[href$='/embauche']"))
    press_main(phone)
    assert state(site, draft) is ForwardState.HIRED
    desk.goto(f"{site.url}/aujourdhui")
    follow(desk.locator("form[action$='/recherche'] button").last)
    assert desk.locator("form[action$='/recherche']").count() == 0, "they have found work"


def test_an_offer_is_typed_and_filled_by_keyboard_alone(site: Site, visit: Visit) -> None:
    join_network(site)
    person = enrol(site, ready=True)
    counsellor = Typing(visit("/offres/nouvelle", role=Role.COUNSELLOR, javascript=False))
    counsellor.write("#title", "Préparateur de commandes")
    counsellor.write("#employer", "Entrepôts du Cher")
    counsellor.write("#description", "Préparer les commandes, de 6 h à 13 h.")
    for field, text, code in (("rome", "préparateur de commandes", WAREHOUSE), ("sites", "Montlucon", MONTLUCON)):
        counsellor.write(f"#q_{field}", text)
        counsellor.press(f"button[name=chercher][value={field}]")
        counsellor.press(f"button[name=ajouter][value^='{field}:{code}']")
    counsellor.press("button[name=verifier]")
    counsellor.press("button[name=titre]")
    counsellor.press("button.btn-primary[name=enregistrer]")
    offer = counsellor.page.url.partition("/offres/")[2]
    counsellor.press(f"a[href='/offres/{offer}/personnes']")
    counsellor.press(f"a[href^='/candidats/{person.id}/mise-en-relation']")
    counsellor.write("#why", "A tenu ce poste deux ans.")
    counsellor.write("#agreed", "au guichet")
    counsellor.press("main form button.btn-primary")
    counsellor.write("#name", "Mme Roche")
    counsellor.write("#address", "3 rue de la Gare, 03100 Montluçon")
    counsellor.tick("#way-letter")
    counsellor.press("main form button.btn-primary")
    (forward,) = forwards.all_forwards(site.node.desk)
    employer = Typing(visit(link_of(site, forward), javascript=False))
    employer.press("form[action$='/cv'] button")
    employer.press("a[href$='/embauche']")
    employer.press("main form button.btn-primary")
    assert state(site, forward) is ForwardState.HIRED
    counsellor.page.goto(f"{site.url}/offres/{offer}/fermer")
    counsellor.tick("input[name=reason][value=filled]")
    counsellor.press("main button.btn-danger")
    assert one_offer(site.node.desk, offer).state is OfferState.CLOSED


@pytest.mark.parametrize("width", WIDTHS)
def test_the_screens_of_yes_if(site: Site, visit: Visit, width: int) -> None:
    (draft,) = drafted(site, "Moreau-Lefèvre")
    desk = visit(f"/mises-en-relation/{draft.id}/envoi", role=Role.COUNSELLOR)
    choose_letter(desk, draft)
    with site.node.database.write() as uow:
        offer = uow.offers.get(*draft.offer.split("/", 1))
        assert offer is not None
        asked = sorted(site.node.desk.referential().skills.for_occupation(offer.rome))[:4]
        uow.offers.save(replace(offer, skills=tuple((code, Need.REQUIRED) for code in asked)))
    link = link_of(site, draft)
    noting = visit(f"/mises-en-relation/{draft.id}/reponse", role=Role.COUNSELLOR, width=width)
    shoot(noting, f"noter-reponse-{width}")
    check(noting)
    noting.locator("#event-conditional").check()
    press_main(noting)
    shoot(noting, f"noter-oui-si-vide-{width}")
    check(noting, 422)
    noting.locator("#kind-immersion").check()
    shoot(noting, f"noter-oui-si-{width}")
    employer = visit(f"{link}/1/refus", width=width)
    shoot(employer, f"employeur-refus-competences-{width}")
    check(employer)
    employer.goto(f"{site.url}{link}/1/oui-si")
    shoot(employer, f"employeur-oui-si-{width}")
    check(employer)
    hasty = visit(f"{link}/1/oui-si", width=width)
    press_main(hasty)
    shoot(hasty, f"employeur-oui-si-vide-{width}")
    check(hasty, 422)
    employer.locator("#kind-skill").check()
    employer.locator("#skills input").first.check()
    employer.locator("#until").fill((site.node.desk.today() + timedelta(days=100)).isoformat())
    shoot(employer, f"employeur-oui-si-rempli-{width}")
    check(employer)
    press_main(employer)
    shoot(employer, f"employeur-oui-si-merci-{width}")
    check(employer)
    employer.goto(site.url + link)
    shoot(employer, f"employeur-oui-si-attend-{width}")
    check(employer)
    one = visit(f"/mises-en-relation/{draft.id}", role=Role.COUNSELLOR, width=width)
    assert one.locator("#corriger").count() == 1
    shoot(one, f"oui-si-une-erreur-{width}")
    check(one)
    home_move(site.node.desk, draft.id, ForwardState.FULFILLED)
    employer.reload()
    shoot(employer, f"employeur-condition-remplie-{width}")
    check(employer)
    employer.goto(f"{site.url}{link}/1/reponse")
    shoot(employer, f"employeur-repondre-{width}")
    check(employer)
    give_answer(site.node.desk, draft.id, ForwardState.HIRED)
    for path in (f"/candidats/{draft.candidate}/offres", "/aujourdhui"):
        after = visit(path, role=Role.COUNSELLOR, width=width)
        assert after.locator("form[action$='/recherche'] button").count() == 2
        shoot(after, f"apres-embauche-{path.rsplit('/', 1)[1]}-{width}")
        check(after)


@pytest.mark.parametrize("width", WIDTHS)
def test_its_screens(site: Site, visit: Visit, width: int) -> None:
    first, second, third = drafted(site, "Fabre", "Petit", "Moreau-Lefèvre")
    page = visit(f"/offres/{first.offer}/preselection", role=Role.COUNSELLOR, width=width)
    shoot(page, f"preselection-{width}")
    check(page)
    for one in (first, second, third):
        page.locator(f"#people-{one.candidate}").check()
    choose_letter(page, first)
    shoot(page, f"envoi-{width}")
    check(page)
    with site.node.database.read() as uow:
        (made,) = uow.sendings.of_forward(first.id)
    places = [part.forward for part in made.parts]
    first, second, third = sorted((first, second, third), key=lambda one: places.index(one.id))
    link = link_of(site, first)
    employer = visit(link, width=width)
    shoot(employer, f"employeur-{width}")
    check(employer)
    follow(employer.locator("form[action$='/cv'] button"))
    for answer in ("entretien", "embauche", "refus"):
        employer.goto(f"{site.url}{link}/1/{answer}")
        shoot(employer, f"employeur-{answer}-{width}")
        check(employer)
    hasty = visit(f"{link}/1/refus", width=width)
    press_main(hasty)
    check(hasty, 422)
    employer.locator("#reason").select_option("no_position")
    employer.locator("#to_candidate").fill("Le poste est pourvu, merci.")
    press_main(employer)
    shoot(employer, f"employeur-merci-{width}")
    check(employer)
    page.goto(site.url + f"/candidats/{second.candidate}/offres")
    page.locator("details:has(button[value=withdrawn]) > summary").click()
    follow(page.locator("button[name=event][value=withdrawn]"))
    employer.goto(site.url + link)
    shoot(employer, f"employeur-apres-{width}")
    check(employer)
    page.goto(site.url + f"/envois/{made.id}")
    shoot(page, f"envoi-apres-{width}")
    check(page)
    page.goto(site.url + f"/mises-en-relation/{third.id}/envoi")
    shoot(page, f"envoi-un-{width}")
    check(page)
    page.goto(site.url + "/aujourdhui")
    check(page)
    verifier = visit("/verifier", width=width)
    verifier.locator("#code").fill(made.code)
    verifier.locator("#nom").fill("Moreau-Lefèvre")
    press_main(verifier)
    shoot(verifier, f"verifier-{width}")
    check(verifier)
    sending.end(site.node.desk, made.id)
    employer.goto(site.url + link)
    shoot(employer, f"employeur-fini-{width}")
    check(employer, 410)
