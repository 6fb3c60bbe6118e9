"""What people were told of ends: once for each stage of each end, whatever a clock said meanwhile."""

from datetime import timedelta

from node.storage import SqlDatabase
from tests.contracts.databases import DRANCY, NOW

ENDS = NOW + timedelta(days=12, microseconds=1)
TOLD = ("keys", DRANCY, ENDS, 14)


def test_a_stage_is_told_once_and_no_other_with_it(database: SqlDatabase) -> None:
    others = [
        ("key.http", DRANCY, ENDS, 14),
        ("keys", "coordinator", ENDS, 14),
        ("keys", DRANCY, ENDS + timedelta(days=730), 14),
        ("keys", DRANCY, ENDS, 7),
        ("keys", DRANCY, ENDS, -14),
    ]
    with database.read() as uow:
        assert not uow.told_ends.is_told(*TOLD, NOW)
    for _twice in range(2):
        with database.write() as uow:
            uow.told_ends.remember(*TOLD, NOW)
    with database.read() as uow:
        assert uow.told_ends.is_told(*TOLD, NOW)
        assert uow.told_ends.is_told(*TOLD, NOW + timedelta(days=1000))
        assert not any(uow.told_ends.is_told(*other, NOW) for other in others)


def test_what_a_clock_that_was_ahead_wrote_down_does_not_count(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.told_ends.remember(*TOLD, NOW + timedelta(days=365))
        assert not uow.told_ends.is_told(*TOLD, NOW)
        uow.told_ends.remember(*TOLD, NOW)
        assert uow.told_ends.is_told(*TOLD, NOW)
