"""Two entries made one, and taken apart again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given

from node.mission.agreements.consent import Consent, ConsentScope
from node.mission.duplicates.merge import Merge, merged, merged_local, taken_apart
from node.mission.people.candidate import CandidateState, Experience, Hours, Job
from node.mission.people.partners import Eligibility, Local, Obstacle, ObstacleKind
from tests.contracts.test_candidates import _person
from tests.node.mission.samples import NOW, TODAY, candidate, network_consent

DAY = timedelta(days=1)
KEPT = candidate(1, phone="", skills=frozenset({"1"}), jobs=(Job(title="Cariste"),), registered=TODAY)
GONE = candidate(
    2,
    "N1101",
    "N1103",
    phone="0612345678",
    skills=frozenset({"2"}),
    jobs=(Job(title="Cariste"), Job(title="Vendeur")),
    hours=Hours.PART,
    vehicle=True,
    consents=(network_consent(id="c2"),),
    registered=TODAY - 9 * DAY,
    last_contact=TODAY - DAY,
)


def a_merge(**changes: Any) -> Merge:
    fields: dict[str, Any] = {
        "id": "m",
        "kept": KEPT,
        "gone": GONE,
        "kept_local": Local(),
        "gone_local": Local(),
        "at": NOW,
        "by": "anne",
        "moved": {},
        "dropped": {},
    }
    return Merge(**fields | changes)


def test_what_one_lacks_comes_from_the_other() -> None:
    whole = merged(KEPT, GONE)
    assert (whole.id, whole.reference, whole.readiness) == (KEPT.id, KEPT.reference, KEPT.readiness)
    assert (whole.phone, whole.skills, whole.hours, whole.vehicle) == (
        GONE.phone,
        frozenset({"1", "2"}),
        Hours.PART,
        True,
    )
    assert [one.rome for one in whole.occupations] == ["N1103", "N1101"]
    assert [job.title for job in whole.jobs] == ["Cariste", "Vendeur"]
    assert [one.id for one in whole.consents] == ["c1", "c2"]
    assert (whole.registered, whole.last_contact) == (GONE.registered, GONE.last_contact)


def test_the_same_occupation_keeps_the_kept_entrys_months() -> None:
    first = replace(KEPT, occupations=(Experience(rome="N1103", months=40),))
    assert merged(first, GONE).occupations[0].months == 40


def test_a_signature_does_not_pass_to_another_cv() -> None:
    assert merged(replace(KEPT, readiness=None), GONE).readiness is None


def test_who_withdrew_once_has_withdrawn() -> None:
    left, paused = (replace(GONE, state=one) for one in (CandidateState.WITHDRAWN, CandidateState.LIMITED))
    assert merged(KEPT, left).state is CandidateState.WITHDRAWN
    assert merged(KEPT, paused).state is CandidateState.LIMITED
    assert merged(left, paused).state is CandidateState.WITHDRAWN


def test_obstacles_of_both() -> None:
    mobility = Obstacle(kind=ObstacleKind.MOBILITY, since=TODAY)
    one = Local(obstacles=(mobility,), eligibilities=frozenset({Eligibility.RSA}), note="a")
    two = Local(obstacles=(replace(mobility, note="autre"), Obstacle(kind=ObstacleKind.HOUSING, since=TODAY)), note="b")
    whole = merged_local(one, two)
    assert [(o.kind, o.note) for o in whole.obstacles] == [(ObstacleKind.MOBILITY, ""), (ObstacleKind.HOUSING, "")]
    assert (whole.eligibilities, whole.note) == (frozenset({Eligibility.RSA}), "a\nb")


@given(_person, _person)
def test_both_come_back_exactly(kept: Any, gone: Any) -> None:
    kept, gone = replace(kept, id="k"), replace(gone, id="g")
    assert taken_apart(a_merge(kept=kept, gone=gone), merged(kept, gone)) == _withdrawn_alike(kept, gone)


def _withdrawn_alike(kept: Any, gone: Any) -> Any:
    """As they were, but that agreements of one id are one agreement, and that leaving, or pausing, is done in both."""
    stopped = [one for one in (CandidateState.WITHDRAWN, CandidateState.LIMITED) if one in (kept.state, gone.state)]
    objected = kept.objected_at or gone.objected_at
    known = {one.id: one.withdrawn_at for one in (*gone.consents, *kept.consents)}

    def alike(person: Any) -> Any:
        consents = tuple(replace(c, withdrawn_at=known[c.id] or c.withdrawn_at) for c in person.consents)
        person = replace(person, consents=consents)
        return replace(person, state=stopped[0], objected_at=objected) if stopped else person

    return alike(kept), alike(gone)


def test_what_was_withdrawn_since_stays_withdrawn() -> None:
    now = merged(KEPT, GONE).leaving(NOW)
    kept, gone = taken_apart(a_merge(), now)
    assert kept == replace(KEPT.leaving(NOW), readiness=KEPT.readiness)
    assert gone == replace(GONE.leaving(NOW), readiness=GONE.readiness)


def test_what_one_refused_comes_back_to_the_other_when_they_are_two_people_after_all() -> None:
    refused = replace(KEPT, consents=(network_consent(withdrawn_at=NOW),))
    whole = merged(refused, GONE)
    assert all(one.withdrawn_at for one in whole.consents), "while they are one, the refusal is of both"
    assert taken_apart(a_merge(kept=refused), whole) == (refused, GONE)


def test_what_was_agreed_since_stays_with_the_kept_entry() -> None:
    new = Consent(id="c9", scope=ConsentScope.KEEP, given_on=TODAY, until=TODAY, how="signé")
    whole = merged(KEPT, GONE)
    kept, gone = taken_apart(a_merge(), replace(whole, consents=(*whole.consents, new)))
    assert (kept, gone) == (replace(KEPT, consents=(*KEPT.consents, new)), GONE)
