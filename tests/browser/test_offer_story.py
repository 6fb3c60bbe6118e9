"""A counsellor and an offer: typed with help, found in the list, duplicated, closed; by pointer on a telephone and on a
desk, with and without JavaScript; and the screens of offers at both widths."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page

from node.mission.accounts.roles import Role
from node.mission.offers.offer import Need, OfferContact, OfferState
from node.services.offers.finding import one_offer
from node.services.offers.offers import add_offer
from node.services.offers.proposals import propose_offer, waiting_proposals
from tests.browser.conftest import DESK, PHONE, WIDTHS, Site, Visit, check, shoot
from tests.browser.hands import follow
from tests.node.mission import samples

pytestmark = pytest.mark.browser


def choose(page: Page, field: str, words: str, code: str, *, javascript: bool) -> None:
    """Search and choose: the proposals come as one types, or after the button beside the field."""
    page.locator(f"#q_{field}").fill(words)
    if not javascript:
        follow(page.locator(f"button[name=chercher][value={field}]"))
    follow(page.locator(f"button[name=ajouter][value^='{field}:{code}']").first)


@pytest.mark.parametrize(("width", "javascript"), [(PHONE, True), (DESK, False)])
def test_an_offer_is_typed_with_help_found_and_closed(site: Site, visit: Visit, width: int, javascript: bool) -> None:
    page = visit("/offres", role=Role.COUNSELLOR, width=width, javascript=javascript)
    follow(page.locator("main a[href='/offres/nouvelle']").first)
    page.locator("#title").fill("Boulanger")
    page.locator("#employer").fill("Boulangerie Petit")
    page.locator("#description").fill("Pétrir et cuire, de 3 h à 10 h. Nous recherchons un homme.")
    follow(page.locator("button[name=verifier]"))
    if javascript:
        check(page)
    shoot(page, f"offre-aide-{width}")
    follow(page.locator("button[name=titre]"))
    assert page.locator("#title").input_value() == "Boulanger / Boulangère (H/F)"
    choose(page, "rome", "boulanger", "D1102", javascript=javascript)
    choose(page, "sites", "domer", samples.DOMERAT, javascript=javascript)
    follow(page.locator("button[name=ajouter][value^='skills:']").first)
    page.locator(f"#posts_{samples.DOMERAT}").fill("2")
    page.locator("#hours").fill("35h30")
    page.locator("#salary").fill("13 € de l'heure")
    follow(page.locator("button.btn-primary[name=enregistrer]"))
    assert page.locator("#fautes li").count() == 1, "what discriminates is not published"
    assert page.locator("#salary").input_value() == "13 € de l'heure", "nothing typed is lost"
    if javascript:
        check(page, 422)
    page.locator("#description").fill("Pétrir et cuire, de 3 h à 10 h, seul ou en binôme.")
    follow(page.locator("button.btn-primary[name=enregistrer]"))
    key = page.url.partition("/offres/")[2]
    made = one_offer(site.node.desk, key)
    assert (made.hours, made.posts, made.rome, len(made.skills)) == (2130, 2, "D1102", 1)
    assert page.locator(f"a.btn-primary[href='/offres/{key}/personnes']").count() == 1
    shoot(page, f"offre-{width}")
    page.goto(f"{site.url}/offres")
    page.locator("#texte").fill("BOULANGERE petit")
    follow(page.locator("main form[role=search] button.btn-primary"))
    follow(page.locator(f"main a[href='/offres/{key}']"))
    follow(page.locator("a[href^='/offres/nouvelle?copie=']"))
    assert page.locator("#hours").input_value() == "35 h 30"
    page.goto(f"{site.url}/offres/{key}/fermer")
    page.locator("input[name=reason][value=filled]").check()
    follow(page.locator("main button.btn-danger"))
    assert one_offer(site.node.desk, key).state is OfferState.CLOSED
    page.goto(f"{site.url}/offres")
    follow(page.locator("main .chips a[href*='fermees=1']"))
    assert page.locator(f"main a[href='/offres/{key}']").count() == 1


@pytest.mark.parametrize("width", WIDTHS)
def test_the_screens_of_offers(site: Site, visit: Visit, width: int) -> None:
    desk = site.node.desk
    skills = desk.referential().skills.for_occupation(samples.WAREHOUSE)
    for number, commune in enumerate((samples.MONTLUCON, samples.DOMERAT, samples.BAYONNE)):
        offer = add_offer(
            desk,
            {
                "title": "Préparateur / Préparatrice de commandes (H/F)",
                "employer": f"Entrepôts du Cher {number}",
                "rome": samples.WAREHOUSE,
                "description": "Préparer les commandes, de 6 h à 13 h.\n- charger\n- ranger",
                "contract": "CDD",
                "months": 6,
                "hours": 35 * 60,
                "salary": "12,50 € de l'heure",
                "skills": ((skills[0], Need.REQUIRED), (skills[1], Need.WISHED)),
                "languages": (("fr", "B1"),),
                "licences": frozenset({"B"}),
                "sites": (samples.site(commune, number + 1),),
                "closes": desk.today() + timedelta(days=5 + 10 * number),
                "network": number != 1,
                "contact": OfferContact(name="Mme Roux", phone="+33470000000", address="3 rue de la Gare\nMontluçon"),
            },
            site.account(Role.COUNSELLOR).id,
        )
    handed = propose_offer(
        desk,
        {
            "title": "Boulanger / Boulangère (H/F)",
            "employer": "Boulangerie Petit",
            "description": "Pétrir, façonner, cuire, de 3 h à 10 h.",
            "sites": (samples.site(),),
            "closes": desk.today() + timedelta(days=30),
            "contact": OfferContact(name="Mme Petit", phone="+33470000000", email="petit@exemple.fr"),
        },
    )
    pages = {
        "offres": "/offres",
        "offres-importer": "/offres/importer",
        "offres-recues": "/offres/recues",
        "offre-recue": f"/offres/nouvelle?proposition={handed.id}",
        "offres-filtrees": "/offres?zone=km&km=30&contrat=CDD&employeur=Entrepôts+du+Cher+1",
        "offres-aucune": "/offres?texte=boulanger",
        "offre": f"/offres/{offer.key}",
        "offre-modifier": f"/offres/{offer.key}/modifier",
        "offre-fermer": f"/offres/{offer.key}/fermer",
    }
    for name, path in pages.items():
        page = visit(path, role=Role.COUNSELLOR, width=width)
        shoot(page, f"{name}-{width}")
        check(page)


@pytest.mark.parametrize(("width", "javascript"), [(PHONE, True), (DESK, False)])
def test_an_employer_hands_in_an_offer(site: Site, visit: Visit, width: int, javascript: bool) -> None:
    page = visit("/", width=width, javascript=javascript)
    follow(page.locator("main a[href='/deposer-une-offre']"))
    if javascript:
        check(page)
    shoot(page, f"deposer-une-offre-{width}")
    page.locator("#title").fill("Boulanger / Boulangère (H/F)")
    page.locator("#employer").fill("Boulangerie Petit")
    page.locator("#place").fill("Montluçon")
    page.locator("#description").fill("Pétrir, façonner et cuire. Nous cherchons un jeune motivé.")
    page.locator("#contact_name").fill("Mme Petit")
    page.locator("#contact_phone").fill("04 70 00 00 00")
    site.wait(seconds=5)
    follow(page.locator("main form button.btn-primary"))
    assert page.locator("#fautes a[href='#description']").count() == 1
    assert page.locator("#place").input_value() == "Montluçon", "nothing typed is lost"
    if javascript:
        check(page, 422)
    page.locator("#description").fill("Pétrir, façonner et cuire, de 3 h à 10 h.")
    follow(page.locator("main form button.btn-primary"))
    assert page.url.endswith("/deposer-une-offre/merci")
    if javascript:
        check(page, 422)
    assert waiting_proposals(site.node.desk).count == 1
