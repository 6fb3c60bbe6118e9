"""A match on a page: its sentences, the one next step with where it is done, and the points for whoever asks.

Guarantees: every next step has its place in the person's file (`STEPS`, counted by a test); points are never shown
without their maximum. Read next: told.html, the macros; `node/mission/matching/telling.py`, the sentences.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from node.kit.i18n import gettext as _
from node.mission.matching.match import MOST, Match, Points
from node.mission.matching.telling import MatchCriterion, StepToTake, ToldLine, next_told, tell
from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate
from node.referential import Referential
from node.web.people.file_frame import address

STEPS: Final[Mapping[StepToTake, str]] = {
    StepToTake.TRAINING: "freins#orienter",
    StepToTake.MOBILITY: "projet#mobility_km",
    StepToTake.IMMERSION: "suivi#contacts",
    StepToTake.LICENCE: "freins#orienter",
    StepToTake.LANGUAGE: "freins#orienter",
    StepToTake.ASK: "suivi#contacts",
    StepToTake.COMPLETE: "projet#qualification",
}
"""Where in the person's file each next step is begun."""


@dataclass(frozen=True, slots=True)
class ToldMatch:
    """One match, ready to be shown. `step` is what to do next, with its address, None when nothing is missing;
    `counted` each criterion, and all in all, with the points out of their maximum."""

    told: tuple[ToldLine, ...]
    step: tuple[StepToTake, str] | None
    counted: tuple[tuple[str, str], ...]


def told_match(match: Match, candidate: Candidate, offer: Offer, referential: Referential) -> ToldMatch:
    """The match of these two, told in the language of the page."""
    told = tell(match, candidate, offer, referential)
    first = next_told(told)
    step = first.next_step if first is not None else None
    return ToldMatch(
        told,
        None if step is None else (step, address(candidate.id, STEPS[step])),
        _counted(match.explanation.points),
    )


def _counted(points: Points) -> tuple[tuple[str, str], ...]:
    """Each criterion that counts, and all of them: its label, its points out of their maximum."""
    sentence = _("{given} of {most}")
    labels = [*(MatchCriterion.of(name).label for name in Points._fields), _("In all")]
    pairs = zip((*points, sum(points)), (*MOST, sum(MOST)), strict=True)
    return tuple(
        (label, sentence.format(given=given, most=most)) for label, (given, most) in zip(labels, pairs, strict=True)
    )
