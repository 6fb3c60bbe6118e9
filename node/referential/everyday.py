"""What people call occupations, beside what ROME calls them: `data/everyday_words.tsv`, the project's own table.

Guarantees: read once, at the first call; its order is kept. The codes are of ROME 4.0; who uses them leaves out those
that the edition in force does not know. The table is no part of ``Referential.version``: it says how codes are found,
not which there are, and two towns with different words still read each other's sheets.

Read next: ``lookup.py``, which searches them beside the official names; ``node/reading/lookups.py``, for CVs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from node.referential.lookup import Hit, Shelf, label_forms
from node.referential.occupations import Occupations
from node.referential.word_index import LITTLE, WordForm, WordIndex, words_of

_SOUGHT_ONLY = "~"
_PLURALS = ("s", "x")


@dataclass(frozen=True, slots=True)
class EverydayWords:
    """One wording, "Serveur / Serveuse" or "Nounou", and its ROME codes, likeliest first. Not ``a_title``: words such
    as "ménage" or "CACES", which mean an occupation only where one is looked up."""

    wording: str
    codes: tuple[str, ...]
    a_title: bool


@cache
def everyday_words() -> tuple[EverydayWords, ...]:
    """The whole table."""
    return tuple(_read(files(__package__).joinpath("data", "everyday_words.tsv").read_text("utf-8")))


def said_whole(text: str) -> EverydayWords | None:
    """The wording that the text is, from its first word to its last, but for little words and plurals."""
    return _by_words().get(tuple(word for word, *_ in simplified(words_of(text, {}))))


def everyday_shelf(occupations: Occupations) -> Shelf:
    """The table as the look-up searches it: little words and plurals do not count, and a wording answers with each of
    its occupations, under the occupation's label with the wording as detail."""
    words = everyday_words()
    entries = (([*map(_simplified, label_forms(each.wording, ""))], -1) for each in words)

    def hits(entry: int) -> Sequence[Hit]:
        found = words[entry]
        labels = ((code, occupations.label(code)) for code in found.codes if occupations.exists(code))
        return [Hit(code, label or "", found.wording) for code, label in labels]

    return Shelf(WordIndex(WordIndex.build(entries)), hits, simplified, of_nicknames=True)


def simplified(typed: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """Words typed, as this table holds them: without the little ones, unless there are no others, in the singular."""
    kept = [spellings for spellings in typed if spellings[0] not in LITTLE] or typed
    return [tuple(map(_singular, spellings)) for spellings in kept]


@cache
def _by_words() -> Mapping[tuple[str, ...], EverydayWords]:
    found: dict[tuple[str, ...], EverydayWords] = {}
    for words in everyday_words():
        for form in label_forms(words.wording, ""):
            found.setdefault(tuple(_simplified(form).words), words)
    return found


def _simplified(form: WordForm) -> WordForm:
    words = [word for word in form.words if word not in LITTLE] or form.words
    return WordForm(tuple(map(_singular, words)))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith(_PLURALS) else word


def _read(text: str) -> Iterator[EverydayWords]:
    for line in text.splitlines():
        codes, tab, wordings = line.partition("\t")
        if tab and not line.startswith("#"):
            for wording in wordings.split("; "):
                a_title = not wording.startswith(_SOUGHT_ONLY)
                yield EverydayWords(wording.removeprefix(_SOUGHT_ONLY), tuple(codes.split()), a_title)
