"""People as a list to download, in the columns that lists are taken in by (docs/imports.md).

Guarantees: what never leaves the files (obstacles, eligibility, dates of birth) is not in it. Read next:
`node/documents/lists.py`, `node/imports/candidates_csv.py`, which reads it again.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from node.kit import phone
from node.mission.people.candidate import Candidate
from node.services.actors import names
from node.services.desk import Desk

COLUMNS: Final = (
    "reference", "nom", "prenom", "email", "telephone", "commune", "metiers", "competences", "permis", "qualification",
    "langues", "contrats", "mobilite_km", "lieux", "demenage", "disponibilite", "resume", "dernier_contact",
    "metier_principal", "etat_cv", "situation", "suivi_par",
)  # fmt: skip
"""Those after `dernier_contact` are for people to read; whoever takes the list in passes them by."""


def list_rows(desk: Desk, people: Sequence[str]) -> Iterator[list[str]]:
    """A line a person, in that order; whoever is not there any more is left out."""
    with desk.federation.database.read() as uow:
        known = uow.candidates.many(people)
    called = names(desk)
    return (
        _row(desk, known[one], called[known[one].owner] if known[one].owner else "") for one in people if one in known
    )


def _row(desk: Desk, person: Candidate, owner: str) -> list[str]:
    occupations, first = desk.referential().occupations, next(iter(person.occupations), None)
    return [
        person.reference,
        person.last_name,
        person.first_name,
        person.email,
        phone.shown(person.phone),
        person.commune,
        "|".join(f"{one.rome}:{one.months}" for one in person.occupations),
        "|".join(sorted(person.skills)),
        "|".join(sorted(person.licences)),
        str(person.qualification or ""),
        "|".join(f"{code}:{level}" for code, level in person.languages),
        "|".join(sorted(person.contracts)),
        str(person.mobility_km),
        "|".join(sorted(person.places)),
        "oui" if person.relocates else "non",
        person.availability.isoformat() if person.availability else "",
        person.summary,
        person.last_contact.isoformat() if person.last_contact else "",
        first.called(occupations.label(first.rome)) if first is not None else "",
        person.cv_state.label,
        person.state.label,
        owner,
    ]
