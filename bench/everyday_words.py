"""Everyday words for occupations: how many of a held-out list lead to a right code, and how long a look-up takes.

The list is `tests/node/referential/everyday_words.tsv`, which was written apart from the table that the look-up uses;
`--words` takes another of the same form. With a folder that holds `rome-v460/` the imported ROME is measured, else the
embedded tables. `--missed` names what was not found.
"""

import sys
import time
from pathlib import Path

import numpy as np

from bench.report import Figure, parser, publish
from node.referential import Referential, load
from node.referential.edition import compose
from node.referential.rome import read_rome

AIM = 95
AIM_MS = 50
HELD_OUT = Path(__file__).parent.parent / "tests" / "node" / "referential" / "everyday_words.tsv"


def main() -> int:
    arguments = parser("everyday_words", __doc__ or "")
    arguments.add_argument("data", type=Path, nargs="?", help="folder of the official files; none: embedded tables")
    arguments.add_argument("--words", type=Path, default=HELD_OUT, help="words, a tab, right codes")
    arguments.add_argument("--missed", action="store_true", help="name the words that lead elsewhere")
    options = arguments.parse_args()

    referential = _tables(options.data)
    sys.stdout.write(f"tables: {referential.version}\n")
    referential.lookup.warm()
    ranks, times = [], []
    for line in options.words.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            typed, _, right = line.partition("\t")
            start = time.perf_counter()
            hits = referential.lookup.occupations(typed)
            times.append(1000 * (time.perf_counter() - start))
            ranks.append(next((place for place, hit in enumerate(hits, 1) if hit.code in right.split()), 99))
            if options.missed and ranks[-1] > 3:
                sys.stdout.write(f"  {typed}: {', '.join(f'{hit.code} {hit.label}' for hit in hits[:3]) or '-'}\n")
    p50, p95 = (float(np.percentile(times, part)) for part in (50, 95))
    first, three = (100 * sum(rank <= most for rank in ranks) / len(ranks) for most in (1, 3))
    figures = [
        Figure("words", len(ranks), "words"),
        Figure("right at the first place", first, "%"),
        Figure("right among the first three", three, "%", f"at least {AIM} %", three >= AIM),
        Figure("look-up, p50", p50, "ms"),
        Figure("look-up, p95", p95, "ms", f"under {AIM_MS} ms", p95 < AIM_MS),
    ]
    return publish("everyday_words", figures, options.json)


def _tables(data: Path | None) -> Referential:
    return load() if data is None else compose(read_rome(data / "rome-v460"))


if __name__ == "__main__":
    sys.exit(main())
