"""Every screen of a counsellor at 360 and 1280 px, with people in it."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from node.mission.accounts.roles import Role
from node.mission.deposits.deposit import Channel, SourceKind
from node.mission.forwards.forward import Condition, ConditionKind, ForwardState, Words
from node.mission.offers.offer import OfferSite
from node.mission.people.contacts import ContactChannel
from node.mission.people.partners import Eligibility, Help, ObstacleKind
from node.services.deposits import deposits
from node.services.deposits.reading import handle
from node.services.forwards import answers, sending
from node.services.offers.merging import merge_offers
from node.services.offers.needs import note_need
from node.services.offers.offers import add_offer
from node.services.people import contacts, obstacles
from node.services.workshops import workshops
from tests.browser.conftest import DESK, PHONE, WIDTHS, Site, Visit, check, served, shoot
from tests.browser.counsellors import CV, enrol, hand_in, join_network, open_offer, send
from tests.browser.hands import follow

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def peopled(tmp_path_factory: pytest.TempPathFactory, template: Path) -> tuple[Path, dict[str, str]]:
    """Montluçon's directory with something on every screen, made once: a photograph takes a second to read."""
    folder = tmp_path_factory.mktemp("peopled")
    with served(folder, template) as site:
        made = fill(site)
    return folder / "node", made


@pytest.fixture
def site(tmp_path: Path, peopled: tuple[Path, dict[str, str]]) -> Iterator[Site]:
    """A copy of it for one test."""
    with served(tmp_path, peopled[0]) as opened:
        yield opened


@pytest.fixture
def people(peopled: tuple[Path, dict[str, str]]) -> dict[str, str]:
    """Who and what is there, by name."""
    return peopled[1]


def fill(site: Site) -> dict[str, str]:
    """Something for every screen; its ids."""
    desk, counsellor = site.node.desk, site.account(Role.COUNSELLOR).id
    ready = enrol(site, ready=True)
    other = enrol(site, "Favre", phone="0470000000")
    source = deposits.open_source(desk, SourceKind.EVENT, "Forum de l'emploi")
    deposit = hand_in(site, source=source.id)
    taken = handle(desk, photograph(), "cv.png")
    pictured = hand_in(
        site, last_name="Petit", phone="0622222222", upload=taken.upload, proposal=taken.reading.stored()
    )
    deposits.hand_in(
        desk,
        deposits.Handed(channel=Channel.QR, last_name="N'Diaye-Lefèvre", phone="0611111111", call_back=True, keep=True),
    )
    contacts.add_contact(
        desk,
        ready.id,
        ContactChannel.PHONE,
        "Cherche un poste de jour.",
        counsellor,
        next_step="Rappeler pour l'entretien",
        next_on=desk.today(),
    )
    partner = obstacles.save_partner(desk, "Auto-école solidaire", [Help.MOBILITY], phone="0470111111")
    obstacles.save_local(
        desk, ready.id, counsellor, obstacles=[(ObstacleKind.MOBILITY, "Sans permis")], eligibilities=[Eligibility.RSA]
    )
    obstacles.refer(desk, ready.id, partner.id, Help.MOBILITY, "Permis B", counsellor, follow_up_on=desk.today())
    workshop = workshops.plan(desk, desk.now() + timedelta(days=2), "Salle 2", counsellor)
    workshops.invite(desk, workshop.id, other.id, counsellor)
    open_offer(site)
    twin = {
        "title": "Maçon / Maçonne (H/F)", "employer": "Bâtir SARL", "rome": "F1703", "clause": True,
        "sites": (OfferSite(id="s1", commune="03185", label="", posts=2),), "closes": desk.today() + timedelta(days=40),
    }  # fmt: skip
    offer = add_offer(desk, twin, counsellor)
    add_offer(desk, twin | {"title": "MAÇON, maçonne (h/f)", "reference": "193KXYZ"}, counsellor)
    merge_offers(desk, offer.key, add_offer(desk, twin | {"description": "Murs, dalles."}, counsellor).key, counsellor)
    told = {"title": "Deux maçons", "employer": "Bâtir SARL", "rome": "F1703", "sites": twin["sites"]}
    need = note_need(desk, told | {"when": "au printemps", "ask_again": desk.today()}, counsellor)
    return {
        "offer": offer.key,
        "need": need.id,
        "ready": ready.id,
        "other": other.id,
        "workshop": workshop.id,
        "deposit": deposit,
        "source": source.id,
        "pictured": pictured,
    }


