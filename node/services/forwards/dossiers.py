"""The dossier of a candidate: the full CV and contacts, as they will be sealed for one recipient."""

from typing import TYPE_CHECKING

from node.mission.people.candidate import Candidate
from protocol.dossier import Dossier, Language, Occupation, Skill

if TYPE_CHECKING:
    from node.referential import Referential


def dossier_of(candidate: Candidate, referential: "Referential") -> Dossier:
    """What the recipient will read; skills carry their labels, since the recipient may have another referential."""
    return Dossier(
        first_name=candidate.first_name,
        last_name=candidate.last_name,
        email=candidate.email,
        phone=candidate.phone,
        commune=candidate.commune,
        occupations=[Occupation(rome=e.rome, months=e.months) for e in candidate.occupations],
        skills=[Skill(code=code, label=referential.skills.label(code) or code) for code in sorted(candidate.skills)],
        qualification=candidate.qualification,
        licences=sorted(candidate.licences),
        languages=[Language(code=code, level=level) for code, level in candidate.languages],  # type: ignore[arg-type]
        contracts=sorted(candidate.contracts),  # type: ignore[arg-type]
        mobility_km=candidate.mobility_km,
        availability=candidate.availability.isoformat() if candidate.availability else "",
        summary=candidate.summary,
    )
