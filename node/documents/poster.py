"""The poster « Déposer mon CV »: a QR code, the address to type, and what happens next.

One poster a desk, company or event: the address carries its source, so that the figures can tell them apart, and the
source is printed small at the foot, for whoever puts the posters up.

Read next: `qr.py`, `templates/poster.typ`.
"""

from dataclasses import dataclass

from node.documents.contact import MissionContact
from node.documents.lettering import shortened
from node.documents.qr import qr_svg
from node.documents.typesetting import typeset


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """`url` opens the deposit page for this source; `source` is its label ("Accueil de la mairie")."""

    mission: MissionContact
    url: str
    source: str = ""


def poster_pdf(poster: Poster) -> bytes:
    """One A4 page. Raises ValueError for an address that cannot be printed, CannotTypeset for a fault of ours."""
    data = {
        "mission": poster.mission.as_data(),
        "url": poster.url,
        "qr": qr_svg(poster.url, "Déposer mon CV"),
        "source": shortened(poster.source, 120),
    }
    return typeset("poster", data)[0]