def photograph() -> bytes:
    """A CV as somebody photographed it."""
    picture = Image.new("RGB", (900, 1200), "#f7f4ec")
    drawing = ImageDraw.Draw(picture)
    for number, line in enumerate(CV.splitlines()):
        drawing.text((60, 60 + 34 * number), line, fill="#222", font_size=24)
    made = BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()


SCREENS = {
    "aujourdhui": "/aujourdhui",
    "candidats": "/candidats",
    "resume": "/candidats/{ready}",
    "resume-incomplet": "/candidats/{other}",
    "cv": "/candidats/{ready}/cv",
    "cv-a-signer": "/candidats/{other}/cv",
    "dossier": "/candidats/{ready}/dossier",
    "identite": "/candidats/{ready}/identite",
    "projet": "/candidats/{ready}/projet",
    "parcours": "/candidats/{ready}/parcours",
    "presentation": "/candidats/{ready}/presentation",
    "suivi": "/candidats/{ready}/suivi",
    "retirer": "/candidats/{ready}/accords/retirer",
    "freins": "/candidats/{ready}/freins",
    "carte-du-dossier": "/candidats/{ready}/carte",
    "offres": "/candidats/{ready}/offres",
    "historique": "/candidats/{ready}/historique",
    "relais": "/candidats/{ready}/relais",
    "doublons-dossier": "/candidats/{ready}/doublons",
    "effacer": "/candidats/{ready}/effacer",
    "doublons": "/doublons",
    "ateliers": "/ateliers?pour={ready}",
    "atelier": "/ateliers/{workshop}",
    "atelier-nouveau": "/ateliers/nouveau",
    "atelier-modifier": "/ateliers/{workshop}/modifier",
    "atelier-annuler": "/ateliers/{workshop}/annuler",
    "affiches": "/affiches",
    "affiche": "/affiches/{source}",
    "depots": "/depots",
    "depot": "/depots/{deposit}",
    "depot-photo": "/depots/{pictured}",
    "importer": "/depots/importer",
    "partenaires": "/partenaires",
    "recherche": "/recherche/metiers?q=soudeur",
    "candidature-spontanee": "/candidats/{ready}/candidature-spontanee",
    "besoins": "/offres?besoins=1",
    "besoin": "/offres/besoins/{need}",
    "besoin-modifier": "/offres/besoins/{need}/modifier",
    "offre-venue-deux-fois": "/offres/{offer}",
    "offres-venues-deux-fois": "/offres/doublons",
}


