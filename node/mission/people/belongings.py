"""What hangs on a person: one list, for whoever merges, takes apart, erases or tells what is kept about somebody.

A table that names a person is on it, or a test fails; so does a kind that a merge, an erasure or the download passes
by. Read next: `node/storage/belongings.py` (which table each kind is), `ports.py` (`Belongings`).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class AtMerge(StrEnum):
    """What becomes of it when the entry is merged into another one."""

    MOVES = "moves"
    """It hangs on the kept entry from then on, and comes back when both are taken apart."""
    JOINS = "joins"
    """It becomes part of the kept entry's own, by a rule of its own (see `mission/duplicates/merge.py`)."""
    STAYS = "stays"
    """It stays under the other entry's number, for the day that it comes back."""
    ENDS = "ends"


class AtErasure(StrEnum):
    """What becomes of it when the person is erased."""

    GOES = "goes"
    STAYS = "stays"
    """Without a word about the person: identifiers alone, which lead nowhere any more."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """One kind. `told` says whether the person reads it in the download of what is kept about them."""

    kind: str
    merge: AtMerge
    erasure: AtErasure = AtErasure.GOES
    told: bool = True


BELONGINGS: Final = (
    Belonging("consent", AtMerge.JOINS),
    Belonging("local", AtMerge.JOINS),
    Belonging("place", AtMerge.JOINS),
    Belonging("contact", AtMerge.MOVES),
    Belonging("referral", AtMerge.MOVES),
    Belonging("change", AtMerge.MOVES),
    Belonging("document", AtMerge.MOVES),
    Belonging("deposit", AtMerge.MOVES),
    Belonging("forward", AtMerge.MOVES, AtErasure.STAYS),
    Belonging("hire", AtMerge.MOVES),
    # When its hire lets the others end is no more than the hire and the others say.
    Belonging("after_hire", AtMerge.MOVES, told=False),
    Belonging("disclosure", AtMerge.MOVES, AtErasure.STAYS),
    Belonging("access", AtMerge.STAYS),
    # What was set aside for the one is set aside for the other.
    Belonging("match_seen", AtMerge.MOVES),
    Belonging("offer_choice", AtMerge.MOVES),
    # What lets somebody in, or puts two entries back, says nothing about a person that is not told elsewhere.
    Belonging("merge", AtMerge.MOVES, told=False),
    Belonging("link", AtMerge.MOVES, told=False),
    Belonging("session", AtMerge.ENDS, told=False),
    Belonging("kept_form", AtMerge.STAYS, told=False),
)

MOVING: Final = tuple(one.kind for one in BELONGINGS if one.merge is AtMerge.MOVES)
"""The kinds that a merge moves."""
