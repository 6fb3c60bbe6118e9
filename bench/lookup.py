"""Look-up as one types, keystroke by keystroke, over occupations, skills and communes.

Names are drawn from the tables and typed letter by letter from one of their words on, as people do: without accents,
half of them with one typing error. Each keystroke is one search of ten answers, timed; at the last one the name should
be among the answers. With a folder that holds the official files (`rome-v460/`, `laposte_hexasmal.csv`) the imported
tables are measured, else the embedded ones. `--compare` answers the same keystrokes by SQLite's FTS5.
"""

import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from bench.fts_lookup import FtsLookup
from bench.report import Figure, parser, publish, timed
from node.referential import Hit, Referential, load
from node.referential.commune_files import read_communes
from node.referential.edition import compose
from node.referential.rome import read_rome
from node.referential.text import fold

LIMIT = 10
AIM = 0.050
ROME, COMMUNES = "rome-v460", "laposte_hexasmal.csv"

Search = Callable[[str, int], list[Hit]]


def main() -> int:
    arguments = parser("lookup", __doc__ or "")
    arguments.add_argument("data", type=Path, nargs="?", help="folder of the official files; none: embedded tables")
    arguments.add_argument("--names", type=int, default=100, help="names typed, a table")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--compare", action="store_true", help="the same by SQLite FTS5 (trigrams)")
    options = arguments.parse_args()

    referential = _tables(options.data)
    sys.stdout.write(f"tables: {referential.version}\n")
    warm, _ = timed(referential.lookup.warm)
    figures = [Figure("made ready", warm, "s")]
    for name, search, labels in _kinds(referential):
        draw = random.Random(options.seed)
        typed = [typing(draw, draw.choice(labels)) for _ in range(options.names)]
        figures.append(Figure(f"{name}: names", len(labels), "names"))
        figures.extend(_measured(name, search, typed, aim=True))
        if options.compare:
            build, fts = timed(lambda labels=labels: FtsLookup(labels))  # type: ignore[misc]
            figures.append(Figure(f"{name}, FTS5: made ready", build, "s"))
            figures.extend(_measured(f"{name}, FTS5", fts.search, typed, aim=False))
    return publish("lookup", figures, options.json)


def _tables(data: Path | None) -> Referential:
    if data is None:
        sys.stdout.write("no folder of official files was given: the embedded tables are measured\n")
        return load()
    if missing := [name for name in (ROME, COMMUNES) if not (data / name).exists()]:
        raise SystemExit(f"{data} lacks {', '.join(missing)}: give no folder to measure the embedded tables")
    return compose(read_rome(data / ROME), read_communes(data / COMMUNES))


def _kinds(referential: Referential) -> Iterator[tuple[str, Search, list[str]]]:
    occupations, skills, communes = referential.occupations, referential.skills, referential.communes
    lookup = referential.lookup
    yield "occupations", lookup.occupations, [n for code in occupations.codes() for n in occupations.appellations(code)]
    yield "skills", lookup.skills, [skills.label(code) or "" for code in skills.codes()]
    yield "communes", lookup.communes, [name for name, _, _, _ in communes.names()]


def typing(draw: random.Random, label: str) -> tuple[str, list[str], bool]:
    """A name, what stands in the field after each keystroke, and whether it holds an error."""
    words = fold(label).split()
    typed = " ".join(words[draw.randrange(len(words)) :][:4])
    wrong = draw.random() < 0.5 and len(typed) >= 4
    if wrong:
        at = draw.randrange(1, len(typed) - 1)
        other = draw.choice("abcdefghilmnoprstuv")
        typed = draw.choice(
            [
                typed[:at] + typed[at + 1 :],
                typed[:at] + other + typed[at:],
                typed[:at] + other + typed[at + 1 :],
                typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :],
            ]
        )
    return label, [typed[:end] for end in range(1, len(typed) + 1)], wrong


def _measured(
    name: str, search: Search, typed: Sequence[tuple[str, list[str], bool]], *, aim: bool
) -> Iterator[Figure]:
    times: list[float] = []
    found: dict[bool, list[bool]] = {False: [], True: []}
    for label, keystrokes, wrong in typed:
        hits: list[Hit] = []
        for text in keystrokes:
            start = time.perf_counter()
            hits = search(text, LIMIT)
            times.append(time.perf_counter() - start)
        found[wrong].append(any(fold(hit.label) == fold(label) for hit in hits))
    p50, p95, worst = (1000 * float(np.percentile(times, part)) for part in (50, 95, 100))
    yield Figure(f"{name}: keystrokes", len(times), "searches")
    yield Figure(f"{name}: p50", p50, "ms")
    if aim:
        yield Figure(f"{name}: p95", p95, "ms", f"under {1000 * AIM:.0f} ms", p95 < 1000 * AIM)
    else:
        yield Figure(f"{name}: p95", p95, "ms")
    yield Figure(f"{name}: slowest", worst, "ms")
    for wrong, words in ((False, "typed rightly"), (True, "with an error")):
        share = sum(found[wrong]) / max(1, len(found[wrong]))
        yield Figure(f"{name}: among ten, {words}", 100 * share, "%")


if __name__ == "__main__":
    sys.exit(main())
