"""What a counsellor notes about applications of the town's own: reminders, answers told, interviews prepared, hires."""

from datetime import date, timedelta

import pytest

from node.mission.forwards.following import FollowGroup, NextStep
from node.mission.forwards.forward import ForwardState, Words
from node.mission.forwards.hire import HireWay
from node.mission.forwards.notes import NoteKind
from node.mission.forwards.ports import ForwardFilter
from node.mission.forwards.terms import Reason
from node.mission.people.candidate import CandidateState
from node.mission.people.contacts import ContactChannel
from node.mission.team.today import Item, Waiting
from node.services.agreements import erasing
from node.services.desk import Refused
from node.services.duplicates import merging
from node.services.forwards import answers, following, hires
from node.services.forwards.hires import HireWish
from node.services.my_space import download
from node.services.people import contacts
from node.services.people.saving import BadFields
from node.services.team import today
from tests.node.mission.samples import NOW, TODAY, candidate, offer
from tests.node.stage import Place, Stage, put_forward

PHONE = ContactChannel.PHONE
EVERYBODYS = ForwardFilter()


@pytest.fixture
def sent(town: Place) -> str:
    """The number of an application of one person for an offer of the town."""
    town.enrol(candidate(1, owner="anne"))
    (here,) = town.post(offer(7, reference="ICI", closes=TODAY + timedelta(days=20)))
    return put_forward(town, "p1", here.key, site="s1").id


def steps(town: Place, forward: str) -> list[NextStep]:
    return [task.step for task in following.one_followed(town.desk, forward).due]


def later(town: Place, **gap: int) -> None:
    clock = town.node.desk.federation.clock
    clock.moment += timedelta(**gap)  # type: ignore[attr-defined]


def wish(**changes: object) -> HireWish:
    fields: dict[str, object] = {
        "employer": "Entrepôts du Cher", "title": "Cariste", "contract": "CDD", "start": TODAY, "hours": "35",
    }  # fmt: skip
    return HireWish(**fields | changes)  # type: ignore[arg-type]


def followed_up(town: Place) -> list[Item]:
    """The follow-ups of the day."""
    groups = today.today(town.desk, "anne").groups
    return [item for group in groups if group.kind is Waiting.FOLLOW_UP for item in group.items]


def test_a_reminder_is_kept_and_asks_for_none_until_the_next_one(town: Place, sent: str) -> None:
    later(town, days=8)
    assert steps(town, sent) == [NextStep.REMIND]
    with pytest.raises(BadFields, match="23/11/2026"):
        following.note_reminder(town.desk, sent, PHONE, "anne", on=TODAY - timedelta(days=1))
    following.note_reminder(town.desk, sent, PHONE, "anne", text="Le chef rappelle.")
    assert steps(town, sent) == []
    row = following.one_followed(town.desk, sent)
    assert row.reminded is not None and row.reminded.on == TODAY + timedelta(days=8)
    assert row.days(town.desk.now()) == 8
    later(town, days=6)
    assert steps(town, sent) == [NextStep.REMIND]
    later(town, days=16)
    assert [one.id for one in answers.expire_silent(town.desk)] == [sent], "a reminder never puts off the end"
    with pytest.raises(Refused, match="relancer"):
        following.note_reminder(town.desk, sent, PHONE, "anne")


def test_an_answer_noted_by_two_colleagues_is_noted_once(town: Place, sent: str) -> None:
    seen = len(town.forward(sent).moves)
    when = TODAY + timedelta(days=5)
    answers.give_answer(town.desk, sent, ForwardState.INTERVIEW, actor="anne", seen=seen, on=when)
    for event in (ForwardState.INTERVIEW, ForwardState.HIRED):
        with pytest.raises(Refused, match=r"anne a noté «.Entretien.»"):
            answers.give_answer(town.desk, sent, event, actor="bob", seen=seen, on=when)
    known = town.forward(sent)
    assert (known.state, known.moves[-1].actor, len(known.moves)) == (ForwardState.INTERVIEW, "anne", seen + 1)
    row = following.one_followed(town.desk, sent)
    assert row.interview == when
    assert [note.kind for note in row.notes] == [NoteKind.INTERVIEW]


@pytest.mark.parametrize("day", [date(9999, 12, 31), TODAY - timedelta(days=30)])
def test_an_interview_is_on_a_day_that_can_be(town: Place, sent: str, day: date) -> None:
    with pytest.raises(BadFields, match="vérifiez la date"):
        answers.give_answer(town.desk, sent, ForwardState.INTERVIEW, on=day)
    assert town.forward(sent).state is ForwardState.SENT, "nothing is noted then"


