"""What is told on a scale: languages, driving licences, diplomas.

Guarantees: pure. Diplomas get the level of the framework in force since 2019, whichever numbering the CV uses:
"niveau V" is a CAP, level 3 today, while "niveau 5" is bac+2; a diploma's name counts more than a number beside it.

Read next: `proposing.py`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from node.mission.terms import LANGUAGE_WORDS, Cefr, Language, Licence
from node.reading.words import flat

_LANGUAGES: Final = {flat(language.label): str(language) for language in Language} | dict(LANGUAGE_WORDS)
_LANGUAGE: Final = re.compile(rf"\b({'|'.join(sorted(map(re.escape, _LANGUAGES), key=len, reverse=True))})e?\b")
_UNLISTED: Final = re.compile(r"\s*[-–•*·]?\s*([^\W\d_][^\W\d_'’ -]{2,29}?)\s*(?:[:(=–—-]|\s(?=[abc][12]\b))")
_NO_LANGUAGE: Final = re.compile(
    r"\b(?:langues?|niveau|lue?s?|ecrite?s?|parlee?s?|orale?|notions?|couran\w*|maternel\w*|permis|toe[if][cl]|ielts|"
    r"bilingue|natif|native|bases?|scolaire|test|score|diplome|certificat\w*|informatique|logiciels?|bureautique)\b"
)
_MOST_WORDS: Final = 3
_PART: Final = re.compile(r"[^,;|/\n]+")
_SCALE: Final = (
    (Cefr.C2, r"(?:langue )?maternel\w*|natif|native|bilingue"),
    (
        Cefr.B2,
        r"bon niveau|bonnes? (?:maitrise|connaissances?)|assez bon|niveau avance intermediaire|independant|a l'aise",
    ),
    (Cefr.A1, r"notions?|debutante?|bases?\b|rudiments?|elementaire|faible|quelques mots|initiation"),
    (Cefr.A2, r"scolaire|niveau college|pre-?intermediaire|usuel"),
    (Cefr.B1, r"intermediaire|moyen|conversation|correcte?|niveau (?:lycee|bac)|technique|seuil"),
    (
        Cefr.C1,
        r"couram\w+|courante?|fluent|fluide|"
        r"lue?s?,? (?:et )?(?:parlee?s?,? (?:et )?ecrite?s?|ecrite?s?,? (?:et )?parlee?s?)|"
        r"parlee?,? lue?,? (?:et )?ecrite?|avancee?|tres bon\w*|professionnel|maitrise",
    ),
)
_LEVELS: Final = tuple((str(level), re.compile(rf"\b(?:{words})")) for level, words in _SCALE)
_CODED: Final = re.compile(r"\b([abc][12])\b\+?")

_CATEGORIES: Final = {str(licence): str(licence) for licence in Licence} | {
    "EB": "BE", "EC": "CE", "ED": "DE", "VL": "B", "PL": "C", "SPL": "CE", "B96": "B", "B78": "B",
}  # fmt: skip
_WORDED: Final = (
    ("CE", r"super[- ]lourds?|semi[- ]remorques?"),
    ("C", r"(?<!super )(?<!super-)poids[- ]lourds?"),
    ("D", r"transport (?:en commun|de personnes)"),
    ("A", r"permis moto\b"),
)
_NAMES: Final = "|".join(sorted(_CATEGORIES, key=len, reverse=True)).lower()
_LIST: Final = rf"(?:(?:{_NAMES})\b(?:\s*(?:,|/|&|\+|-|et)?\s*)?)+"
_LICENCE: Final = re.compile(rf"permis(?:\s+de\s+conduire)?(?:\s*\(|\s*:|\s*-|\s+categories?\s*:?)?\s*({_LIST})")
_ALONE: Final = re.compile(rf"^\s*(?:permis\s*:?\s*)?({_LIST})\s*(?:$|[,(-]|\d{{4}})")
_UNHELD: Final = re.compile(
    r"(?:pas de|sans|non titulaire du|aucun|en cours d\w+(?: du)?) permis|permis[^,;.]{0,25}(?:en cours|bientot)"
)
_CAR: Final = re.compile(r"\b(?:vehicul\w+|voiture|auto personnelle|moyen de locomotion)\b")
_NO_CAR: Final = re.compile(r"(?:sans|pas de|non) (?:vehicul\w+|voiture)")

_DIPLOMAS: Final = tuple(
    (level, re.compile(rf"(?<![a-z])(?:{words})(?![a-z])"))
    for level, words in (
        (8, r"doctorat|ph\.? ?d|these de doctorat"),
        (
            7,
            r"master(?: ?[12])?|mastere|m[12]|dess|dea|diplome d'ingenieur\w*|ingenieure? diplome\w*|"
            r"ecole d'ingenieurs?|mba|bac ?\+ ?5",
        ),
        (
            6,
            r"licence(?! de soud)(?: pro\w*)?|bachelor|but(?! d[e'])|maitrise(?= (?:de|d'|en))|bac ?\+ ?[34]|dcg|decf|"
            r"desjeps|diplome d'etat d'(?:infirmi\w+|educat\w+|assistant\w* de service social)",
        ),
        (
            5,
            r"btsa?|brevet de technicien superieur\w*|dut|diplome universitaire de technologie|deug|deust|bac ?\+ ?2|"
            r"brevet de maitrise|dejeps",
        ),
        (
            3,
            r"capa?|certificat d'aptitude professionnelle|bepa?|brevet d'etudes professionnelles|"
            r"mention complementaire|deaes|deavs|deamp|bpa",
        ),
        (
            4,
            r"bac(?:calaureat)?(?! ?\+)(?: (?:pro\w*|general|techno\w*|stg|stmg|st2s|sti\w*|sms|es|l|s|g))?|"
            r"brevet professionnel|bp|bt|brevet de technicien(?! sup)|daeu|bpjeps|bprea|capacite en droit|"
            r"diplome d'etat d'(?:aide[- ]soignant\w*|auxiliaire de puericult\w+)|deas|deap|moniteur[- ]educateur",
        ),
    )
)
_OLD: Final = {"vi": 0, "v": 3, "iv": 4, "iii": 5, "ii": 6, "i": 7}
_OLD_CODES: Final = {"nv5": 3, "nv4": 4, "nv3": 5, "nv2": 6, "nv1": 7}
_NUMBERED: Final = re.compile(r"\b(?:niveau|niv\.?|level)\s*:?\s*(vi|iv|v|iii|ii|i|[3-8])(?![\w+])|\b(nv[1-5])\b")
_HELD: Final = re.compile(r"titre pro\w*|titre rncp|diplome|certificat|brevet|certification|formation|niveau|nv\d")
_YEAR: Final = re.compile(r"(?<!\d)((?:19[5-9]|20[0-4])\d)(?!\d)")


def languages(text: str, *, expected: bool) -> Iterator[tuple[str, str, int, int]]:
    """(code, CEFR level or "", start, end) of each language told. Unless `expected` here, only with a level. One that
    is not listed counts only where expected, with its level, and keeps its name as written."""
    folded = flat(text)
    names = list(_LANGUAGE.finditer(folded))
    for number, match in enumerate(names):
        before = names[number - 1].end() if number else 0
        after = names[number + 1].start() if number + 1 < len(names) else len(folded)
        level = _level(folded[match.end() : after]) or (_level(folded[before : match.start()]) if number == 0 else "")
        if level or (expected and len(folded) < 80):
            yield _LANGUAGES[match[1]], level, match.start(), after if level else match.end()
    if expected:
        yield from _unlisted(text, folded, [match.span() for match in names])


def _unlisted(text: str, folded: str, known: Sequence[tuple[int, int]]) -> Iterator[tuple[str, str, int, int]]:
    for part in _PART.finditer(folded):
        match = _UNLISTED.match(folded, part.start(), part.end())
        if match is None or any(part.start() <= start < part.end() for start, _end in known):
            continue
        level = _level(folded[match.end(1) : part.end()])
        if level and len(match[1].split()) <= _MOST_WORDS and not _NO_LANGUAGE.search(match[1]):
            yield " ".join(text[slice(*match.span(1))].split()), level, match.start(1), part.end()


def _level(text: str) -> str:
    if match := _CODED.search(text):
        return match[1].upper()
    found = [(match.start(), level) for level, pattern in _LEVELS if (match := pattern.search(text))]
    # "Très bon niveau": the longer phrase begins first.
    return min(found)[1] if found else ""


def licences(text: str, *, expected: bool) -> Iterator[tuple[str, int, int]]:
    """(category, start, end) of each licence held. `expected`: the part is about licences, a bare "B" is one."""
    folded = flat(text)
    if _UNHELD.search(folded):
        return
    matches = list(_LICENCE.finditer(folded))
    if expected and not matches and (alone := _ALONE.match(folded)):
        matches = [alone]
    found: set[str] = set()
    for match in matches:
        for part in re.finditer(rf"(?:{_NAMES})\b", match[1]):
            category = _CATEGORIES[part[0].upper()]
            if category not in found:
                found.add(category)
                yield category, match.start(), match.end()
    if "permis" in folded or expected:
        for category, words in _WORDED:
            if category not in found and (worded := re.search(words, folded)):
                found.add(category)
                yield category, worded.start(), worded.end()


def vehicle(text: str) -> tuple[int, int] | None:
    """Where the text says that the person has a vehicle."""
    folded = flat(text)
    match = _CAR.search(folded)
    if match is None or _NO_CAR.search(folded):
        return None
    return match.span()


def diploma(text: str) -> tuple[int, int] | None:
    """(level, year) of the diploma that a line tells, year 0 when none is; None when it tells no diploma."""
    folded = flat(text)
    years = [int(match[1]) for match in _YEAR.finditer(folded)]
    year = max(years, default=0)
    for level, pattern in _DIPLOMAS:
        if pattern.search(folded):
            return level, year
    match = _NUMBERED.search(folded)
    if match is None or not _HELD.search(folded):
        return None
    if match[2]:
        return _OLD_CODES[match[2]], year
    level = _OLD[match[1]] if match[1] in _OLD else int(match[1])
    return (level, year) if level else None
