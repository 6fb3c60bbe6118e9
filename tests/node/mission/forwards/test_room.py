"""Homes that put people forward for one offer, in its first days and after: nobody takes more than the rule says."""

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from node.mission.forwards.forward import ForwardState, Move, Side
from node.mission.forwards.room import NoRoom, home_share, is_spent, lacks_room, share_ends
from node.mission.offers.offer import OfferEvent, OfferStep
from tests.node.mission.samples import NOW, forward, offer

S = ForwardState
DAY = timedelta(days=1)
TOWN = "the town itself"


@given(
    cap=st.integers(1, 40),
    arrivals=st.lists(
        st.tuples(st.integers(0, 14 * 24), st.sampled_from([TOWN, "A", "B", "C"]), st.booleans()), max_size=120
    ),
)
def test_no_home_has_more_than_its_share_in_the_first_days(cap: int, arrivals: list[tuple[int, str, bool]]) -> None:
    """Hours after publication, whose, and whether it is one that ends."""
    wanted, held = offer(published=NOW, most_open=cap), Counter[str]()
    for hours, home, ends in sorted(arrivals):
        if ends:
            held[home] -= held[home] > 0
            continue
        before = Counter(held)
        said = lacks_room(
            wanted,
            open_in_all=held.total(),
            open_of_home=held[home],
            own=home == TOWN,
            now=NOW + timedelta(hours=hours),
        )
        held[home] += said is None
        early = hours < 7 * 24
        may = before.total() < cap and (home == TOWN or not early or before[home] < max(3, cap // 2))
        assert (said is None) is may
        assert (said is NoRoom.FULL) is (before.total() >= cap)
        assert held.total() <= cap
        if early and home != TOWN:
            assert held[home] <= max(3, cap / 2)


def test_the_first_days_count_from_when_the_network_first_saw_it() -> None:
    steps = [
        OfferStep(at=NOW, by="a", what=OfferEvent.PUBLISHED),
        OfferStep(at=NOW + 9 * DAY, by="a", what=OfferEvent.CHANGED),
    ]
    own = offer(published=NOW + 9 * DAY, history=tuple(steps))
    assert share_ends(own) == NOW + 7 * DAY
    shared = OfferStep(at=NOW + 3 * DAY, by="a", what=OfferEvent.SHARED)
    assert share_ends(offer(published=NOW + 9 * DAY, history=(steps[0], shared, steps[1]))) == NOW + 10 * DAY
    assert share_ends(offer(published=NOW + 9 * DAY)) == NOW + 16 * DAY, "of a peer's the last revision is known"
    assert share_ends(offer()) is None
    assert [home_share(cap) for cap in (1, 5, 6, 7, 8, 20, 21)] == [3, 3, 3, 3, 4, 10, 10]


def test_what_a_node_turned_away_unread_may_be_sent_again() -> None:
    sent = Move(event=S.SENT, at=NOW, by=Side.HOME)
    received = Move(event=S.RECEIVED, at=NOW, by=Side.RECEIVER, index=4)
    no = Move(event=S.DECLINED, at=NOW + DAY, by=Side.RECEIVER, reason="no_position", to_candidate="Non.", index=5)
    here = Move(event=S.DECLINED, at=NOW + DAY, by=Side.RECEIVER, reason="no_position", to_candidate="Non.")
    other = Move(event=S.DECLINED, at=NOW + DAY, by=Side.RECEIVER, reason="other", to_candidate="Non.", index=5)
    cases = [((sent, no), True), ((sent, received, no), False), ((sent, here), False), ((sent, other), False)]
    for moves, spent in cases:
        assert is_spent(forward(1, S.DECLINED, moves=moves)) is spent
    assert is_spent(forward(1, S.EXPIRED)) and is_spent(forward(1, S.WITHDRAWN)) and not is_spent(forward())
