"""Montluçon's desk takes in files: good lines kept, bad lines told, nothing twice, nothing undone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from node.imports import ParsedLine
from node.mission.agreements.consent import ConsentScope
from node.mission.offers.offer import Offer, OfferState
from node.mission.people.candidate import Candidate, CvState, Experience
from node.referential import load
from node.services.agreements import erasing, withdrawing
from node.services.duplicates import merging
from node.services.imports import importing
from node.services.offers import finding, offers, publishing
from node.services.people import files, quality
from node.services.people.candidates import Correction, correct
from tests.node.mission.samples import TODAY, WAREHOUSE, candidate, network_consent, offer, readiness
from tests.node.stage import Place


def person(number: int = 1, **changes: object) -> ParsedLine[Candidate]:
    """A line of the file: no ids yet, and no signature unless one is told."""
    line = candidate(number, **{"readiness": None} | changes)
    return ParsedLine(number + 1, replace(line, id="", consents=tuple(replace(one, id="") for one in line.consents)))


def complete(number: int = 1, **changes: object) -> ParsedLine[Candidate]:
    """A line to which nothing lacks that a signature needs, with one."""
    consents = (network_consent(id=""), network_consent(id="", scope=ConsentScope.KEEP))
    return person(number, **WHOLE | {"consents": consents, "readiness": readiness()} | changes)


def job(number: int = 1, **changes: object) -> ParsedLine[Offer]:
    fields: dict[str, Any] = {"id": "", "node": "", "reference": f"O{number}"}
    return ParsedLine(number + 1, offer(number, **fields | changes))


WHOLE: dict[str, Any] = {
    "phone": "0470000000",
    "skills": frozenset(load().skills.for_occupation(WAREHOUSE)[:3]),
    "occupations": (Experience(rome=WAREHOUSE, months=12),),
}


def counts(report: importing.ImportReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.unchanged, len(report.problems)


def stored(town: Place, reference: str) -> Candidate:
    with town.node.database.read() as uow:
        found = uow.candidates.by_reference(reference)
    assert found is not None
    return found


def test_good_lines_are_kept_and_bad_ones_told_by_their_number(town: Place) -> None:
    bad: ParsedLine[Candidate] = ParsedLine(3, problem="La commune est inconnue.")
    report = importing.import_candidates(town.desk, [person(1), bad, person(3)])
    assert counts(report) == (2, 0, 0, 1)
    assert report.problems == [(3, "La commune est inconnue.")]
    first, third = stored(town, "MTL-0001"), stored(town, "MTL-0003")
    ids = {first.id, third.id, *(c.id for c in first.consents), *(c.id for c in third.consents)}
    assert len(ids) == 4
    assert all(len(one) == 32 for one in ids)


def test_the_same_file_again_adds_nothing(town: Place) -> None:
    lines = [person(1), person(2)]
    importing.import_candidates(town.desk, lines)
    before = town.snapshot()
    assert counts(importing.import_candidates(town.desk, lines)) == (0, 0, 2, 0)
    assert town.snapshot() == before


def test_a_preview_tells_what_would_be_and_writes_nothing(town: Place) -> None:
    importing.import_candidates(town.desk, [person(1), person(2)])
    before = town.snapshot()
    bad: ParsedLine[Candidate] = ParsedLine(9, problem="La commune est inconnue.")
    lines = [person(1), person(2, last_name="Durand"), person(3), bad]
    shown = importing.import_candidates(town.desk, lines, preview=True)
    assert town.snapshot() == before
    assert counts(shown) == (1, 1, 1, 1)
    assert [(line, str(outcome)) for line, outcome, _value in shown.taken] == [(3, "updated"), (4, "added")]
    taken = importing.import_candidates(town.desk, lines)
    assert counts(taken) == counts(shown)
    named = [[(line, outcome, value.reference) for line, outcome, value in report.taken] for report in (shown, taken)]
    assert named[0] == named[1]


def test_a_preview_of_offers_publishes_nothing(town: Place) -> None:
    before = town.snapshot()
    assert counts(importing.import_offers(town.desk, [job(1), job(2)], preview=True)) == (2, 0, 0, 0)
    assert town.snapshot() == before
    assert counts(importing.import_offers(town.desk, [job(1), job(2)])) == (2, 0, 0, 0)
    assert counts(importing.import_offers(town.desk, [job(1)], preview=True)) == (0, 0, 1, 0)


def test_a_reference_twice_in_one_file_is_one_person(town: Place) -> None:
    report = importing.import_candidates(town.desk, [person(1), person(1, last_name="Durand")])
    assert counts(report) == (1, 1, 0, 0)
    assert stored(town, "MTL-0001").last_name == "Durand"


def test_a_changed_line_updates_the_person_and_keeps_number_and_agreements(town: Place) -> None:
    importing.import_candidates(town.desk, [person(1)])
    before = stored(town, "MTL-0001")
    report = importing.import_candidates(town.desk, [person(1, phone="+33 6 39 98 00 17")])
    after = stored(town, "MTL-0001")
    assert counts(report) == (0, 1, 0, 0)
    assert after == replace(before, phone="+33 6 39 98 00 17")


def test_a_withdrawn_agreement_is_not_given_again_by_an_old_file(town: Place) -> None:
    lines = [person(1)]
    importing.import_candidates(town.desk, lines)
    withdrawing.withdraw(town.desk, "MTL-0001")
    report = importing.import_candidates(town.desk, lines)
    assert counts(report) == (0, 0, 1, 0)
    person_now = stored(town, "MTL-0001")
    assert all(one.withdrawn_at for one in person_now.consents)


def test_a_new_agreement_is_recorded_beside_the_old_one(town: Place) -> None:
    importing.import_candidates(town.desk, [person(1)])
    later = network_consent(given_on=TODAY - timedelta(days=3), id="")
    importing.import_candidates(town.desk, [person(1, consents=(later,))])
    assert [c.given_on for c in stored(town, "MTL-0001").consents] == [TODAY, TODAY - timedelta(days=3)]


def test_an_empty_signature_in_a_file_does_not_unsign_the_cv(town: Place) -> None:
    importing.import_candidates(town.desk, [complete(1, readiness=None)])
    correct(town.desk, "MTL-0001", Correction(ready_by="Mme Aubert"))
    importing.import_candidates(town.desk, [complete(1, readiness=None, phone="+33 1 00 00 00 00")])
    assert stored(town, "MTL-0001").readiness == readiness()


def test_a_signature_comes_with_a_file_once_and_is_told(town: Place) -> None:
    assert counts(importing.import_candidates(town.desk, [complete(1)])) == (1, 0, 0, 0)
    known = stored(town, "MTL-0001")
    assert (known.readiness, known.cv_state, known.first_ready) == (readiness(), CvState.READY, TODAY)
    lines = [line.field for line in files.history(town.desk, known.id)]
    assert lines.count("ready") == 1
    quality.set_cv_state(town.desk, known.id, CvState.TO_REWORK, "anne")
    assert counts(importing.import_candidates(town.desk, [complete(1)])) == (0, 0, 1, 0)
    assert stored(town, "MTL-0001").readiness is None, "a counsellor took it off"


@pytest.mark.parametrize(
    "lacking",
    [
        {"phone": ""},
        {"skills": frozenset()},
        {"occupations": (Experience(rome=WAREHOUSE, months=0),)},
        {"readiness": replace(readiness(), on=TODAY - timedelta(days=200), met_on=TODAY - timedelta(days=200))},
    ],
)
def test_no_file_makes_a_cv_ready_that_lacks_something(town: Place, lacking: dict[str, Any]) -> None:
    report = importing.import_candidates(town.desk, [complete(1, **lacking)])
    assert counts(report) == (1, 0, 0, 1)
    ((line, sentence),) = report.problems
    assert line == 2 and "0470000000" not in sentence
    known = stored(town, "MTL-0001")
    assert (known.readiness, known.cv_state, known.first_ready) == (None, CvState.TO_REWORK, None)
    again = importing.import_candidates(town.desk, [complete(1)])
    assert counts(again) == (0, 1, 0, 0)
    assert stored(town, "MTL-0001").readiness == readiness(), "completed, it is signed"


def test_a_file_knows_codes_and_leaves_the_appellations_that_were_chosen(town: Place) -> None:
    importing.import_candidates(town.desk, [person(1)])
    known = stored(town, "MTL-0001")
    chosen = tuple(replace(one, appellation="Pickeur / Pickeuse") for one in known.occupations)
    files.amend(town.desk, known.id, {"occupations": chosen}, "anne")
    more = Experience(rome="N1101", months=3)
    importing.import_candidates(
        town.desk, [person(1, occupations=(replace(chosen[0], months=9, appellation=""), more))]
    )
    assert stored(town, "MTL-0001").occupations == (replace(chosen[0], months=9), more)


def test_an_erased_person_does_not_come_back_with_the_next_file(town: Place) -> None:
    file = [person(1), person(2)]
    importing.import_candidates(town.desk, file)
    erasing.erase(town.desk, "MTL-0001")
    report = importing.import_candidates(town.desk, file)
    assert counts(report) == (0, 0, 1, 1)
    ((line, sentence),) = report.problems
    assert line == 2
    assert "effacée" in sentence and "nouvelle référence" in sentence
    with town.node.database.read() as uow:
        assert [one.reference for one in uow.candidates.all()] == ["MTL-0002"]
    again = [person(1, reference="MTL-0077")]
    assert counts(importing.import_candidates(town.desk, again)) == (1, 0, 0, 0), "the person asked to come back"


def test_neither_does_an_entry_that_was_merged_into_theirs(town: Place) -> None:
    file = [person(1), person(2)]
    importing.import_candidates(town.desk, file)
    merging.merge(town.desk, "MTL-0001", "MTL-0002", "import")
    erasing.erase(town.desk, "MTL-0001")
    assert counts(importing.import_candidates(town.desk, file)) == (0, 0, 0, 2)


def test_imported_offers_are_published_once(town: Place) -> None:
    before = town.size()
    lines = [job(1), job(2)]
    assert counts(importing.import_offers(town.desk, lines)) == (2, 0, 0, 0)
    assert town.size() == before + 2
    assert counts(importing.import_offers(town.desk, lines)) == (0, 0, 2, 0)
    assert town.size() == before + 2
    kept = finding.one_offer(town.desk, "O1")
    assert (kept.revision, kept.node, len(kept.id), len(kept.entry)) == (1, town.id, 32, 66)


def test_a_long_file_that_is_stopped_half_way_goes_on_where_it_stopped(
    town: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "PART", 100)
    before, lines, done = town.size(), [job(number) for number in range(1, 301)], list[int]()

    def stop(gone_through: int) -> None:
        done.append(gone_through)
        if len(done) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing.import_offers(town.desk, lines, advance=stop)
    assert town.size() == before + 200, "what was taken in is published, and stays"
    assert counts(importing.import_offers(town.desk, lines, advance=done.append)) == (100, 0, 200, 0)
    assert counts(importing.import_offers(town.desk, lines)) == (0, 0, 300, 0)
    assert town.size() == before + 300
    assert len(publishing_of(town)) == 300
    assert done == [100] * 5
    report = importing.import_offers(town.desk, [*lines[:150], job(301), job(302), *lines[:1], job(302, salary="1 €")])
    assert counts(report) == (2, 0, 151, 1), "a reference that stands twice is told, in whichever part it does"


def test_a_changed_offer_becomes_its_next_revision(town: Place) -> None:
    importing.import_offers(town.desk, [job(1)])
    first = finding.one_offer(town.desk, "O1")
    assert counts(importing.import_offers(town.desk, [job(1, salary="2 000 €")])) == (0, 1, 0, 0)
    second = finding.one_offer(town.desk, "O1")
    assert (second.id, second.revision, second.salary) == (first.id, 2, "2 000 €")
    assert second.entry != first.entry


def test_what_a_file_does_not_say_of_answers_stays_as_it_was_typed(town: Place) -> None:
    importing.import_offers(town.desk, [job(1)])
    offers.edit_offer(town.desk, "O1", answer_days=14, most_open=3)
    assert counts(importing.import_offers(town.desk, [job(1)])) == (0, 0, 1, 0)
    assert counts(importing.import_offers(town.desk, [job(1, answer_days=21, most_open=9)])) == (0, 1, 0, 0)
    kept = finding.one_offer(town.desk, "O1")
    assert (kept.answer_days, kept.most_open, kept.cap) == (21, 9, 9)


def test_a_closed_offer_stays_closed(town: Place) -> None:
    importing.import_offers(town.desk, [job(1)])
    publishing.close_offer(town.desk, "O1", "filled")
    assert counts(importing.import_offers(town.desk, [job(1, salary="2 000 €")])) == (0, 0, 1, 0)
    assert finding.one_offer(town.desk, "O1").state is OfferState.CLOSED


@pytest.mark.parametrize(
    "bad",
    [
        job(2, title="x" * 201),
        job(2, rome="Z9999"),
        job(2, contract="CDX"),
        job(2, sites=()),
        job(2, reference=""),
        job(1, salary="the same reference again"),
    ],
)
def test_an_offer_that_peers_could_not_read_is_a_bad_line_like_any_other(town: Place, bad: ParsedLine[Offer]) -> None:
    report = importing.import_offers(town.desk, [job(1), bad, job(3)])
    assert counts(report) == (2, 0, 0, 1)
    assert report.problems[0][0] == bad.line
    assert len(publishing_of(town)) == 2


def publishing_of(town: Place) -> list[Offer]:
    return list(offers.first_offers(town.desk, None, own=True).rows)


def test_a_person_of_a_file_needs_an_agreement_to_be_shown(town: Place) -> None:
    keep = network_consent(id="", scope=ConsentScope.KEEP)
    importing.import_candidates(town.desk, [person(1, consents=(keep,)), person(2, consents=())])
    assert not stored(town, "MTL-0001").may_be_published(TODAY)
    assert not stored(town, "MTL-0002").may_be_published(TODAY)
