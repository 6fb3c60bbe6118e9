"""A file of offers. Several lines with one reference are the sites of one campaign. Columns: docs/imports.md.

Guarantees: one value an offer, at the line where it first stands whole; a bad line costs its site alone, and the
offer only when no other line describes it; what a later line says of the offer is empty or the same. An offer without a
closing day closes at the end of the second month from now, so that reading the same file again within the month gives
the same value. Read next: `cells.py`; `france_travail.py`, the other way in.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from node.imports.cells import MAX_LIST, MAX_REFERENCE, MAX_TEXT, Cells
from node.imports.lines import ParsedLine, UnreadableFile
from node.imports.text_table import Columns, Record, read_table
from node.imports.working_hours import read_weekly_minutes
from node.kit.i18n import gettext as _
from node.mission.offers.offer import (
    ANSWER_DAYS,
    LEAST_ANSWER_DAYS,
    MOST_ANSWER_DAYS,
    MOST_OPEN,
    Need,
    Offer,
    OfferSite,
)
from node.mission.offers.rules import MAX_CLAUSE_HOURS
from node.mission.terms import ExperienceAsked
from node.referential import Referential

COLUMNS: Final = Columns(
    names={
        "reference": ("ref", "numero", "number"),
        "employeur": ("employer", "entreprise"),
        "intitule": ("title", "poste_intitule"),
        "rome": ("code_rome", "metier", "occupation"),
        "description": (),
        "contrat": ("contract", "type_contrat"),
        "duree_mois": ("months", "duration_months"),
        "heures": ("hours", "hours_a_week", "heures_semaine"),
        "salaire": ("salary",),
        "experience": (),
        "experience_mois": ("experience_months",),
        "qualification": (),
        "competences": ("skills", "competences_exigees", "required_skills"),
        "competences_souhaitees": ("wished_skills",),
        "langues": ("languages",),
        "permis": ("licences", "licenses", "driving_licences"),
        "site": ("site_label",),
        "commune": ("town", "ville", "insee", "code_insee"),
        "code_postal": ("postal_code", "zip", "cp"),
        "postes": ("posts", "nombre_postes"),
        "cloture": ("closes", "date_cloture"),
        "reseau": ("network",),
        "reponse_jours": ("answer_days", "reponse_sous", "delai_reponse"),
        "candidatures_max": ("most_open", "max_applications"),
        "clause": ("clause_sociale", "clause_insertion", "insertion_clause"),
        "clause_heures": ("heures_clause", "heures_insertion", "clause_hours"),
    },
    required=("reference", "employeur", "intitule", "rome", "contrat", "commune"),
    long=frozenset({"description"}),
    example={
        "reference": "EXEMPLE",
        "employeur": "Entreprise d'exemple",
        "intitule": "Cariste",
        "rome": "N1101",
        "description": "Chargement des camions.",
        "contrat": "CDD",
        "duree_mois": "6",
        "heures": "35h",
        "salaire": "12,50 euros de l'heure",
        "experience": "S",
        "experience_mois": "1 an",
        "qualification": "6",
        "competences": "900016",
        "competences_souhaitees": "Travailler en équipe",
        "langues": "français:B1",
        "permis": "B",
        "site": "Quai nord",
        "commune": "Montluçon",
        "code_postal": "03100",
        "postes": "2",
        "cloture": "31/12/2099",
        "reseau": "oui",
        "reponse_jours": "21",
        "candidatures_max": "10",
        "clause": "oui",
        "clause_heures": "300",
    },
)
_OF_SITE: Final = frozenset({"reference", "site", "commune", "code_postal", "postes"})

MAX_SITES: Final = 1000
_DAYS: Final = re.compile(r"(\d{1,3})(?:[.,]0+)?\s*(?:j|jours?)?", re.IGNORECASE | re.ASCII)
_EXPERIENCE: Final = {
    "d": ExperienceAsked.BEGINNER,
    "debutant": ExperienceAsked.BEGINNER,
    "debutant accepte": ExperienceAsked.BEGINNER,
    "s": ExperienceAsked.WISHED,
    "souhaitee": ExperienceAsked.WISHED,
    "e": ExperienceAsked.REQUIRED,
    "exigee": ExperienceAsked.REQUIRED,
}


class _Line:
    """One line while it is read: what it says of a site is read at once, what it says of the offer in its turn."""

    def __init__(self, record: Record, referential: Referential, today: date) -> None:
        self.number = record.line
        self.said = {name: cell for name, cell in record.cells.items() if name not in _OF_SITE}
        self.cells = Cells(record.cells, referential, today)
        self.reference = self.cells.text("reference", MAX_REFERENCE, required=True)
        self.site = _site(self.cells)
        self.told: Offer | None = None


def default_closing(today: date) -> date:
    """The last day of the second month from now."""
    month = today.replace(day=1)
    for _month in range(3):
        month = (month + timedelta(days=31)).replace(day=1)
    return month - timedelta(days=1)


def parse_offers_csv(data: bytes, referential: Referential, today: date) -> Sequence[ParsedLine[Offer]]:
    """Every offer of the file, and every line that could not be read, by line number."""
    parsed: list[ParsedLine[Offer]] = []
    campaigns: dict[str, list[_Line]] = {}
    try:
        for record in read_table(data, COLUMNS):
            if record.problem:
                parsed.append(ParsedLine(record.line, problem=record.problem))
            else:
                line = _Line(record, referential, today)
                campaigns.setdefault(line.reference, []).append(line)
    except UnreadableFile as error:
        return [ParsedLine(1, problem=str(error))]
    for lines in campaigns.values():
        parsed.extend(_campaign(lines, today))
        parsed.extend(
            ParsedLine(line.number, problem=" ".join(line.cells.problems), told=line.told)
            for line in lines
            if line.cells.problems
        )
    return sorted(parsed, key=lambda each: each.line)


def _campaign(lines: Sequence[_Line], today: date) -> Iterator[ParsedLine[Offer]]:
    """The offer that these lines of one reference describe, if any; what is wrong is noted on the lines."""
    offer, described, failed = None, lines[0], None
    for line in lines:
        if offer is None and line.cells.raw("intitule"):
            known_problems = len(line.cells.problems)
            offer, described = _offer(line.cells, line.reference, today), line
            line.told = replace(offer, sites=(line.site,))
            if len(line.cells.problems) > known_problems:
                offer, failed = None, failed or line
    sites: list[OfferSite] = []
    for line in lines:
        if offer is not None and line is not described and line is not failed:
            _compare(described, line)
        elif offer is None and failed is not None and line is not failed and not line.cells.problems:
            sentence = _("correct line {line} first: it describes this offer").format(line=failed.number)
            line.cells.wrong("reference", sentence)
        elif offer is None and failed is None:
            _offer(line.cells, line.reference, today)
        if not line.cells.problems:
            _add_site(line, sites)
    if offer is not None and sites:
        yield ParsedLine(described.number, replace(offer, sites=tuple(sites)))


def _add_site(line: _Line, sites: list[OfferSite]) -> None:
    site, cells = line.site, line.cells
    if any((site.commune, site.label) == (known.commune, known.label) for known in sites):
        cells.wrong("site", _("this site of the offer already stands in the file: keep one line, or name the site"))
    elif len(sites) >= MAX_SITES:
        cells.wrong("reference", _("at most {most} sites an offer").format(most=MAX_SITES))
    else:
        sites.append(replace(site, id=new_site_id(site.commune, sites)))


def _compare(described: _Line, line: _Line) -> None:
    for name, cell in line.said.items():
        if cell and cell != described.said.get(name):
            sentence = _("differs from line {line} of the same reference").format(line=described.number)
            line.cells.wrong(name, sentence)


def new_site_id(commune: str, sites: Sequence[OfferSite]) -> str:
    """A site's id that stays the same from file to file: its commune, numbered from the second on."""
    count = sum(site.commune == commune for site in sites)
    return f"{commune}-{count + 1}" if count else commune


