"""Matrices of a PDF page (ISO 32000-1, 8.3.3), as the six numbers that it writes.

Read next: `strings.py` and `scans.py`, which place words and pictures by them.
"""

from typing import Any, Final

Matrix = tuple[float, float, float, float, float, float]

UNMOVED: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def matrix_of(values: Any) -> Matrix:
    """Six numbers of a content stream. Raises ValueError, TypeError."""
    a, b, c, d, e, f = (float(value) for value in values)
    return a, b, c, d, e, f


def times(first: Matrix, then: Matrix) -> Matrix:
    """What does the first, then the other."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def rotation(angle: int) -> Matrix:
    """Clockwise, in quarter turns, as a page's /Rotate."""
    return {
        90: (0.0, -1.0, 1.0, 0.0, 0.0, 0.0),
        180: (-1.0, 0.0, 0.0, -1.0, 0.0, 0.0),
        270: (0.0, 1.0, -1.0, 0.0, 0.0, 0.0),
    }.get(angle % 360, UNMOVED)
