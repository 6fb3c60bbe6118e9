"""/candidats/{id}/offres: offers that fit the person and why, being put forward, and what employers answered.

Guarantees: a match is told in sentences, its points in full behind them; one offer is explained without comparing any
other; putting forward asks the rules of
`mission/forwards/drafting.py`, and says every obstacle at once; what the counsellor wrote is shown again. Read next:
people/file_frame.py, `services/forwards/sending.py`; listing.py, the mission's list of all of them.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.accounts.trail import OpenedFor
from node.mission.forwards import moves as forwarding
from node.mission.forwards.after_hire import is_live
from node.mission.forwards.drafting import say_pause
from node.mission.forwards.forward import ForwardState, Side
from node.mission.forwards.hire import show_hours
from node.mission.forwards.room import is_spent
from node.mission.forwards.terms import Check, Reason
from node.mission.forwards.wording import criterion_named
from node.mission.matching.exclusion import say_exclusion
from node.mission.offers.offer import Offer
from node.mission.people.candidate import CandidateState
from node.mission.terms import Contract
from node.requests import NodeOf
from node.services.desk import Desk, Refused
from node.services.employers.answering import words_for
from node.services.employers.sending import sendings_of
from node.services.forwards import sending
from node.services.forwards.after_hire import sequels_of
from node.services.forwards.conditions import condition_of, thing_asked
from node.services.forwards.hires import hires_of
from node.services.forwards.pauses import pause_of
from node.services.matching.choosing import choices_of_person
from node.services.matching.matching import Found, match_candidate
from node.services.matching.news import set_aside_for
from node.services.matching.one import one_pair
from node.services.matching.people import is_within
from node.services.my_space.my_space import member_names
from node.services.offers.finding import offer_title, one_offer
from node.services.people import files
from node.web.forwards.acting import send_draft
from node.web.forwards.steps import PutsForward, home_moves, withdrawal_reasons
from node.web.forwards.told import ToldMatch, told_match
from node.web.frame.auth import require
from node.web.frame.forms import Form, Sent, labelled
from node.web.people.fields import code_label
from node.web.people.file_frame import OFFERS, address, leave_trace, open_part, show_part

router = APIRouter()

ReadsOffers = Annotated[Account, Depends(require(Permission.READ_FILES, Permission.READ_OFFERS))]

COMPARED = 60
"""The best offers for a person, from which those within reach and those beyond are shown."""
SHOWN = 20
SHOWN_BEYOND = 10


@router.get("/candidats/{name}/offres")
def offers(request: Request, node: NodeOf, who: ReadsOffers, name: str) -> Response:
    """Offers that fit, within reach first, then those that take one step more; and the person's forwards."""
    desk = node.desk
    file = open_part(desk, who, name, OpenedFor.READ)
    answer = match_candidate(desk, file.person.id, limit=COMPARED)
    found = answer.matches or answer.to_prepare
    tables, now = desk.referential(), desk.now()
    noted = hires_of(desk, file.person.id)
    hires = {one.forward: one for one in noted if one.forward}
    return show_part(
        request,
        desk,
        who,
        file,
        OFFERS,
        "forwards/offers.html",
        within=_offer_lines(desk, islice((one for one in found if is_within(one)), SHOWN)),
        beyond=_offer_lines(desk, islice((one for one in found if not is_within(one)), SHOWN_BEYOND)),
        aside=set_aside_for(desk, file.person.id),
        choices=choices_of_person(desk, file.person.id),
        standing={one.offer for one in file.forwards if not is_spent(one)},
        is_ready=file.person.is_ready(desk.today()),
        in_search=file.person.state is CandidateState.ACTIVE,
        forwards=[
            (one, offer_title(desk, one.offer), home_moves(one, now, hires.get(one.id)), withdrawal_reasons(one))
            for one in file.forwards
        ],
        hires=noted,
        contracts={one.value: one.label for one in Contract},
        show_hours=show_hours,
        condition_of=condition_of,
        thing_asked=lambda condition: thing_asked(condition, tables),
        lacking_of=lambda step: ", ".join(code_label(tables, "skills", code) for code in step.lacking),
        may_take_back=lambda one: one.peer == desk.node_id and forwarding.may_correct(one, Side.RECEIVER, now),
        sequels=[
            (one, [offer_title(desk, other.offer) for other in one.others]) for one in sequels_of(desk, file.person.id)
        ],
        reason_labels={one.value: one.label for one in Reason},
        sendings=sendings_of(desk, local := [one.id for one in file.forwards if one.peer == desk.node_id]),
        words=words_for(desk, local),
        is_live=is_live,
    )


