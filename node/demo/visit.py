"""What visitors find once the story is told: an account for each role, CVs that wait, a person's own space.

Guarantees: as the story itself, only public commands and HTTP; the CVs come in by the public form, as from a telephone.
Everybody here is invented.
"""

import re
import time
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

import httpx

from node.demo.network import DemoError, DemoNetwork, DemoNode
from node.demo.reasons import reason
from node.documents.curriculum import CareerStep, Cv
from node.documents.cv import Layout, cv_pdf
from node.kit.i18n import gettext as _
from node.mission.accounts.roles import Role

_OLD_ENOUGH: Final = 2.2
"""Seconds between opening and sending the form: whoever is quicker is asked to look over it again."""
_STAMP: Final = re.compile(r'name="debut" value="(\d+)"')

_BECAUSE: Final = "Démonstration : tout le monde ici est inventé."

VISITORS: Final = {
    Role.COUNSELLOR: ("Karima Benali", "k.benali"),
    Role.HEAD: ("Marie Réau", "m.reau"),
    Role.ADMINISTRATOR: ("Yann Le Goff", "y.legoff"),
    Role.EMPLOYER: ("Ludovic Chauvet", "l.chauvet"),
    Role.COORDINATOR: ("Anne Castaing", "a.castaing"),
}


@dataclass(frozen=True, slots=True)
class Door:
    """An address to open: for whom, on which node."""

    who: str
    place: str
    url: str


def open_doors(network: DemoNetwork, today: date) -> list[Door]:
    """CVs handed in at the first town, and the addresses for a visitor of each role."""
    home = network.towns[0]
    hand_in(home.base_url, today)
    places = {Role.EMPLOYER: network.employer, Role.COORDINATOR: network.coordinator}
    doors = [_door(network, places.get(role, home), role) for role in VISITORS]
    listed = network.run(home, "candidate", "list")["candidates"]
    person = next(one for one in listed if one["published"])
    link = network.run(home, "candidate", "link", person["id"], "--because", _BECAUSE)["url"]
    return [
        *doors,
        Door(_("A candidate, in their own space"), home.name, link),
        Door(_("Anybody who hands in a CV, on a telephone"), home.name, f"{home.base_url}/deposer"),
    ]


def _door(network: DemoNetwork, place: DemoNode, role: Role) -> Door:
    name, local = VISITORS[role]
    email = f"{local}@{place.id}"
    employer = ("--employer", place.name) if role is Role.EMPLOYER else ()
    why = ("--because", _BECAUSE)
    network.run(place, "account", "create", email, "--name", name, "--role", role.value, *employer, *why)
    return Door(f"{role.label}, {name}", place.name, network.run(place, "account", "link", email, *why)["url"])


def hand_in(base_url: str, today: date) -> None:
    """Three people hand something in by the public form. DemoError when a form is refused or not answered."""
    senders = [
        *(partial(_send, fields=_fields(cv), cv=cv_pdf(cv, layout, today).pdf) for cv, layout in PEOPLE),
        partial(_send, fields=CALL_BACK, cv=b""),
    ]
    try:
        with httpx.Client(base_url=base_url, timeout=30, trust_env=False) as http:
            found = _STAMP.search(http.get("/deposer").text)
            if found is None:
                raise DemoError("GET /deposer")
            time.sleep(_OLD_ENOUGH)
            for send in senders:
                send(http, found[1])
    except httpx.HTTPError as error:
        raise DemoError(f"/deposer: {reason(error)}") from error


def _send(http: httpx.Client, stamp: str, fields: dict[str, str], cv: bytes) -> None:
    files = {"fichier": ("mon cv.pdf", cv, "application/pdf")} if cv else {"fichier": ("", b"")}
    answer = http.post("/deposer", data=fields | {"debut": stamp}, files=files)
    if answer.status_code != 303:
        raise DemoError(f"POST /deposer: {answer.status_code}")


def _fields(cv: Cv) -> dict[str, str]:
    return {
        "first_name": cv.first_name,
        "last_name": cv.last_name,
        "phone": cv.phone,
        "email": cv.email,
        "keep": "1",
        "network": "1",
    }


CALL_BACK: Final = {
    "first_name": "Luc",
    "last_name": "Fabre",
    "phone": "06 00 00 01 03",
    "call_back": "1",
    "message": "Je n'ai pas de CV. Plutôt le matin.",
    "keep": "1",
}

PEOPLE: Final = (
    (
        Cv(
            first_name="Zoulikha",
            last_name="Benmansour",
            headline="Préparatrice de commandes",
            phone="06 00 00 01 01",
            email="z.benmansour@exemple.fr",
            place="93700 Drancy",
            skills=("Préparer les commandes", "Conditionner un produit", "Charger et décharger des marchandises"),
            experience=(
                CareerStep(
                    title="Préparatrice de commandes",
                    organisation="Entrepôts du Bourget",
                    start="2021-03",
                    end="2025-06",
                    tasks=("Préparation au casque, 120 colis à l'heure", "Contrôle des expéditions"),
                ),
                CareerStep(title="Agente d'entretien", organisation="Ville de Bobigny", start="2016-09", end="2020-12"),
            ),
            education=(CareerStep(title="CAP Employé de vente", organisation="Lycée Eugène-Delacroix", end="2004"),),
            languages=(("fr", "C1"), ("ar", "C2")),
            licences=("B",),
        ),
        Layout.PLAIN,
    ),
    (
        Cv(
            first_name="Moussa",
            last_name="N'Diaye-Œuvrard",
            headline="Maçon",
            phone="06 00 00 01 02",
            place="93700 Drancy",
            profile="Maçon depuis quinze ans, je cherche un chantier proche de chez moi.",
            experience=(
                CareerStep(title="Maçon", organisation="Bâti Nord", start="2012-04", end="2024-11"),
                CareerStep(title="Manœuvre", organisation="Entreprise Lopes", start="2009-01", end="2012-03"),
            ),
            education=(CareerStep(title="BEP Gros œuvre", organisation="CFA de Noisy", end="2008"),),
            languages=(("fr", "B2"), ("wo", "C2")),
        ),
        Layout.TWO_COLUMNS,
    ),
)
