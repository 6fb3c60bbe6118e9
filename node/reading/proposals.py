"""What a file seems to say about a person, each value with how sure it is and where it stands.

Guarantees: proposals are never facts: nothing here is written to a person's file before somebody confirmed it. Values
are in the domain's codes (INSEE, ROME, skill codes, ISO 639-1, CEFR, licence categories, levels of diplomas).

Read next: `proposing.py`, which makes them from a document; `json_resume.py`, which makes them from a JSON Resume.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from node.kit.i18n import gettext as _
from node.reading.dates import Moment

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a value stands: the line's index in the document, and offsets within that line's text."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Proposed(Generic[T]):
    """A value to confirm or correct. `confidence` runs from 0 to 1; `at` is None for what no line shows."""

    value: T
    confidence: float
    at: Spot | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedExperience:
    """One job. `rome` is empty when the title names no known occupation. `end` is None while it lasts, when no date is
    told (then `start` is None too), or when one was told that could not be read (`end_unread`); `months` is 0 when
    neither dates nor a length are told. `place` is a town's name."""

    title: str
    rome: str
    label: str
    start: Moment | None
    end: Moment | None
    months: int
    confidence: float
    at: Spot | None
    employer: Proposed[str] | None = None
    place: Proposed[str] | None = None
    tasks: tuple[Proposed[str], ...] = ()
    appellation: str = ""
    end_unread: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedOccupation:
    """An occupation that the person sought or held, with the months told for it, overlaps counted once. `appellation`
    is the name among those of the occupation that the words came nearest to, empty for the occupation's own label."""

    rome: str
    label: str
    months: int
    confidence: float
    at: Spot | None
    appellation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedLanguage:
    """A language by ISO 639-1; `level` is a CEFR level, empty when none is told."""

    code: str
    level: str
    confidence: float
    at: Spot | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedDiploma:
    """A diploma as worded, its level from 3 (CAP) to 8 in the framework of 2019, and its year, 0 when none is told."""

    words: str
    level: int
    year: int
    confidence: float
    at: Spot | None


class Remark(StrEnum):
    """What a counsellor should look at."""

    BIRTH_IN_FUTURE = "birth_in_future"
    UNKNOWN_POSTAL_CODE = "unknown_postal_code"
    NO_CONTACT = "no_contact"
    NO_NAME = "no_name"
    SEVERAL_CVS = "several_cvs"

    @property
    def sentence(self) -> str:
        """What a person reads: what was found, then what to do."""
        return _REMARKS[self]()


_REMARKS = {
    Remark.BIRTH_IN_FUTURE: lambda: _("The date of birth is still to come. It was left out: ask the person."),
    Remark.UNKNOWN_POSTAL_CODE: lambda: _("The postal code is not known. Choose the commune by its name."),
    Remark.NO_CONTACT: lambda: _("We found neither a telephone number nor an e-mail address. Type one in."),
    Remark.NO_NAME: lambda: _("We are not sure of the name. Type it in."),
    Remark.SEVERAL_CVS: lambda: _(
        "This message holds several documents. The likeliest CV was read: look at the others."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Everything that a file seems to say. Lists come with the likeliest first. `unread` are words of the file that
    became none of it (leftover.py)."""

    first_name: Proposed[str] | None = None
    last_name: Proposed[str] | None = None
    email: Proposed[str] | None = None
    phone: Proposed[str] | None = None
    commune: Proposed[str] | None = None
    birth_date: Proposed[date] | None = None
    occupations: tuple[ProposedOccupation, ...] = ()
    experiences: tuple[ProposedExperience, ...] = ()
    skills: tuple[Proposed[str], ...] = ()
    languages: tuple[ProposedLanguage, ...] = ()
    licences: tuple[Proposed[str], ...] = ()
    vehicle: Proposed[bool] | None = None
    diplomas: tuple[ProposedDiploma, ...] = ()
    remarks: tuple[Remark, ...] = field(default=())
    unread: tuple[str, ...] = ()
