"""French communes: what their INSEE code, postal codes or names lead to.

Guarantees: look-ups never raise on unknown or malformed text; every sequence of communes comes most populated
first (``near`` excepted: nearest first); a ``Commune`` is immutable. The table stays compressed to one block of
bytes with NumPy indexes, and a row becomes a ``Commune`` only when asked for, so that a node at rest pays a few
megabytes. Municipal arrondissements of Paris, Lyon and Marseille have rows of their own beside their city.

Read next: ``distance.py``, ``former_communes.py``; ``generate.py`` says where points come from.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from node.referential.arrays import np
from node.referential.distance import GREAT_CIRCLE_ERROR, distance_km, great_circle_km
from node.referential.former_communes import FormerCommunes
from node.referential.text import fold_place

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SCANS = 64
"""So many communes are looked for through the whole table, in half a millisecond each, before it is worth an index."""

# A name alone that several communes bear means the largest only if it dwarfs the second.
_DOMINANCE = 10

_POSTAL_CODE = re.compile(r"(?<!\d)\d{5}(?!\d)")
_ARRONDISSEMENT = re.compile(r"751\d\d|132\d\d|6938\d")


@dataclass(frozen=True, slots=True)
class Commune:
    """One commune, or one municipal arrondissement.

    ``department`` is the département's INSEE code ("03", "2A", "974"); ``epci`` the SIREN of its
    intercommunality, empty where there is none; ``population`` the legal municipal population; latitude and
    longitude are WGS 84 decimal degrees, ``approximate`` when they are a mean of neighbours or noted by hand
    rather than the place's own point.
    """

    insee: str
    name: str
    postal_codes: tuple[str, ...]
    department: str
    epci: str
    population: int
    latitude: float
    longitude: float
    approximate: bool

    @property
    def is_arrondissement(self) -> bool:
        """Whether this is a part of Paris, Lyon or Marseille, not a commune in law."""
        return _ARRONDISSEMENT.fullmatch(self.insee) is not None


class Communes:
    """The table of communes. Build it once; it is safe to share between threads."""

    def __init__(
        self, table: bytes, departments: Mapping[str, str] = MappingProxyType({}), former: bytes = b""
    ) -> None:
        """``table``: UTF-8 tab-separated text as ``generate.py`` writes it, header first, most populated first; a ninth
        column may hold names of localities. ``departments``: names by INSEE code. ``former``: what ``generate.py``
        writes of communes that are parts of others today."""
        self._table = table
        self._departments = departments
        self._former = FormerCommunes(former)
        self._scanned: dict[bytes, Commune | None] = {}
        self._row = lru_cache(maxsize=4096)(self._parse)

    def __len__(self) -> int:
        return len(self._lines[0])

    def codes(self) -> Sequence[str]:
        """Every INSEE code, most populated first."""
        return [self._cells(row)[0] for row in range(len(self))]

    def code_at(self, rank: int) -> str:
        """The INSEE code of the commune at this rank, from 0, by population."""
        return self._cells(rank)[0]

    def department_name(self, department: str) -> str | None:
        """The name of the département with this INSEE code, or None."""
        return self._departments.get(department)

    def names(self) -> Iterator[tuple[str, Sequence[str], str, int]]:
        """Of each commune, by rank: name, postal codes, other names in one text, population."""
        for row in range(len(self)):
            insee, name, postal_codes, _, population, _, _, _, *others = self._cells(row)
            yield name, postal_codes.split(), " ".join((*others, *self._former.names.get(insee, ()))), int(population)

    def get(self, insee: str) -> Commune | None:
        """The commune with this INSEE code, or None."""
        if len(insee) != 5 or not insee.isascii():
            return None
        wanted = insee.upper().encode()
        if wanted in self._scanned:
            return self._scanned[wanted]
        if len(self._scanned) < _SCANS:
            start = self._table.find(b"\n" + wanted + b"\t") + 1
            end = self._table.find(b"\n", start)
            return self._scanned.setdefault(wanted, _commune(self._table[start:end]) if start and end > 0 else None)
        codes, rows = self._codes
        position = int(np.searchsorted(codes, wanted))
        if position == len(codes) or codes[position] != wanted:
            return None
        return self._row(int(rows[position]))

    def name(self, insee: str) -> str:
        """The commune's name; a code that the table does not know stands for itself."""
        commune = self.get(insee)
        return commune.name if commune else insee

    def by_postal_code(self, postal_code: str) -> Sequence[Commune]:
        """Communes that the postal code serves. An arrondissement stands before its city: it is the nearer truth."""
        if _POSTAL_CODE.fullmatch(postal_code) is None or not postal_code.isascii():
            return ()
        codes, rows = self._postal_codes
        wanted = int(postal_code)
        first, last = np.searchsorted(codes, [wanted, wanted + 1])
        found = (self._row(int(row)) for row in rows[first:last])
        return tuple(sorted(found, key=lambda commune: not commune.is_arrondissement))

    def find(self, name: str, postal_code: str | None = None) -> Sequence[Commune]:
        """Communes of this name, whatever its accents, case, hyphens or apostrophes; "St" is Saint.

        With ``postal_code``, only those that it serves.
        """
        folded = fold_place(name)
        if not folded:
            return ()
        hashes, rows = self._names
        wanted = zlib.crc32(folded.encode())
        first, last = np.searchsorted(hashes, [wanted, wanted + 1])
        found = (self._row(int(row)) for row in rows[first:last])
        return tuple(
            commune
            for commune in found
            if fold_place(commune.name) == folded and (postal_code is None or postal_code in commune.postal_codes)
        )

    def get_former(self, insee: str) -> Commune | None:
        """The commune of which the one that had this INSEE code is a part today, or None; also for a code that the post
        uses, since it may mean either."""
        heir = self._former.by_code.get(insee.upper())
        return self.get(heir) if heir and not self.by_postal_code(insee) else None

    def only_served(self, postal_code: str) -> Commune | None:
        """The one commune that this postal code serves (or its arrondissement), or None when it serves several."""
        served = self.by_postal_code(postal_code)
        return served[0] if sum(not commune.is_arrondissement for commune in served) == 1 else None

    def find_former(self, name: str) -> Sequence[Commune]:
        """Present communes of which a former commune of this name is a part."""
        found = {insee: self.get(insee) for insee in self._former.by_name.get(fold_place(name), ())}
        return tuple(commune for commune in found.values() if commune is not None)

    def resolve(self, text: str) -> Commune | None:
        """The one commune that a person or a file most likely means, or None: better no place than a wrong one.

        Reads, in this order: an INSEE code; a postal code (its most populated commune); a name with a postal
        code in any arrangement ("Montluçon (03100)", "75011 Paris"), where an unknown one (CEDEX) still tells the
        département; a name alone, when one commune bears it or the largest has ten times the people of the second.
        A former commune, merged or delegated, means the one that it is a part of, after all that bear the name. A name
        that is nobody's leaves the postal code, where that serves one commune. Five digits that are both an INSEE code
        and a postal code are read as the INSEE code; a former INSEE code comes last.
        """
        text = text.strip()
        if commune := self.get(text):
            return commune
        match = _POSTAL_CODE.search(text)
        if match is None:
            return self.get_former(text) or _dominant(self.find(text) or self.find_former(text))
        postal_code = match[0]
        served = self.by_postal_code(postal_code)
        name = fold_place(text[: match.start()] + " " + text[match.end() :])
        if not name:
            return served[0] if served else self.get_former(postal_code)
        if served and served[0].is_arrondissement and fold_place(served[0].name).startswith(name + " "):
            return served[0]
        named, former = self.find(name), self.find_former(name)
        for bearers in (named, former):
            if exact := [commune for commune in bearers if postal_code in commune.postal_codes]:
                return _dominant(exact)
        for bearers in (named, former):
            if near := [commune for commune in bearers if _same_area(postal_code, commune)]:
                return _dominant(near)
        if named or former:
            return None
        return self._locality(name, served) or self.only_served(postal_code)

    def _locality(self, folded: str, served: Sequence[Commune]) -> Commune | None:
        """Of these communes the one that has a locality of this name, in a table that knows localities."""
        rows = (self._cells(self._rank(commune)) for commune in served)
        names = ([fold_place(one) for cell in cells[8:] for one in cell.split(", ")] for cells in rows)
        return _dominant([commune for commune, known in zip(served, names, strict=True) if folded in known])

    def largest(self, n: int) -> Sequence[Commune]:
        """The ``n`` most populated communes, arrondissements left out."""
        found: list[Commune] = []
        for row in range(len(self)):
            if len(found) >= n:
                break
            commune = self._row(row)
            if not commune.is_arrondissement:
                found.append(commune)
        return found

    def near(self, centre: Commune, radius_km: float) -> Sequence[tuple[Commune, float]]:
        """Communes within ``radius_km`` of ``centre``, itself included, each with its distance in km, nearest first.

        Arrondissements are left out.
        """
        latitudes, longitudes = self._points
        bound = great_circle_km(centre.latitude, centre.longitude, latitudes, longitudes)
        candidates = np.flatnonzero(bound <= radius_km * (1 + GREAT_CIRCLE_ERROR) + 1e-6)
        measured = ((c, distance_km(centre, c)) for c in (self._row(int(row)) for row in candidates))
        kept = [(c, km) for c, km in measured if km <= radius_km and not c.is_arrondissement]
        return sorted(kept, key=lambda item: item[1])

    def _rank(self, commune: Commune) -> int:
        codes, rows = self._codes
        return int(rows[np.searchsorted(codes, commune.insee.encode())])

    def _line(self, row: int) -> bytes:
        starts, ends = self._lines
        return self._table[starts[row] : ends[row]]

    def _cells(self, row: int) -> list[str]:
        return self._line(row).decode().split("\t")

    def _parse(self, row: int) -> Commune:
        return _commune(self._line(row))

    @cached_property
    def _lines(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Where each row's line begins and ends, the header's left out."""
        newlines = np.flatnonzero(np.frombuffer(self._table, dtype=np.uint8) == ord("\n"))
        return (newlines[:-1] + 1).astype(np.int32), newlines[1:].astype(np.int32)

    @cached_property
    def _codes(self) -> tuple[NDArray[np.bytes_], NDArray[np.int32]]:
        """INSEE codes, sorted, each beside its row."""
        cells = np.frombuffer(self._table, dtype=np.uint8)
        codes = np.ascontiguousarray(cells[self._lines[0][:, None] + np.arange(5)]).view("S5").ravel()
        rows = np.argsort(codes, kind="stable").astype(np.int32)
        return codes[rows], rows

    @cached_property
    def _postal_codes(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Postal codes as sorted integers, each beside the row that it serves."""
        pairs = [(int(code), row) for row in range(len(self)) for code in self._cells(row)[2].split()]
        return _sorted_index(np.array(pairs, dtype=np.int64))

    @cached_property
    def _names(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Sorted checksums of folded names, each beside its row; equal checksums are told apart by the name."""
        pairs = [(zlib.crc32(fold_place(self._cells(row)[1]).encode()), row) for row in range(len(self))]
        return _sorted_index(np.array(pairs, dtype=np.int64))

    @cached_property
    def _points(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        points = np.array([self._cells(row)[5:7] for row in range(len(self))], dtype=np.float64)
        return points[:, 0], points[:, 1]


def _commune(line: bytes) -> Commune:
    insee, name, postal_codes, epci, population, latitude, longitude, precision = line.decode().split("\t")[:8]
    return Commune(
        insee=insee,
        name=name,
        postal_codes=tuple(postal_codes.split()),
        department=insee[:3] if insee[:2] in {"97", "98"} else insee[:2],
        epci=epci,
        population=int(population),
        latitude=float(latitude),
        longitude=float(longitude),
        approximate=precision != "exact",
    )


def _sorted_index(pairs: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """(key, row) pairs as two arrays sorted by key, then by row, so that the most populated stays first."""
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return pairs[order, 0], pairs[order, 1].astype(np.int32)


def _dominant(communes: Sequence[Commune]) -> Commune | None:
    if not communes:
        return None
    first, *others = communes
    if others and first.population < max(1, _DOMINANCE * others[0].population):
        return None
    return first


def _same_area(postal_code: str, commune: Commune) -> bool:
    """Whether a code of the post (perhaps a CEDEX) lies in the part of France where the commune's codes lie."""
    prefix = postal_code[:3] if postal_code.startswith(("97", "98")) else postal_code[:2]
    return any(code.startswith(prefix) for code in commune.postal_codes)
