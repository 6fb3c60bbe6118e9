"""`/verifier`: whoever has a paper of the mission checks that it is the mission's, by its code and the person's name.

Guarantees: both together or nothing, and nothing says which of them was wrong; what is told are the checks with their
days, and where they stand: nothing else about the person. Of an erased person nothing is told, for their name is gone.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from node.mission.employers.codes import read_code
from node.mission.employers.sending import Validity, validity
from node.mission.forwards.terms import Check
from node.mission.people.candidate import Candidate
from node.services.desk import Desk
from node.services.employers.sending import people_of


@dataclass(frozen=True, slots=True)
class Verified:
    """What was checked (label, day), since when and until when it is attested, and where it stands."""

    checked: tuple[tuple[str, date], ...]
    made: datetime
    until: datetime
    validity: Validity


def verify(desk: Desk, code: str, name: str) -> Verified | None:
    """What the mission attests of the person of that name under that code; None for any other pair."""
    wanted = _words_of(name)
    with desk.federation.database.read() as uow:
        sending = uow.sendings.by_code(read_code(code))
        if sending is None:
            return None
        found = next((one for one in people_of(uow, sending) if _is_called(one.person, wanted)), None)
    if found is None:
        return None
    return Verified(
        checked=tuple((Check.of(said).label, day) for said, day in found.part.checked),
        made=sending.made,
        until=sending.until_of(found.part),
        validity=validity(sending, found.part, found.forward, desk.now()),
    )


def _is_called(person: Candidate | None, wanted: frozenset[str]) -> bool:
    """Whether the words are the person's: all of the last name among them, and no word that is not theirs."""
    if person is None or not wanted:
        return False
    return _words_of(person.last_name) <= wanted <= _words_of(f"{person.first_name} {person.last_name}")


def _words_of(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = (sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign))
    return frozenset("".join(letters).split())
