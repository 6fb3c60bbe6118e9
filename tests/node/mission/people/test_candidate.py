"""The signature and the state of the CV, contacts, agreements, signs of life."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from node.mission.agreements.consent import ConsentScope
from node.mission.people.candidate import READY_LAPSES_AFTER, CandidateState, CvState
from tests.node.mission.samples import NOW, TODAY, candidate, network_consent, readiness

DAY = timedelta(days=1)


def test_the_signature_and_the_state_are_one() -> None:
    signed = candidate()
    assert signed.cv_state is CvState.READY
    assert signed.first_ready == TODAY
    assert replace(signed, cv_state=CvState.WORKSHOP).cv_state is CvState.READY
    assert replace(signed, readiness=None).cv_state is CvState.TO_REWORK
    assert signed.in_rework(CvState.WORKSHOP).readiness is None
    again = replace(signed.in_rework(CvState.RECEIVED), readiness=readiness(TODAY + DAY))
    assert (again.cv_state, again.first_ready) == (CvState.READY, TODAY)


def test_a_signature_lives_six_months_from_the_last_contact() -> None:
    signed = candidate()
    until = TODAY + READY_LAPSES_AFTER
    assert signed.is_ready(until) and not signed.is_ready(until + DAY)
    called = signed.contacted(TODAY + 100 * DAY)
    assert called.is_ready(until + 100 * DAY) and not called.is_ready(until + 101 * DAY)


def test_a_call_does_not_bring_a_lapsed_signature_back() -> None:
    late = candidate().contacted(TODAY + READY_LAPSES_AFTER + DAY)
    assert (late.readiness, late.cv_state) == (None, CvState.TO_REWORK)
    assert late.last_contact == TODAY + READY_LAPSES_AFTER + DAY


def test_a_contact_noted_late_does_not_undo_a_newer_one() -> None:
    person = candidate(last_contact=TODAY).contacted(TODAY - 20 * DAY)
    assert person.last_contact == TODAY
    assert person.is_ready(TODAY)


def test_who_withdrew_is_not_ready() -> None:
    assert not candidate(state=CandidateState.WITHDRAWN).is_ready(TODAY)


def test_signs_of_life() -> None:
    silent = candidate(readiness=None, consents=())
    assert silent.last_sign_of_life is None
    assert replace(silent, registered=TODAY, last_seen=TODAY - DAY).last_sign_of_life == TODAY
    assert replace(silent, consents=(network_consent(TODAY - 9 * DAY),)).last_sign_of_life == TODAY - 9 * DAY


def test_agreements() -> None:
    person = candidate()
    assert person.agrees(ConsentScope.NETWORK, TODAY)
    assert not person.agrees(ConsentScope.KEEP, TODAY)
    assert not person.taking_back(ConsentScope.NETWORK, "", NOW).agrees(ConsentScope.NETWORK, TODAY)


@given(st.lists(st.dates(date(2026, 11, 23), date(2030, 1, 1)), max_size=6))
def test_ready_means_that_no_six_months_passed_without_contact(contacts: list[date]) -> None:
    person = candidate()
    for day in sorted(contacts):
        person = person.contacted(day)
    days = [TODAY, *sorted(contacts)]
    unbroken = all(later - earlier <= READY_LAPSES_AFTER for earlier, later in pairwise(days))
    assert person.is_ready(days[-1]) is unbroken
