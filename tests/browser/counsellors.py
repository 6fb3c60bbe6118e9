"""What the counsellors' stories share. Elements are found by name, address or id: their words are translated."""

from datetime import timedelta

from playwright.sync_api import Page

from node.mission.accounts.roles import Role
from node.mission.agreements.consent import ConsentScope
from node.mission.deposits.deposit import Channel
from node.mission.people.candidate import Candidate, Experience, Met
from node.services.deposits import deposits
from node.services.deposits.deposits import Handed
from node.services.deposits.reading import handle
from node.services.offers.publishing import publish_offers
from node.services.people import quality
from protocol.members import encode_members
from tests.browser.conftest import Site
from tests.browser.hands import follow
from tests.federation.conftest import member_of, members_of
from tests.node.mission import samples
from tests.node.registering import register_person

CV = """Zoulikha BENMANSOUR
Préparatrice de commandes
12 rue des Lilas, 03100 Montluçon
06 12 34 56 78
zoulikha.benmansour@exemple.fr

Expérience professionnelle
mars 2021 - juin 2025 : Préparatrice de commandes, Entrepôts du Cher, Montluçon
2016 - 2020 : Agent d'entretien, Ville de Montluçon

Formation
CAP Employé de vente, 2004

Compétences
Préparer les commandes
Utiliser un chariot élévateur
Contrôler la qualité d'un produit
Travailler en équipe

Langues : arabe courant, anglais A2
Permis B, véhicule
"""


def hand_in(site: Site, **changes: object) -> str:
    """A CV from the poster, both agreements ticked; its id."""
    desk = site.node.desk
    handled = handle(desk, CV.encode(), "cv.txt")
    fields: dict[str, object] = {
        "channel": Channel.QR,
        "first_name": "Zoulikha",
        "last_name": "Benmansour",
        "phone": "06 12 34 56 78",
        "keep": True,
        "network": True,
        "upload": handled.upload,
        "proposal": handled.reading.stored(),
    }
    return deposits.hand_in(desk, Handed(**fields | changes)).id  # type: ignore[arg-type]


def enrol(site: Site, last_name: str = "Fabre", *, ready: bool = False, **changes: object) -> Candidate:
    """A person of Montluçon in the register, followed by the counsellor."""
    desk = site.node.desk
    skills = sorted(desk.referential().skills.for_occupation(samples.WAREHOUSE))[:3]
    fields: dict[str, object] = {
        "first_name": "Luc",
        "last_name": last_name,
        "phone": "0470000000",
        "email": f"{last_name.lower()}@exemple.fr",
        "commune": samples.MONTLUCON,
        "occupations": (Experience(rome=samples.WAREHOUSE, months=30),),
        "skills": frozenset(skills),
        "summary": "Préparateur rapide et soigneux, je cherche un poste de jour à Montluçon.",
    }
    counsellor = site.account(Role.COUNSELLOR).id
    agreed = {ConsentScope.KEEP: "signé au guichet", ConsentScope.NETWORK: "signé au guichet"}
    person = register_person(desk, fields | changes, counsellor, agreements=agreed)
    return quality.sign_ready(desk, person.id, counsellor, met=Met.IN_PERSON) if ready else person


def join_network(site: Site) -> None:
    """A network of this node alone, so that a local employer's applications can be sealed and signed."""
    members = members_of([member_of(site.node.keys)])
    with site.node.database.write() as uow:
        uow.directory.save_members_json(encode_members(members), site.node.desk.now())


def open_offer(site: Site) -> str:
    """A warehouse job in Montluçon, published by this node; its key."""
    desk = site.node.desk
    offer = samples.offer(
        node=desk.node_id,
        description="Préparation de commandes, de jour, à l'entrepôt nord.",
        closes=desk.today() + timedelta(days=30),
    )
    with site.node.database.write() as uow:
        (published,) = publish_offers(uow, desk, [offer], desk.now())
    return published.key


def send(page: Page, form: str = "main form") -> None:
    """Press the main button of a form, and wait for what it brings."""
    follow(page.locator(f"{form} button.btn-primary[type=submit]").last)