def test_an_interview_is_prepared_as_a_next_step_of_the_person(town: Place, sent: str) -> None:
    with pytest.raises(Refused, match="rien à préparer"):
        following.plan_coaching(town.desk, sent, TODAY, "anne")
    answers.give_answer(town.desk, sent, ForwardState.INTERVIEW, on=TODAY + timedelta(days=5))
    assert steps(town, sent) == [NextStep.COACH, NextStep.TELL]
    for wrong in (TODAY - timedelta(days=1), TODAY + timedelta(days=6)):
        with pytest.raises(BadFields):
            following.plan_coaching(town.desk, sent, wrong, "anne")
    following.plan_coaching(town.desk, sent, TODAY + timedelta(days=2), "anne")
    assert steps(town, sent) == [NextStep.TELL], "to plan is not to tell"
    with town.node.database.read() as uow:
        (step,) = uow.files.contacts_of("p1")
    assert step.is_open and step.next_on == TODAY + timedelta(days=2)
    assert "Préparer l'entretien" in step.next_step and step.next_owner == "anne"


def test_an_answer_told_is_among_the_persons_contacts_and_waits_no_more(town: Place, sent: str) -> None:
    with pytest.raises(Refused, match="rien à annoncer"):
        following.note_told(town.desk, sent, PHONE, "anne")
    no = Words(Reason.LACKING_SKILLS, "Il faut le CACES 3.", "")
    answers.give_answer(town.desk, sent, ForwardState.DECLINED, no, "anne")
    assert steps(town, sent) == [NextStep.TELL]
    assert Waiting.ANSWER in {group.kind for group in today.today(town.desk, "anne").groups}
    once = following.note_told(town.desk, sent, PHONE, "anne", "Déçue, mais d'accord pour la formation.")
    assert following.note_told(town.desk, sent, PHONE, "bob") == once
    with town.node.database.read() as uow:
        (contact,) = uow.files.contacts_of("p1")
    assert (contact.channel, contact.by) == (PHONE, "anne") and "formation" in contact.text
    assert Waiting.ANSWER not in {group.kind for group in today.today(town.desk, "anne").groups}
    assert following.listed(town.desk, EVERYBODYS).counts[FollowGroup.DONE] == 1


def test_a_contact_noted_in_the_file_tells_the_answer_as_well(town: Place, sent: str) -> None:
    answers.give_answer(town.desk, sent, ForwardState.DECLINED, Words(Reason.OTHER, "Poste pourvu.", ""))
    contacts.add_contact(town.desk, "p1", ContactChannel.NOTE, "À rappeler.", "anne")
    assert steps(town, sent) == [NextStep.TELL], "a note is no contact"
    contacts.add_contact(town.desk, "p1", PHONE, "", "anne")
    assert steps(town, sent) == []


def test_an_offer_that_closed_is_said_and_may_still_be_answered(town: Place, sent: str) -> None:
    assert not following.one_followed(town.desk, sent).offer_closed
    later(town, days=21)
    assert following.one_followed(town.desk, sent).offer_closed
    assert answers.give_answer(town.desk, sent, ForwardState.HIRED, actor="anne").state is ForwardState.HIRED


def test_a_hire_from_an_application_is_followed_from_its_first_day(town: Place, sent: str) -> None:
    with pytest.raises(Refused, match="n'est pas une embauche"):
        hires.note_hire(town.desk, wish(forward=sent), "anne")
    answers.give_answer(town.desk, sent, ForwardState.HIRED)
    faults: list[tuple[str, object]] = [
        ("start", date(9999, 1, 1)),
        ("start", TODAY - timedelta(days=9)),
        ("hours", "200"),
        ("hours", "plein"),
        ("contract", "X"),
    ]
    for field, wrong in faults:
        with pytest.raises(BadFields) as refused:
            hires.note_hire(town.desk, wish(forward=sent, **{field: wrong}), "anne")
        assert [one.field for one in refused.value.problems] == [field]
    start = TODAY + timedelta(days=10)
    hire = hires.note_hire(town.desk, wish(forward=sent, start=start, hours="17,5", placed=True), "anne")
    assert (hire.minutes, hire.how, hire.candidate) == (17 * 60 + 30, HireWay.FORWARD, "p1")
    person = town.candidate("p1")
    assert person is not None and person.state is CandidateState.PLACED
    with pytest.raises(Refused, match="anne a déjà noté"):
        hires.note_hire(town.desk, wish(forward=sent), "bob")
    later(town, days=40)
    assert NextStep.FOLLOW_UP not in steps(town, sent), "a month after the answer, not after the first day"
    later(town, days=1)
    assert NextStep.FOLLOW_UP in steps(town, sent)
    (item,) = followed_up(town)
    assert (item.id, item.candidate, item.on) == (sent, "p1", date(2027, 1, 3))
    answers.home_move(town.desk, sent, ForwardState.BROKEN_OFF, actor="anne", end_reason="Fin de chantier")
    ended = hires.hire_of(town.desk, sent)
    assert ended is not None and ended.end_reason == "Fin de chantier" and ended.ended_on == town.desk.today()
    assert NextStep.FOLLOW_UP not in steps(town, sent)


