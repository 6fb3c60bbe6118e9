"""People and offers of the towns in the stories, with only what a test needs to say."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from node.mission.agreements.consent import Consent, ConsentScope
from node.mission.forwards.forward import Forward, ForwardState, Move, Side
from node.mission.offers.offer import Offer, OfferSite
from node.mission.people.candidate import Candidate, Experience, Met, ReadySignature

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
MONTLUCON = "03185"
DOMERAT = "03101"
DESERTINES = "03098"
BAYONNE = "64102"
ANGLET = "64024"
DRANCY = "93029"

WAREHOUSE = "N1103"
FORKLIFT = "N1101"


def network_consent(given_on: date = TODAY, **changes: Any) -> Consent:
    fields: dict[str, Any] = {
        "id": "c1",
        "scope": ConsentScope.NETWORK,
        "given_on": given_on,
        "until": given_on + timedelta(days=365),
        "how": "signed at the desk",
    }
    return Consent(**fields | changes)


def readiness(on: date = TODAY) -> ReadySignature:
    return ReadySignature(by="Mme Aubert", on=on, met=Met.IN_PERSON, met_on=on)


def candidate(number: int = 1, *romes: str, **changes: Any) -> Candidate:
    """A ready and agreeing person of Montluçon, who looks for warehouse work unless told otherwise."""
    fields: dict[str, Any] = {
        "id": f"p{number}",
        "reference": f"MTL-{number:04}",
        "first_name": "Camille",
        "last_name": "Petit",
        "commune": MONTLUCON,
        "occupations": tuple(Experience(rome=rome, months=0) for rome in romes or (WAREHOUSE,)),
        "readiness": readiness(),
        "consents": (network_consent(),),
    }
    return Candidate(**fields | changes)


def site(commune: str = MONTLUCON, posts: int = 1, identifier: str = "s1") -> OfferSite:
    return OfferSite(id=identifier, commune=commune, label="", posts=posts)


def offer(number: int = 1, rome: str = WAREHOUSE, **changes: Any) -> Offer:
    """An open offer with one post in Montluçon and no demands, unless told otherwise."""
    fields: dict[str, Any] = {
        "id": f"o{number}",
        "node": "montlucon.emploi.example",
        "employer": "Entrepôts du Cher",
        "title": "Préparateur de commandes",
        "rome": rome,
        "sites": (site(),),
        "closes": TODAY + timedelta(days=30),
    }
    return Offer(**fields | changes)


def forward(number: int = 1, state: ForwardState = ForwardState.SENT, sent: datetime = NOW, **changes: Any) -> Forward:
    """A forward of Montluçon's, sent at that time."""
    fields: dict[str, Any] = {
        "id": f"f{number}",
        "side": Side.HOME,
        "peer": "employer.example",
        "offer": offer().key,
        "revision": 1,
        "site": "s1",
        "candidate": "p1",
        "why": "Five years on the same machines.",
        "state": state,
        "moves": (Move(event=ForwardState.SENT, at=sent, by=Side.HOME),),
        "created": sent,
    }
    return Forward(**fields | changes)
