"""What a CV may hold, as plain values; `cv.py` prints it.

A CV shows no photograph, no age, no nationality and no family: there is no room for them here.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class CareerStep:
    """A job, or a diploma or course. `title` is what was done or obtained, `organisation` the employer or school.
    `start` and `end` are "YYYY", "YYYY-MM" or "YYYY-MM-DD" (the day is not shown), empty when unknown; `current` means
    that it goes on."""

    title: str
    organisation: str = ""
    place: str = ""
    start: str = ""
    end: str = ""
    current: bool = False
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cv:
    """What a CV may say. Steps come most recent first, skills and qualities most important first: what does not fit
    goes from the end.

    `languages` are ISO 639-1 codes with a CEFR level (empty when unknown), `licences` categories of driving licence;
    `mobility` is a sentence such as "Mobile à 30 km autour de Montluçon".
    """

    first_name: str
    last_name: str
    headline: str = ""
    phone: str = ""
    email: str = ""
    place: str = ""
    profile: str = ""
    skills: tuple[str, ...] = ()
    qualities: tuple[str, ...] = ()
    experience: tuple[CareerStep, ...] = ()
    education: tuple[CareerStep, ...] = ()
    languages: tuple[tuple[str, str], ...] = ()
    licences: tuple[str, ...] = ()
    has_vehicle: bool = False
    mobility: str = ""
    available_from: date | None = None
    interests: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """First name, then last name, on one line."""
        return " ".join(f"{self.first_name} {self.last_name}".split())
