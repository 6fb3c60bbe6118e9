"""« Mon espace » and the card, seen on a telephone and on a desk; the story to the erasure without a script."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from node.mission.accounts.roles import Role
from node.mission.accounts.trail import Access, OpenedFor
from node.mission.agreements.consent import ConsentScope
from node.mission.people.candidate import Candidate, Experience, Hours, Job
from node.services.matching import choosing
from node.services.my_space import my_space
from node.services.offers.publishing import publish_offers
from node.services.people import files
from node.services.workshops import workshops
from tests.browser.conftest import DESK, PHONE, WIDTHS, Site, Visit, check, shoot
from tests.browser.hands import Typing, follow
from tests.node.mission import samples
from tests.node.registering import register_person

pytestmark = pytest.mark.browser

PAGES = ("", "/offres", "/donnees", "/accords", "/accords/retirer/network", "/suivi", "/effacer", "/carte")


def enrol(site: Site) -> Candidate:
    """Aïcha, who has a file, an invitation to a workshop, and a line in the trail."""
    desk, owner = site.node.desk, site.account(Role.COUNSELLOR)
    skills = desk.referential().skills.codes()
    person = register_person(
        desk,
        {
            "first_name": "Aïcha",
            "last_name": "N'Diaye-Œuvrard",
            "phone": "0612345678",
            "commune": "03185",
            "occupations": (Experience(rome="N1103", months=40),),
            "skills": frozenset(list(skills)[:4]),
            "jobs": (Job(title="Préparatrice de commandes", employer="Entrepôts du Cher", start="2021-03"),),
        },
        owner.id,
        agreements={ConsentScope.KEEP: "signé au guichet", ConsentScope.NETWORK: "signé au guichet"},
    )
    workshop = workshops.plan(desk, desk.now() + timedelta(days=3), "Salle 2", owner.id)
    workshops.invite(desk, workshop.id, person.id, owner.id)
    with site.node.database.write() as uow:
        uow.accounts.record_access(Access(desk.now(), owner.id, owner.name, person.id, OpenedFor.READ))
    return person


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_of_the_space(site: Site, visit: Visit, width: int) -> None:
    person = enrol(site)
    page = visit("/mon-espace", candidate=person.id, width=width)
    for path in PAGES:
        page.goto(site.url + "/mon-espace" + path)
        shoot(page, f"mon-espace{path.replace('/', '-')}-{width}")
        check(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_way_in(site: Site, visit: Visit, width: int) -> None:
    page = visit("/mon-espace", width=width)
    assert page.url.endswith("/mon-espace/entrer?vers=%2Fmon-espace")
    shoot(page, f"mon-espace-entrer-{width}")
    check(page)
    page.locator("[name=code]").fill("AAAA-BBBB-CCCC-DDDD")
    follow(page.locator("[action='/mon-espace/code'] button"))
    assert page.locator("#code-fault").is_visible()
    check(page, 422)


def test_from_the_printed_code_to_the_erasure_without_a_script(site: Site, visit: Visit) -> None:
    person = enrol(site)
    _person, code = my_space.printed_code(site.node.desk, person.id)
    page = visit("/mon-espace/entrer", width=PHONE, javascript=False)
    page.locator("[name=code]").fill(code.lower().replace("-", " "))
    follow(page.locator("[action='/mon-espace/code'] button"))
    page.wait_for_url("**/mon-espace")
    follow(page.locator("[name=reponse][value=oui] ~ button"))

    page.goto(site.url + "/mon-espace/donnees")
    page.locator("[name=phone]").fill("07 00 00 00 00")
    page.locator("[name=mobility_km]").fill("trente")
    page.locator("[name=note]").fill("Mon nom s'écrit Ndiaye.")
    follow(page.locator("[action='/mon-espace/donnees'] button"))
    assert page.locator("#mobility_km-fault").is_visible()
    assert page.locator("[name=phone]").input_value() == "07 00 00 00 00"
    page.locator("[name=mobility_km]").fill("30")
    follow(page.locator("[action='/mon-espace/donnees'] button"))
    known = files.person_file(site.node.desk, person.id)
    assert (known.person.phone, known.person.mobility_km) == ("+33700000000", 30)
    assert known.contacts[0].next_owner == person.owner

    page.goto(site.url + "/mon-espace/accords")
    follow(page.locator("a[href$='/retirer/network']"))
    follow(page.locator("main form button"))
    assert not files.person_file(site.node.desk, person.id).person.agrees(ConsentScope.NETWORK, site.node.desk.today())
    follow(page.locator("a[href='/mon-espace']"))
    with page.expect_download() as download:
        page.locator("a[href$='.pdf']").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")

    page.goto(site.url + "/mon-espace/effacer")
    follow(page.locator("main form button"))
    assert page.locator("#sure-fault").is_visible(), "one click is not enough"
    page.locator("[name=sure]").check()
    follow(page.locator("main form button"))
    page.locator("[role=status] .notice").wait_for()
    with site.node.database.read() as uow:
        assert uow.candidates.get(person.id) is None
    page.goto(site.url + "/mon-espace")
    assert "/mon-espace/entrer" in page.url
    page.locator("[name=code]").fill(code)
    follow(page.locator("[action='/mon-espace/code'] button"))
    assert page.locator("#code-fault").is_visible(), "the code opens nothing any more"


def test_offers_are_answered_without_a_script_on_a_telephone(site: Site, visit: Visit) -> None:
    person, desk = enrol(site), site.node.desk
    closes = desk.today() + timedelta(days=30)
    near, further = (
        samples.offer(
            number, node=desk.node_id, closes=closes, contract="CDD", months=6, hours=35 * 60,
            salary="1 900 € par mois", description="Préparer des commandes, de jour.", sites=(samples.site(commune),),
        )
        for number, commune in ((1, samples.MONTLUCON), (2, samples.DOMERAT))
    )  # fmt: skip
    with site.node.database.write() as uow:
        publish_offers(uow, desk, [near, further], desk.now())
    page = visit("/mon-espace/offres", candidate=person.id, width=PHONE, javascript=False)
    shoot(page, "mon-espace-offres-a-dire")
    follow(page.locator("[aria-labelledby=pres] [value='oui']").first)
    page.locator("[name=raison]").last.select_option("too_far")
    follow(page.locator("[value='non']").last)
    assert page.locator("[aria-labelledby=interessent] li, [aria-labelledby=non] li").count() >= 2
    shoot(page, "mon-espace-offres-dites")
    said = choosing.choices_of_person(desk, person.id)
    assert {offer.partition("/")[2]: (one.wants, one.reason) for offer, one in said.items()} == {
        "o1": (True, ""),
        "o2": (False, "too_far"),
    }
    follow(page.locator("[aria-labelledby=non] [value='oui']"))
    assert all(one.wants for one in choosing.choices_of_person(desk, person.id).values())
    looked = visit("/mon-espace/offres", candidate=person.id, width=PHONE)
    check(looked)
    counsellor = visit("/correspondances", role=Role.COUNSELLOR, width=PHONE)
    shoot(counsellor, "correspondances-interessees")
    check(counsellor)


def test_the_space_by_keyboard_alone(site: Site, visit: Visit) -> None:
    """Every element is reached with Tab, and shows that it has the focus."""
    person, desk = enrol(site), site.node.desk
    _person, code = my_space.printed_code(desk, person.id)
    page = visit("/mon-espace/entrer", width=PHONE)
    hands = Typing(page)
    hands.write("[name=code]", code)
    hands.press("[action='/mon-espace/code'] button")

    hands.press(".tabs a[href='/mon-espace/donnees']")
    hands.write("[name=phone]", "07 00 00 00 00")
    hands.write("[name=mobility_km]", "trente")
    hands.tick("[name=vehicle]")
    hands.strike("details:has(#licences) > summary", "Enter")
    hands.tick("[name=licences][value=B]")
    hands.tick("[name=hours][value=full]")
    hands.write("[name=note]", "Mon nom s'écrit Ndiaye.")
    hands.press("[action='/mon-espace/donnees'] button")
    hands.strike("#fautes a[href='#mobility_km']", "Enter")
    assert page.locator("#mobility_km").evaluate("field => field === document.activeElement")
    hands.write("[name=mobility_km]", "30")
    hands.press("[action='/mon-espace/donnees'] button")
    known = files.person_file(desk, person.id)
    assert (known.person.phone, known.person.mobility_km, known.person.vehicle) == ("+33700000000", 30, True)
    assert (known.person.licences, known.person.hours) == (frozenset("B"), Hours.FULL)
    assert known.contacts[0].text == "Mon nom s'écrit Ndiaye."

    hands.press(".tabs a[href='/mon-espace/carte']")
    hands.tick("[name=qualities][value=Calme]")
    hands.strike("#skill-1", "2")
    hands.strike("#skill-2", "1")
    hands.strike("#skill-3", "Home")
    hands.press("form[action='/mon-espace/carte'] button")
    card = files.person_file(desk, person.id).person
    assert len(card.qualities) == 1 and card.card_skills is not None and len(card.card_skills) == 3

    hands.press(".tabs a[href='/mon-espace/accords']")
    hands.press("a[href$='/retirer/network']")
    hands.press("[action$='/retirer/network'] button")
    assert not files.person_file(desk, person.id).person.agrees(ConsentScope.NETWORK, desk.today())

    hands.press(".tabs a[href='/mon-espace']")
    assert hands.download("a[href$='mes-donnees.pdf']").startswith(b"%PDF")
    assert "N'Diaye-Œuvrard" in hands.download("a[href$='mes-donnees.json']").decode()

    hands.press("main a[href='/mon-espace/effacer']")
    hands.press("[action='/mon-espace/effacer'] button")
    assert page.locator("#sure-fault").is_visible(), "one press is not enough"
    hands.tick("[name=sure]")
    hands.press("[action='/mon-espace/effacer'] button")
    page.locator("[role=status] .notice").wait_for()
    with site.node.database.read() as uow:
        assert uow.candidates.get(person.id) is None


def test_a_card_is_made_shared_and_taken_back(site: Site, visit: Visit) -> None:
    person = enrol(site)
    page = visit("/mon-espace/carte", candidate=person.id, width=PHONE, javascript=False)
    page.locator("[name=qualities]").first.check()
    page.locator("[name=others]").fill("Toujours à l'heure")
    page.locator("[name=words]").fill("J'aime le travail en équipe, et qu'un colis parte bien fait.")
    portrait = io.BytesIO()
    Image.new("RGB", (600, 800), "#b08060").save(portrait, "JPEG")
    page.locator("[name=photo]").set_input_files(
        {"name": "moi.jpg", "mimeType": "image/jpeg", "buffer": portrait.getvalue()}
    )
    follow(page.locator("form[action='/mon-espace/carte'] button"))
    assert page.locator("img.photo").is_visible()
    shoot(page, "carte-faite")
    page.locator("[name=days]").select_option("7")
    follow(page.locator("[action='/mon-espace/carte/partager'] button"))
    link = page.locator("a.secret").inner_text()
    for width in (PHONE, DESK):
        shown = visit(link.removeprefix(site.url), width=width)
        assert shown.locator("h1").inner_text() == "Aïcha"
        assert not any(own in shown.content() for own in ("Œuvrard", "+33612345678", "06 12 34 56 78"))
        shoot(shown, f"carte-{width}")
        check(shown)
    follow(page.locator("[action='/mon-espace/carte/reprendre'] button"))
    gone = visit(link.removeprefix(site.url))
    assert "404" in gone.content() and "Aïcha" not in gone.content()
