"""The words of the trade: every code that a page, a file or a message may carry, with its French label beside it.

Guarantees: each state, reason and check of the wire format has exactly one label here (a test counts them), and labels
are French whatever the language of the process: they are the profession's own terms, not translations.

Read next: `forwards/moves.py`, the moves that carry these reasons; `matching/match.py`, which compares these levels.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, Self

from node.mission.forwards.forward import ForwardState, Side
from node.mission.offers.offer import Need, OfferState
from node.mission.people.candidate import CandidateState, ConsentScope, CvState, Hours, Met


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


def licences_given(held: Iterable[str]) -> frozenset[str]:
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


class Reason(Term):
    """Why a forward was declined, withdrawn or expired. Who may give which is in `forwards/moves.py`."""

    NO_POSITION = "no_position", "Le poste n'est plus à pourvoir"
    LACKING_SKILLS = "lacking_skills", "Compétences insuffisantes pour ce poste"
    NOT_MOBILE = "not_mobile", "Mobilité insuffisante"
    NOT_INTERESTED = "not_interested", "N'est pas intéressé·e par le poste"
    DID_NOT_COME_TO_INTERVIEW = "did_not_come_to_interview", "Ne s'est pas présenté·e à l'entretien"
    INCOMPATIBLE = "incompatible", "Contraintes incompatibles avec le poste"
    HIRED_ELSEWHERE = "hired_elsewhere", "Embauché·e ailleurs"
    IN_TRAINING = "in_training", "En formation"
    NOT_ELIGIBLE = "not_eligible", "Non éligible au contrat proposé"
    DUPLICATE = "duplicate", "Candidature déjà reçue"
    POORLY_INFORMED = "poorly_informed", "Mal informé·e sur le poste"
    UNAVAILABLE = "unavailable", "Indisponible"
    OTHER = "other", "Autre motif"
    CONSENT_WITHDRAWN = "consent_withdrawn", "Accord retiré par la personne"
    NO_ANSWER = "no_answer", "Pas de réponse de l'employeur"


class Check(Term):
    """What a counsellor checked before standing guarantor."""

    MET_IN_PERSON = "met_in_person", "Rencontré·e en personne"
    MET_BY_PHONE = "met_by_phone", "Entretien téléphonique"
    CV_REWORKED = "cv_reworked", "CV retravaillé avec la mission"
    IDENTITY = "identity", "Identité vérifiée"
    AVAILABILITY = "availability", "Disponibilité confirmée"
    MOBILITY = "mobility", "Mobilité vérifiée"
    LICENCE = "licence", "Permis de conduire vu"
    REFERENCES = "references", "Références vérifiées"


class Role(Term):
    """Who uses the node."""

    COUNSELLOR = "counsellor", "Conseiller·ère"
    HEAD = "head", "Responsable"
    CANDIDATE = "candidate", "Candidat·e"
    EMPLOYER = "employer", "Employeur"
    NATIONAL_EMPLOYER = "national_employer", "Employeur national"
    COORDINATOR = "coordinator", "Coordinateur·rice du réseau"
    ADMINISTRATOR = "administrator", "Administrateur·rice"


class Language(Term):
    """Languages by ISO 639-1 code that a file may name in French; other codes are taken as codes."""

    GERMAN = "de", "Allemand"
    ENGLISH = "en", "Anglais"
    ARABIC = "ar", "Arabe"
    ARMENIAN = "hy", "Arménien"
    BASQUE = "eu", "Basque"
    BENGALI = "bn", "Bengali"
    BRETON = "br", "Breton"
    BULGARIAN = "bg", "Bulgare"
    CATALAN = "ca", "Catalan"
    CHINESE = "zh", "Chinois"
    CORSICAN = "co", "Corse"
    CROATIAN = "hr", "Croate"
    SPANISH = "es", "Espagnol"
    FRENCH = "fr", "Français"
    GREEK = "el", "Grec"
    HEBREW = "he", "Hébreu"
    HINDI = "hi", "Hindi"
    HUNGARIAN = "hu", "Hongrois"
    ITALIAN = "it", "Italien"
    JAPANESE = "ja", "Japonais"
    LINGALA = "ln", "Lingala"
    MALAGASY = "mg", "Malgache"
    DUTCH = "nl", "Néerlandais"
    OCCITAN = "oc", "Occitan"
    PASHTO = "ps", "Pachto"
    PERSIAN = "fa", "Persan"
    POLISH = "pl", "Polonais"
    PORTUGUESE = "pt", "Portugais"
    ROMANIAN = "ro", "Roumain"
    RUSSIAN = "ru", "Russe"
    SERBIAN = "sr", "Serbe"
    SOMALI = "so", "Somali"
    TAMIL = "ta", "Tamoul"
    CZECH = "cs", "Tchèque"
    TIGRINYA = "ti", "Tigrigna"
    TURKISH = "tr", "Turc"
    UKRAINIAN = "uk", "Ukrainien"
    VIETNAMESE = "vi", "Vietnamien"
    WOLOF = "wo", "Wolof"


FORWARD_STATES: Final[Mapping[ForwardState, str]] = {
    ForwardState.DRAFT: "Brouillon",
    ForwardState.SENT: "Transmis",
    ForwardState.RECEIVED: "Reçu",
    ForwardState.SEEN: "Lu",
    ForwardState.INTERVIEW: "Entretien prévu",
    ForwardState.HIRED: "Embauché·e",
    ForwardState.DECLINED: "Non retenu·e",
    ForwardState.WITHDRAWN: "Retiré",
    ForwardState.EXPIRED: "Sans réponse",
    ForwardState.CONFIRMED: "Maintien en poste confirmé",
    ForwardState.BROKEN_OFF: "Contrat rompu",
}
OFFER_STATES: Final[Mapping[OfferState, str]] = {OfferState.OPEN: "Ouverte", OfferState.CLOSED: "Fermée"}
CANDIDATE_STATES: Final[Mapping[CandidateState, str]] = {
    CandidateState.ACTIVE: "En recherche",
    CandidateState.PLACED: "En poste",
    CandidateState.WITHDRAWN: "Retiré·e de la candidathèque",
}
CONSENT_SCOPES: Final[Mapping[ConsentScope, str]] = {
    ConsentScope.KEEP: "Conservation du CV par la mission",
    ConsentScope.NETWORK: "Mise en relation avec les employeurs du réseau",
    ConsentScope.OFFER: "Mise en relation pour une offre précise",
}
CV_STATES: Final[Mapping[CvState, str]] = {
    CvState.RECEIVED: "Reçu",
    CvState.TO_REWORK: "À retravailler",
    CvState.WORKSHOP: "En atelier",
    CvState.READY: "Prêt",
}
HOURS: Final[Mapping[Hours, str]] = {
    Hours.ANY: "Temps plein ou partiel",
    Hours.FULL: "Temps plein",
    Hours.PART: "Temps partiel",
}
SIDES: Final[Mapping[Side, str]] = {Side.HOME: "la mission d'origine", Side.RECEIVER: "le destinataire"}
MET: Final[Mapping[Met, str]] = {Met.IN_PERSON: "en personne", Met.BY_PHONE: "par téléphone"}
NEEDS: Final[Mapping[Need, str]] = {Need.REQUIRED: "Exigée", Need.WISHED: "Souhaitée"}

CHANGES: Final[Mapping[str, str]] = {
    "reference": "Numéro",
    "first_name": "Prénom",
    "last_name": "Nom",
    "email": "Courriel",
    "phone": "Téléphone",
    "commune": "Commune",
    "birth_date": "Date de naissance",
    "occupations": "Métiers recherchés",
    "skills": "Compétences",
    "qualification": "Qualification",
    "licences": "Permis de conduire",
    "languages": "Langues",
    "contracts": "Types de contrat",
    "hours": "Temps de travail",
    "mobility_km": "Distance acceptée",
    "places": "Communes acceptées au-delà",
    "relocates": "Prêt·e à déménager",
    "vehicle": "Véhicule",
    "public_transport": "Transports en commun",
    "availability": "Disponibilité",
    "summary": "Présentation",
    "jobs": "Expériences",
    "diplomas": "Diplômes et formations",
    "qualities": "Qualités",
    "interests": "Centres d'intérêt",
    "words": "Mots de la personne",
    "card_skills": "Compétences de la carte",
    "photo": "Photographie",
    "state": "Situation",
    "cv_state": "État du CV",
    "owner": "Conseiller·ère référent·e",
    "source": "Provenance",
    "last_contact": "Dernier contact",
    "local": "Freins et éligibilité",
    "created": "Fiche ouverte",
    "deposit": "Dépôt joint",
    "ready": "CV signé prêt",
    "ready_lapsed": "Signature expirée",
    "consent_given": "Accord donné",
    "consent_withdrawn": "Accord retiré",
    "document_added": "Document ajouté",
    "document_removed": "Document supprimé",
    "contact": "Contact noté",
    "step_owner": "Prochaine étape confiée",
    "step_done": "Étape faite",
    "referral": "Orientation vers un partenaire",
    "referral_moved": "Suivi d'orientation",
    "workshop": "Atelier",
    "handover": "Passage de relais",
    "merged": "Fiches réunies",
    "unmerged": "Fiches séparées",
    "notice": "Prévenu·e de l'effacement",
}
"""The lines of a person's history: fields that changed, and events."""

