"""A person of Montluçon is hired: a day later, if it stands, nobody else waits for them; and does the person still look
for work?"""

from datetime import timedelta

import pytest

from federation.peers.visit import pull
from node.kit.errors import NotFound
from node.mission.forwards.forward import ForwardState, Words
from node.mission.forwards.hire import HireWay
from node.mission.people.candidate import CandidateState
from node.mission.team.today import Item, Waiting
from node.services.desk import Refused
from node.services.forwards import answers, following, hires, sending
from node.services.forwards.after_hire import close_after_hires, close_now, say_whether_looking, sequels_of
from node.services.forwards.hires import HireWish
from node.services.network.syncing import replay
from node.services.people import files
from node.services.team import today
from tests.node.mission.samples import NOW, TODAY, candidate, offer
from tests.node.stage import DRANCY, Place, Stage, campaign, put_forward

S = ForwardState
HOURS = timedelta(hours=1)


def asked(town: Place) -> list[Item]:
    groups = today.today(town.desk, "anne").groups
    return [item for group in groups if group.kind is Waiting.AFTER_HIRE for item in group.items]


def later(town: Place, **gap: int) -> None:
    clock = town.node.desk.federation.clock
    clock.moment += timedelta(**gap)  # type: ignore[attr-defined]


@pytest.fixture
def three(town: Place) -> tuple[str, str, str]:
    """Three applications of one person to employers of the town."""
    town.enrol(candidate(1, owner="anne"))
    posted = town.post(*(offer(n, reference=f"R{n}", rome=f"K22{n:02d}", employer=f"Maison {n}") for n in (1, 2, 3)))
    first, second, third = (put_forward(town, "p1", one.key, site="s1").id for one in posted)
    return first, second, third


def test_nothing_ends_before_a_day_has_passed_and_then_once(town: Place, three: tuple[str, str, str]) -> None:
    hired, waiting, late = three
    answers.give_answer(town.desk, hired, S.HIRED)
    (sequel,) = sequels_of(town.desk, "p1")
    assert ({one.id for one in sequel.others}, sequel.asks) == ({waiting, late}, True)
    assert following.one_followed(town.desk, waiting).ends_on == TODAY + timedelta(days=1)
    assert following.one_followed(town.desk, hired).ends_on is None
    (item,) = asked(town)
    assert (item.id, item.candidate) == (hired, "p1") and "2" in item.detail
    later(town, hours=23)
    assert close_after_hires(town.desk) == []
    answers.give_answer(town.desk, late, S.DECLINED, Words("no_position", "Le poste est pourvu."))
    later(town, hours=1)
    (closed,) = close_after_hires(town.desk)
    assert (closed.id, closed.state, closed.moves[-1].reason) == (waiting, S.WITHDRAWN, "hired_elsewhere")
    assert [town.forward(one).state for one in three] == [S.HIRED, S.WITHDRAWN, S.DECLINED]

    # Whoever is put forward again afterwards is, and what was withdrawn is not withdrawn twice.
    (more,) = town.post(offer(4, reference="R4", rome="M1602"))
    again = put_forward(town, "p1", more.key, site="s1").id
    later(town, days=1)
    assert close_after_hires(town.desk) == []
    assert town.forward(again).state is S.SENT
    (left,) = sequels_of(town.desk, "p1")
    assert (left.others, left.asks) == ((), True)


def test_a_hire_taken_back_in_time_leaves_the_others(town: Place, three: tuple[str, str, str]) -> None:
    hired, waiting, _late = three
    answers.give_answer(town.desk, hired, S.HIRED)
    later(town, hours=20)
    answers.correct_answer(town.desk, hired, None)
    assert sequels_of(town.desk, "p1") == ()
    assert asked(town) == []
    with pytest.raises(NotFound):
        close_now(town.desk, hired, "anne")
    later(town, days=2)
    assert close_after_hires(town.desk) == []
    assert town.forward(waiting).state is S.SENT

    # A refusal corrected into a hire has its day from then on; put forward meanwhile, one stays.
    answers.give_answer(town.desk, hired, S.DECLINED, Words("no_position", "Pourvu."))
    later(town, hours=10)
    answers.correct_answer(town.desk, hired, S.HIRED)
    later(town, hours=15)
    assert close_after_hires(town.desk) == []
    later(town, hours=9)
    assert {one.id for one in close_after_hires(town.desk)} == set(three) - {hired}


