"""Letters to a local employer: people put forward, each with their CV; and the request to destroy a CV.

Guarantees: the people's numbers are those of the employer's page; the QR code opens the same page as the mail would,
and the code beside it is checked without opening anything. Read next: `templates/employer_letter.typ`, `cv.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from node.documents.contact import MissionContact
from node.documents.cv import Cv, Layout, cv_versions
from node.documents.dates import french_date
from node.documents.lettering import one_line, shortened, typographic
from node.documents.qr import qr_svg
from node.documents.typesetting import Data, typeset


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Whom a letter is for; `address` its lines."""

    employer: str
    name: str = ""
    address: str = ""

    def as_data(self) -> Data:
        """Lines for a template."""
        lines = (self.employer, self.name, *self.address.splitlines())
        return [shortened(line, 80) for line in map(one_line, lines) if line]


@dataclass(frozen=True, slots=True, kw_only=True)
class PutForward:
    """One person of a letter: the counsellor's sentence, what was checked (label, day), and the CV."""

    number: int
    name: str
    why: str
    checked: Sequence[tuple[str, date]]
    cv: Cv


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployerLetter:
    """`about` is what people are put forward for, in words after « pour », empty: the employer's offer of that title;
    `attests` what the guarantee says, `url` the private link, `code` what is typed at `verify_url`."""

    mission: MissionContact
    addressee: Addressee
    title: str
    about: str = ""
    people: Sequence[PutForward]
    attests: str
    code: str
    verify_url: str
    url: str = field(repr=False)
    on: date
    until: date


def employer_letter_pdf(letter: EmployerLetter) -> bytes:
    """The letter, then a page a CV. Raises ValueError for an address that cannot be printed or a person without a
    name, CannotTypeset for a fault of ours."""
    data = _head(letter.mission, letter.addressee, letter.title, letter.about, letter.on) | {
        "people": [
            {
                "number": one.number,
                "name": shortened(one_line(one.name), 100),
                "why": typographic(shortened(one_line(one.why), 600)),
                "checked": [f"{typographic(label)}, le {french_date(day)}" for label, day in one.checked],
            }
            for one in letter.people
        ],
        "attests": typographic(letter.attests),
        "code": letter.code,
        "verify_url": letter.verify_url,
        "qr": qr_svg(letter.url, "Répondre en ligne"),
        "until": french_date(letter.until),
        "layout": Layout.PLAIN.value,
        "cvs": [cv_versions(one.cv, letter.on) for one in letter.people],
    }
    return typeset("employer_letter", data)[0]


def destruction_letter_pdf(
    mission: MissionContact,
    addressee: Addressee,
    *,
    title: str,
    about: str = "",
    people: Sequence[str],
    code: str,
    sent: date,
    on: date,
) -> bytes:
    """One page that asks for the destruction of the CVs of these people of the letter or mail of the day `sent`.
    Raises CannotTypeset for a fault of ours."""
    data = _head(mission, addressee, title, about, on) | {
        "people": [shortened(one_line(one), 120) for one in people],
        "code": code,
        "sent": french_date(sent),
    }
    return typeset("destruction_letter", data)[0]


def _head(mission: MissionContact, addressee: Addressee, title: str, about: str, on: date) -> dict[str, Data]:
    offer = shortened(one_line(title), 120)
    return {
        "mission": mission.as_data(),
        "addressee": addressee.as_data(),
        "offer": typographic(offer),
        "about": typographic(shortened(one_line(about), 240) if about else f"votre offre « {offer} »"),
        "on": french_date(on),
    }
