"""What became of a file."""

from typing import TYPE_CHECKING, Self

from node.kit import phone
from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext
from node.mission.offers.offer import Offer
from node.mission.terms import Language
from node.schemas.base import Schema

if TYPE_CHECKING:
    from node.mission.people.candidate import Candidate
    from node.referential import Referential
    from node.services.imports.importing import Effect, ImportReport


class ProblemLine(Schema):
    """A line that was not taken in, and what to correct."""

    line: int
    problem: str


class ImportOut(Schema):
    """What became of a file: good lines are kept, and none is taken in twice."""

    added: int
    updated: int
    unchanged: int
    alike: int
    """Of the new offers, how many resemble one that the town has: its pages show them side by side."""
    problems: list[ProblemLine]

    @classmethod
    def of(cls, report: "ImportReport") -> Self:
        problems = [ProblemLine(line=line, problem=problem) for line, problem in report.problems]
        return cls(
            added=report.added,
            updated=report.updated,
            unchanged=report.unchanged,
            alike=report.alike,
            problems=problems,
        )


class TakenLine(Schema):
    """A line that adds or changes a person or an offer, as it will be."""

    line: int
    outcome: str
    """added or updated."""
    reference: str
    name: str
    """Of the person; of an offer, its title and employer."""
    communes: str
    occupations: str
    details: list[str]
    """What else is worth a look: contacts, licences, languages, agreements; of an offer, its contract and hours."""

    @classmethod
    def of(cls, line: int, outcome: "Effect", value: "Candidate | Offer", referential: "Referential") -> Self:
        if isinstance(value, Offer):
            name, codes = f"{value.title}, {value.employer}", [site.commune for site in value.sites]
            occupations, details = [(value.rome, 0)], _of_offer(value)
        else:
            name, codes = f"{value.first_name} {value.last_name}", [value.commune] if value.commune else []
            occupations, details = [(one.rome, one.months) for one in value.occupations], _of_person(value)
        return cls(
            line=line,
            outcome=outcome.value,
            reference=value.reference,
            name=name,
            communes=", ".join(referential.communes.name(code) for code in codes),
            occupations=", ".join(_occupation(rome, months, referential) for rome, months in occupations),
            details=[detail for detail in details if detail],
        )


class ImportPreviewOut(ImportOut):
    """What would become of a file."""

    lines: list[TakenLine]

    @classmethod
    def preview_of(cls, report: "ImportReport", referential: "Referential", most: int | None = None) -> Self:
        lines = [TakenLine.of(line, outcome, value, referential) for line, outcome, value in report.taken[:most]]
        return cls(**dict(ImportOut.of(report)), lines=lines)


def _occupation(rome: str, months: int, referential: "Referential") -> str:
    label = referential.occupations.label(rome) or rome
    if not months:
        return label
    said = ngettext("{n} month", "{n} months", months).format(n=months)
    return f"{label} ({said})"


def _of_person(person: "Candidate") -> list[str]:
    agreements = [f"{one.scope.label} : {one.given_on:%d/%m/%Y} – {one.until:%d/%m/%Y}" for one in person.consents]
    return [
        phone.shown(person.phone),
        person.email,
        ", ".join(sorted(person.licences)),
        ", ".join(f"{_language(code)} {level}" for code, level in person.languages),
        *agreements,
    ]


def _of_offer(offer: Offer) -> list[str]:
    hours = f"{offer.hours // 60} h {offer.hours % 60:02}" if offer.hours else ""
    posts = ngettext("{count} post", "{count} posts", offer.posts).format(count=offer.posts)
    languages = ", ".join(f"{_language(code)} {level}" for code, level in offer.languages)
    clause = _("insertion clause") if offer.clause else ""
    return [offer.contract, hours, posts, ", ".join(sorted(offer.licences)), languages, clause]


def _language(code: str) -> str:
    known = Language.read(code)
    return known.label if known else code
