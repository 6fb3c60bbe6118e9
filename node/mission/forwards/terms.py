"""Why a forward ends, and what a guarantor checked, with their French labels."""

from typing import Final

from node.mission.terms import Term

GUARANTEE_SAYS: Final = (
    "La mission atteste avoir vérifié ceci, à ces dates. Elle ne garantit ni l'embauche ni la tenue du poste."
)
"""What a guarantee says, everywhere and word for word."""


class Reason(Term):
    """Why a forward was declined, withdrawn or expired. Who may give which is in `forwards/moves.py`."""

    NO_POSITION = "no_position", "Le poste n'est plus à pourvoir"
    LACKING_SKILLS = "lacking_skills", "Compétences insuffisantes pour ce poste"
    NOT_MOBILE = "not_mobile", "La personne dit ne pas pouvoir se rendre au poste à ces horaires"
    NOT_INTERESTED = "not_interested", "Le poste n'intéresse pas la personne"
    DID_NOT_COME_TO_INTERVIEW = "did_not_come_to_interview", "Pas de venue à l'entretien"
    INCOMPATIBLE = "incompatible", "Contraintes incompatibles avec le poste"
    HIRED_ELSEWHERE = "hired_elsewhere", "Embauche ailleurs"
    IN_TRAINING = "in_training", "En formation"
    NOT_ELIGIBLE = "not_eligible", "Non éligible au contrat proposé"
    DUPLICATE = "duplicate", "Candidature déjà reçue"
    POORLY_INFORMED = "poorly_informed", "La personne connaissait mal le poste"
    UNAVAILABLE = "unavailable", "Indisponible"
    OTHER = "other", "Autre motif"
    CONSENT_WITHDRAWN = "consent_withdrawn", "Accord retiré par la personne"
    NO_ANSWER = "no_answer", "Pas de réponse de l'employeur"


class Check(Term):
    """What a counsellor checked before standing guarantor."""

    MET_IN_PERSON = "met_in_person", "Rencontre en personne"
    MET_BY_PHONE = "met_by_phone", "Entretien téléphonique"
    CV_REWORKED = "cv_reworked", "CV retravaillé avec la mission"
    IDENTITY = "identity", "Identité vérifiée"
    AVAILABILITY = "availability", "Disponibilité confirmée"
    MOBILITY = "mobility", "Mobilité vérifiée"
    LICENCE = "licence", "Permis de conduire vu"
    REFERENCES = "references", "Références vérifiées"
