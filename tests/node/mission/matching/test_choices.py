"""What somebody says of an offer: until they say something else."""

from dataclasses import replace
from datetime import timedelta

from node.mission.matching.choices import NotForMe, OfferChoice, newest_of
from tests.node.mission.samples import NOW, TODAY

LATER = NOW + timedelta(hours=1)
NO = OfferChoice(
    id="c1", candidate="p1", offer="t/o1", closes=TODAY, wants=False, reason=NotForMe.TOO_FAR.value, at=NOW
)


def test_the_same_said_again_is_what_was_said_first() -> None:
    assert NO.said(LATER, False, NotForMe.TOO_FAR.value) is NO


def test_a_mind_may_change_and_so_may_a_reason() -> None:
    yes = NO.said(LATER, True)
    assert (yes.wants, yes.why, yes.at, yes.id) == (True, "", LATER, NO.id)
    assert NO.said(LATER, False, NotForMe.HOURS.value).why == NotForMe.HOURS.label
    assert replace(NO, reason="").why == ""


def test_the_last_word_is_found_whatever_the_order() -> None:
    yes = replace(NO, id="c2", wants=True, at=LATER)
    other = replace(NO, id="c3", offer="t/o2")
    for order in ([NO, yes, other], [other, yes, NO]):
        assert newest_of(order) == {("p1", "t/o1"): yes, ("p1", "t/o2"): other}
