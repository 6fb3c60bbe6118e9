"""The parts of a CV, told by their headings.

Guarantees: pure; a line that says more than a heading is none. Headings vary ("Mon parcours", "Ce que j'ai fait"), so
words are looked for, not whole lines. Read next: `proposing.py`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from node.reading.organisations import says_deeds
from node.reading.shapes import Line
from node.reading.words import flat


class Section(StrEnum):
    """What a part of a CV is about. TOP is what stands before the first heading."""

    TOP = "top"
    CONTACT = "contact"
    PROFILE = "profile"
    EXPERIENCE = "experience"
    EDUCATION = "education"
    SKILLS = "skills"
    LANGUAGES = "languages"
    LICENCES = "licences"
    OTHER = "other"


_LONGEST: Final = 48
_FRAME: Final = re.compile(r"^[\s\W_\d]+|[\s\W_]+$")
_NO_HEADING: Final = re.compile(r"@|\d{2}|[,;]|\. |: *\S")
_DATED: Final = re.compile(r"\d{4}")
_BROKEN: Final = re.compile(r"\b(?:du|de|des|et|en|d'|l'|les|la|mes|ce que|que)$|[&/-]$")
# What else a heading may say; any other word makes a line content, unless it is set in capitals.
_COMMON: Final = frozenset(
    "a ai ainsi ailleurs annexes au autres aux avec b bien c ce centre centres cle cles complementaires complementaire "
    "comportementales conduire conduite continue d dans de des detaillees diplomantes diplomes domaine domaines du en "
    "entreprise et etrangeres faire fait formations formation generales humaines informatiques initiale jusqu l la le "
    "les lies linguistiques ma maitrisees maitrises mes metier metiers moi mon obtenus occupes parlees parle permis "
    "personnel personnelles personnels principales pro professionnel professionnelle professionnelles professionnels "
    "qualifications que quelques recentes scolaire scolaires significatives sociales sur techniques transversales "
    "travail universitaire universitaires vehicule vehicules vie".split()
)
# First match wins: "formation professionnelle" is education, "expérience et compétences" experience.
_WORDS: Final = (
    (Section.LANGUAGES, r"langues?( \w+){0,2}$|langues? |compet\w* linguistiques?$|je parle"),
    (Section.LICENCES, r"permis( \w+){0,4}$|mobilite( \w+){0,2}$|transport$"),
    (
        Section.EDUCATION,
        r"(ma |mes |les )?formations?\b|(mes )?diplomes?\b|(mes )?etudes\b|scolarite\b|cursus\b|"
        r"parcours (scolaire|de formation)|(mes )?qualifications?$|ecoles?$|niveau scolaire|habilitations?|"
        r"certificats?\b|certifications?\b|education$",
    ),
    (
        Section.EXPERIENCE,
        r"(mes |mon |les |l')?experiences?\b|(mon )?parcours\b|(mes )?emplois?\b|(mes )?postes?\b|carriere\b|"
        r"ce que j'ai fait|(mes )?missions? (realisees|effectuees|d'interim)|activites? professionnelles?|"
        r"(mes )?references professionnelles|vie professionnelle|historique|stages?( \w+){0,3}$|j'ai travaille|"
        r"(mon )?travail$|(mes )?jobs?$|deja fait",
    ),
    (
        Section.SKILLS,
        r"(mes |les )?competences?\b|(mes )?savoir[- ]?faire\b|(mes )?savoirs?\b|(mes )?atouts?\b|aptitudes?\b|"
        r"capacites?\b|ce que je sais|je sais\b|points? forts?|(mes )?qualites?\b|domaines? de|(mes )?talents?|"
        r"outils\b|informatique$|logiciels?\b|expertises?|(mes )?forces?$",
    ),
    (
        Section.PROFILE,
        r"(mon )?profil\b|a propos|qui suis|objectifs?\b|presentation|accroche|(mon )?projet\b|en bref|resume$|"
        r"recherche",
    ),
    (
        Section.CONTACT,
        r"contacts?\b|coordonnees|(me |pour me )?(joindre|contacter)|etat civil|informations? personnelles?|identite$",
    ),
    (
        Section.OTHER,
        r"(mes )?(centres? d'interets?|loisirs?|interets?|passions?|hobb)|divers$|autres?\b|benevolat|vie associative|"
        r"references?$|en dehors|associatif|sports?$|mes gouts|activites? extra",
    ),
)
_PATTERNS: Final = tuple((section, re.compile(rf"(?:{words})")) for section, words in _WORDS)


@dataclass(frozen=True, slots=True)
class Part:
    """A run of lines of one section: indexes into the document's lines, heading left out."""

    section: Section
    lines: tuple[int, ...]


def heading(text: str) -> Section | None:
    """The section that this line opens, or None when it is no heading."""
    if len(text) > _LONGEST or "\t" in text:
        return None
    folded = _FRAME.sub("", flat(text))
    if not folded or _NO_HEADING.search(folded) or len(folded.split()) > 6:
        return None
    # Letters set apart: "F O R M A T I O N".
    if re.fullmatch(r"(?:\w )+\w", folded):
        folded = folded.replace(" ", "")
    if _DATED.search(text):
        return None
    for section, pattern in _PATTERNS:
        if match := pattern.match(folded):
            return section if text.isupper() or _adds_nothing(folded[match.end() :]) else None
    return None


def _adds_nothing(rest: str) -> bool:
    """Whether what follows the telling word is more heading: "et centres d'intérêt", "professionnelles"."""
    words = re.findall(r"[a-z]+", rest)
    return all(word in _COMMON or any(p.match(word) for _, p in _PATTERNS) for word in words)


def parts(lines: Sequence[Line]) -> list[Part]:
    """The document cut at its headings, in order. A new column of a page opens no section of its own accord."""
    found: list[Part] = []
    section = Section.TOP
    current: list[int] = []
    for index, line in enumerate(lines):
        opened = heading(line.text)
        if opened is section is Section.EXPERIENCE and says_deeds(line.text):
            # "Missions réalisées :" within a job.
            current.append(index)
        elif opened is not None:
            # "EN DEHORS DU" above "TRAVAIL" is one heading that a narrow column broke.
            if current or not index or not _BROKEN.search(_FRAME.sub("", flat(lines[index - 1].text))):
                found.append(Part(section, tuple(current)))
                section, current = opened, []
        else:
            current.append(index)
    found.append(Part(section, tuple(current)))
    return [part for part in found if part.lines]
