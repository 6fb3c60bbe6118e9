"""Forwards: find, draft, send. Whether a move is legal is asked of `node/mission/forwards/moves.py` alone.

Decision, journal entry, message and disclosure are one unit of work. A forward to an offer of this very node (a local
employer's) takes the same path, sealed to the node itself, with the same proofs in its journal; it is kept once, on
the home side, where both sides' moves are then made. Read next: answers.py (what becomes of a forward once sent).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from federation.erasure.ports import Disclosure
from federation.outbox import send_sealed
from node.kit.errors import BadInput, NotFound
from node.kit.i18n import gettext as _
from node.mission.agreements.consent import Consent, ConsentScope
from node.mission.forwards import moves
from node.mission.forwards.drafting import check_draft
from node.mission.forwards.forward import Forward, ForwardState, Move, Side
from node.mission.forwards.moves import ReplyRecord, reply_record
from node.mission.forwards.terms import Check
from node.mission.offers.offer import Offer, OfferState
from node.mission.offers.published import offer_message
from node.mission.parts import Counted
from node.mission.people.candidate import Candidate, CandidateState, Met
from node.mission.ports import MissionUnitOfWork
from node.services.actors import SYSTEM, names_in
from node.services.desk import Desk, Refused
from node.services.forwards.dossiers import dossier_of
from node.services.offers.finding import find_offer
from node.services.people.finding import find_candidate
from node.services.people.saving import agreed, agreement_events, clean_line, save
from protocol import wire_json
from protocol.dossier import seal_dossier
from protocol.errors import MalformedMessage
from protocol.guarantee import Checked, ConsentReference, Guarantee, sign_guarantee
from protocol.keys import find_sealing_key
from protocol.members import Member
from protocol.messages import ForwardSent

GUARANTEE_LASTS = timedelta(days=60)
"""As long as an offer may take to answer at most; twice as long as it does where it says nothing else."""

FURTHER_CHECKS = frozenset(Check) - {Check.MET_IN_PERSON, Check.MET_BY_PHONE, Check.CV_REWORKED}
"""What a demand may add to the checks that the signature on the CV says."""


@dataclass(frozen=True, slots=True)
class Demand:
    """A counsellor's wish to put one person forward, for the `site` that their match names unless one is said. `why` is
    the counsellor's own sentence, `checked` the further checks (codes of the guarantee) beside those that the signature
    on the CV implies; `agreed` tells how the person said yes to this very offer, where nothing that they agreed to
    covers it yet."""

    candidate: str
    offer: str
    site: str = ""
    why: str = ""
    checked: tuple[str, ...] = ()
    agreed: str = ""


def find_forward(uow: MissionUnitOfWork, forward_id: str) -> Forward:
    """NotFound when there is none."""
    forward = uow.forwards.get(forward_id)
    if forward is None:
        raise NotFound(_("No forward has that number here."))
    return forward


def all_forwards(desk: Desk) -> Sequence[Forward]:
    """Sent and received, newest first."""
    with desk.federation.database.read() as uow:
        return uow.forwards.all()


def newest_forwards(desk: Desk, limit: int | None) -> Counted[Forward]:
    """The newest of `all_forwards` (`limit` None: all of them), and how many there are in all."""
    with desk.federation.database.read() as uow:
        return uow.forwards.part(limit)


def one_forward(desk: Desk, forward_id: str) -> Forward:
    """A forward by its number; NotFound."""
    with desk.federation.database.read() as uow:
        return find_forward(uow, forward_id)


def employer_record(desk: Desk, offer: Offer) -> ReplyRecord:
    """How the offer's employer has answered this mission so far."""
    with desk.federation.database.read() as uow:
        return reply_record(_to_same_employer(uow, offer))


def agreement_for(desk: Desk, person: Candidate, offer: Offer) -> Consent | None:
    """What covers that offer today, None when nothing does: of an offer of this town, a yes to it or to its employer;
    of another town's, also the agreement to other towns."""
    return person.consent_for(desk.today(), offer.key, offer.employer, own=offer.node == desk.node_id)


def create(desk: Desk, demand: Demand, actor: str = SYSTEM) -> Forward:
    """A draft, and the agreement to this offer where the demand brings it. Raises NotFound, BadInput (an unknown
    check), or Refused `forward_refused` naming every obstacle; nothing is written then."""
    with desk.federation.database.write() as uow:
        return create_in(uow, desk, demand, actor)


