"""Words that no refusal may carry: criteria that the law keeps out of a recruitment (Code du travail, article L1132-1).

Guarantees: what it names, it names for a word that was written; ordinary refusals pass (a test has both). It reads
French, as refusals are written; it is a help to whoever writes, and no judge. Read next: `moves.py`.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from node.mission.criteria import Criterion

_OF_WORK: Final = r"(?! (d |de )?(experience|anciennete|permis|pratique|metier|conduite))"
_SAID: Final[Mapping[Criterion, re.Pattern[str]]] = {
    Criterion.AGE: re.compile(
        rf"\b(trop|si|assez) (agee?s?|vieux|vieille|jeunes?)\b|\bson age\b|\b(l )?age (de|du|trop|avance)\b"
        rf"|\b(plus|moins) de \d\d ans{_OF_WORK}|\bentre \d\d et \d\d ans{_OF_WORK}|\ba \d\d ans\b"
        r"|\bretraite\b|\bseniors?\b"
    ),
    Criterion.SEX: re.compile(
        r"\b(un|pas d) homme\b|\b(une|pas de) femmes?\b|\b(profil|poste|metier) (masculin|feminin|d homme|de femme)\b"
        r"|\benceinte\b|\bgrossesse\b|\bmaternite\b"
    ),
    Criterion.FAMILY: re.compile(
        r"\benfants? en bas age\b|\b(ses|trop d|des) enfants\b|\bmere (de famille|celibataire|isolee)\b"
        r"|\bpere de famille\b|\bsituation (de famille|familiale)\b|\b(celibataire|mariee?|divorcee?)\b"
    ),
    Criterion.ORIGIN: re.compile(
        r"\borigines?\b|\bnationalite\b|\betrangere?s?\b|\baccent\b|\bde souche\b|\b(couleur|peau)\b|\brace\b"
        r"|\bethni\w+|\b(son|consonance du) nom( de famille)?\b|\b(africain|arabe|maghrebin|gitan|rom)e?s?\b"
    ),
    Criterion.RESIDENCE: re.compile(
        r"\bhabit(e|ent|ant|ait|er)\b|\b(lieu|adresse|commune) de (residence|domicile)\b|\bresid(e|ent|ence)\b"
        r"|\bdomicil\w+|\b(son|ce|leur) (quartier|adresse)\b|\bquartiers?\b|\bsa (commune|ville|cite)\b|\bson adresse\b"
    ),
    Criterion.HEALTH: re.compile(
        r"\bhandicap\w*|\brqth\b|\b(sa|de|la) sante\b|\bmalad(e|ie)s?\b|\binvalid\w+"
        r"|\bobes\w+|\bsurpoids\b|\bdepressi\w+"
    ),
    Criterion.BELIEF: re.compile(
        r"\breligi\w+|\bvoilee?s?\b|\b(le|son) voile\b|\bfoulard\b|\bmusulman\w*|\bjui(f|ve)s?\b|\bchretien\w*"
        r"|\bramadan\b|\bsyndi\w+|\bopinions?\b"
    ),
    Criterion.LOOK: re.compile(
        r"\b(son|l) (apparence|physique)\b|\bapparence physique\b|\btrop (gros|grosse|petite?|grande?)\b"
    ),
}


def criterion_named(text: str) -> Criterion | None:
    """The first criterion that a text speaks of; None for a text that speaks of none."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    folded = " ".join(
        "".join(sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign)).split()
    )
    return next((criterion for criterion, said in _SAID.items() if said.search(folded)), None)
