"""A printed access code, for a candidate without e-mail.

Guarantees: the page shows the first name only; the QR code holds the address and never the code, so that a photograph
of one is not enough. Whoever prints it must not keep the file.

Read next: `templates/printed_code.typ`.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from node.documents.contact import MissionContact
from node.documents.dates import french_date
from node.documents.lettering import shortened
from node.documents.qr import qr_svg
from node.documents.typesetting import typeset

GROUP: Final = 4
"""Letters between two spaces: what most people can carry from paper to telephone at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedCode:
    """`code` as it is to be typed (spaces and hyphens in it are for the eye), `url` the page where it is typed,
    `valid_until` its last day."""

    first_name: str
    code: str = field(repr=False)
    url: str
    mission: MissionContact
    valid_until: date | None = None


def printed_code_pdf(printed: PrintedCode) -> bytes:
    """One A4 page. Raises ValueError for an empty or long code or an address that cannot be printed, CannotTypeset for
    a fault of ours."""
    code = "".join(character for character in printed.code if character not in " -\u00a0\u202f")
    if not 4 <= len(code) <= 32:
        raise ValueError("a printed code has 4 to 32 characters")
    data = {
        "first_name": shortened(printed.first_name.strip(), 40),
        "groups": [code[at : at + GROUP] for at in range(0, len(code), GROUP)],
        "url": printed.url,
        "qr": qr_svg(printed.url, "Mon espace"),
        "mission": printed.mission.as_data(),
        "valid_until": french_date(printed.valid_until) if printed.valid_until else "",
    }
    return typeset("printed_code", data)[0]
