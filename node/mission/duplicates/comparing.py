"""Whether two entries may be one person: typing errors, a telephone number, an e-mail address that a family shares.

Guarantees: nobody is merged here; a likeness is shown with its reasons, and a counsellor decides. `compare_people` is
symmetric. What speaks against (other first names behind one family's address, other birth dates) lowers it.

Read next: `likenesses.py`, all pairs of a register; `node/services/duplicates/merging.py`, which merges and takes
apart again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from node.kit.i18n import gettext as _
from node.mission.people.identity import Identity, fold_name, phone_key

SHOWN_FROM: Final = 50
"""Percent from which a likeness is worth a look."""


class Clue(StrEnum):
    """Why two entries may be one person, or may not."""

    SAME_NAME = "same_name"
    SWAPPED_NAME = "swapped_name"
    CLOSE_NAME = "close_name"
    SAME_LAST_NAME = "same_last_name"
    SAME_EMAIL = "same_email"
    SAME_PHONE = "same_phone"
    SAME_BIRTH_DATE = "same_birth_date"
    OTHER_FIRST_NAME = "other_first_name"
    OTHER_BIRTH_DATE = "other_birth_date"


@dataclass(frozen=True, slots=True)
class Likeness:
    """`percent` 0 to 100, and the clues, strongest first."""

    percent: int
    clues: tuple[Clue, ...]

    @property
    def sentence(self) -> str:
        """The clues in words."""
        words = _clue_words()
        return ", ".join(words[clue] for clue in self.clues)


def _clue_words() -> dict[Clue, str]:
    return {
        Clue.SAME_NAME: _("same name"),
        Clue.SWAPPED_NAME: _("first and last name swapped"),
        Clue.CLOSE_NAME: _("almost the same name, perhaps a typing error"),
        Clue.SAME_LAST_NAME: _("same last name"),
        Clue.SAME_EMAIL: _("same e-mail address"),
        Clue.SAME_PHONE: _("same telephone number"),
        Clue.SAME_BIRTH_DATE: _("same birth date"),
        Clue.OTHER_FIRST_NAME: _("another first name, perhaps a family that shares an address"),
        Clue.OTHER_BIRTH_DATE: _("another birth date"),
    }


@dataclass(frozen=True, slots=True)
class Folded:
    """An identity, made ready to be compared many times."""

    identity: Identity
    first: str
    last: str
    words: tuple[str, ...]
    email: str
    phone: str


def fold_person(person: Identity) -> Folded:
    """What of an identity is compared."""
    first, last = fold_name(person.first_name), fold_name(person.last_name)
    return Folded(
        identity=person,
        first=first,
        last=last,
        words=tuple(sorted((*first.split(), *last.split()))),
        email=person.email.casefold(),
        phone=phone_key(person.phone),
    )


def compare_people(one: Identity, other: Identity) -> Likeness:
    """How much two entries look like one person."""
    return compare(fold_person(one), fold_person(other))


def compare(one: Folded, other: Folded) -> Likeness:
    """As `compare_people`, for identities that are compared many times."""
    clues, points = _of_names(one, other)
    names = points
    shared = False
    if one.email and one.email == other.email:
        clues.append(Clue.SAME_EMAIL)
        points += 45
        shared = True
    if one.phone and one.phone == other.phone:
        clues.append(Clue.SAME_PHONE)
        points += 40
        shared = True
    born, other_born = one.identity.birth_date, other.identity.birth_date
    if born and other_born:
        clues.append(Clue.SAME_BIRTH_DATE if born == other_born else Clue.OTHER_BIRTH_DATE)
        points += 30 if born == other_born else -35
    if shared and one.first and other.first and names < _CLOSE and not _close(one.first, other.first):
        clues.append(Clue.OTHER_FIRST_NAME)
        points -= 20
    return Likeness(max(0, min(100, points)), tuple(clues))


_SAME, _SWAPPED, _CLOSE, _LAST = 60, 55, 50, 25


def _of_names(one: Folded, other: Folded) -> tuple[list[Clue], int]:
    if not one.words or not other.words:
        return [], 0
    if (one.first, one.last) == (other.first, other.last):
        return [Clue.SAME_NAME], _SAME
    if one.words == other.words:
        return [Clue.SWAPPED_NAME], _SWAPPED
    if _close(one.first, other.first) and _close(one.last, other.last):
        return [Clue.CLOSE_NAME], _CLOSE
    if one.last and one.last == other.last:
        return [Clue.SAME_LAST_NAME], _LAST
    return [], 0


def _close(one: str, other: str) -> bool:
    """Equal, or one typing error apart (two in long names); a short form such as "j" or "jean" of "jean pierre"."""
    if one == other:
        return True
    if not one or not other:
        return False
    if len(one) > len(other):
        one, other = other, one
    if other.startswith(one) and (len(one) == 1 or other[len(one)] == " "):
        return True
    return len(one) >= 4 and typing_errors(one, other, 2 if len(one) >= 8 else 1) is not None


def typing_errors(one: str, other: str, most: int) -> int | None:
    """Typing errors between two words (a letter too many, missing, wrong, or two swapped); None beyond `most`.

    Optimal string alignment distance: Boytsov, "Indexing methods for approximate dictionary searching" (2011).
    """
    # Imported where two names are compared: every command knows a desk, and hardly one compares.
    from rapidfuzz.distance import OSA

    distance = OSA.distance(one, other, score_cutoff=most)
    return distance if distance <= most else None


def plainly_same(one: Identity, other: Identity) -> bool:
    """The same name together with the same e-mail address or telephone number."""
    clues = set(compare_people(one, other).clues)
    return bool(clues & {Clue.SAME_NAME, Clue.SWAPPED_NAME}) and bool(clues & {Clue.SAME_EMAIL, Clue.SAME_PHONE})


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries that may be one person."""

    one: Identity
    other: Identity
    likeness: Likeness


def find_alike(person: Folded, others: Iterable[Folded], shown_from: int = SHOWN_FROM) -> list[Pair]:
    """Those who may be this person, most alike first; the person's own entry is passed by."""
    mine = person.identity
    pairs = [
        Pair(mine, other.identity, found)
        for other in others
        if other.identity.id != mine.id and (found := compare(person, other)).percent >= shown_from
    ]
    return sorted(pairs, key=lambda pair: (-pair.likeness.percent, pair.other.reference, pair.other.id))
