"""What an employer sees and answers: by the private link of a sending, or signed in to an account of their house.

Guarantees: looking changes nothing (scanners of mails open every link): that somebody opened the CVs is what they said
by a button; an answer is given once, whoever of the employer's house gives it, is the employer's own word
(`actors.BY_LINK`, or the account's), and can be taken back for 24 hours; of a person who was withdrawn nothing is shown
from that moment on; an account opens what was sent to its own employer alone. A link that ended says so.
Read next: sending.py, `node/services/forwards/answers.py`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from node.kit.errors import NotFound
from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account, digest
from node.mission.employers.sending import (
    EmployerWord,
    Sending,
    SendingPart,
    Validity,
    WordWay,
    validity,
)
from node.mission.forwards import moves
from node.mission.forwards.forward import NO_WORDS, Forward, ForwardState, Move, Side, Words
from node.mission.forwards.standing import carried_out
from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate
from node.mission.ports import MissionUnitOfWork
from node.referential.text import fold
from node.services.actors import BY_LINK
from node.services.desk import Desk, Gone, Refused
from node.services.employers.sending import people_of
from node.services.forwards.answers import answer_in, correct_in, guard_texts, make_move
from node.services.offers.finding import find_offer
from node.services.people.saving import clean_prose

BY_LINK_ANSWERS: Final = (
    ForwardState.INTERVIEW,
    ForwardState.HIRED,
    ForwardState.CONDITIONAL,
    ForwardState.DECLINED,
)
"""What may be answered by a link, in the order of the page."""
MOST_EMPLOYERS: Final = 10_000
"""Names among which an account's employer is looked for, however they are spelled."""
_UNREAD: Final = frozenset({ForwardState.SENT, ForwardState.RECEIVED})


@dataclass(frozen=True, slots=True)
class PersonShown:
    """One person as the employer sees them; `person` None once they are withdrawn or erased."""

    number: int
    part: SendingPart
    forward: Forward
    person: Candidate | None
    answers: tuple[ForwardState, ...]
    may_correct: bool

    @property
    def answer(self) -> Move | None:
        """The last word of the employer that was not taken back; None before the first."""
        words = (ForwardState.INTERVIEW, *moves.ANSWERS)
        said = (one.move for one in reversed(carried_out(self.forward.moves)))
        return next((one for one in said if one.event in words), None)

    @property
    def answers_by(self) -> datetime | None:
        """The condition that the employer named is met: until when the answer is waited for. None otherwise."""
        return moves.expires_at(self.forward) if self.forward.state is ForwardState.FULFILLED else None

    @property
    def shows_cv(self) -> bool:
        """Whether the CV opens: once somebody said that they read it, and while the answer is open."""
        opened = any(move.event is ForwardState.SEEN for move in self.forward.moves) or self.answer is not None
        return self.person is not None and opened and self.forward.state is not ForwardState.DECLINED


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """What a private link shows."""

    sending: Sending
    offer: Offer
    people: tuple[PersonShown, ...]

    @property
    def has_unread(self) -> bool:
        """Whether there is a CV that nobody opened yet."""
        return any(one.person is not None and not one.shows_cv and one.answer is None for one in self.people)

    def person(self, number: int) -> PersonShown:
        """By their place; NotFound for one who is not shown."""
        found = next((one for one in self.people if one.number == number and one.person is not None), None)
        if found is None:
            raise NotFound(_("This person is no longer put forward."))
        return found


def received(desk: Desk, who: Account) -> list[OpenedLink]:
    """What an employer's account was sent and still stands, the newest first."""
    now = desk.now()
    with desk.federation.database.read() as uow:
        named = [one for one in uow.following.employers(MOST_EMPLOYERS) if fold(one) == fold(who.employer)]
        found = uow.sendings.of_employers(named) if who.employer else ()
        return [_shown(uow, desk, one) for one in found if one.stands(now)]


def open_link(desk: Desk, token: str, who: Account | None = None) -> OpenedLink:
    """What the link shows; nothing is changed. With the account of an employer, `token` may be the id of a sending to
    their house as well. NotFound (it never was one), Gone `sending_ended`."""
    with desk.federation.database.read() as uow:
        return _opened(uow, desk, token, who)


def _found(uow: MissionUnitOfWork, desk: Desk, token: str, who: Account | None) -> Sending | None:
    sending = uow.sendings.get(token) if who is not None and who.employer else None
    if sending is not None and who is not None:
        told = find_offer(uow, desk, sending.offer).employer
        return sending if fold(told) == fold(who.employer) else None
    return uow.sendings.by_link(digest(token))


