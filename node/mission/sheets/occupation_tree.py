"""The public tree under which people are counted, and which of its classes ask for more people.

A label is a ROME code standing alone, or the *other* occupations of a domain (`N11+`), of a letter (`N+`), of all
(`+`). Guarantees: everything here follows from the published labels and the shared referential alone, so that a peer
computes the same regions as we do, and nothing here can depend on who is registered. Read next: `release.py`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from node.referential import Occupations

SENSITIVE_K: Final = 10

SENSITIVE: Final = (
    "K17",  # defence, police, rescue: all of the domain
    "J1123",  # army doctors
    "K1210", "K1211", "K1223", "K1227", "K1410", "K1416", "K1420",  # prison, probation, judicial protection of youth
    "K1212",  # clergy: the occupation says the religion
    "K1401", "K1405", "K1412", "K1418",  # head of central administration, prefect, diplomacy
    "K1904", "K1909",  # judges, clerks of the court
    "M1807", "N2208", "N4111",  # military telecommunications, air defence, army drivers
)  # fmt: skip
"""Occupations, by code or its beginning, whose holders run a risk when known, or whose name tells a belief: any class
that touches one has at least `SENSITIVE_K` people."""


def is_sensitive(rome: str) -> bool:
    """Whether the occupation is in the list above."""
    return rome.startswith(SENSITIVE)


def ancestors(rome: str) -> tuple[str, str, str]:
    """The labels that an occupation may climb to, nearest first."""
    return f"{rome[:3]}+", f"{rome[:1]}+", "+"


def label_of(rome: str, labels: Collection[str]) -> str | None:
    """The published class that people of this occupation count in, if any: the nearest label."""
    return next((label for label in (rome, *ancestors(rome)) if label in labels), None)


def is_label(label: str, occupations: Occupations) -> bool:
    """Whether this is a node of the tree of this edition."""
    return occupations.exists(label) or (
        label.endswith("+")
        and any(code.startswith(label[:-1]) for code in occupations.codes())
        and len(label) in {1, 2, 4}
    )


def regions(labels: Collection[str], occupations: Occupations) -> Mapping[str, frozenset[str]]:
    """Label -> the occupations that a reader of the release knows it may hold: all those whose nearest label it is."""
    found: dict[str, set[str]] = {label: set() for label in labels}
    for code in occupations.codes():
        if (label := label_of(code, labels)) is not None:
            found[label].add(code)
    return {label: frozenset(codes) for label, codes in found.items()}


def least_people(region: Iterable[str], k: int) -> int:
    """How many people a class over these occupations needs."""
    return max(k, SENSITIVE_K) if any(is_sensitive(code) for code in region) else k


def climb(counts: Mapping[str, int], occupations: Occupations, k: int) -> Iterator[str]:
    """The labels of a release: bottom-up, every ROME code with enough people stands alone, the rest pool into the
    nearest *other* class that reaches enough. `counts` are people by ROME code of this edition."""
    alone = {rome for rome, count in counts.items() if count >= least_people((rome,), k)}
    yield from alone
    pools = {code: counts.get(code, 0) for code in occupations.codes() if code not in alone}
    for level in range(3):
        groups: dict[str, list[str]] = {}
        for code in pools:
            groups.setdefault(ancestors(code)[level], []).append(code)
        for label, codes in groups.items():
            people = sum(pools[code] for code in codes)
            if people and people >= least_people(codes, k):
                yield label
                for code in codes:
                    del pools[code]
