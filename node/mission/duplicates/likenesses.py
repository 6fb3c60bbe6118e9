"""Who in a register may be whom, kept from one look at the register to the next.

Guarantees: an answer follows from the people it is asked about and from nothing else; what is kept of earlier looks
saves work alone. So whoever writes to the register, and from which process, need not tell: people who differ from those
of the last look are compared anew, all others are not. Every pair that `compare_people` would show is found, except
those that share no name, number, address or birth date at all. Safe to share between threads.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations
from threading import Lock
from typing import Final

from node.mission.duplicates.comparing import SHOWN_FROM, Folded, Likeness, Pair, compare, find_alike, fold_person
from node.mission.people.identity import Identity

CROWD: Final = 80
"""A key that more people share than this, such as one association's telephone, tells nobody apart and is passed by."""


class Likenesses:
    """People compared by what they share: see `_keys`."""

    def __init__(self, crowd: int = CROWD) -> None:
        self._crowd = crowd
        self._lock = Lock()
        self._people: dict[str, Folded] = {}
        self._sharing: dict[str, tuple[str, ...]] = {}
        self._found: dict[tuple[str, str], Likeness] = {}

    def pairs(self, people: Sequence[Identity]) -> list[Pair]:
        """All pairs that may be one person, most alike first."""
        with self._lock:
            self._look_at(people)
            known = self._people
            pairs = [_pair(known[one], known[two], alike) for (one, two), alike in self._found.items()]
        return sorted(pairs, key=_place)

    def of(self, person: Identity, people: Sequence[Identity]) -> list[Pair]:
        """Those of the people who may be this person, most alike first; the person's own entry is passed by. Everybody
        is compared, whatever they share."""
        with self._lock:
            self._look_at(people)
            others = list(self._people.values())
        return find_alike(fold_person(person), others)

    def _look_at(self, people: Sequence[Identity]) -> None:
        wanted = {person.id: person for person in people}
        changed = {name for name, known in self._people.items() if wanted.get(name) != known.identity}
        changed.update(wanted.keys() - self._people.keys())
        if not changed:
            return
        sizes: dict[str, int] = {}
        for name in changed:
            if (before := self._people.pop(name, None)) is not None:
                for key in _keys(before):
                    holders = self._sharing[key]
                    sizes.setdefault(key, len(holders))
                    self._sharing[key] = tuple(holder for holder in holders if holder != name)
            if (person := wanted.get(name)) is not None:
                after = self._people[name] = fold_person(person)
                for key in _keys(after):
                    holders = self._sharing.get(key, ())
                    sizes.setdefault(key, len(holders))
                    self._sharing[key] = (*holders, name)
        self._compare_again(changed, sizes)
        for key in sizes:
            if not self._sharing[key]:
                del self._sharing[key]

    def _compare_again(self, changed: set[str], sizes: dict[str, int]) -> None:
        """`sizes` are the keys of the changed people, with how many shared each before."""
        again, keys = set(changed), set(sizes)
        for key, size in sizes.items():
            # What became a crowd, or is none any more, counts otherwise for all who share it.
            if (size > self._crowd) != (len(self._sharing[key]) > self._crowd):
                again.update(self._sharing[key])
                keys.update(*(_keys(self._people[name]) for name in self._sharing[key]))
        self._found = {pair: alike for pair, alike in self._found.items() if again.isdisjoint(pair)}
        for one, two in self._sharers(keys, again):
            if (alike := compare(self._people[one], self._people[two])).percent >= SHOWN_FROM:
                self._found[one, two] = alike

    def _sharers(self, keys: Iterable[str], again: set[str]) -> set[tuple[str, str]]:
        """Pairs who share one of the keys, crowds' aside, and of whom one at least is to be compared again."""
        tried: set[tuple[str, str]] = set()
        for key in keys:
            if 1 < len(self._sharing[key]) <= self._crowd:
                pairs = combinations(sorted(self._sharing[key]), 2)
                tried.update(pair for pair in pairs if not again.isdisjoint(pair))
        return tried


def _pair(one: Folded, two: Folded, alike: Likeness) -> Pair:
    """The earlier entry first."""
    first, second = sorted((one.identity, two.identity), key=lambda person: (person.reference, person.id))
    return Pair(first, second, alike)


def _place(pair: Pair) -> tuple[int, str, str, str, str]:
    one, other = pair.one, pair.other
    return -pair.likeness.percent, one.reference, other.reference, one.id, other.id


def _keys(person: Folded) -> set[str]:
    """What two people who may be one share, one key at least: the whole name, a number, an address, a birth date with
    a first letter, or one of both names up to a typing error with the first letter of the other."""
    keys = {f"n {' '.join(person.words)}"} if person.words else set()
    if person.email:
        keys.add(f"e {person.email}")
    if person.phone:
        keys.add(f"p {person.phone}")
    first, last = person.first, person.last
    if person.identity.birth_date:
        keys.update(f"b {person.identity.birth_date} {letter}" for letter in {first[:1], last[:1]})
    # Words one error apart share a word with one letter left out.
    if person.words:
        keys.update([f"l {first[:1]} {short}" for short in _shortened(last)])
        keys.update([f"f {last[:1]} {short}" for short in _shortened(first)])
    return keys


def _shortened(word: str) -> set[str]:
    return {word, *[word[:place] + word[place + 1 :] for place in range(len(word))]} if len(word) >= 4 else {word}
