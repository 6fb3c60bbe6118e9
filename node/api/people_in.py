"""The body of `POST /api/v1/candidates`: a person's fields, as `maillon read` tells them of a CV or a list's line."""

from typing import Annotated, Any

from pydantic import Field

from node.api.inputs import Body, Day, Line, Text
from node.mission.agreements.consent import ConsentScope
from node.mission.people.candidate import Diploma, Experience, Job
from node.mission.people.rules import EDITABLE
from node.mission.terms import Cefr

_MANY = Field(max_length=100, strict=False)


class OccupationIn(Body):
    """An occupation that the person seeks, and the months worked in it."""

    rome: Line
    months: int = 0
    appellation: Line = ""


class JobIn(Body):
    """A job that the person held; `start` and `end` are YYYY-MM or YYYY."""

    title: Line
    employer: Line = ""
    place: Line = ""
    rome: Line = ""
    start: Line = ""
    end: Line = ""
    current: bool = False
    tasks: Annotated[tuple[Line, ...], _MANY] = ()


class DiplomaIn(Body):
    """A diploma; level 3 to 8, 0 when it has none."""

    label: Line
    level: int = 0
    school: Line = ""
    year: int = 0


class AgreementIn(Body):
    """An agreement that the person gave: network (other towns), or keep where the mission asks for it."""

    scope: ConsentScope = Field(strict=False)
    given_on: Day
    until: Day | None = None
    how: Line


class PersonIn(Body):
    """What is known of a person; what is left out is empty."""

    reference: Line = ""
    """The town's own number; the next free one when it is empty."""
    first_name: Line = ""
    last_name: Line = ""
    email: Line = ""
    phone: Line = ""
    commune: Line = ""
    """INSEE code."""
    birth_date: Day | None = None
    occupations: Annotated[tuple[OccupationIn, ...], _MANY] = ()
    skills: Annotated[tuple[Line, ...], _MANY] = ()
    qualification: int = 0
    licences: Annotated[tuple[Line, ...], _MANY] = ()
    languages: Annotated[dict[str, Line], Field(max_length=100)] = Field(default_factory=dict)
    """Code -> CEFR level; a language without a level is kept at A1, as in lists."""
    contracts: Annotated[tuple[Line, ...], _MANY] = ()
    mobility_km: int = 10
    places: Annotated[tuple[Line, ...], _MANY] = ()
    relocates: bool = False
    vehicle: bool = False
    availability: Day | None = None
    summary: Text = ""
    jobs: Annotated[tuple[JobIn, ...], _MANY] = ()
    diplomas: Annotated[tuple[DiplomaIn, ...], _MANY] = ()
    consents: Annotated[tuple[AgreementIn, ...], _MANY] = ()
    readiness: None = None
    """A signature is not taken in: somebody signs who met the person."""
    last_contact: Day | None = None

    def fields(self) -> dict[str, Any]:
        """As values of `rules.EDITABLE`."""
        given = {name: getattr(self, name) for name in EDITABLE & set(type(self).model_fields)}
        sets = {name: frozenset(given[name]) for name in ("skills", "licences", "contracts", "places")}
        return (
            given
            | sets
            | {
                "occupations": tuple(Experience(**one.model_dump()) for one in self.occupations),
                "languages": tuple((code, level or str(Cefr.A1)) for code, level in self.languages.items()),
                "jobs": tuple(Job(**one.model_dump()) for one in self.jobs),
                "diplomas": tuple(Diploma(**one.model_dump()) for one in self.diplomas),
            }
        )
