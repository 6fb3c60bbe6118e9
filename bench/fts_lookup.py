"""The same look-up by SQLite's FTS5, to compare with: trigrams find candidates, edit distance sorts them.

Only `bench/lookup.py` uses it. It is what a table in the node's database would have been: see
docs/decisions/lookup-index.md.
"""

import sqlite3
from collections.abc import Sequence

from node.referential import Hit
from node.referential.edits import tolerance
from node.referential.text import fold

CANDIDATES = 100


class FtsLookup:
    """Labels in a table of trigrams, in memory."""

    def __init__(self, labels: Sequence[str]) -> None:
        self._labels = labels
        self._words = [fold(label).split() for label in labels]
        self._base = sqlite3.connect(":memory:")
        self._base.execute("CREATE VIRTUAL TABLE names USING fts5(name, tokenize='trigram')")
        rows = ((number + 1, " ".join(words)) for number, words in enumerate(self._words))
        self._base.executemany("INSERT INTO names(rowid, name) VALUES (?, ?)", rows)

    def search(self, text: str, limit: int) -> list[Hit]:
        """Labels that hold the most of the text's trigrams, those that match word by word first."""
        typed = fold(text).split()
        joined = " ".join(typed)
        grams = sorted({joined[at : at + 3] for at in range(len(joined) - 2)})
        if not grams:
            found = self._base.execute("SELECT rowid FROM names WHERE name LIKE ? LIMIT ?", (f"{joined}%", CANDIDATES))
        else:
            match = " OR ".join(f'"{gram}"' for gram in grams)
            found = self._base.execute(
                "SELECT rowid FROM names WHERE names MATCH ? ORDER BY rank LIMIT ?", (match, CANDIDATES)
            )
        rows = [row - 1 for (row,) in found.fetchall()]
        words = {word for row in rows for word in self._words[row]}
        far = {each: {word: _distance(each, word) for word in words} for each in typed}
        ranked = []
        for row in rows:
            costs = [min(far[each][word] for word in self._words[row]) for each in typed]
            if all(cost <= tolerance(each) for cost, each in zip(costs, typed, strict=True)):
                ranked.append((sum(costs), len(self._words[row]), row))
        return [Hit("", self._labels[number], "") for _, _, number in sorted(ranked)[:limit]]


def _distance(typed: str, word: str) -> int:
    """From what was typed to the nearest beginning of the word, by the textbook."""
    if word.startswith(typed):
        return 0
    before, above = list[int](), list(range(len(word) + 1))
    for row, letter in enumerate(typed, 1):
        current = [row]
        for column, other in enumerate(word, 1):
            cost = min(above[column] + 1, current[-1] + 1, above[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == word[column - 2] and typed[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        before, above = above, current
    return min(above)
