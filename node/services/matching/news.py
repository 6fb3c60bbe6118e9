"""« Nouvelles correspondances »: what newly fits, found by following what changed, and what a counsellor says of it.

Guarantees: only offers, people and forwards that changed are looked at (`Events.since`), a bounded number in each call.
What is found is kept some people at a time, so that nobody who writes waits for all of it, and how far it came at last:
what died in between is found again, and known. Nothing is missed nor told twice. What happened before the first call is
no news. A pair that was looked at never comes back; nor does one that was put forward, nor one of which the person said
what they think (`choosing.py`). Called by the scheduler. Read next: `node/mission/matching/news.py`.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Final, TypeAlias

from node.kit.errors import BadInput, NotFound
from node.kit.i18n import gettext as _
from node.mission.happened import Event, Happened
from node.mission.matching.index import index_of
from node.mission.matching.match import Match
from node.mission.matching.news import MatchSeen, Novelty, SetAside, is_news
from node.mission.offers.offer import Offer
from node.mission.parts import Counted
from node.mission.people.candidate import Candidate
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk
from node.services.matching.asking import asking
from node.services.matching.matching import match_candidate
from node.services.matching.one import OnePair, one_pair
from node.services.people.saving import clean_line

FOLLOWED: Final = frozenset({Happened.OFFER_CHANGED, Happened.PERSON_CHANGED, Happened.FORWARD_CHANGED})
CHANGES_A_CALL: Final = 2_000
PEOPLE_A_CALL: Final = 200
"""Ready people whose file changed, each of whom is matched with all offers."""
NEW_A_PERSON: Final = 10
"""Pairs of one person that wait to be looked at: more are not looked at."""
PEOPLE_A_WRITE: Final = 20
"""People whose news are written together: some hundredths of a second."""
_BEST: Final = 20
_LONGEST: Final = 300

_Pair: TypeAlias = tuple[Match, Offer, Novelty]


@dataclass(slots=True)
class _Changed:
    """What the events up to `number` leave to be looked at."""

    number: int
    offers: dict[str, Offer] = field(default_factory=dict)
    over: set[str] = field(default_factory=set)
    people: dict[str, Candidate] = field(default_factory=dict)
    not_ready: set[str] = field(default_factory=set)
    forwarded: set[tuple[str, str]] = field(default_factory=set)


def look_for_news(desk: Desk) -> int:
    """Follow what changed since the last call; how many pairs newly fit. To be called again until nothing changed."""
    with desk.federation.database.read() as uow:
        number = uow.match_news.followed()
        events = () if number is None else uow.events.since(number, FOLLOWED, CHANGES_A_CALL)
        changed = _changed(uow, desk, events) if events else None
    if number is None:
        with desk.federation.database.write() as uow:
            uow.match_news.follow(uow.events.last())
    if changed is None:
        return 0
    if changed.over or changed.not_ready or changed.forwarded:
        with desk.federation.database.write() as uow:
            for key in changed.over:
                uow.match_news.drop_new(offer=key)
            for person in changed.not_ready:
                uow.match_news.drop_new(candidate=person)
            for person, key in changed.forwarded:
                uow.match_news.drop_new(candidate=person, offer=key)
    found = _found(desk, changed)
    added, people = 0, iter(found)
    while part := list(islice(people, PEOPLE_A_WRITE)):
        with desk.federation.database.write() as uow:
            there = uow.candidates.lines(part)
            added += sum(_add(uow, desk, person, found[person]) for person in part if person in there)
    with desk.federation.database.write() as uow:
        uow.match_news.follow(changed.number)
    return added


def _found(desk: Desk, changed: _Changed) -> dict[str, list[_Pair]]:
    """What may be news, by person, in the order in which it counts; whoever has enough to look at is passed by."""
    with desk.federation.database.read() as uow:
        full = {one for one, number in uow.match_news.count_waiting(desk.today()).items() if number >= NEW_A_PERSON}
    found: dict[str, list[_Pair]] = {}
    for pair in chain(_of_offers(desk, changed, full), _of_people(desk, changed, full)):
        if is_news(pair[0]):
            found.setdefault(pair[0].candidate_id, []).append(pair)
    return found


def _changed(uow: MissionUnitOfWork, desk: Desk, events: Sequence[Event]) -> _Changed:
    today, found = desk.today(), _Changed(0)
    offers = uow.offers.many(one.subject for one in events if one.kind is Happened.OFFER_CHANGED)
    people = uow.candidates.many([one.subject for one in events if one.kind is Happened.PERSON_CHANGED])
    for event in events:
        match event.kind:
            case Happened.OFFER_CHANGED:
                offer = offers.get(event.subject)
                if offer is not None and offer.is_open(today):
                    found.offers[offer.key] = offer
                else:
                    found.over.add(event.subject)
            case Happened.PERSON_CHANGED:
                person = people.get(event.subject)
                if person is None or not person.is_ready(today):
                    found.not_ready.add(event.subject)
                elif person.id in found.people or len(found.people) < PEOPLE_A_CALL:
                    found.people[person.id] = person
                else:
                    break
            case _:
                forward = uow.forwards.get(event.subject)
                if forward is not None and forward.candidate:
                    found.forwarded.add((forward.candidate, forward.offer))
        found.number = event.number
    return found


def _ready(desk: Desk, offers: Iterable[Offer]) -> list[Candidate]:
    """Whoever is ready and seeks what one of these offers, or what is close to it."""
    with asking(desk) as ask:
        people = {one.id: one for rome in {offer.rome for offer in offers} for one in ask.seeking(rome)}
    return [one for one in people.values() if one.is_ready(desk.today())]


def _of_offers(desk: Desk, changed: _Changed, full: Collection[str]) -> Iterator[_Pair]:
    """The changed offers for everybody who is ready, the best of each person's first."""
    if not changed.offers:
        return
    index, source = index_of(list(changed.offers.values()), desk.referential(), desk.node_id)
    for person in _ready(desk, changed.offers.values()):
        if person.id not in full:
            for match in index.first(person, desk.today(), _BEST, source):
                yield match, changed.offers[match.offer_key], Novelty.NEW_OFFER


