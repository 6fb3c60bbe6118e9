"""Group sheets: what an answer to a search holds, and what a release is made of."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from node.schemas.base import Schema

if TYPE_CHECKING:
    from node.services.sheets.releasing import ReleaseResult
    from node.services.sheets.searching import SheetAnswer


class SheetOut(Schema):
    """One group of people; nothing here belongs to one person."""

    occupation: str
    """A ROME code, or others of a domain (N11+), of a letter (N+), or of all (+)."""
    size: str
    """5+, 10+, 20+ or 50+."""
    skills: list[str]
    """Codes of the skills present in the group."""
    languages: list[str]
    contracts: list[str]


class SheetFoundOut(Schema):
    """One sheet of one node."""

    node: str
    node_name: str
    occupation: str
    label: str
    size: str
    relation: str
    """same, or around: a pooled group that may hold people of that occupation."""
    shared: list[str]
    """Codes of the skills asked for that are present in the group."""
    sheet: SheetOut


class CoverageOut(Schema):
    """What stands behind the answer for one town."""

    node: str
    name: str
    release: int
    """0 before the first."""
    released_at: datetime | None
    synced_at: datetime | None


class SheetAnswerOut(Schema):
    """Sheets of all nodes, best first, and what the answer covers."""

    found: list[SheetFoundOut]
    at_least: int
    """The least number of people of the very occupation, from the sheets."""
    coverage: list[CoverageOut]

    @classmethod
    def of(cls, answer: "SheetAnswer") -> Self:
        return cls.model_validate(answer)


class RiskOut(Schema):
    """What the release would tell those who look for somebody; for the town alone."""

    withheld_share: int
    """Percent of the people who may be shown that are in no group."""
    worst_case: int
    """The best chance, in percent, to guess whom of a group a statement is about."""
    on_edge: list[str]
    """Groups, by their occupation, where one person more or less would show."""


class ReleaseOut(Schema):
    """A release: its sheets, what was withheld, and whether it was published or only previewed."""

    release: int
    at: str
    k: int
    published: bool
    sheets: list[SheetOut]
    withheld: int
    """People in groups that are too small to be shown."""
    risk: RiskOut

    @classmethod
    def of(cls, result: "ReleaseResult") -> Self:
        message = result.release.message
        return cls(
            release=message.release,
            at=message.at,
            k=message.k,
            published=result.published,
            sheets=[SheetOut.model_validate(sheet) for sheet in message.sheets],
            withheld=result.withheld,
            risk=RiskOut.model_validate(result.release.report),
        )
