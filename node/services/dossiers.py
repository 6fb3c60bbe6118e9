"""The dossier of a candidate: the full CV and contacts, as they will be sealed for one recipient."""

from node.mission.candidates import Candidate
from node.referential import Referential
from protocol.dossier import Dossier


def dossier_of(candidate: Candidate, referential: Referential) -> Dossier:
    """What the recipient will read; codes carry their labels, since the recipient may not know ours."""
    raise AssertionError
