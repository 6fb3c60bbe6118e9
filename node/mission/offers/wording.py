"""Help to word an offer: what whoever reads it will miss, and words that the law forbids.

Guarantees: what is named as discriminating is named for words that stand in the text, with the article that forbids
them and a better sentence; offers as towns and employers write them pass (a test has both): "jeune entreprise", "garde
d'enfants", "maison de retraite". It reads French; it helps whoever writes, and is no judge.

Sources: Code du travail, L1132-1 (criteria), L1142-1 (sex), L5321-2 (offers), L5331-2 (age). Read next: `titles.py`,
`rules.py`.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from node.mission.criteria import Criterion
from node.mission.offers.offer import Offer
from node.mission.terms import Term

SHORT: Final = 100
"""A description of fewer signs tells nobody what the work is."""
_FOR_A_TIME: Final = frozenset({"CDD", "MIS", "SAI", "DDI", "TTI", "APP", "PRO"})
_OF_LEARNERS: Final = frozenset({"APP", "PRO"})
"""Contracts whose age is set by law."""


class Unsaid(Term):
    """What an offer does not say, by the field where it would stand, and why it is worth a line."""

    SALARY = "salary", "Le salaire n'est pas dit : c'est la première chose que les personnes cherchent."
    HOURS = "hours", "Les heures par semaine ne sont pas dites : temps plein ou partiel change tout."
    SITES = "sites", "Le lieu n'est pas dit : sans lui, personne ne sait si le poste est à sa portée."
    MONTHS = "months", "La durée du contrat n'est pas dite."
    DESCRIPTION = "description", "La description est courte : dites les tâches, les horaires, l'équipe."
    SKILLS = "skills", "Aucune compétence n'est demandée : deux ou trois aident à trouver les bonnes personnes."


def missing(offer: Offer) -> Iterator[Unsaid]:
    """What is worth saying and is not said; none of it forbids anything."""
    said = {
        Unsaid.SALARY: bool(offer.salary),
        Unsaid.HOURS: bool(offer.hours),
        Unsaid.SITES: bool(offer.sites),
        Unsaid.MONTHS: bool(offer.months) or offer.contract not in _FOR_A_TIME,
        Unsaid.DESCRIPTION: len(offer.description) >= SHORT,
        Unsaid.SKILLS: bool(offer.skills),
    }
    return (what for what, is_said in said.items() if not is_said)


@dataclass(frozen=True, slots=True)
class _Rule:
    """Words that name a criterion, the law's article, and what to write instead. `forbids`: the offer cannot go out
    with them; else they are only advised against."""

    criterion: Criterion
    said: re.Pattern[str]
    ground: str
    better: str
    forbids: bool = True


_OF_WORK: Final = r"(?! (d |de )?(experience|anciennete|permis|pratique|metier|conduite|savoir))"
_WHOM: Final = r"(?:recherch\w+|cherch\w+|recrut\w+|embauch\w+|souhait\w+|demand\w+)"
_WHO: Final = r"(?:personne|candidate?s?|profils?|postulante?s?|titulaire|vous|h f|f h)"
_DEMANDS: Final = r"(?:vous|devr\w+|doit|doivent|il faut|imperativ\w+|obligatoir\w+|exig\w+|necessair\w+|candidate?s?)"


def _rule(criterion: Criterion, said: str, ground: str, better: str, *, forbids: bool = True) -> _Rule:
    kept = better.replace("« ", "«\N{NO-BREAK SPACE}").replace(" »", "\N{NO-BREAK SPACE}»")
    return _Rule(criterion, re.compile(said), ground, kept, forbids)


_RULES: Final = (
    _rule(
        Criterion.AGE,
        r"(?<!des )(?<!les )(?<!aux )(?<!de )(?<!ces )(?<!plus )(?<!equipe )\bjeunes?\b"
        r"(?= (et |femme|fille|homme|garcon|motive|dynamique|retraite|collaborat|vendeu|salarie|personne|diplome|bachel"
        r"|talent|profil|$)|[,.;:)]|$)"
        rf"|\b{_WHOM} (?:une? |des |notre )?(?:\w+ )?jeunes?\b(?! (enfants?|entreprise|public|structure))"
        rf"|\b{_WHO} (?:\w+ )?jeunes?\b",
        "L5321-2",
        "Dites l'expérience attendue : « débutant accepté », « première expérience appréciée ».",
    ),
    _rule(
        Criterion.AGE,
        r"\b(limite d age|age (maximum|maximal|maxi|max|limite|requis|souhaite|ideal)"
        r"|\d\d ans (maximum|maxi|max|au plus)"
        rf"{_OF_WORK}|(avoir|ayant|vous avez|agee?s? de|{_WHO}|homme|femme|jeunes?) (entre \d\d (et|a) [2-6]\d"
        rf"|(de )?moins de [2-6]\d|(de )?plus de (?!18)[2-6]\d) ans{_OF_WORK})",
        "L5331-2",
        "Aucune limite d'âge : dites l'expérience, le diplôme ou le type de contrat.",
    ),
    _rule(
        Criterion.SEX,
        rf"\b{_WHOM} (une?|des|son|sa|notre|nos) (?:jeunes? )?(femmes?|hommes?|dames?|messieurs|filles?|garcons?)\b"
        r"(?! (de (menage|chambre|service)|a tout faire|toutes? mains?|d entretien))"
        r"|\b(femmes?|hommes?|filles?|garcons?) (uniquement|seulement|exclusivement|de preference|imperatif|exige)"
        r"|\b(uniquement|exclusivement|reservee? aux?|de preference|preference pour) (une |un |des |les |aux )?"
        r"(femmes?|hommes?)\b|\bsexe (feminin|masculin)|\b(poste|profil|emploi|candidature)s? (feminin|masculin)s?\b"
        r"|\((femmes?|hommes?|feminin|masculin)\)|\b(enceinte|grossesse)\b",
        "L1142-1",
        "Écrivez le métier au masculin et au féminin, suivi de (H/F).",
    ),
    _rule(
        Criterion.FAMILY,
        r"\bcelibataires?\b|\bsans (enfants?|charges? de famille|(charges?|contraintes?) familiales?|attaches?)\b"
        r"|\b(mere|pere) (de famille|au foyer)\b|\bsituation (de famille|familiale|matrimoniale)\b"
        rf"|\b{_WHO} (etes )?mariee?s?\b",
        "L1132-1",
        "Dites les horaires, les déplacements ou les astreintes : chacun juge s'il peut.",
    ),
    _rule(
        Criterion.ORIGIN,
        r"\bde souche\b|\bd origine (francaise|europeenne|africaine|maghrebine|etrangere|antillaise|asiatique)"
        r"|\bsans accent\b|\b(type|profil) (europeen|caucasien|africain|asiatique|maghrebin)"
        r"|\bbleu blanc rouge\b|\bbbr\b",
        "L1132-1",
        "Dites ce que le poste demande de savoir faire, et le niveau de français utile.",
    ),
    _rule(
        Criterion.ORIGIN,
        r"\blangue maternelle\b",
        "L1132-1",
        "Dites le niveau de langue utile, par exemple C2, et ce qu'il faut dire, lire ou écrire.",
    ),
    _rule(
        Criterion.RESIDENCE,
        rf"\b{_DEMANDS}\b(?: \w+){{0,3}} (habit(er|ez|ant)|resid(er|ez|ant)|demeurer|etre domiciliee?s?) "
        r"|(?:^|[.;:,(\n-]) ?(habit(er|ant)|resid(er|ant)|domiciliee?s?) (imperativement |obligatoirement )?"
        r"(a|au|dans|sur|la|le|en|pres|proche|proximite|l|secteur)\b"
        r"|\b(lieu|commune|adresse) de (residence|domicile) (exige|obligatoire|imperati|souhaite|dans|sur|a )"
        rf"|\bhabiter (a |dans |sur )?(la|le|l|cette|notre) (commune|ville|quartier|secteur)",
        "L1132-1",
        "Dites l'heure de prise de poste, les transports qui y mènent, les astreintes.",
    ),
    _rule(
        Criterion.HEALTH,
        r"\b(bonne|parfaite|excellente) sante\b|\b(sans|pas de|aucun) (probleme de sante|handicap|maladie)\b"
        r"|\bnon handicapee?s?\b|\bpersonnes? valides?\b|\bjamais malade\b",
        "L1132-1",
        "Dites ce que le travail demande : port de charges jusqu'à 20 kg, station debout. Le médecin du travail juge.",
    ),
    _rule(
        Criterion.BELIEF,
        r"\bde (confession|religion) \w+|\b(sans|pas de) (voile|foulard|signe religieux)\b|\bnon (voilee?|syndique)\w*"
        r"|\b(etre|vous etes) (catholique|musulman|juif|juive|chretien|athee)\w*",
        "L1132-1",
        "Dites la tenue de travail et les règles d'hygiène ou de sécurité du poste.",
    ),
    _rule(
        Criterion.LOOK,
        r"\b(physique|apparence) (agreable|avantageu\w+|soignee? exigee?)\b|\bbelle (apparence|allure)\b"
        r"|\bmensurations\b|\btaille (minimum|maximum|minimale|mannequin)\b"
        r"|\b(mince|svelte)s? (exige|souhaite|de preference)",
        "L1132-1",
        "Dites la tenue fournie et le contact avec le public.",
    ),
    _rule(
        Criterion.LOOK,
        r"\b(bonne|tres bonne|excellente) presentation\b",
        "L1132-1",
        "« Bonne présentation » juge l'apparence : dites « tenue professionnelle, contact avec le public ».",
        forbids=False,
    ),
    _rule(
        Criterion.HEALTH,
        r"\b(bonne|excellente) (condition|forme) physique\b|\bphysiquement apte\b",
        "L1132-1",
        "Dites plutôt ce que le travail demande : port de charges, station debout, froid.",
        forbids=False,
    ),
)
_NATIONALITY: Final = _rule(
    Criterion.ORIGIN,
    r"\bnationalites?\b|\bressortissante?s? (francais|europeen)\w*",
    "L1132-1",
    "Aucune nationalité n'est exigée d'un emploi privé : le droit de travailler se vérifie à l'embauche.",
)
_SOVEREIGN: Final = re.compile(r"\b(police|gendarm\w+|fonctionnaires?|fonction publique|concours|armees?|defense)\b")
"""Some posts of the State and of towns do ask for a nationality, by law."""


@dataclass(frozen=True, slots=True)
class Discriminating:
    """Words of an offer that rest on what is no reason. `said` is as it was written, `ground` an article of the Code du
    travail, `better` a sentence to write instead; `forbids`: the offer cannot go out with them."""

    criterion: Criterion
    said: str
    ground: str
    better: str
    forbids: bool


def discriminating(text: str, contract: str = "") -> list[Discriminating]:
    """What discriminates in a text, in the order of the text. Contracts for learners may speak of age."""
    text = re.sub(r"[^\S\n]+", " ", text)
    plain = _plain(text)
    rules = [*_RULES, *([] if _SOVEREIGN.search(plain) else [_NATIONALITY])]
    found = [
        (match.start(), rule, _as_written(text, match))
        for rule in rules
        if not (rule.criterion is Criterion.AGE and contract in _OF_LEARNERS)
        for match in rule.said.finditer(plain)
    ]
    once = {(rule.criterion, said): rule for _start, rule, said in sorted(found, key=lambda one: one[0])}
    return [
        Discriminating(criterion, said, rule.ground, rule.better, rule.forbids)
        for (criterion, said), rule in once.items()
    ]


def _plain(text: str) -> str:
    """Sign for sign: lower case without accents, what joins words made a space."""

    def sign(written: str) -> str:
        base = unicodedata.normalize("NFKD", written)[:1].lower()
        return base if base.isalnum() or base in "().,;:\n" else " "

    return "".join(sign(one) or " " for one in text)


def _as_written(text: str, match: re.Match[str]) -> str:
    return " ".join(text[match.start() : match.end()].split()).strip(" .,;:")
