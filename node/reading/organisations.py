"""Does a phrase of a CV name an organisation, say what was done, or only on which terms?

Guarantees: pure; judged by the words that names of French employers begin with, by capitals, and by the endings of
words for actions, never by a list of all employers.

Read next: `employers.py`.
"""

import re
from enum import IntEnum
from typing import Final

from node.reading.words import flat


class NameLikeness(IntEnum):
    """How much a phrase looks like the name of an employer."""

    TERMS = -2
    """A kind of contract, a length, working hours: no name and no task."""
    DEED = -1
    """Something that a person does at work."""
    UNKNOWN = 0
    NAME = 1
    """Its words are written as those of a name."""
    ORGANISATION = 2
    """It says itself what it is: a town hall, a school, a company."""


_ORGANISATIONS: Final = frozenset(
    "agence asso association associations atelier ateliers auberge banque biscuiterie bistro bistrot boucherie "
    "boulangerie boutique brasserie cabinet caf cafe camping ccas ch charcuterie chateau chr chru chu cinema clinique "
    "club college communaute cooperative cpam creche credit departement domaine earl ecole ehpad entreprise entrepot "
    "entrepots epicerie esat etablissement etablissements etude eurl exploitation famille familles ferme foyer gaec "
    "garage groupe groupement halte-garderie hopital hopitaux hotel hypermarche imprimerie institut laboratoire "
    "laboratoires librairie lycee magasin mairie maternite metropole ministere musee mutuelle particulier particuliers "
    "patisserie pharmacie pizzeria polyclinique prefecture ratp regie region residence restaurant salon sarl sas sasu "
    "scop snc sncf societe supermarche syndicat theatre transports tribunal universite urssaf usine".split()
)
_CHAINS: Final = frozenset(
    "adapei adecco admr aldi amazon apf atalian auchan bouygues carrefour casino castorama chronopost colas cora crit "
    "decathlon dhl dpd e.leclerc edf eiffage elior emmaus engie fedex flunch franprix geodis gls gsf ibis ikea "
    "intermarche kfc kiabi leclerc lidl manpower mcdo mcdonald's mercure midas monoprix netto norauto novotel onet "
    "orange picard proman quick randstad renault samsic sodexo stef suez supplay synergie temporis ups veolia "
    "vinci".split()
)
_TAKE_TOWNS: Final = frozenset("ccas ch chru chu clinique ehpad hotel hypermarche lycee magasin supermarche".split())
_PHRASES: Final = re.compile(
    r"(?:la poste|(?:ville|commune|caisse|chantiers) d(?:es?|u)?|conseil (?:departemental|regional|general|municipal)|"
    r"centre (?:hospitalier|social|commercial|aere|de loisirs|de formation|aquatique|communal|technique)|"
    r"maison (?:de retraite|d'arret|familiale)|mission locale|office (?:hlm|de tourisme|public)|"
    r"services? (?:techniques|municipa\w+)|super u|hyper u|grand frais|burger king|leroy merlin|api restauration|"
    r"croix[- ]rouge|secours (?:populaire|catholique)|auto-ecole)\b"
)
_LEGAL: Final = re.compile(
    r"(?<!\w)(?:SARL|SAS|SASU|EURL|SA|SNC|SCOP|GAEC|EARL|S\.A\.R\.L\.?)(?!\w)|[A-ZÀ-Ý][\w'-]* ?& ?[A-ZÀ-Ý]"
)
_TRADE: Final = re.compile(r"familles? d'accueil")
_ARTICLE: Final = re.compile(r"(?:la|le|les|l'|une?|des?|du|d')(?:\s+|(?<='))")
_TERMS: Final = frozenset(
    "a alternance an annee annees ans apprenti apprentie apprentissage au aux benevolat benevole cae cdd cddi cdi ce "
    "complet complete contrat cours ctt cui d de depuis des du emploi emplois en environ et ete extra extras f "
    "fevrier france h hebdomadaires heure heures interim interimaire job jobs jour jours jusqu l la le les mi mission "
    "missions mois nuit par partiel pec plein plusieurs poste professionnalisation saison saisonnier saisonniere "
    "saisonniers saisons semaine semaines stage stages stagiaire sur temporaire temps un une vacataire vacations week "
    "end".split()
)
_LENGTH: Final = re.compile(r"\d{1,4}(?:h(?:\d\d)?|e|er|eme)?")
_DEED: Final = re.compile(r"\w{2,}(?:[ts]ions?|ages?|ments?|ances?|ences?)")
# In one word alone, these endings are those of many family names: "Heppner".
_DEED_OF_SEVERAL: Final = re.compile(r"\w{2,}(?:ures?|er|ir|oir)")
_DEEDS: Final = frozenset(
    "accueil aide appels appui archivage arrosage approvisionnement ateliers biberons caisse change charge chargement "
    "commandes conduite conduire conseil conseils controle courses cuisine decoupe desherbage devis devoirs envoi "
    "essais faire gestion gros inventaire inventaires lavage lecture livraison livraisons main maintien mettre mise "
    "menage objectif participer pesee plonge pointage pose port prendre prise realisation reception recherche "
    "reassort relation relations rendre repas respect responsable ronde rondes service services soins soudure suivi "
    "suivre taches taille tenue tonte toilette toilettes travail travaux tri utilisation vendre vente ventes "
    "verification vidange visites".split()
)
_LABEL: Final = re.compile(
    r"(?:employeur|entreprise|societe|structure|etablissement|raison sociale|lieu|ville|poste|fonction|intitule|dates?|"
    r"intitule du poste|periode|duree|contrat|missions?|taches?)"
)
_DEEDS_LABEL: Final = re.compile(
    r"\s*(?:mes |les |principales? |nature des )?"
    r"(?:missions?|taches?|activites?|responsabilites?|fonctions|realisations?|travaux|attributions?|descriptif|"
    r"description)(?: (?:principales?|effectuees?|realisees?|confiees?|exercees?|du poste|et \w+))*\s*(?::\s*|$)"
)

