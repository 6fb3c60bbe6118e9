"""A file of candidates, one person a line. The columns are documented in docs/imports.md.

Guarantees: an empty consent is no consent, and so is "oui" without its date; a signature that a CV is ready is read
whole (who, when, how and when met) or reported; a reference stands once in a file. Read next: `cells.py`.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from node.imports.cells import MAX_REFERENCE, MAX_TEXT, NO, YES, Cells
from node.imports.lines import ParsedLine, UnreadableFile
from node.imports.text_table import Columns, read_table
from node.kit import phone
from node.kit.clean_text import is_email
from node.kit.i18n import gettext as _
from node.mission.agreements.consent import Consent, ConsentScope
from node.mission.people.candidate import Candidate, Experience, Met, ReadySignature
from node.referential import Referential
from node.referential.text import fold

COLUMNS: Final = Columns(
    names={
        "reference": ("ref", "numero", "number"),
        "nom": ("last_name", "surname", "nom de famille"),
        "prenom": ("first_name",),
        "email": ("e-mail", "mail", "courriel"),
        "telephone": ("phone", "tel"),
        "commune": ("town", "ville", "insee", "code_insee"),
        "code_postal": ("postal_code", "zip", "cp"),
        "metiers": ("occupations", "metier", "rome", "codes_rome"),
        "competences": ("skills",),
        "permis": ("licences", "licenses", "driving_licences"),
        "qualification": (),
        "langues": ("languages",),
        "contrats": ("contracts",),
        "mobilite_km": ("mobility_km", "mobilite"),
        "lieux": ("places",),
        "demenage": ("relocates",),
        "disponibilite": ("availability", "available"),
        "resume": ("summary",),
        "accord_conservation": ("consent_keep",),
        "accord_reseau": ("consent_network",),
        "accord_recueilli": ("consent_how",),
        "pret_par": ("ready_by",),
        "pret_le": ("ready_on",),
        "rencontre": ("met",),
        "rencontre_le": ("met_on",),
        "dernier_contact": ("last_contact",),
    },
    required=("reference", "nom", "prenom", "metiers"),
    long=frozenset({"resume"}),
    example={
        "reference": "EXEMPLE",
        "nom": "Exemple",
        "prenom": "Camille",
        "email": "camille@exemple.fr",
        "telephone": "06 39 98 00 17",
        "commune": "Montluçon",
        "code_postal": "03100",
        "metiers": "N1103:2 ans|N4105:6 mois",
        "competences": "Travailler en équipe|900016",
        "permis": "B",
        "qualification": "6",
        "langues": "français:C2|anglais:A2",
        "contrats": "CDI|CDD",
        "mobilite_km": "20",
        "lieux": "Vichy (03200)",
        "demenage": "non",
        "disponibilite": "immédiate",
        "resume": "Deux ans d'entrepôt.",
        "accord_conservation": "03/11/2025",
        "accord_reseau": "03/11/2025 au 02/11/2026",
        "accord_recueilli": "signé au guichet",
        "pret_par": "Mme Aubert",
        "pret_le": "10/11/2025",
        "rencontre": "en personne",
        "rencontre_le": "05/11/2025",
        "dernier_contact": "10/11/2025",
    },
)

KEPT_FOR: Final = timedelta(days=730)
SHOWN_FOR: Final = timedelta(days=365)
"""How long an agreement without an end holds: to keep the CV, and to be shown to the network."""

_MOBILITY_KM: Final = 10
_MAX_OCCUPATIONS: Final = 10
_UNTIL: Final = re.compile(r"\s*(?:\.\.|→|->|\s[-–—]\s|\bjusqu['’]au\b|\bau\b|\buntil\b|\bto\b)\s*", re.IGNORECASE)
_NOW: Final = YES | {
    "immediate",
    "immediat",
    "immediatement",
    "now",
    "de suite",
    "tout de suite",
    "des que possible",
    "disponible",
}
_MET: Final = {
    "en personne": Met.IN_PERSON,
    "sur place": Met.IN_PERSON,
    "in person": Met.IN_PERSON,
    "telephone": Met.BY_PHONE,
    "par telephone": Met.BY_PHONE,
    "by phone": Met.BY_PHONE,
    "phone": Met.BY_PHONE,
}


def parse_candidates(data: bytes, referential: Referential, today: date) -> Sequence[ParsedLine[Candidate]]:
    """Every line of the file as a candidate or a problem."""
    parsed: list[ParsedLine[Candidate]] = []
    first_line: dict[str, int] = {}
    try:
        for record in read_table(data, COLUMNS):
            if record.problem:
                parsed.append(ParsedLine(record.line, problem=record.problem))
                continue
            cells = Cells(record.cells, referential, today)
            candidate = _candidate(cells)
            if candidate.reference and first_line.setdefault(candidate.reference, record.line) != record.line:
                sentence = _("this reference already stands on line {line}")
                cells.wrong("reference", sentence.format(line=first_line[candidate.reference]))
            if cells.problems:
                parsed.append(ParsedLine(record.line, problem=" ".join(cells.problems), told=candidate))
            else:
                parsed.append(ParsedLine(record.line, candidate))
    except UnreadableFile as error:
        parsed.append(ParsedLine(1, problem=str(error)))
    return parsed


def _candidate(cells: Cells) -> Candidate:
    """The candidate that a line describes; meaningless where `cells.problems` says so."""
    occupations = cells.occupations("metiers")
    if len(occupations) > _MAX_OCCUPATIONS:
        cells.wrong("metiers", _("at most {most} items").format(most=_MAX_OCCUPATIONS))
    availability = None
    if fold(cells.raw("disponibilite")) not in _NOW:
        availability = cells.day("disponibilite", future=True)
    form = _("communes by INSEE code, or by name and postal code")
    return Candidate(
        id="",
        reference=cells.text("reference", MAX_REFERENCE, required=True),
        first_name=cells.text("prenom", required=True),
        last_name=cells.text("nom", required=True),
        email=_email(cells),
        phone=_phone(cells),
        commune=cells.commune("commune", "code_postal"),
        occupations=tuple(Experience(rome=rome, months=months) for rome, months in occupations),
        skills=frozenset(cells.skills("competences")),
        qualification=cells.qualification("qualification"),
        licences=cells.licences("permis"),
        languages=cells.languages("langues"),
        contracts=frozenset(cells.contracts("contrats")),
        mobility_km=cells.number("mobilite_km", 1000, _MOBILITY_KM),
        places=frozenset(cells.items("lieux", lambda item: cells.find_commune(item) or None, form)),
        relocates=cells.yes("demenage"),
        availability=availability,
        summary=cells.text("resume", MAX_TEXT),
        readiness=_readiness(cells),
        consents=_consents(cells),
        last_contact=cells.day("dernier_contact"),
    )


def _email(cells: Cells) -> str:
    email = cells.text("email", 254)
    if email and not is_email(email):
        cells.wrong("email", _("an address such as nom@exemple.fr"))
    return email


def _phone(cells: Cells) -> str:
    typed = cells.raw("telephone")
    number = phone.read(typed) if typed else ""
    if number is None:
        cells.wrong("telephone", _("a number such as 04 70 00 00 00 or +33 4 70 00 00 00"))
    return number or ""


def _consents(cells: Cells) -> tuple[Consent, ...]:
    how = cells.text("accord_recueilli")
    scopes = (
        ("accord_conservation", ConsentScope.KEEP, KEPT_FOR),
        ("accord_reseau", ConsentScope.NETWORK, SHOWN_FOR),
    )
    found = (_consent(cells, column, scope, lasts, how) for column, scope, lasts in scopes)
    return tuple(consent for consent in found if consent is not None)


def _consent(cells: Cells, column: str, scope: ConsentScope, lasts: timedelta, how: str) -> Consent | None:
    cell = cells.raw(column)
    if fold(cell) in NO:
        return None
    first, *rest = _UNTIL.split(cell)
    if len(rest) > 1 or fold(first) in YES:
        sentence = _("the day of the agreement, and its end if it has one: {day}, or {day} au {end}")
        cells.wrong(column, sentence.format(day="23/11/2026", end="22/11/2027"))
        return None
    given = cells.read_day(column, first, future=False)
    until = cells.read_day(column, rest[0], future=True) if rest else None
    if given is None or (rest and until is None):
        return None
    if until is not None and until < given:
        cells.wrong(column, _("the agreement ends before it begins"))
    return Consent(id="", scope=scope, given_on=given, until=until or given + lasts, how=how)


def _readiness(cells: Cells) -> ReadySignature | None:
    columns = ("pret_par", "pret_le", "rencontre", "rencontre_le")
    filled = [column for column in columns if cells.raw(column)]
    if not filled:
        return None
    for column in columns:
        if column not in filled:
            cells.wrong(column, _("fill it in, or leave all of {columns} empty").format(columns=", ".join(columns)))
    signed_on, met_on = cells.day("pret_le"), cells.day("rencontre_le")
    met = cells.choice("rencontre", _MET, _("en personne, or téléphone"))
    if signed_on and met_on and met_on > signed_on:
        cells.wrong("rencontre_le", _("the person is met before the CV is signed as ready"))
    if signed_on is None or met_on is None or met is None:
        return None
    return ReadySignature(by=cells.text("pret_par"), on=signed_on, met=met, met_on=met_on)