def _offer_lines(desk: Desk, found: Iterable[Found]) -> list[tuple[Offer, str, ToldMatch]]:
    """Offer, where it is for this person, and the match told."""
    tables = desk.referential()
    return [
        (
            one.offer,
            tables.communes.name(one.match.explanation.trip.commune),
            told_match(one.match, one.candidate, one.offer, tables),
        )
        for one in found
    ]


@router.get("/candidats/{name}/mise-en-relation")
def draft(request: Request, node: NodeOf, who: PutsForward, name: str, offre: str) -> Response:
    """Why this person, and what was checked."""
    return _draft(request, node, who, name, one_offer(node.desk, offre), Form())


def _draft(
    request: Request, node: NodeOf, who: Account, name: str, offer: Offer, form: Form, status: int = 200
) -> Response:
    file = open_part(node.desk, who, name, OpenedFor.READ)
    tables = node.desk.referential()
    paused = pause_of(node.desk, offer)
    pair = one_pair(node.desk, file.person, offer)
    if pair.match is not None and not form.raw("site"):
        form.values["site"] = [pair.match.site_id]
    return show_part(
        request,
        node.desk,
        who,
        file,
        "mise-en-relation",
        "forwards/forward.html",
        status=status,
        form=form,
        offer=offer,
        told=None if pair.match is None else told_match(pair.match, file.person, offer, tables),
        why_not="" if pair.why_not is None else say_exclusion(pair.why_not, file.person, offer, tables.communes),
        must_agree=sending.agreement_for(node.desk, file.person, offer) is None,
        contract=Contract.called(offer.contract),
        is_own=offer.node == node.desk.node_id,
        paused=None if paused is None else (say_pause(*paused), paused[0]),
        replies=_replies(sending.employer_record(node.desk, offer)),
        options={
            "checked": labelled(one for one in Check if one.value in sending.FURTHER_CHECKS),
            "site": [(one.id, one.label or code_label(tables, "commune", one.commune)) for one in offer.sites],
        },
    )


def _replies(record: forwarding.ReplyRecord) -> str:
    """What a counsellor knows of the employer before putting somebody forward: its reply rate."""
    said = []
    if record.rate is not None:
        ended = record.answered + record.expired
        sentence = _("Applications of the mission that this employer answered: {answered} of {ended}.")
        said.append(sentence.format(answered=record.answered, ended=ended))
    if record.waiting:
        waiting = ngettext("{number} still waits for an answer.", "{number} still wait for an answer.", record.waiting)
        said.append(waiting.format(number=record.waiting))
    return " ".join(said) or _("The mission has sent nobody to this employer yet.")


@router.post("/candidats/{name}/mise-en-relation")
def put_forward(request: Request, node: NodeOf, who: PutsForward, form: Sent, name: str, offre: str) -> Response:
    """Draft and send; every obstacle is named."""
    desk = node.desk
    offer = one_offer(desk, offre)
    person = files.person_file(desk, name).person
    why = form.text("why", required=True, longest=1000)
    site = form.choice("site", [one.id for one in offer.sites])
    checked = form.choices("checked", sorted(sending.FURTHER_CHECKS))
    agreed = form.line("agreed")
    if form.ok:
        demand = sending.Demand(
            candidate=person.id, offer=offer.key, site=site, why=why, checked=tuple(checked), agreed=agreed
        )
        try:
            drafted = sending.create(desk, demand, who.id)
        except Refused as error:
            form.error("", str(error))
        else:
            leave_trace(desk, who, person.id, OpenedFor.FORWARD)
            return send_draft(request, desk, drafted, who, address(person.id, "offres"))
    return _draft(request, node, who, name, offer, form, status=422)


@router.get("/mises-en-relation/{forward_id}/signaler")
def report(request: Request, node: NodeOf, who: PutsForward, forward_id: str) -> Response:
    """The proof of a refusal, to be printed, and where to turn with it."""
    desk = node.desk
    known = sending.one_forward(desk, forward_id)
    refusal = next((one for one in reversed(known.moves) if one.event is ForwardState.DECLINED), None)
    if refusal is None:
        raise HTTPException(404)
    file = open_part(desk, who, known.candidate, OpenedFor.READ)
    named = criterion_named(refusal.to_candidate) or criterion_named(refusal.to_guarantor)
    with desk.federation.database.read() as uow:
        sender = member_names(uow, desk).get(known.peer, known.peer)
    return show_part(
        request,
        desk,
        who,
        file,
        "signaler",
        "forwards/report.html",
        title=offer_title(desk, known.offer),
        move=refusal,
        reason=Reason.of(refusal.reason).label,
        criterion=named.label if named is not None else "",
        sender=sender,
        number=f"{refusal.epoch}/{refusal.index}" if refusal.index >= 0 else "-",
    )