@pytest.mark.parametrize("width", WIDTHS)
def test_every_screen(people: dict[str, str], site: Site, visit: Visit, width: int) -> None:
    page = visit("/aujourdhui", role=Role.COUNSELLOR, width=width)
    for name, path in SCREENS.items():
        answer = page.goto(site.url + path.format(**people))
        assert answer is not None and answer.status == 200, path
        shoot(page, f"{name}-{width}")
        check(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_heads_screens(people: dict[str, str], site: Site, visit: Visit, width: int) -> None:
    page = visit("/equipe", role=Role.HEAD, width=width)
    shoot(page, f"equipe-{width}")
    check(page)
    page.goto(site.url + "/aujourdhui?equipe=1")
    check(page)
    leaves = site.account(Role.COUNSELLOR).id
    page.goto(site.url + f"/comptes/{leaves}")
    shoot(page, f"compte-{width}")
    check(page)
    page.goto(site.url + f"/equipe/relais?de={leaves}")
    shoot(page, f"relais-equipe-{width}")
    check(page)


def test_the_register_is_searched_without_names_in_addresses(people: dict[str, str], site: Site, visit: Visit) -> None:
    page = visit("/candidats", role=Role.COUNSELLOR)
    page.locator("#text").fill("favre")
    follow(page.locator("form[role=search] button.btn-primary"))
    assert page.url == site.url + "/candidats"
    assert page.locator("tbody tr").count() == 1
    follow(page.locator("button[name=tout]"))
    assert page.locator("tbody tr").count() == 2


def test_putting_forward(people: dict[str, str], site: Site, visit: Visit) -> None:
    page = visit(f"/candidats/{people['ready']}/offres", role=Role.COUNSELLOR, width=PHONE)
    follow(page.locator("a[href*='mise-en-relation']"))
    shoot(page, "mise-en-relation-360")
    check(page)
    send(page)
    assert page.locator("#why-fault").count() == 1
    page.locator("#why").fill("Ponctuel, cinq ans en entrepôt.")
    page.locator("#agreed").fill("dit au guichet")
    send(page)
    shoot(page, "mise-en-relation-envoi-360")
    check(page, 422)
    send(page)
    check(page, 422)
    assert forwards_of(site, people["ready"]) == [ForwardState.DRAFT], "this node has no network yet: the draft is kept"
    join_network(site)
    send(page)
    assert forwards_of(site, people["ready"]) == [ForwardState.SENT]
    shoot(page, "mise-en-relation-faite-360")
    page.goto(site.url + f"/candidats/{people['ready']}/offres")
    page.locator("details:has(button[value=withdrawn]) > summary").click()
    follow(page.locator("button[name=event][value=withdrawn]"))
    assert forwards_of(site, people["ready"]) == [ForwardState.WITHDRAWN]


def test_yes_if_is_fulfilled_and_taken_back(people: dict[str, str], site: Site, visit: Visit) -> None:
    join_network(site)
    page = visit(f"/candidats/{people['ready']}/offres", role=Role.COUNSELLOR, width=PHONE)
    follow(page.locator("a[href*='mise-en-relation']"))
    page.locator("#why").fill("Ponctuel, cinq ans en entrepôt.")
    page.locator("#agreed").fill("dit au guichet")
    send(page)
    with site.node.database.read() as uow:
        (drafted,) = uow.forwards.of_candidate(people["ready"])
    sent = sending.send(site.node.desk, drafted.id)
    until = site.node.desk.today() + timedelta(days=90)
    caces = Condition(kind=ConditionKind.OTHER, text="CACES R489 catégorie 1", until=until)
    answers.give_answer(site.node.desk, sent.id, ForwardState.CONDITIONAL, Words(condition=caces))
    for width in (DESK, PHONE):
        page = visit(
            f"/candidats/{people['ready']}/offres", role=Role.COUNSELLOR, width=width, javascript=width == DESK
        )
        assert "CACES R489 catégorie 1" in page.locator(".condition").inner_text()
        if width == DESK:
            shoot(page, "oui-si-1280")
    follow(page.locator("button[name=event][value=fulfilled]"))
    assert forwards_of(site, people["ready"]) == [ForwardState.FULFILLED]
    page = visit(f"/candidats/{people['ready']}/offres", role=Role.COUNSELLOR, width=PHONE)
    shoot(page, "condition-remplie-360")
    follow(page.locator("button[name=event][value=corrected]"))
    assert forwards_of(site, people["ready"]) == [ForwardState.CONDITIONAL]
    shoot(visit("/mon-espace/suivi", candidate=people["ready"], width=PHONE), "oui-si-mon-espace-360")
    shoot(visit("/aujourdhui", role=Role.COUNSELLOR), "oui-si-aujourdhui-1280")


def forwards_of(site: Site, person: str) -> list[ForwardState]:
    """The states of a person's applications."""
    with site.node.database.read() as uow:
        return [one.state for one in uow.forwards.of_candidate(person)]


def test_the_workshop(people: dict[str, str], site: Site, visit: Visit) -> None:
    page = visit(f"/ateliers/{people['workshop']}", role=Role.COUNSELLOR)
    page.locator("#text").fill("fabre")
    follow(page.locator("main form[action*='chercher'] button[type=submit]"))
    follow(page.locator("#inviter ~ ul button, form[action$='/inviter'] button").first)
    follow(page.locator("button[name=presence][value=accepted]").first)
    with page.expect_download() as download:
        page.locator("a[href$='invitation.ics']").first.click()
    assert b"BEGIN:VCALENDAR" in download.value.path().read_bytes()
    check(page)


def test_merging_and_taking_apart_and_erasing(people: dict[str, str], site: Site, visit: Visit) -> None:
    page = visit(f"/candidats/{people['ready']}/doublons", role=Role.COUNSELLOR)
    follow(page.locator("form[action$='/reunir'] button").first)
    page.goto(site.url + f"/candidats/{people['ready']}/doublons")
    check(page)
    follow(page.locator("form[action$='/separer'] button"))
    page.goto(site.url + f"/candidats/{people['other']}/effacer")
    page.locator("#name").fill("Martin")
    follow(page.locator("button.btn-danger"))
    assert page.locator("#name-fault").count() == 1
    page.locator("#name").fill("favre")
    follow(page.locator("button.btn-danger"))
    assert page.url == site.url + "/candidats"
    with site.node.database.read() as uow:
        assert uow.candidates.get(people["other"]) is None


def test_the_picture_of_a_cv_is_made_larger(people: dict[str, str], site: Site, visit: Visit) -> None:
    page = visit(f"/depots/{people['pictured']}", role=Role.COUNSELLOR, javascript=False)
    picture = page.locator(".zoom img")
    before = picture.bounding_box()
    page.locator("#zoom-2").check()
    after = picture.bounding_box()
    assert before is not None and after is not None
    assert after["width"] == pytest.approx(2 * before["width"], abs=2)
    with page.context.expect_page() as opened:
        page.locator(".paper p a[target=_blank]").click()
    opened.value.wait_for_load_state()
    assert opened.value.url == f"{site.url}/depots/{people['pictured']}/document"
    assert opened.value.locator("img").bounding_box() is not None


@pytest.mark.parametrize("width", WIDTHS)
def test_a_changed_workshop_says_whom_to_tell(people: dict[str, str], site: Site, visit: Visit, width: int) -> None:
    page = visit(f"/ateliers/{people['workshop']}", role=Role.COUNSELLOR, width=width, javascript=False)
    follow(page.locator("form[action$='/prevenu'] button"))
    assert page.locator("#prevenir").count() == 0
    follow(page.locator("a[href$='/modifier']"))
    page.locator("#room").fill("Médiathèque")
    send(page)
    assert page.locator("#prevenir").count() == 1
    shoot(page, f"atelier-a-prevenir-{width}")
    follow(page.locator("main a[href$='/annuler']"))
    follow(page.locator("button.btn-danger"))
    assert page.locator("form[action$='/prevenu']").count() == 1
    shoot(page, f"atelier-annule-{width}")
    follow(page.locator("form[action$='/prevenu'] button"))
    assert page.locator("#prevenir").count() == 0


def test_everything_is_handed_over(people: dict[str, str], site: Site, visit: Visit) -> None:
    leaves, head = site.account(Role.COUNSELLOR).id, site.account(Role.HEAD).id
    page = visit("/equipe", role=Role.HEAD, width=PHONE)
    follow(page.locator("main a[href='/equipe/relais']"))
    page.locator("#owner").select_option(leaves)
    page.locator("#to").select_option(head)
    send(page)
    check(page, 422)
    page.locator("#sure").check()
    send(page)
    check(page, 422)
    with site.node.database.read() as uow:
        assert {one.owner for one in uow.candidates.all()} == {head}
