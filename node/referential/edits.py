"""Edit distance from one typed word to every beginning of every word of a vocabulary, at once.

The distance is optimal string alignment (Damerau-Levenshtein without overlapping transpositions): insertion, deletion,
substitution and transposition of neighbours cost one each. Only a band of the classical table is computed, one column
of all the words at a time. Source: Ukkonen 1985 (the band); tests compare it with the textbook recurrence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from node.referential.arrays import np

if TYPE_CHECKING:
    from numpy.typing import NDArray


FROM_LETTERS = ((8, 2), (4, 1))
"""From how many letters a typed word may be how many edits away from what was meant."""


def tolerance(word: str) -> int:
    """How many edits a typed word may be wrong by. None for one with a digit: a near postal code is another place."""
    if any(character.isdigit() for character in word):
        return 0
    return next((edits for letters, edits in FROM_LETTERS if len(word) >= letters), 0)


def distances(
    typed: str, letters: NDArray[np.uint8], lengths: NDArray[np.uint8], most: int
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """How far ``typed`` (ASCII) is from the nearest beginning of each word, and from the whole of it.

    ``letters`` has one row a position and one column a word, zero beyond a word's end; ``lengths`` is the words' true
    lengths. Two arrays, one number a word; a distance above ``most`` is given as some number above ``most``.
    """
    width, count = letters.shape
    size, far = len(typed), most + 1
    codes = typed.encode("ascii")
    last = min(size + most, width)
    beyond = np.full(count, far, dtype=np.uint8)
    # One list a letter typed: the distance of what was typed so far to each beginning of the words, `beyond` off band.
    before: list[NDArray[np.uint8]] = []
    above = [np.full(count, min(column, far), dtype=np.uint8) for column in range(last + 1)]
    for row in range(1, size + 1):
        current = [beyond] * (last + 1)
        if row <= most:
            current[0] = np.full(count, row, dtype=np.uint8)
        for column in range(max(1, row - most), min(last, row + most) + 1):
            cell = above[column - 1] + (letters[column - 1] != codes[row - 1])
            np.minimum(cell, above[column] + 1, out=cell)
            np.minimum(cell, current[column - 1] + 1, out=cell)
            if row > 1 and column > 1:
                swapped = (letters[column - 1] == codes[row - 2]) & (letters[column - 2] == codes[row - 1])
                np.minimum(cell, np.where(swapped, before[column - 2] + 1, far), out=cell)
            current[column] = np.minimum(cell, far)
        before, above = above, current
    # Beyond a word's end there are zeros, which match nothing and so never come nearer than the end itself.
    beginning = np.minimum.reduce(above)
    whole = np.full(count, far, dtype=np.uint8)
    for column, cell in enumerate(above):
        whole = np.where(lengths == column, cell, whole)
    return beginning, whole