COLUMNS: Final[Mapping[str, str]] = {
    "registered": "Fiche ouverte le",
    "first_ready": "CV prêt pour la première fois le",
    "last_seen": "Dernière visite",
    "notice_on": "Prévenu·e de l'effacement le",
    "occupation": "Métier",
    "months": "Mois d'expérience",
    "label": "Intitulé",
    "title": "Intitulé",
    "employer": "Employeur",
    "place": "Lieu",
    "rome": "Code ROME",
    "start": "Début",
    "end": "Fin",
    "current": "En cours",
    "tasks": "Missions",
    "level": "Niveau",
    "school": "Établissement",
    "year": "Année",
    "scope": "Portée",
    "given_on": "Donné le",
    "until": "Jusqu'au",
    "how": "Recueilli par",
    "offer": "Offre",
    "withdrawn_at": "Retiré le",
    "by": "Par",
    "on": "Le",
    "at": "Le",
    "met": "Rencontré·e",
    "met_on": "Rencontré·e le",
    "kind": "Nature",
    "note": "Note",
    "since": "Depuis",
    "solved_on": "Résolu le",
    "name": "Nom",
    "media_type": "Type de fichier",
    "size": "Taille en octets",
    "added": "Ajouté le",
    "received": "Reçu le",
    "channel": "Moyen",
    "message": "Message",
    "call_back": "Souhaite être rappelé·e",
    "keep": "Accord de conservation",
    "network": "Accord de mise en relation",
    "settled_by": "Traité par",
    "settled_at": "Traité le",
    "written": "Noté le",
    "text": "Texte",
    "next_step": "Prochaine étape",
    "next_on": "Prévue le",
    "next_owner": "Confiée à",
    "done_on": "Faite le",
    "partner": "Partenaire",
    "help": "Aide",
    "why": "Motif",
    "follow_up_on": "À suivre le",
    "ended_on": "Terminé le",
    "outcome": "Résultat",
    "starts": "Début",
    "room": "Lieu",
    "attendance": "Présence",
    "reason": "Motif de la réponse",
    "to_candidate": "Réponse à la personne",
    "to_guarantor": "Réponse à la mission",
    "holder": "Destinataire",
    "erased": "Effacé le",
    "what": "Objet",
    "field": "Élément",
    "before": "Avant",
    "after": "Après",
}
"""The columns of what a person downloads about themselves, beside those of `CHANGES`."""

GLOSSARY: Final[Mapping[str, str]] = {
    "node": "nœud",
    "mission": "mission emploi",
    "candidate": "candidat·e",
    "sheet": "fiche de groupe",
    "release": "publication",
    "offer": "offre",
    "campaign": "recrutement multi-sites",
    "forward": "mise en relation",
    "guarantee": "garantie",
    "dossier": "dossier",
    "outcome": "suite donnée",
    "consent": "accord",
    "journal": "journal",
    "directory": "annuaire",
    "witness": "témoin",
    "referential": "référentiel",
}
"""The terms of the product by their name in the code."""
