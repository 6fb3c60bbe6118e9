"""Criteria that the law keeps out of a recruitment (Code du travail, article L1132-1): what a text may not rest on.

Read next: `forwards/wording.py` (refusals) and `offers/wording.py` (offers), which know by what words each is named.
"""

from node.mission.terms import Term


class Criterion(Term):
    """What a text speaks of that is no reason."""

    AGE = "age", "l'âge"
    SEX = "sex", "le sexe ou la grossesse"
    FAMILY = "family", "la situation de famille"
    ORIGIN = "origin", "l'origine, la nationalité ou le nom"
    RESIDENCE = "residence", "le lieu de résidence"
    HEALTH = "health", "la santé ou le handicap"
    BELIEF = "belief", "les convictions ou la religion"
    LOOK = "look", "l'apparence physique"