_WORD: Final = re.compile(r"[\w'.&+-]*\w[\w'.&+-]*")
_SMALL: Final = frozenset("a au aux d de des du en et l la le les par pour sous sur".split())


def judge_name(text: str) -> NameLikeness:
    """What a phrase of a few words is likely to be."""
    folded = flat(text).strip()
    words = re.findall(r"[a-z0-9]+", folded)
    if not any(word.isalpha() for word in words) or all(word in _TERMS or _LENGTH.fullmatch(word) for word in words):
        return NameLikeness.TERMS
    if names_organisation(text):
        return NameLikeness.ORGANISATION
    first = folded[article.end() :] if (article := _ARTICLE.match(folded)) else folded
    head = re.match(r"[a-z]+", first)
    deed = head is not None and (
        head[0] in _DEEDS
        or _DEED.fullmatch(head[0]) is not None
        or (len(words) > 1 and _DEED_OF_SEVERAL.fullmatch(head[0]) is not None)
    )
    solid = [word for word in _WORD.findall(text) if flat(word) not in _SMALL]
    capitals = bool(solid) and all(word[0].isupper() or word[0].isdigit() for word in _bare(solid))
    if deed and not (capitals and len(solid) > 1 and not text.isupper()):
        return NameLikeness.DEED
    return NameLikeness.NAME if capitals else NameLikeness.UNKNOWN


def names_organisation(text: str) -> bool:
    """Whether a phrase begins as an employer's name does, or holds the letters of a legal form."""
    folded = flat(text).strip()
    article = _ARTICLE.match(folded)
    bare = folded[article.end() :] if article else folded
    first = re.match(r"[a-z'.-]*[a-z]", bare)
    return (
        (first is not None and (first[0] in _ORGANISATIONS or is_chain(first[0])) and not _TRADE.match(bare))
        or _PHRASES.match(folded) is not None
        or (_LEGAL.search(text) is not None and not text.isupper())
    )


def written_as_name(text: str) -> bool:
    """Whether an article opens the text ("LE FOURNIL"), or each of several words has a capital of its own."""
    if re.match(r"(?:les?|la|aux?)\s", flat(text)) and text[0].isupper():
        return True
    solid = [word for word in _WORD.findall(text) if flat(word) not in _SMALL]
    return len(solid) > 1 and judge_name(text) is NameLikeness.NAME and not text.isupper()


def takes_bare_town(name: str) -> bool:
    """Whether a town may follow this employer's name bare: "Carrefour Montluçon", but not "Garage Laval"."""
    first, *rest = flat(name).split(" ")
    return bool(rest) and (is_chain(first) or (len(rest) > 1 and first in _TAKE_TOWNS))


def is_label(text: str, following: str) -> bool:
    """Whether a part of a line only says what stands behind its colon: "Employeur :", "Dates :"."""
    return following.lstrip().startswith(":") and _LABEL.fullmatch(flat(text).strip()) is not None


def says_deeds(text: str) -> int:
    """Where the text begins behind "Missions :" and the like, its length for such a heading alone; 0 without any."""
    found = _DEEDS_LABEL.match(flat(text))
    return found.end() if found else 0


def is_chain(word: str) -> bool:
    """Whether a folded word is the name of a company with many sites, before which a town may stand bare."""
    return word in _CHAINS


def _bare(words: list[str]) -> list[str]:
    """Words without an elided article: "l'Atlantique" begins with a capital."""
    return [word.replace("’", "'").partition("'")[2] or word if word[1:2] in "'’" else word for word in words]
