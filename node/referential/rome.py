"""The official ROME archive of France Travail, read into the arrays that a node keeps.

The archive is a folder or a zip of `unix_<X>_v<version>_utf8.csv`; of its files, those of `FILES` are read. What is
made: occupations with their headings, appellations and neighbours (`rubrique_mobilite`, nearest first); skills and
knowledge with the occupations in which they stand (block 5 of `liens_rome_referentiels`), those of the trade's core
first (`coherence_item`); and the look-up's indexes. Contexts of work (block 6) are left out: they describe posts.

Guarantees: equal archives, as a folder or as a zip, give equal arrays and versions. A link to something that the
archive does not define is dropped, as official files hold a few at times; many of them mean files of several versions,
and are refused. Read next: ``official_files.py`` (reading), ``importing.py`` (keeping), ``edition.py`` (use).
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from node.kit.errors import BadInput
from node.kit.i18n import gettext as _
from node.referential.edition import Imported, text_array
from node.referential.lookup import label_forms
from node.referential.official_files import CsvReader, OfficialFile, opened
from node.referential.official_skills import PRINCIPAL
from node.referential.packed import Texts
from node.referential.text import fold
from node.referential.word_index import WordForm, WordIndex

FILES = (
    "coherence_item",
    "cr_gd_dp",
    "liens_rome_referentiels",
    "referentiel_appellation",
    "referentiel_code_rome",
    "referentiel_competence",
    "referentiel_savoir",
    "rubrique_mobilite",
)

_NAME = re.compile(rf"unix_({'|'.join(FILES)})_v(\d{{1,6}})_utf8\.csv")
_ROME = re.compile(r"[A-Z]\d{4}")
_NUMBER = re.compile(r"[1-9]\d{0,8}")
_SKILLS_BLOCK = "5"
_CORE = {"Principale": PRINCIPAL, "Émergente": 1}
_KIND_OF_LABEL = {"PRINCIPALE": 2}
_LITTLE_USED = "O"
_MAX_LOOSE = 0.05

Advance = Callable[[int], None]


@dataclass
class _Rome:
    """What was read so far; numbers are positions in the order of the files."""

    occupations: dict[str, str] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)
    appellations: list[tuple[str, int, str]] = field(default_factory=list)
    skills: dict[int, tuple[str, str]] = field(default_factory=dict)
    links: set[tuple[str, int]] = field(default_factory=set)
    cores: dict[tuple[str, int], int] = field(default_factory=dict)
    moves: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    loose: Counter[str] = field(default_factory=Counter)


def archive_size(path: Path) -> int:
    """How many bytes `read_rome` will go through. Raises BadInput as it does."""
    with opened(path, _NAME) as files:
        return sum(file.size for file in files.values())


def read_rome(path: Path, advance: Advance = lambda step: None) -> Imported:
    """Read the archive at ``path``; ``advance`` is told the bytes just read. Raises BadInput, which says where.

    ``about`` holds ``counts``, by kind of thing, among them ``loose_links``: links that lead nowhere.
    """
    with opened(path, _NAME) as files:
        version, chosen = _complete(files, path.name)
        readers = {kind: CsvReader(file, advance) for kind, file in sorted(chosen.items())}
        rome = _Rome()
        _read_occupations(readers, rome)
        _read_skills(readers, rome)
        _read_links(readers, rome)
    digest = hashlib.sha256(b"".join(reader.digest for reader in readers.values())).hexdigest()
    arrays, kinds = _packed(rome)
    about = {
        "version": f"rome-v{version}+{digest[:8]}",
        "digest": digest,
        "kinds": kinds,
        "counts": {
            "occupations": len(rome.occupations),
            "appellations": len(rome.appellations),
            "skills": len(rome.skills),
            "skill_links": len(rome.links),
            "moves": sum(map(len, rome.moves.values())),
            "loose_links": rome.loose.total(),
        },
    }
    return Imported(str(about["version"]), about, arrays)


def _complete(files: Mapping[str, OfficialFile], name: str) -> tuple[str, dict[str, OfficialFile]]:
    """The version and its files by kind: all of one version, none missing."""
    chosen: dict[str, OfficialFile] = {}
    versions = set()
    for file in files.values():
        match = _NAME.fullmatch(file.name)
        assert match is not None
        chosen[match[1]] = file
        versions.add(match[2])
    if len(versions) > 1:
        listed = ", ".join(f"v{version}" for version in sorted(versions))
        raise BadInput(_("{file} holds several versions ({versions}): keep one.").format(file=name, versions=listed))
    if missing := [kind for kind in FILES if kind not in chosen]:
        listed = ", ".join(f"unix_{kind}_v…_utf8.csv" for kind in missing)
        raise BadInput(
            _("{file} is not the whole ROME archive: {missing} is missing. Nothing was imported.").format(
                file=name, missing=listed
            )
        )
    return versions.pop(), chosen


def _read_occupations(readers: Mapping[str, CsvReader], rome: _Rome) -> None:
    reader = readers["referentiel_code_rome"]
    for code, label in reader.rows(("code_rome", "libelle_rome")):
        if not _ROME.fullmatch(code):
            raise reader.wrong(_("“{code}” is no ROME code.").format(code=code[:20]))
        if code in rome.occupations:
            raise reader.wrong(_("“{code}” is there for the second time.").format(code=code))
        rome.occupations[code] = reader.label(label)

    reader = readers["cr_gd_dp"]
    heading_columns = (
        "code_grand_domaine",
        "libelle_grand_domaine",
        # The official file writes it with one n.
        ("code_domaine_professionel", "code_domaine_professionnel"),
        ("libelle_domaine_professionel", "libelle_domaine_professionnel"),
    )
    for letter, letter_label, domain, domain_label in reader.rows(heading_columns):
        rome.headings[letter] = reader.label(letter_label)
        rome.headings[domain] = reader.label(domain_label)

    reader = readers["referentiel_appellation"]
    columns = ("libelle_appellation_long", "code_rome", "classification", "peu_usite")
    for label, code, classification, little_used in reader.rows(columns):
        if code not in rome.occupations:
            rome.loose["appellation"] += 1
            continue
        weight = _KIND_OF_LABEL.get(classification, 1) - (little_used == _LITTLE_USED)
        rome.appellations.append((code, -weight, reader.label(label)))
    _refuse_many(reader, rome.loose["appellation"], len(rome.appellations))


def _read_skills(readers: Mapping[str, CsvReader], rome: _Rome) -> None:
    for name, columns in (
        ("referentiel_competence", ("code_ogr", "libelle_competence", "cat_comp")),
        ("referentiel_savoir", ("code_ogr_savoir", "libelle_savoir", "categorie_savoir")),
    ):
        reader = readers[name]
        for code, label, kind in reader.rows(columns):
            number = _number(reader, code)
            if number in rome.skills:
                raise reader.wrong(_("“{code}” is there for the second time.").format(code=code))
            rome.skills[number] = (reader.label(label), kind)


def _read_links(readers: Mapping[str, CsvReader], rome: _Rome) -> None:
    reader = readers["liens_rome_referentiels"]
    for code, block, item in reader.rows(("code_rome", "code_compo_bloc", "code_ogr")):
        if block == _SKILLS_BLOCK:
            link = (code, _number(reader, item))
            if code in rome.occupations and link[1] in rome.skills:
                rome.links.add(link)
            else:
                rome.loose["link"] += 1
    _refuse_many(reader, rome.loose["link"], len(rome.links))

    reader = readers["coherence_item"]
    for code, item, core in reader.rows(("code_rome", "code_ogr", "coeur_metier")):
        if core in _CORE:
            rome.cores[code, _number(reader, item)] = _CORE[core]

    reader = readers["rubrique_mobilite"]
    for code, target, order in reader.rows(("code_rome", "code_rome_cible", "numero_ordre")):
        if code in rome.occupations and target in rome.occupations and code != target:
            rome.moves.setdefault(code, []).append((_number(reader, order), target))
        else:
            rome.loose["move"] += 1
    _refuse_many(reader, rome.loose["move"], sum(map(len, rome.moves.values())))


def _refuse_many(reader: CsvReader, loose: int, kept: int) -> None:
    if loose > _MAX_LOOSE * (loose + kept):
        raise BadInput(
            _(
                "{file}: {count} lines name codes that the other files do not define. These files are not of one "
                "version: take the whole archive. Nothing was imported."
            ).format(file=reader.file.name, count=loose)
        )


def _number(reader: CsvReader, text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise reader.wrong(_("“{text}” is no number.").format(text=text[:20]))
    return int(text)


def _packed(rome: _Rome) -> tuple[dict[str, NDArray[Any]], list[str]]:
    """The arrays, as ``edition.py`` and ``OfficialSkills`` take them, and the kinds of skills by number."""
    codes = sorted(rome.occupations)
    moves = {code: [target for _, target in sorted(targets)] for code, targets in rome.moves.items()}
    occupations = (
        f"{code}\t{rome.occupations[code]}\t{' '.join(dict.fromkeys(moves.get(code, ())))}" for code in codes
    )
    headings = (f"{code}\t{label}" for code, label in sorted(rome.headings.items()))
    owners = {code: number for number, code in enumerate(codes)}
    appellations = sorted(set(rome.appellations))
    labels, label_ends = Texts.pack([label for _, _, label in appellations])
    arrays: dict[str, NDArray[Any]] = {
        "occupations": text_array("\n".join(occupations)),
        "headings": text_array("\n".join(headings)),
        "appellation_labels": labels,
        "appellation_label_ends": label_ends,
        "appellation_owners": np.array([owners[code] for code, _, _ in appellations], dtype=np.int32),
    }
    index = WordIndex.build(([*label_forms(label, code)], -weight) for code, weight, label in appellations)
    arrays |= {f"appellations.{name}": array for name, array in index.items()}
    return arrays | _packed_skills(rome, owners), sorted({kind for _, kind in rome.skills.values()})


def _packed_skills(rome: _Rome, owners: Mapping[str, int]) -> dict[str, NDArray[Any]]:
    numbers = sorted(rome.skills)
    positions = {number: position for position, number in enumerate(numbers)}
    kinds = {kind: number for number, kind in enumerate(sorted({kind for _, kind in rome.skills.values()}))}
    spread = Counter(number for _, number in rome.links)
    links = sorted(
        (owners[code], -rome.cores.get((code, number), 0), spread[number], number) for code, number in rome.links
    )
    labels, label_ends = Texts.pack([rome.skills[number][0] for number in numbers])
    index = WordIndex.build(
        ([WordForm(fold(label).split())], spread[number]) for number in numbers for label, _ in [rome.skills[number]]
    )
    return {
        "skill_codes": np.array(numbers, dtype=np.int32),
        "skill_kinds": np.array([kinds[rome.skills[number][1]] for number in numbers], dtype=np.int32),
        "skill_labels": labels,
        "skill_label_ends": label_ends,
        "links": np.array([positions[number] for _, _, _, number in links], dtype=np.int32),
        "link_ranks": np.array([-rank for _, rank, _, _ in links], dtype=np.uint8),
        "link_starts": np.searchsorted([owner for owner, _, _, _ in links], np.arange(len(owners) + 1)).astype(
            np.int32
        ),
        **{f"skills.{name}": array for name, array in index.items()},
    }