def _site(cells: Cells) -> OfferSite:
    posts = cells.number("postes", 100_000, 1)
    if posts == 0:
        cells.wrong("postes", _("at least one"))
    return OfferSite(id="", commune=cells.commune("commune", "code_postal"), label=cells.text("site"), posts=posts)


def _offer(cells: Cells, reference: str, today: date) -> Offer:
    """The offer that a line describes, without its sites; meaningless where `cells.problems` says so."""
    occupations = cells.occupations("rome")
    if len(occupations) > 1:
        cells.wrong("rome", _("one ROME code"))
    contracts = cells.contracts("contrat")
    if len(contracts) != 1 and not (cells.raw("contrat") and not contracts):
        cells.wrong("contrat", _("one contract type"))
    closes = cells.day("cloture", future=True)
    if closes is not None and closes < today:
        cells.wrong("cloture", _("this day is past: correct it, or leave the offer out"))
    experience = cells.choice("experience", _EXPERIENCE, _("D (beginners), S (wished) or E (required)"))
    return Offer(
        id="",
        node="",
        reference=reference,
        employer=cells.text("employeur", required=True),
        title=cells.text("intitule", required=True),
        rome=occupations[0][0] if occupations else "",
        description=cells.text("description", MAX_TEXT),
        contract=contracts[0] if contracts else "",
        months=cells.months("duree_mois"),
        hours=_minutes(cells),
        salary=cells.text("salaire"),
        experience=str(experience or ExperienceAsked.BEGINNER),
        experience_months=cells.months("experience_mois"),
        qualification=cells.qualification("qualification"),
        skills=_skills(cells),
        languages=cells.languages("langues", travelling=True),
        licences=cells.licences("permis"),
        sites=(),
        closes=closes or default_closing(today),
        network=cells.yes("reseau", empty=True),
        answer_days=_answer_days(cells),
        most_open=cells.number("candidatures_max", MOST_OPEN, 0),
        clause=_clause(cells),
        clause_hours=cells.number("clause_heures", MAX_CLAUSE_HOURS, 0),
    )