def test_a_hire_without_an_application_is_followed_up_in_the_file(town: Place) -> None:
    town.enrol(candidate(1))
    hire = hires.note_hire(town.desk, wish(candidate="p1", how=HireWay.ALONE), "anne")
    with pytest.raises(BadFields, match="anne a déjà noté"):
        hires.note_hire(town.desk, wish(candidate="p1", how=HireWay.CARD), "bob")
    assert hire.follow_up is not None and hire.follow_up[0] == 1
    assert followed_up(town) == []
    later(town, days=30)
    (item,) = followed_up(town)
    assert (item.id, item.candidate, item.detail) == ("", "p1", "Cariste, Entrepôts du Cher")
    once = hires.follow_hire(town.desk, hire.id, ForwardState.CONFIRMED, "anne")
    assert once.follow_up is not None and once.follow_up[0] == 6
    with pytest.raises(BadFields):
        hires.follow_hire(town.desk, hire.id, ForwardState.BROKEN_OFF, "anne")
    hires.follow_hire(town.desk, hire.id, ForwardState.CONFIRMED, "anne")
    with pytest.raises(Refused):
        hires.follow_hire(town.desk, hire.id, ForwardState.CONFIRMED, "anne")
    told = download.everything_about(town.desk, "p1")
    (row,) = told["Embauches"]
    assert row["Heures par semaine"] == "35 h" and row["Contrat"] == "Contrat à durée déterminée"


def test_whoever_is_erased_leaves_a_line_without_a_name_or_a_note(town: Place, sent: str) -> None:
    following.note_reminder(town.desk, sent, PHONE, "anne", text="Mme Petit rappelle.")
    erasing.erase(town.desk, "p1")
    row = following.one_followed(town.desk, sent)
    assert (row.person, row.due, row.next, row.notes) == (None, (), None, ())
    shown = following.listed(town.desk, EVERYBODYS)
    assert shown.counts == {FollowGroup.TODO: 0, FollowGroup.WAITING: 0, FollowGroup.DONE: 1}
    with town.node.database.read() as uow:
        assert uow.following.notes_of([sent]) == {}


def test_what_was_noted_follows_the_person_into_another_entry_and_back(town: Place, sent: str) -> None:
    town.enrol(candidate(2, first_name="Camille"))
    hires.note_hire(town.desk, wish(candidate="p1", how=HireWay.ALONE), "anne")
    answers.give_answer(town.desk, sent, ForwardState.DECLINED, Words(Reason.OTHER, "Poste pourvu.", ""))
    merging.merge(town.desk, "p2", "p1", "anne")
    assert [one.title for one in hires.hires_of(town.desk, "p2")] == ["Cariste"]
    assert steps(town, sent) == [NextStep.TELL]
    merging.unmerge(town.desk, "p2", "anne")
    assert [one.title for one in hires.hires_of(town.desk, "p1")] == ["Cariste"]
    assert steps(town, sent) == [NextStep.TELL]


def test_an_application_that_came_from_elsewhere_is_not_followed_here(stage: Stage) -> None:
    town, away = stage.montlucon, stage.moulins
    town.enrol(candidate(1))
    (there,) = away.post(offer(7, sites=(offer().sites[0],)))
    stage.sync()
    sent = put_forward(town, "p1", there.key, site="s1").id
    stage.sync()
    with pytest.raises(Refused, match="autre mission"):
        following.note_reminder(away.desk, sent, PHONE, "anne")
    assert not any(following.listed(away.desk, EVERYBODYS).counts.values())
    assert following.board(town.desk, EVERYBODYS)[1].count == 1
    assert following.never_forwarded(town.desk, None, 1).count == 0
    assert following.without_solution(town.desk, None, 1).count == 0
    assert NOW.date() == TODAY
