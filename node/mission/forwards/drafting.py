"""What stands in the way of sending a draft: the home mission only guarantees for whom it knows and who agreed.

Guarantees: `check_draft` names every obstacle at once, each with a stable code and a sentence that says what to do;
an empty list is the only leave to send. The same call serves the page that shows the button and the service that sends.

An *offer family* is the offers of one ROME domain (the code's first three characters): what one person could be put
forward to again and again instead of others. Read next: `moves.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext
from node.mission.forwards.forward import Forward
from node.mission.forwards.moves import MAX_TEXT, is_open
from node.mission.forwards.pauses import EmployerPause
from node.mission.forwards.room import NoRoom, home_share, is_spent, lacks_room, share_ends
from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate, CandidateState

OPEN_FORWARDS_A_FAMILY: Final = 3
"""A candidate has at most this many open forwards an offer family."""


class ObstacleCode(StrEnum):
    NOT_ACTIVE = "not_active"
    NOT_READY = "not_ready"
    NO_CONSENT = "no_consent"
    OFFER_CLOSED = "offer_closed"
    UNKNOWN_SITE = "unknown_site"
    OFFER_FULL = "offer_full"
    HOME_SHARE = "home_share"
    FAMILY_FULL = "family_full"
    ALREADY_FORWARDED = "already_forwarded"
    EMPLOYER_PAUSED = "employer_paused"
    NO_WHY = "no_why"
    LONG_WHY = "long_why"


@dataclass(frozen=True, slots=True)
class Hindrance:
    """One thing that forbids sending: a code for programs, a sentence for the counsellor."""

    code: ObstacleCode
    sentence: str


def family(rome: str) -> str:
    """The family of an offer: its ROME domain."""
    return rome[:3]


def check_draft(
    candidate: Candidate,
    offer: Offer,
    *,
    site: str,
    why: str,
    open_forwards_of_offer: int,
    forwards_of_candidate: Sequence[Forward],
    romes: Mapping[str, str],
    pause: EmployerPause | None = None,
    paused_by: str = "",
    own: bool,
    now: datetime,
) -> list[Hindrance]:
    """Everything that forbids to put this person forward for this site of this offer.

    `open_forwards_of_offer` counts what this node knows of; `forwards_of_candidate` are the person's other forwards,
    without the draft itself; `romes` gives the ROME code of their offers by offer key (an offer that is not there
    counts as of the same family); `pause` is what the head of mission (named `paused_by`) decided on the offer's
    employer; `own` tells an offer of the person's own town, which needs a yes to it or to its employer.
    """
    today = now.date()
    found: list[tuple[ObstacleCode, str]] = []
    if candidate.state is not CandidateState.ACTIVE:
        found.append((ObstacleCode.NOT_ACTIVE, _("The candidate is no longer looking for work.")))
    elif not candidate.is_ready(today):
        found.append(
            (
                ObstacleCode.NOT_READY,
                _("The CV is not signed as ready, or the signature has lapsed: meet the candidate and sign it."),
            )
        )
    if candidate.consent_for(today, offer.key, offer.employer, own=own) is None:
        sentence = (
            _("The person has not said yes to this offer or to this employer: ask, and record the answer.")
            if own
            else _("No agreement covers this offer: ask the person, for this offer, its employer or other towns.")
        )
        found.append((ObstacleCode.NO_CONSENT, sentence))
    if not offer.takes_people(today):
        found.append((ObstacleCode.OFFER_CLOSED, _("The offer is closed.")))
    if all(site != known.id for known in offer.sites):
        found.append((ObstacleCode.UNKNOWN_SITE, _("The offer has no such site: choose one of its sites.")))
    found.extend(_of_offer(offer, open_forwards_of_offer, own, now))
    found.extend(_of_candidate(offer, forwards_of_candidate, romes))
    if pause is not None and pause.stops(today):
        found.append((ObstacleCode.EMPLOYER_PAUSED, say_pause(pause, paused_by)))
    if not why.strip():
        found.append((ObstacleCode.NO_WHY, _("Say in your own words why this person.")))
    elif len(why) > MAX_TEXT:
        sentence = _("The sentence has at most {limit} characters.").format(limit=MAX_TEXT)
        found.append((ObstacleCode.LONG_WHY, sentence))
    return [Hindrance(code, sentence) for code, sentence in found]


def _of_offer(offer: Offer, open_here: int, own: bool, now: datetime) -> Iterable[tuple[ObstacleCode, str]]:
    """What a home knows to be open of a peer's offer is its own."""
    lacks = lacks_room(offer, open_in_all=open_here, open_of_home=open_here, own=own, now=now)
    if lacks is NoRoom.FULL:
        sentence = ngettext(
            "The offer already has {number} open forward, as many as it takes: wait for an answer.",
            "The offer already has {number} open forwards, as many as it takes: wait for an answer.",
            open_here,
        )
        yield ObstacleCode.OFFER_FULL, sentence.format(number=open_here)
    elif lacks is NoRoom.SHARE and (ends := share_ends(offer)) is not None:
        sentence = _(
            "This offer is new: until {day}, each mission has at most {number} applications under way for it, so that "
            "all have their turn. Wait for an answer, or for that day."
        )
        yield ObstacleCode.HOME_SHARE, sentence.format(day=f"{ends:%d/%m/%Y}", number=home_share(offer.cap))


def say_pause(pause: EmployerPause, by: str) -> str:
    """That nobody is put forward to that employer now: who said so, and until when."""
    said = _("{who} paused what is sent to this employer until {day}: call it first, or ask the head of mission.")
    return said.format(who=by, day=f"{pause.until:%d/%m/%Y}")


def _of_candidate(
    offer: Offer, forwards: Sequence[Forward], romes: Mapping[str, str]
) -> Iterable[tuple[ObstacleCode, str]]:
    if any(forward.offer in offer.keys and not is_spent(forward) for forward in forwards):
        yield ObstacleCode.ALREADY_FORWARDED, _("The candidate is already put forward for this offer.")
    in_family = sum(
        1 for f in forwards if is_open(f.state) and family(romes.get(f.offer, offer.rome)) == family(offer.rome)
    )
    if in_family >= OPEN_FORWARDS_A_FAMILY:
        sentence = ngettext(
            "The candidate already waits for {number} answer in this line of work: let others have their turn.",
            "The candidate already waits for {number} answers in this line of work: let others have their turn.",
            in_family,
        )
        yield ObstacleCode.FAMILY_FULL, sentence.format(number=in_family)
