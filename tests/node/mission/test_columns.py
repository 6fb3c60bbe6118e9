"""Columns that live: what is put in comes out, before and after they are packed."""

from hypothesis import given
from hypothesis import strategies as st

from node.mission.columns import Column, Lists, ints, ranges

BATCHES = st.lists(st.lists(st.lists(st.sampled_from("abc"), max_size=4), max_size=6), max_size=4)


@given(BATCHES, st.booleans(), st.data())
def test_ragged_lists(batches: list[list[list[str]]], packs: bool, data: st.DataObject) -> None:
    lists, rows = Lists(), [row for batch in batches for row in batch]
    for batch in batches:
        lists.extend(batch)
    if rows and packs:
        kept = sorted(data.draw(st.sets(st.integers(0, len(rows) - 1))))
        lists.pack(ints(kept))
        rows = [rows[row] for row in kept]
    words = list(lists.numbers)
    assert [[words[number] for number in lists.of(row)] for row in range(len(rows))] == rows
    backwards = ints(range(len(rows) - 1, -1, -1))
    expected = [row.count("a") for row in reversed(rows)]
    assert lists.count(backwards, lists.flags(["a", "unknown"])).tolist() == expected
    assert lists.count(backwards, lists.flags_if("a".__eq__)).tolist() == expected
    assert lists.having(lists.flags(["a", "b"])).tolist() == ["a" in row or "b" in row for row in rows]


@given(st.lists(st.lists(st.integers(0, 99), max_size=9), max_size=9), st.data())
def test_columns(batches: list[list[int]], data: st.DataObject) -> None:
    column, rows = Column(), [value for batch in batches for value in batch]
    for batch in batches:
        column.extend(batch)
    assert column.values.tolist() == rows and len(column) == len(rows)
    kept = sorted(data.draw(st.sets(st.integers(0, len(rows) - 1)))) if rows else []
    column.pack(ints(kept))
    column.extend([7])
    assert column.values.tolist() == [*(rows[row] for row in kept), 7]


def test_no_ranges() -> None:
    assert ranges(ints([]), ints([])).tolist() == []
