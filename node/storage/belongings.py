"""What hangs on a person, kind by kind, in whichever table: moved to another entry, and back. Implements
`node.mission.people.ports.Belongings`."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from node.mission.happened import Happened
from node.mission.people.belongings import MOVING
from node.storage import schema
from node.storage.transaction import Transaction

_COLUMNS: Final = {
    "consent": "consent.id consent.candidate",
    "local": "candidate_local.candidate candidate_local.candidate",
    "place": "workshop_place.workshop workshop_place.candidate",
    "contact": "contact.id contact.candidate",
    "referral": "referral.id referral.candidate",
    "change": "change.id change.candidate",
    "document": "document.id document.candidate",
    "deposit": "deposit.id deposit.candidate",
    "forward": "forward.id forward.candidate",
    "hire": "hire.id hire.candidate",
    "after_hire": "after_hire.id after_hire.candidate",
    "disclosure": "disclosure.forward disclosure.candidate",
    "access": "access.id access.candidate",
    "match_seen": "match_seen.id match_seen.candidate",
    "offer_choice": "offer_choice.id offer_choice.candidate",
    "merge": "merge.id merge.kept",
    "link": "magic_link.id magic_link.subject",
    "session": "session.id session.candidate",
    "kept_form": "kept_form.id kept_form.account",
}


def _column(name: str) -> sa.Column[Any]:
    table, _dot, column = name.partition(".")
    return schema.METADATA.tables[table].columns[column]


TABLES: Final[Mapping[str, tuple[sa.Column[Any], sa.Column[Any]]]] = {
    kind: (_column(names.split()[0]), _column(names.split()[1])) for kind, names in _COLUMNS.items()
}
"""Kind -> the column of its key, and the column that says whose it is."""

IN_HAND: Final[Mapping[str, sa.Column[Any]]] = {
    "people": _column("candidate.owner"),
    "steps": _column("contact.next_owner"),
    "workshops": _column("workshop.leader"),
}
"""What somebody who works here has in hand (`team/handover.Load`) -> the column that says who. One more needs its part
in a hand-over, or a test fails."""


class SqlBelongings:
    """See the port. Moves go behind the session's back, which then asks the database again."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def move(self, from_candidate: str, to_candidate: str) -> Mapping[str, tuple[str, ...]]:
        self._transaction.flush()
        moved = {}
        for kind in MOVING:
            key, whose = TABLES[kind]
            found = self._transaction.connection.execute(sa.select(key).where(whose == from_candidate)).scalars()
            moved[kind] = tuple(sorted(map(str, found)))
        self.give(moved, from_candidate, to_candidate)
        return moved

    def give(self, moved: Mapping[str, tuple[str, ...]], from_candidate: str, to_candidate: str) -> None:
        self._transaction.flush()
        for kind in MOVING:
            key, whose = TABLES[kind]
            keys = [int(one) if isinstance(key.type, sa.Integer) else one for one in moved.get(kind, ())]
            self._transaction.connection.execute(
                sa.update(key.table).where(whose == from_candidate, key.in_(keys)).values({whose.name: to_candidate})
            )
        self._transaction.changes.extend([(Happened.FORWARD_CHANGED, one) for one in moved.get("forward", ())])
        self._transaction.forget_rows()
