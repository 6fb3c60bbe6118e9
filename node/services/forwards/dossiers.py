"""The dossier of a candidate: the full CV and contacts, as they will be sealed for one recipient."""

from typing import TYPE_CHECKING, Final

from node.mission.people.candidate import Candidate
from node.mission.terms import language_name, travels
from protocol.dossier import Dossier, Language, Occupation, Skill

if TYPE_CHECKING:
    from node.referential import Referential

_LONGEST: Final = 4000
"""What the format allows of a text."""


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
        languages=[Language(code=c, level=level) for c, level in candidate.languages if travels(c)],  # type: ignore[arg-type]
        contracts=sorted(candidate.contracts),  # type: ignore[arg-type]
        mobility_km=candidate.mobility_km,
        availability=candidate.availability.isoformat() if candidate.availability else "",
        summary=_summary(candidate),
    )


def _summary(candidate: Candidate) -> str:
    """The person's own, and the languages that have no code for peers, in words; French, as the whole dossier is."""
    spoken = [f"{language_name(code)} ({level})" for code, level in candidate.languages if not travels(code)]
    if not spoken:
        return candidate.summary
    said = f"{candidate.summary}\n\nAutres langues : {', '.join(spoken)}".strip()
    return said if len(said) <= _LONGEST else candidate.summary
