"""Two entries for one person made one, and what is needed to take them apart again, exactly.

Guarantees: `merged` loses nothing: what the kept entry lacks comes from the other, lists are united, and both entries
as they were stay in the `Merge`. `taken_apart` gives both back as they were, except that what a person withdrew in the
meantime stays withdrawn: that is nobody's to undo.

Read next: `comparing.py`; `node/services/duplicates/merging.py`, which moves what hangs on a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Final

from node.mission.agreements.consent import without_refused
from node.mission.people.candidate import Candidate, CandidateState
from node.mission.people.partners import Local
from node.mission.workshops.workshop import Place

_KEPT: Final = frozenset({"id", "reference", "consents", "readiness", "state", "cv_state", "owner"})
_STOPPED: Final = (CandidateState.WITHDRAWN, CandidateState.LIMITED)
"""What the person asked for, the strictest first."""
_EARLIEST: Final = frozenset({"registered", "first_ready"})
_LATEST: Final = frozenset({"last_contact", "last_seen"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """One merge: both entries as they were, and what was moved, as kind -> ids. `dropped` are the other entry's places
    in workshops where the kept one had a place too, by workshop."""

    id: str
    kept: Candidate
    gone: Candidate
    kept_local: Local
    gone_local: Local
    at: datetime
    by: str
    moved: Mapping[str, tuple[str, ...]]
    dropped: Mapping[str, Place]


def merged(kept: Candidate, gone: Candidate) -> Candidate:
    """The kept entry, completed. A signature vouches for the CV as it was signed, so that the kept entry's alone
    stands; the stricter wins: whoever left in one entry has left, and what was refused in one is refused."""
    changes: dict[str, Any] = {}
    for field in fields(Candidate):
        if field.name in _KEPT:
            continue
        mine, theirs = getattr(kept, field.name), getattr(gone, field.name)
        changes[field.name] = _joined(field.name, mine, theirs)
    known = {consent.id for consent in kept.consents}
    changes["consents"] = without_refused((*kept.consents, *(one for one in gone.consents if one.id not in known)))
    stopped = [state for state in _STOPPED if state in (kept.state, gone.state)]
    changes["state"] = stopped[0] if stopped else kept.state
    changes["owner"] = kept.owner or gone.owner
    return replace(kept, **changes)


def merged_local(kept: Local, gone: Local) -> Local:
    """Both entries' obstacles, one a kind, the kept entry's first; all eligibility."""
    known = {one.kind for one in kept.obstacles}
    return Local(
        obstacles=(*kept.obstacles, *(one for one in gone.obstacles if one.kind not in known)),
        eligibilities=kept.eligibilities | gone.eligibilities,
        note="\n".join(note for note in (kept.note, gone.note) if note),
    )


def taken_apart(merge: Merge, now: Candidate) -> tuple[Candidate, Candidate]:
    """Both entries as they were before. `now` is the merged entry today: agreements withdrawn since are withdrawn in
    both, and agreements given since stay with the kept entry."""
    whole = merged(merge.kept, merge.gone)
    left = now if now.state in _STOPPED or whole.state in _STOPPED else None
    # What one entry's refusal took back of the other's, by the merge alone, comes back with them.
    ours = {one.id: one.withdrawn_at for one in (*merge.gone.consents, *merge.kept.consents)}
    then = {one.id: one.withdrawn_at for one in whole.consents}
    withdrawn = {
        one.id: ours[one.id] if one.withdrawn_at == then.get(one.id) else one.withdrawn_at
        for one in now.consents
        if one.id in ours
    }
    new = tuple(one for one in now.consents if one.id not in ours)
    kept = _carried(merge.kept, withdrawn, left)
    kept = replace(kept, consents=(*kept.consents, *new))
    return kept, _carried(merge.gone, withdrawn, left)


def _carried(before: Candidate, withdrawn: Mapping[str, datetime | None], left: Candidate | None) -> Candidate:
    consents = tuple(replace(one, withdrawn_at=withdrawn.get(one.id) or one.withdrawn_at) for one in before.consents)
    before = replace(before, consents=consents)
    return before if left is None else replace(before, state=left.state, objected_at=left.objected_at)


def _joined(name: str, mine: Any, theirs: Any) -> Any:
    if name in _EARLIEST:
        return min((day for day in (mine, theirs) if isinstance(day, date)), default=None)
    if name in _LATEST:
        return max((day for day in (mine, theirs) if isinstance(day, date)), default=None)
    match mine:
        case bool():
            return mine or theirs
        case frozenset():
            return mine | theirs
        case tuple():
            return (*mine, *(one for one in theirs or () if _identity(one) not in {_identity(known) for known in mine}))
        case _:
            return mine or theirs


def _identity(item: Any) -> Any:
    """What makes two items of a list the same: the occupation, the language, else all of it."""
    if isinstance(item, tuple):
        return item[0]
    return getattr(item, "rome", item) if hasattr(item, "months") else item
