"""The promise of an employer who said « oui, si… », on paper: for whoever pays the training, and for the person.

Guarantees: says what was promised, by whom, for which post and until when, and how that can be proven; nothing of the
person but the name. Read next: `templates/promise.typ`.
"""

from dataclasses import dataclass
from datetime import date, datetime

from node.documents.contact import MissionContact
from node.documents.dates import french_date, french_moment
from node.documents.lettering import one_line, shortened, typographic
from node.documents.typesetting import typeset


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """`thing` is what is asked for, `until` the day by which; `promised` the moment of the answer. `signed_by` and
    `number` say whose signed message carries it and where it is kept; both empty for an answer that the mission
    noted."""

    person: str
    employer: str
    post: str
    place: str = ""
    thing: str
    until: date
    promised: datetime
    signed_by: str = ""
    number: str = ""
    mission: MissionContact


def promise_pdf(promise: Promise) -> bytes:
    """One A4 page, with room for signatures. Raises CannotTypeset for a fault of ours."""
    data = {
        "person": _line(promise.person, 60),
        "employer": _line(promise.employer, 80),
        "post": typographic(_line(promise.post, 100)),
        "place": typographic(_line(promise.place, 80)),
        "thing": typographic(_line(promise.thing, 260)),
        "until": french_date(promise.until),
        "promised": french_moment(promise.promised),
        "signed_by": _line(promise.signed_by, 80),
        "number": promise.number,
        "mission": promise.mission.as_data(),
    }
    return typeset("promise", data)[0]


def _line(text: str, longest: int) -> str:
    return shortened(one_line(text), longest)
