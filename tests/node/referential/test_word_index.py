"""The index answers what a naive search of every name would, in the same order."""

from collections.abc import Sequence
from itertools import islice

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from node.referential.edits import tolerance
from node.referential.word_index import LITTLE, MAX_WORDS, WordForm, WordIndex, words_of
from tests.node.referential.test_edits import aligned, nearest_beginning

words = st.one_of(st.text("ab", min_size=1, max_size=10), st.sampled_from(["de", "la", "7501", "75011"]))
forms = st.builds(WordForm, st.lists(words, max_size=4), st.lists(words, max_size=2))
entries = st.lists(st.tuples(st.lists(forms, max_size=3), st.integers(0, 3)), max_size=8)
typed = st.lists(st.lists(words, min_size=1, max_size=2).map(tuple), min_size=1, max_size=3)

Entries = Sequence[tuple[Sequence[WordForm], int]]
Typed = Sequence[tuple[str, ...]]


def cost_of(spellings: Sequence[str], word: str, tolerant: bool) -> tuple[int, int] | None:
    """Edits, and whether the word goes on; None for another word."""
    costs = []
    for each in spellings:
        most = tolerance(each) if tolerant else 0
        if (edits := nearest_beginning(each, word)) <= most:
            costs.append((edits, int(aligned(each, word) > edits)))
    return min(costs, default=None)


def naive(table: Entries, wanted: Typed, tolerant: bool) -> list[int]:
    needed = [each for each in wanted if each[0] not in LITTLE] or wanted
    ranked = []
    for entry, (its_forms, weight) in enumerate(table):
        for place, form in enumerate(its_forms):
            costs = [
                min((c for w in (*form.words, *form.others) if (c := cost_of(each, w, tolerant))), default=None)
                for each in needed
            ]
            if not form.words or None in costs:
                continue
            edits, unfinished = (sum(cost[part] for cost in costs if cost) for part in range(2))
            begins = len(form.words) >= len(wanted) and all(
                cost_of(each, word, tolerant) for each, word in zip(wanted, form.words, strict=False)
            )
            whole = begins and len(form.words) == len(wanted) and not unfinished
            ranked.append((edits, 2 - begins - whole, -weight, unfinished, len(form.words), entry, place))
    return list(dict.fromkeys(entry for *_, entry, _ in sorted(ranked)))


@given(entries, typed, st.integers(0, 6))
def test_answers_are_those_of_a_naive_search(table: Entries, wanted: Typed, limit: int) -> None:
    index = WordIndex(WordIndex.build(table))
    expected = naive(table, wanted, tolerant=False)
    if len(expected) < limit and any(tolerance(word) for each in wanted for word in each):
        expected = naive(table, wanted, tolerant=True)
    found = index.search(wanted, limit)
    if not expected:
        assert all(one.key[0] >= 50 for one in found), "salvaged: they come after any other shelf's answers"
        return
    assert [one.entry for one in found] == expected[:limit]
    assert [one.key for one in found] == sorted(one.key for one in found)


@given(entries)
def test_every_name_is_found_by_itself_and_an_index_survives_a_copy(table: Entries) -> None:
    built = WordIndex.build(table)
    index = WordIndex({name: np.array(array) for name, array in built.items()})
    for entry, (its_forms, _) in enumerate(table):
        for form in its_forms:
            if form.words:
                found = index.search([(word,) for word in form.words], len(table))
                assert entry in {one.entry for one in found if one.key[0] == 0}


def test_an_empty_index_and_an_empty_search_find_nothing() -> None:
    empty = WordIndex(WordIndex.build([]))
    assert empty.search([("a",)], 5) == []
    assert WordIndex(WordIndex.build([([WordForm(["a"])], 0)])).search([], 5) == []


def test_where_nothing_is_found_a_missing_space_is_mended_and_short_words_are_dropped() -> None:
    names = ["aide soignant", "soignant", "agent de maintenance", "auto ecole"]
    index = WordIndex(WordIndex.build(([WordForm(name.split())], 0) for name in names))

    def found(text: str) -> list[str]:
        return [names[one.entry] for one in index.search(words_of(text, {}), 5)]

    assert found("aidesoig") == ["aide soignant"]
    assert found("agent demaintenance") == ["agent de maintenance"]
    assert found("agent deu maintenance") == ["agent de maintenance"]
    assert found("autoecole") == ["auto ecole"]
    assert found("xyz") == found("zzzzzzzz") == []


def test_words_longer_than_the_index_holds_are_still_found() -> None:
    long = "anticonstitutionnellementissime"
    index = WordIndex(WordIndex.build([([WordForm([long])], 0)]))
    assert [one.entry for one in index.search(words_of(long, {}), 5)] == [0]
    assert index.search(words_of("constitution", {}), 5) == []


@given(st.text(max_size=300))
def test_any_text_becomes_a_few_plain_words(text: str) -> None:
    found = words_of(text, {"st": "saint"})
    assert len(found) <= MAX_WORDS
    assert all(word.isascii() and word.isalnum() for spellings in islice(found, 20) for word in spellings)