def create_in(uow: MissionUnitOfWork, desk: Desk, demand: Demand, actor: str) -> Forward:
    """As `create`, in the caller's unit of work."""
    now = desk.now()
    if unknown := set(demand.checked) - FURTHER_CHECKS:
        raise BadInput(
            _("“{code}” is no check: choose among {codes}.").format(
                code=min(unknown)[:40], codes=", ".join(sorted(FURTHER_CHECKS))
            )
        )
    candidate = find_candidate(uow, demand.candidate)
    offer = find_offer(uow, desk, demand.offer)
    is_looking = candidate.state is CandidateState.ACTIVE
    if is_looking and demand.agreed.strip() and agreement_for(desk, candidate, offer) is None:
        candidate = _say_yes(uow, desk, candidate, offer, clean_line("agreed", demand.agreed), actor)
    site = demand.site or best_site(desk, candidate, offer)
    _refuse_obstacles(uow, desk, candidate, offer, site=site, why=demand.why, now=now)
    forward = Forward(
        id=desk.new_id(),
        side=Side.HOME,
        peer=offer.node,
        offer=offer.key,
        revision=max(offer.revision, 1),
        site=site,
        candidate=candidate.id,
        why=demand.why.strip(),
        checked=tuple(sorted(set(demand.checked))),
        state=ForwardState.DRAFT,
        created=now,
    )
    uow.forwards.add(forward)
    return forward


def _say_yes(uow: MissionUnitOfWork, desk: Desk, before: Candidate, offer: Offer, how: str, actor: str) -> Candidate:
    """To the offer; where there is none, to the employer by its name."""
    if offer.state is OfferState.SPONTANEOUS:
        after, consent = agreed(desk, before, ConsentScope.EMPLOYER, how, desk.today(), employer=offer.employer)
    else:
        after, consent = agreed(desk, before, ConsentScope.OFFER, how, desk.today(), offer=offer.key)
    now = desk.now()
    return save(uow, before, after, now, actor, *agreement_events(before.id, [consent], now, actor))


def best_site(desk: Desk, candidate: Candidate, offer: Offer) -> str:
    """The site that their match names, the first where they do not match."""
    # Here, as it brings NumPy along: most commands draft nothing.
    from node.mission.matching.match import match_pair

    match = match_pair(candidate, offer, desk.referential(), desk.today(), desk.node_id)
    return offer.sites[0].id if match is None else match.site_id


def _refuse_obstacles(
    uow: MissionUnitOfWork,
    desk: Desk,
    candidate: Candidate,
    offer: Offer,
    *,
    site: str,
    why: str,
    now: datetime,
    draft: str = "",
) -> None:
    others = [f for f in uow.forwards.of_candidate(candidate.id) if f.id != draft]
    keys = {f.offer for f in others}
    known = {key: found for key in keys if (found := uow.offers.get(*key.split("/", 1))) is not None}
    pause = uow.employer_pauses.get(offer.node, offer.employer)
    obstacles = check_draft(
        candidate,
        offer,
        own=offer.node == desk.node_id,
        site=site,
        why=why,
        open_forwards_of_offer=uow.forwards.count_open(*offer.keys),
        forwards_of_candidate=others,
        romes={key: found.rome for key, found in known.items()},
        pause=pause,
        paused_by=names_in(uow)[pause.by] if pause is not None else "",
        now=now,
    )
    if obstacles:
        raise Refused("forward_refused", " ".join(obstacle.sentence for obstacle in obstacles))


def _to_same_employer(uow: MissionUnitOfWork, offer: Offer) -> Sequence[Forward]:
    """What this node sent to the offer's employer: employers of one node are told apart by name."""
    return uow.forwards.to_employer(offer.node, offer.employer)


def send(desk: Desk, forward_id: str, actor: str = SYSTEM) -> Forward:
    """Seal the dossier, sign the guarantee, and send: state, ledger, journal entry and message together. Sending what
    is already sent does nothing."""
    with desk.federation.database.write() as uow:
        return send_in(uow, desk, forward_id, desk.now(), actor)