def _of_people(desk: Desk, changed: _Changed, full: Collection[str]) -> Iterator[_Pair]:
    """All offers for each whose file changed."""
    for person in changed.people.values():
        if person.id not in full:
            signed = person.readiness is not None and person.readiness.on == desk.today()
            because = Novelty.CV_READY if signed else Novelty.FILE_CHANGED
            for found in match_candidate(desk, person.id, limit=_BEST).matches:
                yield found.match, found.offer, because


def _add(uow: MissionUnitOfWork, desk: Desk, person: str, found: Sequence[_Pair]) -> int:
    """Keep those that are news; how many. The person is there."""
    known = uow.match_news.of_candidate(person)
    waiting = sum(one.at is None and one.closes >= desk.today() for one in known)
    told = {one.offer for one in known}
    told |= {one.offer for one in uow.forwards.of_candidate(person)}
    told |= {one.offer for one in uow.offer_choices.of_candidate(person)}
    added = 0
    for _match, offer, because in found:
        if waiting + added >= NEW_A_PERSON:
            break
        if offer.key in told:
            continue
        told.add(offer.key)
        added += 1
        uow.match_news.add(
            MatchSeen(
                id=desk.new_id(),
                candidate=person,
                offer=offer.key,
                because=because,
                found=desk.now(),
                closes=offer.closes,
            )
        )
    return added


def news(desk: Desk, owner: str | None, limit: int) -> Counted[tuple[MatchSeen, OnePair]]:
    """What waits to be looked at, newest first, as the pair stands today. `owner`: of that counsellor's people and
    nobody's; None: of everybody's."""
    with desk.federation.database.read() as uow:
        found = uow.match_news.waiting(owner, desk.today(), limit)
        people = uow.candidates.many([one.candidate for one in found.rows])
        offers = uow.offers.many({one.offer for one in found.rows})
    shown = (
        (one, one_pair(desk, people[one.candidate], offers[one.offer]))
        for one in found.rows
        if one.candidate in people and one.offer in offers
    )
    return Counted(found.count, tuple(shown))


def set_aside_for(desk: Desk, candidate: str) -> dict[str, MatchSeen]:
    """The offers that were set aside for this person, by offer."""
    with desk.federation.database.read() as uow:
        return {one.offer: one for one in uow.match_news.of_candidate(candidate) if one.reason}


def mark_seen(desk: Desk, news_id: str, actor: str) -> MatchSeen:
    """Somebody looked at it, and leaves it at that. NotFound."""
    return _look(desk, news_id, actor, "", "")


def set_aside(desk: Desk, news_id: str, reason: SetAside, text: str, actor: str) -> MatchSeen:
    """This offer is not for this person, for that reason, which holds. Raises NotFound, BadInput (another reason needs
    a text)."""
    return _look(desk, news_id, actor, reason.value, clean_reason(reason, text))


def clean_reason(reason: SetAside, text: str) -> str:
    """The words beside the reason. Raises BadInput (another reason needs some)."""
    said = clean_line("text", text, _LONGEST)
    if reason is SetAside.OTHER and not said:
        raise BadInput(_("Say in a few words why: the next colleague reads it."))
    return said


def _look(desk: Desk, news_id: str, actor: str, reason: str, text: str) -> MatchSeen:
    with desk.federation.database.write() as uow:
        known = uow.match_news.get(news_id)
        if known is None:
            raise NotFound(_("This is no news any more: the offer, the person or an application changed."))
        after = known.looked_at(desk.now(), actor, reason, text)
        uow.match_news.save(after)
        return after
