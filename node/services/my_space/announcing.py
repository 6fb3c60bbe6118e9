"""An employer's answer in words for the person: short for their telephone, longer for a mail, a letter or a call.

Guarantees: nothing is sent; the short text fits one SMS, never says the reason, and on a telephone that several people
share names neither employer nor answer. Read next: `services/forwards/following.py` (`note_told`, once it is told).
"""

from dataclasses import dataclass
from typing import Final

from node.documents.dates import french_date
from node.kit.i18n import gettext as _
from node.mission.forwards.forward import Forward, ForwardState, Side
from node.mission.forwards.moves import answered_at
from node.mission.people.candidate import Candidate
from node.services.desk import Desk, Refused
from node.services.forwards.sending import find_forward
from node.services.my_space.my_space import Application, application_of
from node.services.my_space.telephones import shared_in
from node.services.people.finding import find_candidate

SMS_LENGTH: Final = 160
"""Characters of one SMS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What to tell, and to whom. `short` for an SMS, `subject` and `text` for a mail or a letter."""

    forward: Forward
    person: Candidate
    title: str
    is_shared: bool
    short: str
    subject: str
    text: str


def announcement(desk: Desk, forward_id: str, mission: str, telephone: str) -> Announcement:
    """The answer at which the forward stands, signed by the mission, with its telephone where it has one. Raises
    NotFound, Refused `not_ours`, `nothing_to_tell`."""
    with desk.federation.database.read() as uow:
        forward = find_forward(uow, forward_id)
        if forward.side is not Side.HOME:
            raise Refused("not_ours", _("This application came from another mission, which follows it itself."))
        if answered_at(forward) is None:
            raise Refused("nothing_to_tell", _("No answer has come that could be told."))
        person = find_candidate(uow, forward.candidate)
        told, is_shared = application_of(uow, desk, forward), shared_in(uow, person)
    name = person.first_name or person.last_name
    return Announcement(
        forward=forward,
        person=person,
        title=told.title,
        is_shared=is_shared,
        short=_short(name, "" if is_shared else _answer(forward), told, mission, telephone),
        subject=_("An answer for you"),
        text=_text(name, forward, told, mission, telephone),
    )


def _answer(forward: Forward) -> str:
    return {
        ForwardState.INTERVIEW: _("the employer wishes to meet you"),
        ForwardState.CONDITIONAL: _("the employer says yes, if one thing is done"),
        ForwardState.HIRED: _("the employer says yes"),
        ForwardState.DECLINED: _("the employer says no"),
    }.get(forward.state, _("the employer has answered"))


def _short(name: str, answer: str, told: Application, mission: str, telephone: str) -> str:
    """What fits, the fullest first."""
    call = _("Call us: {phone}.").format(phone=telephone) if telephone else _("Call us.")
    news = [_("we have news for you.")]
    if answer:
        about = ", ".join(filter(None, (told.title, told.employer)))
        sentence = _("{job}: {answer}.")
        news = [sentence.format(job=one, answer=answer) for one in (about, told.title)] + news
    opening = _("Good day {name},").format(name=name)
    for one in news:
        for signed in (mission, ""):
            text = " ".join(filter(None, (opening, one, call, signed)))
            if len(text) <= SMS_LENGTH:
                return text
    return f"{news[-1].capitalize()} {call}"[:SMS_LENGTH]


def _text(name: str, forward: Forward, told: Application, mission: str, telephone: str) -> str:
    about = ", ".join(filter(None, (told.title, told.employer, told.place)))
    answer = _answer(forward)
    lines = [
        _("Good day {name},").format(name=name),
        _("The mission sent your CV for this job: {job}.").format(job=about),
        f"{answer[:1].upper()}{answer[1:]}.",
    ]
    if told.asked and told.until is not None:
        asked = _("What is asked of you: {thing}, by {day}. The mission helps you.")
        lines.append(asked.format(thing=told.asked, day=french_date(told.until)))
    if told.reason:
        lines.append(_("The reason: {reason}.").format(reason=told.reason))
    if told.text:
        lines.append(_("The employer writes: “{text}”").format(text=told.text))
    ending = _("Do you wish to speak about it? Call us: {phone}.") if telephone else _("Do you wish to speak about it?")
    lines += [ending.format(phone=telephone), mission]
    return "\n\n".join(lines)