def send_in(uow: MissionUnitOfWork, desk: Desk, forward_id: str, now: datetime, actor: str) -> Forward:
    """As `send`, in the caller's unit of work."""
    forward = find_forward(uow, forward_id)
    if forward.side is not Side.HOME:
        raise Refused("not_ours", _("Only the home mission sends a forward."))
    if forward.state is not ForwardState.DRAFT:
        return forward
    candidate = find_candidate(uow, forward.candidate)
    offer = find_offer(uow, desk, forward.offer)
    _refuse_obstacles(uow, desk, candidate, offer, site=forward.site, why=forward.why, now=now, draft=forward.id)
    consent = agreement_for(desk, candidate, offer)
    if consent is None or not (offer.entry or offer.node == desk.node_id):
        raise Refused("offer_unpublished", _("This offer is not published: it cannot take a forward."))
    recipient = active_member(uow, desk, forward.peer)
    if not offer.entry:
        offer = _committed(uow, desk, offer, recipient, now)
    message = _sent_message(desk, forward, candidate, offer, consent, recipient, now)
    record = send_sealed(uow, desk.federation, recipient, message, now)
    uow.disclosures.add(
        Disclosure(
            forward=forward.id,
            candidate=candidate.id,
            holder=recipient.id,
            disclosed_at=now,
            sent_index=record.index,
        )
    )
    sent = replace(
        moved(forward, Move(event=ForwardState.SENT, at=now, by=Side.HOME, actor=actor)),
        consent=consent.id,
        revision=offer.revision,
    )
    uow.forwards.save(sent)
    return sent


def _committed(uow: MissionUnitOfWork, desk: Desk, offer: Offer, town: Member, now: datetime) -> Offer:
    """An offer, need or name that the town tells nobody, as it stands, with an entry of the journal that commits to it:
    what the guarantee names. Sealed to the town itself, it says nothing to anybody else."""
    stated = replace(offer, revision=max(offer.revision, 1))
    try:
        record = send_sealed(uow, desk.federation, town, offer_message(stated, now), now)
    except MalformedMessage as error:
        raise Refused(
            "offer_invalid", _("This offer cannot take a forward yet: say its occupation and its place.")
        ) from error
    return replace(stated, entry=record.entry.hex())


def active_member(uow: MissionUnitOfWork, desk: Desk, node_id: str) -> Member:
    """The directory's record of an active member; Refused."""
    for member in desk.members(uow).members:
        if member.id == node_id and member.status == "active":
            return member
    raise Refused("member_unknown", _("That node is not an active member of the network: nothing can be sent to it."))


def _sent_message(
    desk: Desk,
    forward: Forward,
    candidate: Candidate,
    offer: Offer,
    consent: Consent,
    recipient: Member,
    now: datetime,
) -> ForwardSent:
    sealing = find_sealing_key(recipient.keys, now)
    dossier = dossier_of(candidate, desk.referential())
    try:
        sealed = seal_dossier(dossier, forward.id, desk.node_id, recipient.id, sealing)
    except MalformedMessage as error:
        raise Refused(
            "dossier_invalid", _("The CV cannot be sent: a field is too long or not of the expected form.")
        ) from error
    guarantee = Guarantee(
        forward=forward.id,
        offer=offer.id,
        revision=offer.revision,
        offer_entry=offer.entry,
        home=desk.node_id,
        recipient=recipient.id,
        dossier_sha256=hashlib.sha256(sealed).hexdigest(),
        checked=checks_said(candidate, forward.checked, now.date()),
        consent=ConsentReference(
            reference=consent.id,
            scope="network" if consent.scope is ConsentScope.NETWORK else "offer",
            until=consent.until.isoformat(),
        ),
        issued=wire_json.timestamp(now),
        expires=wire_json.timestamp(now + GUARANTEE_LASTS),
    )
    return ForwardSent(
        forward=forward.id,
        offer=offer.id,
        revision=offer.revision,
        offer_entry=offer.entry,
        site=forward.site,
        sent=wire_json.timestamp(now),
        reason=forward.why,
        dossier=wire_json.base64(sealed),
        guarantee=sign_guarantee(guarantee, desk.federation.keys),
    )


def checks_said(candidate: Candidate, further: Sequence[str], today: date) -> list[Checked]:
    """What the guarantee of a ready candidate says was checked: what the signature on the CV implies, and more."""
    readiness = candidate.readiness
    assert readiness is not None, "check_draft let a candidate pass who is not ready"
    met = "met_in_person" if readiness.met is Met.IN_PERSON else "met_by_phone"
    return [
        Checked(what=met, on=readiness.met_on.isoformat()),  # type: ignore[arg-type]
        Checked(what="cv_reworked", on=readiness.on.isoformat()),
        *(Checked(what=what, on=today.isoformat()) for what in further),  # type: ignore[arg-type]
    ]


def moved(forward: Forward, move: Move) -> Forward:
    """The forward after that move, which is completed with what it is about; nothing is written. Raises Refused
    `illegal_move` saying what is possible."""
    try:
        return moves.make(forward, move)
    except moves.IllegalMove as error:
        raise Refused("illegal_move", str(error)) from error
