"""A town's release: all its sheets, replaced as a whole. See SPEC.md, "Sheets", for the four rules."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Literal

from msgspec import Meta

from protocol.wire_types import Number, Short, SkillCode, Timestamp, WireStruct

Bucket = Literal["5+", "10+", "20+", "50+"]

Region = Annotated[str, Meta(pattern=r"\A([A-N][0-9]{4}|[A-N][0-9]{2}\+|[A-N]\+|\+)\Z")]
"""A node of the public occupation tree: `N1103` (that code alone), `N11+` (other codes of the domain), `N+` (other
codes of the letter), `+` (all other codes)."""


class Sheet(WireStruct, frozen=True):
    """One class of at least k people: its label, a bucket, and what at least three of its members have.

    Nothing here belongs to one person. `skills`, `languages` (ISO 639-1) and `contracts` (France Travail codes) are
    sorted and without repetition.
    """

    occupation: Region
    size: Bucket
    skills: Annotated[list[SkillCode], Meta(max_length=200)]
    languages: Annotated[list[Annotated[str, Meta(pattern=r"\A[a-z]{2}\Z")]], Meta(max_length=50)]
    contracts: Annotated[list[Annotated[str, Meta(pattern=r"\A[A-Z0-9]{2,3}\Z")]], Meta(max_length=20)]

    def __post_init__(self) -> None:
        if not (_ascending(self.skills) and _ascending(self.languages) and _ascending(self.contracts)):
            raise ValueError("a sheet's skills, languages and contracts are sorted, without repetition")


class SheetsReleased(WireStruct, frozen=True, tag_field="kind", tag="sheets.released/1"):
    """All the sheets of a town, which replace those of the release before; sorted by occupation, one a class."""

    release: Number
    at: Timestamp
    k: Annotated[int, Meta(ge=5, le=1000)]
    referential: Short
    sheets: Annotated[list[Sheet], Meta(max_length=2000)]

    def __post_init__(self) -> None:
        if not _ascending([sheet.occupation for sheet in self.sheets]):
            raise ValueError("a release's sheets are sorted by occupation, one a class")


def _ascending(values: Sequence[str]) -> bool:
    return all(one < following for one, following in pairwise(values))