def test_a_counsellor_need_not_wait_and_says_whether_the_person_still_looks(
    town: Place, three: tuple[str, str, str]
) -> None:
    hired, *others = three
    answers.give_answer(town.desk, hired, S.HIRED)
    assert {one.id for one in close_now(town.desk, hired, "anne")} == set(others)
    assert town.forward(others[0]).moves[-1].actor == "anne"
    assert close_now(town.desk, hired, "anne") == []
    say_whether_looking(town.desk, hired, True, "anne")
    assert asked(town) == []
    assert files.person_file(town.desk, "p1").person.state is CandidateState.ACTIVE
    say_whether_looking(town.desk, hired, False, "anne")
    assert files.person_file(town.desk, "p1").person.state is CandidateState.PLACED
    assert sequels_of(town.desk, "p1") == ()
    answers.home_move(town.desk, hired, S.BROKEN_OFF)
    with pytest.raises(Refused) as caught:
        close_now(town.desk, hired, "anne")
    assert caught.value.problem == "not_hired"


def test_a_hire_without_a_forward_ends_the_others_of_whoever_looks_no_more(
    town: Place, three: tuple[str, str, str]
) -> None:
    wish = HireWish(
        candidate="p1", employer="Ailleurs", title="Cariste", contract="CDI", start=TODAY, how=HireWay.ALONE
    )
    hires.note_hire(town.desk, wish, "anne")
    assert sequels_of(town.desk, "p1") == (), "who looks on keeps what is under way"
    noted = hires.note_hire(
        town.desk,
        HireWish(candidate="p1", employer="Encore", title="Cariste", contract="CDI", how=HireWay.ALONE, placed=True),
        "anne",
    )
    (sequel,) = sequels_of(town.desk, "p1")
    assert (sequel.after.id, len(sequel.others), sequel.asks) == (noted.id, 3, False)
    files.set_state(town.desk, "p1", CandidateState.ACTIVE, "anne")
    later(town, days=2)
    assert close_after_hires(town.desk) == []
    assert {town.forward(one).state for one in three} == {S.SENT}
    hires.note_hire(
        town.desk,
        HireWish(candidate="p1", employer="Enfin", title="Cariste", contract="CDI", how=HireWay.ALONE, placed=True),
        "anne",
    )
    later(town, days=1)
    assert len(close_after_hires(town.desk)) == 3


def test_over_the_network_it_counts_from_the_employers_word(stage: Stage) -> None:
    """One whose recipient cannot be told stays open and is tried again; the same messages once more change nothing."""
    home = stage.montlucon
    home.enrol(candidate(1))
    (first,) = stage.moulins.post(campaign())
    (second,) = stage.drancy.post(campaign(id="quai", reference="QUAI", employer="Le Quai"))
    stage.sync()
    hired, other = (put_forward(home, "p1", one.key).id for one in (first, second))
    stage.sync()
    answers.give_answer(stage.moulins.desk, hired, S.HIRED)
    stage.wait(hours=25)
    before = stage.members()
    stage.hide_sealing_key(DRANCY)
    report = pull(home.node.federation, stage.moulins.id)
    assert (report.applied, report.refused) == (1, 0)
    assert (home.forward(hired).state, home.forward(other).state) == (S.HIRED, S.RECEIVED)
    assert close_after_hires(home.desk) == []
    assert len(sequels_of(home.desk, "p1")[0].others) == 1
    (drancy,) = (one for one in before.members if one.id == DRANCY)
    stage.change(DRANCY, keys=drancy.keys)
    assert [one.id for one in close_after_hires(home.desk)] == [other]
    stage.sync()
    assert stage.drancy.forward(other).moves[-1].reason == "hired_elsewhere"
    assert stage.moulins.forward(hired).state is S.HIRED
    replay(home.desk)
    assert close_after_hires(home.desk) == []
    assert stage.clock.now() > NOW
    draft = sending.one_forward(home.desk, other)
    assert draft.state is S.WITHDRAWN