def _opened(uow: MissionUnitOfWork, desk: Desk, token: str, who: Account | None) -> OpenedLink:
    now = desk.now()
    sending = _found(uow, desk, token, who)
    if sending is None:
        raise NotFound(_("This link opens nothing: look whether it was copied whole."))
    if not sending.stands(now):
        raise Gone("sending_ended", _("This link has ended."))
    return _shown(uow, desk, sending)


def _shown(uow: MissionUnitOfWork, desk: Desk, sending: Sending) -> OpenedLink:
    now = desk.now()
    shown = (
        PersonShown(
            one.number,
            one.part,
            one.forward,
            one.person if validity(sending, one.part, one.forward, now) is Validity.ONGOING else None,
            _answers(one.forward.state),
            moves.may_correct(one.forward, Side.RECEIVER, now),
        )
        for one in people_of(uow, sending)
    )
    return OpenedLink(sending, find_offer(uow, desk, sending.offer), tuple(shown))


def _answers(state: ForwardState) -> tuple[ForwardState, ...]:
    """What may be answered now: whoever had their condition met is asked for no second one."""
    met = {ForwardState.CONDITIONAL} if state is ForwardState.FULFILLED else set()
    left = moves.answers_left(state) - met
    return tuple(event for event in BY_LINK_ANSWERS if event in left)


def open_cvs(desk: Desk, token: str, who: Account | None = None) -> OpenedLink:
    """Somebody of the employer's house reads the CVs, which the mission sees. Raises as `open_link`."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        for one in _opened(uow, desk, token, who).people:
            if one.person is not None and one.forward.state in _UNREAD:
                seen = Move(event=ForwardState.SEEN, at=now, by=Side.RECEIVER, actor=_actor(who))
                make_move(uow, desk, one.forward, seen)
        return _opened(uow, desk, token, who)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAnswer:
    """One answer: of a refusal and of « oui, si… » the `words`; of the others what the employer writes to the mission
    (`said`), and the `day` of the interview or of the start, where one is proposed."""

    event: ForwardState
    words: Words = Words()  # noqa: RUF009  # frozen
    said: str = ""
    day: date | None = None


def answer(desk: Desk, token: str, number: int, given: LinkAnswer, who: Account | None = None) -> OpenedLink:
    """The employer's answer for one person. Raises as `open_link`; NotFound (nobody of that number), BadFields, Refused
    `already_answered`, `discriminating`, `unknown_skill`, `unknown_licence`, `illegal_move`."""
    said = clean_prose("said", given.said, moves.MAX_TEXT)
    guard_texts(said)
    with desk.federation.database.write() as uow:
        opened = _opened(uow, desk, token, who)
        one = opened.person(number)
        if given.event not in one.answers:
            raise Refused("already_answered", _("An answer was given already: it is below."))
        answer_in(uow, desk, one.forward, given.event, given.words, _actor(who))
        if text := _told(given, said):
            uow.sendings.add_word(_word(desk, opened.sending, one.forward, text, _actor(who)))
        return _opened(uow, desk, token, who)


def take_back(desk: Desk, token: str, number: int, seen: int, who: Account | None = None) -> OpenedLink:
    """The employer's answer for one person was a mistake: the state before stands again, and an answer is asked for
    anew. `seen` is how many moves they knew of: a second press takes nothing more back. Raises as `open_link`; NotFound
    (nobody of that number), Refused `answered_meanwhile`, `illegal_move` (nothing to take back, or older than 24
    hours)."""
    with desk.federation.database.write() as uow:
        one = _opened(uow, desk, token, who).person(number)
        if len(one.forward.moves) != seen:
            raise Refused("answered_meanwhile", _("Something changed meanwhile: look at what stands now."))
        correct_in(uow, desk, one.forward, None, NO_WORDS, _actor(who))
        return _opened(uow, desk, token, who)


def _told(given: LinkAnswer, said: str) -> str:
    day = "" if given.day is None else f"{given.event.label} : {given.day:%d/%m/%Y}"
    return "\n".join(part for part in (day, said) if part)


def _actor(who: Account | None) -> str:
    return BY_LINK if who is None else who.id


def _word(desk: Desk, sending: Sending, forward: Forward, text: str, actor: str) -> EmployerWord:
    now = desk.now()
    return EmployerWord(
        id=desk.new_id(),
        sending=sending.id,
        forward=forward.id,
        way=WordWay.LINK,
        at=now,
        text=text,
        settled=now,
        by=actor,
    )


def words_for(desk: Desk, forwards: Collection[str]) -> dict[str, tuple[EmployerWord, ...]]:
    """What employers wrote about each of these forwards, oldest first."""
    with desk.federation.database.read() as uow:
        return {
            one: tuple(
                word
                for sending in uow.sendings.of_forward(one)
                for word in uow.sendings.words_of(sending.id)
                if word.forward in ("", one) and word.text
            )
            for one in forwards
        }
