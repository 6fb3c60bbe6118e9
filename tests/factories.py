"""Plausible messages of towns, one call each; whatever a test does not say is the same every time."""

from protocol.messages import ForwardMoved, OfferClosed, OfferPublished, SheetsReleased
from protocol.messages.offers import Site, WantedLanguage, WantedSkill
from protocol.messages.sheets import Sheet


def offer(name: str = "cariste-1", revision: int = 1, title: str = "Cariste", text: str = "") -> OfferPublished:
    """A warehouse job in Drancy, as peers see it."""
    return OfferPublished(
        offer=name,
        revision=revision,
        employer="Entrepôts du Bourget",
        title=title,
        rome="N1101",
        description=text or "Chargement et déchargement, préparation de commandes, horaires en deux équipes.",
        contract="CDI",
        months=0,
        hours=2100,
        salary="1 900 € brut",
        experience="E",
        experience_months=12,
        qualification=3,
        skills=[WantedSkill(code="123456", need="E")],
        languages=[WantedLanguage(code="fr", level="B1")],
        licences=["B"],
        sites=[Site(site="drancy", commune="93029", label="Drancy", posts=4)],
        published="2026-11-20T08:00:00Z",
        closes="2027-01-31",
        answer_days=30,
        cap=0,
    )


def offer_of_600_bytes(number: int) -> OfferPublished:
    """An offer whose canonical bytes are about 600."""
    return offer(f"poste-{number}", title=f"Cariste {number}", text="Préparation de commandes.")


def closing(name: str = "cariste-1", revision: int = 2) -> OfferClosed:
    """The same offer, filled."""
    return OfferClosed(offer=name, revision=revision, at="2026-11-25T08:00:00Z", reason="filled")


def release(number: int = 1) -> SheetsReleased:
    """A release of two groups."""
    return SheetsReleased(
        release=number,
        at="2026-11-23T06:00:00Z",
        k=5,
        referential="2026-11",
        sheets=[
            Sheet(occupation="N11+", size="10+", skills=[], languages=[], contracts=["CDD", "CDI"]),
            Sheet(occupation="N1101", size="5+", skills=["123456"], languages=["fr"], contracts=["CDI"]),
        ],
    )


def moved(forward: str, event: str = "seen") -> ForwardMoved:
    """A move of a forward: the smallest message that travels sealed."""
    return ForwardMoved(
        forward=forward,
        event=event,  # type: ignore[arg-type]
        at="2026-11-23T10:00:00Z",
        reason="",
        lacking=[],
        to_candidate="",
        to_guarantor="",
        condition=[],
        about=[],
        instead="",
    )
