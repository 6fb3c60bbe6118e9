"""What is proposed from a file, before anybody confirmed it: the fields of people and of offers, in the API's codes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Self

from pydantic import Field

from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate
from node.schemas.base import Schema
from node.schemas.candidates import ReadinessOut


class OccupationFields(Schema):
    """An occupation that the person seeks, and the months worked in it."""

    rome: str
    months: int
    appellation: str


class JobFields(Schema):
    """A job that the person held. `start` and `end` are YYYY-MM or YYYY, empty when unknown."""

    title: str
    employer: str
    place: str
    rome: str
    start: str
    end: str
    current: bool
    tasks: list[str]


class DiplomaFields(Schema):
    """A diploma; level 3 to 8, 0 when it has none; year 0 when unknown."""

    label: str
    level: int
    school: str
    year: int


class CvFields(Schema):
    """What a CV says of a person. What it does not say is empty."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    """E.164."""
    commune: str = ""
    """INSEE code."""
    birth_date: date | None = None
    occupations: Sequence[OccupationFields] = ()
    skills: Sequence[str] = ()
    licences: Sequence[str] = ()
    languages: dict[str, str] = Field(default_factory=dict)
    """ISO 639-1 code -> CEFR level, empty when none is told."""
    vehicle: bool = False
    jobs: Sequence[JobFields] = ()
    diplomas: Sequence[DiplomaFields] = ()

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> Self:
        """From values of `rules.EDITABLE`."""
        return cls.model_validate(dict(fields) | {"languages": dict(fields.get("languages", ()))})


class ConsentFields(Schema):
    """An agreement that a list says was given."""

    scope: str
    given_on: date
    until: date
    how: str


class PersonFields(Schema):
    """What a line of a list says of a person."""

    reference: str
    first_name: str
    last_name: str
    email: str
    phone: str
    """E.164."""
    commune: str
    """INSEE code."""
    occupations: list[OccupationFields]
    skills: list[str]
    qualification: int
    licences: list[str]
    languages: dict[str, str]
    contracts: list[str]
    mobility_km: int
    places: list[str]
    relocates: bool
    availability: date | None
    summary: str
    readiness: ReadinessOut | None
    consents: list[ConsentFields]
    last_contact: date | None

    @classmethod
    def of(cls, person: Candidate) -> Self:
        """Sets in the order of their codes."""
        values = {name: getattr(person, name) for name in cls.model_fields}
        values |= {name: sorted(values[name]) for name in ("skills", "licences", "contracts", "places")}
        return cls.model_validate(values | {"languages": dict(person.languages)})


class SiteFields(Schema):
    """A place with posts."""

    commune: str
    """INSEE code."""
    label: str
    posts: int


class OfferFields(Schema):
    """What a line of a list, or an entry of a JSON file, says of an offer."""

    reference: str
    employer: str
    title: str
    rome: str
    description: str
    contract: str
    months: int
    hours: int
    """Minutes a week; 0 when not said."""
    salary: str
    experience: str
    experience_months: int
    qualification: int
    skills: dict[str, str]
    """Code -> E (required) or S (wished)."""
    languages: dict[str, str]
    licences: list[str]
    sites: list[SiteFields]
    closes: date
    network: bool

    @classmethod
    def of(cls, offer: Offer) -> Self:
        """Sets in the order of their codes."""
        values = {name: getattr(offer, name) for name in cls.model_fields}
        values |= {"skills": {code: need.value for code, need in offer.skills}, "languages": dict(offer.languages)}
        return cls.model_validate(values | {"licences": sorted(offer.licences)})


class RowOut(Schema):
    """One line of a list. `remarks` say why it would be refused, and what to correct; `fields` are then what could be
    read of it."""

    line: int
    fields: dict[str, Any]
    remarks: Sequence[str] = ()


class ReadOut(Schema):
    """What Maillon would propose from a file."""

    kind: str
    """cv, people, offers, mail or none."""
    fields: dict[str, Any] = Field(default_factory=dict)
    """Of a CV, or of the CV that an e-mail brings."""
    rows: Sequence[RowOut] = ()
    chosen: str = ""
    """The attachment that was taken for the CV; empty when the message itself says what there is."""
    unread: Sequence[str] = ()
    """Attachments that could not be read, and lines of the CV that became no field."""
    remarks: Sequence[str] = ()
