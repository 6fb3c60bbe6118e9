"""Distances to every word at once are those of the textbook, one word at a time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.referential.edits import distances, tolerance

WIDTH = 12
words = st.text("abc", min_size=1, max_size=WIDTH)


def aligned(a: str, b: str) -> int:
    """Optimal string alignment distance, by its recurrence."""
    table = {(i, 0): i for i in range(len(a) + 1)} | {(0, j): j for j in range(len(b) + 1)}
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(a), len(b)]


def nearest_beginning(typed: str, word: str) -> int:
    return min(aligned(typed, word[:end]) for end in range(len(word) + 1))


@given(words, st.lists(words, min_size=1, max_size=12), st.integers(0, 3))
def test_distances_are_those_of_the_textbook(typed: str, vocabulary: list[str], most: int) -> None:
    cells = np.array(vocabulary, dtype=f"S{WIDTH}").view(np.uint8).reshape(len(vocabulary), WIDTH)
    lengths = np.array([len(word) for word in vocabulary], dtype=np.uint8)
    beginning, whole = distances(typed, np.ascontiguousarray(cells.T), lengths, most)
    for number, word in enumerate(vocabulary):
        for found, true in ((beginning, nearest_beginning(typed, word)), (whole, aligned(typed, word))):
            assert found[number] == true if true <= most else found[number] > most


@pytest.mark.parametrize(
    ("word", "edits"),
    [("mac", 0), ("maco", 1), ("boulang", 1), ("boulange", 2), ("75011", 0), ("03100000", 0), ("", 0)],
)
def test_long_words_may_be_wrong_numbers_never(word: str, edits: int) -> None:
    assert tolerance(word) == edits


def test_the_oracle_knows_a_transposition() -> None:
    assert aligned("darncy", "drancy") == 1
    assert aligned("ca", "abc") == 3
    assert nearest_beginning("boulamg", "boulanger") == 1
