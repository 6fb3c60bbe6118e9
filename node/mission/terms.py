"""The words of the trade: every code that a page, a file or a message may carry, with its French label beside it.

Guarantees: each state, reason and check of the wire format has exactly one label here (a test counts them), and labels
are French whatever the language of the process: they are the profession's own terms, not translations.

Read next: `forwards/moves.py`, the moves that carry these reasons; `matching/match.py`, which compares these levels.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache, lru_cache
from typing import Final, Self


class Term(StrEnum):
    """A code with its French label."""

    label: str

    def __new__(cls, code: str, label: str) -> Self:
        term = str.__new__(cls, code)
        term._value_ = code
        term.label = label
        return term

    @classmethod
    def read(cls, code: str) -> Self | None:
        """The term with this code, or None."""
        return cls._value2member_map_.get(code)  # type: ignore[return-value]

    @classmethod
    def of(cls, code: str) -> Self:
        """The term with this code; ValueError when there is none."""
        term = cls.read(code)
        if term is None:
            raise ValueError(f"no {cls.__name__} has this code")
        return term


class Contract(Term):
    """France Travail contract types; `APP` and `PRO` stand for natureContrat E2 and FS."""

    CDI = "CDI", "Contrat à durée indéterminée"
    CDD = "CDD", "Contrat à durée déterminée"
    MIS = "MIS", "Mission d'intérim"
    SAI = "SAI", "Contrat saisonnier"
    CCE = "CCE", "Profession commerciale"
    FRA = "FRA", "Franchise"
    LIB = "LIB", "Profession libérale"
    REP = "REP", "Reprise d'entreprise"
    TTI = "TTI", "Contrat de travail temporaire insertion"
    DDI = "DDI", "Contrat à durée déterminée insertion"
    DIN = "DIN", "CDI intérimaire"
    APP = "APP", "Contrat d'apprentissage"
    PRO = "PRO", "Contrat de professionnalisation"

    @classmethod
    def called(cls, code: str) -> str:
        """What people call it: a CDI and a CDD by their codes, others by name; a code that nobody knows stands for
        itself."""
        known = cls.read(code)
        return code if known is None or known in (cls.CDI, cls.CDD) else known.label


class ExperienceAsked(Term):
    """France Travail `experienceExige`."""

    BEGINNER = "D", "Débutant accepté"
    WISHED = "S", "Expérience souhaitée"
    REQUIRED = "E", "Expérience exigée"


class Qualification(Term):
    """France Travail `qualificationCode`. The codes are no ladder (5 is an unqualified employee): see `rank`."""

    LABOURER = "1", "Manœuvre"
    SPECIALISED_WORKER = "2", "Ouvrier spécialisé"
    SKILLED_WORKER = "3", "Ouvrier qualifié (P1, P2)"
    HIGHLY_SKILLED_WORKER = "4", "Ouvrier qualifié (P3, P4, OHQ)"
    EMPLOYEE = "5", "Employé non qualifié"
    SKILLED_EMPLOYEE = "6", "Employé qualifié"
    TECHNICIAN = "7", "Technicien"
    SUPERVISOR = "8", "Agent de maîtrise"
    EXECUTIVE = "9", "Cadre"

    @property
    def rank(self) -> int:
        """0 (no qualification) to 4 (cadre): workers and employees of one level stand equal."""
        return QUALIFICATION_RANKS[int(self)]


QUALIFICATION_RANKS: Final = (-1, 0, 0, 1, 2, 0, 1, 2, 3, 4)
"""Rank by qualification code; code 0, unknown, has rank -1."""


class Education(Term):
    """Levels of the French framework since 2019. The old "NV5" was a CAP, which is level 3 today."""

    CAP = "3", "CAP, BEP"
    BAC = "4", "Bac"
    BAC_2 = "5", "Bac+2 (BTS, DUT)"
    BAC_3 = "6", "Bac+3, bac+4 (licence, BUT, maîtrise)"
    BAC_5 = "7", "Bac+5 (master, diplôme d'ingénieur)"
    DOCTORATE = "8", "Bac+8 (doctorat)"


class Cefr(Term):
    """Levels of the Common European Framework of Reference for Languages, lowest first."""

    A1 = "A1", "Découverte"
    A2 = "A2", "Usuel"
    B1 = "B1", "Seuil"
    B2 = "B2", "Indépendant"
    C1 = "C1", "Autonome"
    C2 = "C2", "Maîtrise"


class Licence(Term):
    """Driving licence categories (directive 2006/126/EC)."""

    AM = "AM", "Cyclomoteur"
    A1 = "A1", "Motocyclette légère (125 cm³)"
    A2 = "A2", "Motocyclette intermédiaire (35 kW)"
    A = "A", "Motocyclette"
    B1 = "B1", "Quadricycle lourd"
    B = "B", "Véhicule léger"
    BE = "BE", "Véhicule léger avec remorque"
    C1 = "C1", "Poids lourd jusqu'à 7,5 t"
    C1E = "C1E", "Poids lourd jusqu'à 7,5 t avec remorque"
    C = "C", "Poids lourd"
    CE = "CE", "Poids lourd avec remorque (super lourd)"
    D1 = "D1", "Transport de 16 personnes"
    D1E = "D1E", "Transport de 16 personnes avec remorque"
    D = "D", "Transport de personnes"
    DE = "DE", "Transport de personnes avec remorque"


_LICENCE_GIVES: Final[Mapping[str, tuple[str, ...]]] = {
    "A1": ("AM",),
    "A2": ("A1",),
    "A": ("A2",),
    "B1": ("AM",),
    "B": ("B1",),
    "BE": ("B",),
    "C1": ("B",),
    "C1E": ("C1", "BE"),
    "C": ("C1",),
    "CE": ("C", "C1E"),
    "D1": ("B",),
    "D1E": ("D1", "BE"),
    "D": ("D1",),
    "DE": ("D", "D1E"),
}


@lru_cache(1024)
def licences_given(held: frozenset[str]) -> frozenset[str]:
    """Every category that these allow to drive, themselves included (directive 2006/126/EC, article 6; nobody gets a
    C or a D without a B). Unknown categories are kept as they are."""
    given: set[str] = set()
    waiting = list(held)
    while waiting:
        licence = waiting.pop()
        if licence not in given:
            given.add(licence)
            waiting.extend(_LICENCE_GIVES.get(licence, ()))
    return frozenset(given)


class Language(Term):
    """Languages by ISO 639 code, of two letters where there is one. A person's may be another: its name is then kept
    as it was written (`language_code`). Only codes of two letters travel (protocol/SPEC.md)."""

    ALBANIAN = "sq", "Albanais"
    GERMAN = "de", "Allemand"
    AMHARIC = "am", "Amharique"
    ENGLISH = "en", "Anglais"
    ARABIC = "ar", "Arabe"
    ARMENIAN = "hy", "Arménien"
    AZERI = "az", "Azéri"
    BALOCHI = "bal", "Baloutche"
    BAMBARA = "bm", "Bambara"
    BAOULE = "bci", "Baoulé"
    BASQUE = "eu", "Basque"
    BENGALI = "bn", "Bengali"
    BETE = "bet", "Bété"
    BELARUSIAN = "be", "Biélorusse"
    BURMESE = "my", "Birman"
    BOSNIAN = "bs", "Bosnien"
    BRETON = "br", "Breton"
    BULGARIAN = "bg", "Bulgare"
    CAPE_VERDEAN = "kea", "Capverdien"
    CATALAN = "ca", "Catalan"
    CHINESE = "zh", "Chinois"
    SINHALA = "si", "Cinghalais"
    COMORIAN = "zdj", "Comorien"
    KOREAN = "ko", "Coréen"
    CORSICAN = "co", "Corse"
    GUADELOUPEAN = "gcf", "Créole antillais"
    GUIANESE = "gcr", "Créole guyanais"
    HAITIAN = "ht", "Créole haïtien"
    MAURITIAN = "mfe", "Créole mauricien"
    REUNION = "rcf", "Créole réunionnais"
    CROATIAN = "hr", "Croate"
    DANISH = "da", "Danois"
    DARI = "prs", "Dari"
    DIOULA = "dyu", "Dioula"
    DUALA = "dua", "Douala"
    SPANISH = "es", "Espagnol"
    ESTONIAN = "et", "Estonien"
    EWE = "ee", "Éwé"
    FINNISH = "fi", "Finnois"
    FON = "fon", "Fon"
    FRENCH = "fr", "Français"
    GALICIAN = "gl", "Galicien"
    GEORGIAN = "ka", "Géorgien"
    GREEK = "el", "Grec"
    GUJARATI = "gu", "Gujarati"
    HAUSA = "ha", "Haoussa"
    HEBREW = "he", "Hébreu"
    HINDI = "hi", "Hindi"
    HUNGARIAN = "hu", "Hongrois"
    IGBO = "ig", "Igbo"
    INDONESIAN = "id", "Indonésien"
    ITALIAN = "it", "Italien"
    JAPANESE = "ja", "Japonais"
    KABYLE = "kab", "Kabyle"
    KAZAKH = "kk", "Kazakh"
    KHMER = "km", "Khmer"
    KONGO = "kg", "Kikongo"
    KINYARWANDA = "rw", "Kinyarwanda"
    KIRUNDI = "rn", "Kirundi"
    KURDISH = "ku", "Kurde"
    SIGN_LANGUAGE = "fsl", "Langue des signes française"
    LAO = "lo", "Laotien"
    LATVIAN = "lv", "Letton"
    LINGALA = "ln", "Lingala"
    LITHUANIAN = "lt", "Lituanien"
    LUXEMBOURGISH = "lb", "Luxembourgeois"
    MACEDONIAN = "mk", "Macédonien"
    MALAY = "ms", "Malais"
    MALAYALAM = "ml", "Malayalam"
    MALAGASY = "mg", "Malgache"
    MALTESE = "mt", "Maltais"
    MANDINKA = "mnk", "Mandingue"
    MONGOLIAN = "mn", "Mongol"
    MORE = "mos", "Mooré"
    DUTCH = "nl", "Néerlandais"
    NEPALI = "ne", "Népalais"
    NORWEGIAN = "no", "Norvégien"
    OCCITAN = "oc", "Occitan"
    OROMO = "om", "Oromo"
    URDU = "ur", "Ourdou"
    UZBEK = "uz", "Ouzbek"
    PASHTO = "ps", "Pachto"
    PUNJABI = "pa", "Pendjabi"
    PERSIAN = "fa", "Persan"
    FULAH = "ff", "Peul"
    POLISH = "pl", "Polonais"
    PORTUGUESE = "pt", "Portugais"
    RIFIAN = "rif", "Rifain"
    ROMANI = "rom", "Romani"
    ROMANIAN = "ro", "Roumain"
    RUSSIAN = "ru", "Russe"
    SANGO = "sg", "Sango"
    SERBIAN = "sr", "Serbe"
    SERER = "srr", "Sérère"
    SLOVAK = "sk", "Slovaque"
    SLOVENE = "sl", "Slovène"
    SOMALI = "so", "Somali"
    SONINKE = "snk", "Soninké"
    SWEDISH = "sv", "Suédois"
    SWAHILI = "sw", "Swahili"
    SHILHA = "shi", "Tachelhit"
    TAGALOG = "tl", "Tagalog"
    TAMIL = "ta", "Tamoul"
    CZECH = "cs", "Tchèque"
    CHECHEN = "ce", "Tchétchène"
    TETELA = "tll", "Tetela"
    THAI = "th", "Thaï"
    TIBETAN = "bo", "Tibétain"
    TIGRINYA = "ti", "Tigrigna"
    LUBA = "lu", "Tshiluba"
    TURKISH = "tr", "Turc"
    TWI = "tw", "Twi"
    UKRAINIAN = "uk", "Ukrainien"
    VIETNAMESE = "vi", "Vietnamien"
    WOLOF = "wo", "Wolof"
    YORUBA = "yo", "Yoruba"


LANGUAGE_WORDS: Final[Mapping[str, str]] = {
    "mandarin": "zh", "cantonais": "zh", "farsi": "fa", "pachtou": "ps", "pachtoune": "ps", "pashto": "ps",
    "flamand": "nl", "hollandais": "nl", "moldave": "ro", "bosniaque": "bs", "english": "en", "arabic": "ar",
    "spanish": "es", "tigrinya": "ti", "occitane": "oc", "urdu": "ur", "ourdu": "ur", "tamil": "ta", "bangla": "bn",
    "punjabi": "pa", "panjabi": "pa", "penjabi": "pa", "peulh": "ff", "poular": "ff", "pulaar": "ff", "fula": "ff",
    "fulfulde": "ff", "foulani": "ff", "sarakole": "snk", "soninke": "snk", "diakhanke": "snk", "malinke": "mnk",
    "mandinka": "mnk", "mandinke": "mnk", "kikongo": "kg", "kongo": "kg", "tshiluba": "lu", "creole": "ht",
    "creole martiniquais": "gcf", "creole guadeloupeen": "gcf", "shikomori": "zdj", "shimaore": "zdj",
    "mahorais": "zdj", "hausa": "ha", "kurmandji": "ku", "kurmanji": "ku", "sorani": "ku", "chleuh": "shi",
    "tamazight": "shi", "darija": "ar", "philippin": "tl", "filipino": "tl", "singhalais": "si",
    "cambodgien": "km", "lsf": "fsl", "langue des signes": "fsl", "moore": "mos", "mossi": "mos", "jula": "dyu",
}  # fmt: skip
"""Other names of languages, folded, and the codes of `Language` that they mean."""


def language_code(written: str) -> str:
    """The code of a language that a person or a file names, by code or by name; its name as written where it is none
    of `Language`."""
    # Most who import this module look no language up, and the tables take long to import.
    from node.referential.text import fold

    known = _language_names().get(fold(written))
    return known if known is not None else " ".join(written.split())


def travels(language: str) -> bool:
    """Whether peers know this code of a language: those of two letters."""
    return re.fullmatch("[a-z]{2}", language) is not None


def language_name(code: str) -> str:
    """A person's language, for people."""
    known = Language.read(code)
    return code if known is None else known.label


@cache
def _language_names() -> Mapping[str, str]:
    from node.referential.text import fold

    names = {fold(word): str(one) for one in Language for word in (one.value, one.label)}
    return {**LANGUAGE_WORDS, **names}