def _clause(cells: Cells) -> bool:
    """Whether hours of insertion are due: hours alone say so too; hours beside a no are to be mended."""
    told = cells.yes("clause")
    if not cells.raw("clause_heures"):
        return told
    if cells.raw("clause") and not told:
        cells.wrong("clause_heures", _("there is no clause in this line: leave it empty, or say yes"))
    return True


def _answer_days(cells: Cells) -> int:
    """Days; the usual ones when empty."""
    cell = cells.raw("reponse_jours")
    said = _DAYS.fullmatch(cell) if cell else None
    days = int(said[1]) if said else ANSWER_DAYS
    if (cell and said is None) or not LEAST_ANSWER_DAYS <= days <= MOST_ANSWER_DAYS:
        sentence = _("a number of days from {least} to {most}, such as {example}")
        cells.wrong(
            "reponse_jours", sentence.format(least=LEAST_ANSWER_DAYS, most=MOST_ANSWER_DAYS, example=ANSWER_DAYS)
        )
        return ANSWER_DAYS
    return days


def _minutes(cells: Cells) -> int:
    """Minutes a week, 0 when empty."""
    cell = cells.raw("heures")
    minutes = read_weekly_minutes(cell) if cell else 0
    if minutes is None:
        cells.wrong("heures", _("hours a week, such as 35 or 35h30, or with their period: 151,67 h par mois"))
    return minutes or 0


def _skills(cells: Cells) -> tuple[tuple[str, Need], ...]:
    """Skills required and wished; one that stands in both columns is required."""
    found = dict.fromkeys(cells.skills("competences_souhaitees"), Need.WISHED)
    found |= dict.fromkeys(cells.skills("competences"), Need.REQUIRED)
    if len(found) > MAX_LIST:
        cells.wrong("competences", _("at most {most} items").format(most=MAX_LIST))
    return tuple(sorted(found.items()))
