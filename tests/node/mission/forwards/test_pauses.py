"""Figures of an employer who hardly answers, against a naive count; when a pause is proposed."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.mission.forwards.forward import Forward, ForwardState, Move, Side
from node.mission.forwards.pauses import EmployerPause, SilenceRecord, answer_due, silence_record
from node.mission.forwards.standing import state_of
from tests.node.mission.samples import NOW, TODAY, forward

S = ForwardState
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Life:
    """Days ago when it was sent; after how many days the answer came, was ended, or the home mission withdrew it."""

    sent: int
    answer_days: int
    answered: int | None
    expires: bool
    withdrawn: int | None

    @property
    def due(self) -> int:
        """Days ago."""
        return self.sent - self.answer_days

    def forward(self, number: int) -> Forward:
        start = NOW - self.sent * DAY
        moves = [Move(event=S.SENT, at=start, by=Side.HOME)]
        if self.expires and self.due >= 0 and (self.answered is None or self.answered > self.answer_days):
            moves.append(Move(event=S.EXPIRED, at=NOW - self.due * DAY, by=Side.HOME, reason="no_answer"))
        if self.answered is not None and self.answered <= self.sent:
            moves.append(
                Move(event=S.DECLINED, at=start + self.answered * DAY, by=Side.RECEIVER, reason="other")
            )  # fmt: skip
        elif self.withdrawn is not None and self.withdrawn <= self.sent and len(moves) == 1:
            moves.append(Move(event=S.WITHDRAWN, at=start + self.withdrawn * DAY, by=Side.HOME, reason="unavailable"))
        return forward(number, state_of(moves), start, moves=tuple(moves))

    def counts(self) -> tuple[int, int, int]:
        """Whether it was due, late, answered; each by the words of the rule."""
        came = self.answered is not None and self.answered <= self.sent
        ran_out = self.expires and self.due >= 0 and (self.answered is None or self.answered > self.answer_days)
        gone = self.withdrawn is not None and self.withdrawn <= self.sent and not came and not ran_out
        if gone or not 0 <= self.due <= 60:
            return 0, 0, 0
        return 1, int(not came or ran_out), int(came)


LIVES = st.builds(
    Life,
    sent=st.integers(0, 130),
    answer_days=st.integers(7, 60),
    answered=st.none() | st.integers(0, 130),
    expires=st.booleans(),
    withdrawn=st.none() | st.integers(1, 130),
)


@given(st.lists(LIVES, max_size=40), st.randoms())
def test_the_record_is_what_a_naive_count_finds_in_any_order(lives: list[Life], order: object) -> None:
    rows = [(one.forward(number), one.answer_days) for number, one in enumerate(lives)]
    order.shuffle(rows)  # type: ignore[attr-defined]
    found = silence_record(rows, NOW)
    due, late, answered = (sum(one.counts()[place] for one in lives) for place in range(3))
    assert found == SilenceRecord(due, late, answered)
    assert found.proposes_pause is (late >= 10 and answered < due / 2)


@pytest.mark.parametrize(
    ("record", "proposes"),
    [
        (SilenceRecord(10, 10, 0), True),
        (SilenceRecord(9, 9, 0), False),
        (SilenceRecord(20, 11, 9), True),
        (SilenceRecord(20, 10, 10), False),
        (SilenceRecord(12, 12, 6), False),
        (SilenceRecord(13, 13, 6), True),
    ],
)
def test_ten_late_and_fewer_than_half_answered(record: SilenceRecord, proposes: bool) -> None:
    assert record.proposes_pause is proposes


def test_an_interview_gives_the_employer_its_days_anew_and_yes_if_answers() -> None:
    start = NOW - 50 * DAY
    sent = Move(event=S.SENT, at=start, by=Side.HOME)
    told = Move(event=S.INTERVIEW, at=start + 20 * DAY, by=Side.RECEIVER)
    late = Move(event=S.INTERVIEW, at=start + 45 * DAY, by=Side.RECEIVER)
    made = [forward(n, S.INTERVIEW, start, moves=moves) for n, moves in enumerate([(sent, told), (sent, late)])]
    assert [answer_due(one, 30) for one in made] == [start + 50 * DAY, start + 30 * DAY]
    assert answer_due(forward(1, S.DRAFT, moves=()), 30) is None
    asked = forward(2, S.CONDITIONAL, start, moves=(sent, Move(event=S.CONDITIONAL, at=start + DAY, by=Side.RECEIVER)))
    assert silence_record([(asked, 30)], NOW) == SilenceRecord(1, 0, 1)
    taken_back = Move(event=S.CORRECTED, at=start + 2 * DAY, by=Side.RECEIVER, about=asked.moves[-1].name)
    again = forward(3, S.SENT, start, moves=(*asked.moves, taken_back))
    assert silence_record([(again, 30)], NOW) == SilenceRecord(1, 1, 0)


def test_a_pause_stops_on_its_last_day_and_not_after() -> None:
    pause = EmployerPause(node="n", employer="e", paused=True, by="a", at=NOW, until=TODAY)
    assert pause.stops(TODAY) and not pause.stops(TODAY + DAY)
    assert not EmployerPause(node="n", employer="e", paused=False, by="a", at=NOW, until=TODAY).stops(TODAY)
