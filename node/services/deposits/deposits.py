"""Deposits: handed in, shown, and settled by a counsellor: a new file, a known one, or destroyed.

Guarantees: nothing of a deposit becomes a fact unless it is among the fields that the counsellor confirmed; agreements
keep the moment and the manner in which the person gave them; sending the same form twice makes one deposit.

Read next: `duplicates/merging.py`, who the person may be already.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import msgspec

from node.kit import phone
from node.kit.errors import BadInput, NotFound
from node.kit.i18n import gettext as _
from node.mission.accounts.trail import Access, OpenedFor
from node.mission.agreements.consent import Agreement, ConsentScope
from node.mission.deposits.deposit import (
    MAX_PROPOSAL_BYTES,
    Channel,
    Deposit,
    DepositState,
    Source,
    SourceKind,
    check_deposit,
)
from node.mission.deposits.ports import Tally
from node.mission.parts import Counted
from node.mission.people.candidate import Candidate, CvState
from node.mission.people.history import Occasion
from node.mission.people.identity import fold_name
from node.mission.people.rules import FieldProblem, check_change
from node.mission.ports import MissionUnitOfWork
from node.services.actors import DEPOSITOR, names_in
from node.services.desk import Desk, Refused
from node.services.people.documents import Upload, keep
from node.services.people.files import cleaned, open_file
from node.services.people.finding import find_candidate
from node.services.people.saving import BadFields, agreed, agreement_events, clean_line, history_line, refuse, save

PAGE: Final = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What a person hands in. `keep` and `network` say that the box was ticked, `how` how it was given ("formulaire en
    ligne"). `upload` is the CV, `others` what came with it, `gone` the numbers of files that waited for this form and
    wait no more."""

    channel: Channel
    source: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    message: str = ""
    call_back: bool = False
    keep: bool = False
    network: bool = False
    how: str = "formulaire en ligne"
    upload: Upload | None = None
    others: Sequence[Upload] = ()
    gone: Sequence[str] = ()
    proposal: Mapping[str, Any] | None = None


def open_source(desk: Desk, kind: SourceKind, label: str) -> Source:
    """A new poster, with an id short enough for a QR code that is read from afar. Raises BadFields."""
    source = Source(id="", kind=kind, label=clean_line("label", label, 80, required=True), opened=desk.today())
    with desk.federation.database.write() as uow:
        while True:
            source = replace(source, id=_short_id(desk))
            if uow.deposits.source(source.id) is None:
                break
        uow.deposits.add_source(source)
        return source


_ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"


def _short_id(desk: Desk) -> str:
    """Eight characters that nobody confuses when typing them from paper."""
    number = int.from_bytes(desk.federation.random_bytes(8))
    return "".join(_ALPHABET[number // len(_ALPHABET) ** place % len(_ALPHABET)] for place in range(8))


def rename_source(desk: Desk, source_id: str, label: str) -> Source:
    """Raises NotFound, BadFields."""
    with desk.federation.database.write() as uow:
        source = replace(_find_source(uow, source_id), label=clean_line("label", label, 80, required=True))
        uow.deposits.save_source(source)
        return source


def close_source(desk: Desk, source_id: str) -> Source:
    """A poster that is printed no more; what hangs on walls still takes CVs. NotFound."""
    with desk.federation.database.write() as uow:
        source = _find_source(uow, source_id)
        if source.closed is None:
            source = replace(source, closed=desk.today())
            uow.deposits.save_source(source)
        return source


def sources(desk: Desk) -> Sequence[Source]:
    """All posters, newest first."""
    with desk.federation.database.read() as uow:
        return uow.deposits.sources()


def source(desk: Desk, source_id: str) -> Source | None:
    """The poster of an address, None when it is unknown: its deposits are taken all the same."""
    with desk.federation.database.read() as uow:
        return uow.deposits.source(source_id)


def _find_source(uow: MissionUnitOfWork, source_id: str) -> Source:
    found = uow.deposits.source(source_id)
    if found is None:
        raise NotFound(_("No poster has that number."))
    return found


def hand_in(desk: Desk, handed: Handed) -> Deposit:
    """Take a deposit. The same form sent again while the first waits, with the same files or with those that became the
    first one's, is that first one. Raises BadFields, also when a file that waited is nobody's any more."""
    now = desk.now()
    agreement = Agreement(at=now, how=clean_line("how", handed.how))
    taken = Deposit(
        id=desk.new_id(),
        received=now,
        channel=handed.channel,
        source=handed.source,
        first_name=" ".join(handed.first_name.split()),
        last_name=" ".join(handed.last_name.split()),
        email=handed.email.strip(),
        phone=phone.read(handed.phone) or handed.phone.strip(),
        message=handed.message.strip().replace("\r\n", "\n"),
        call_back=handed.call_back,
        keep=agreement if handed.keep else None,
        network=agreement if handed.network else None,
        proposal=_proposal(handed.proposal),
    )
    refuse(check_deposit(taken))
    with desk.federation.database.write() as uow:
        if taken.source and uow.deposits.source(taken.source) is None:
            taken = replace(taken, source="")
        uploads = [*([handed.upload] if handed.upload else []), *handed.others]
        known = _same_again(uow, taken, uploads, set(handed.gone))
        if known is not None:
            return known
        if handed.gone:
            raise BadFields([FieldProblem("document", gone_sentence())])
        uow.deposits.add(taken)
        kept = [keep(uow, desk, upload, DEPOSITOR, deposit=taken.id)[0] for upload in uploads]
        if handed.upload is not None:
            taken = replace(taken, document=kept[0].id)
            uow.deposits.save(taken)
        uow.deposits.count_up(replace(_tally(taken), received=1))
        return taken


def gone_sentence() -> str:
    """What a person reads whose file has waited too long for the form to be right."""
    return _("A file that you had chosen was kept for an hour and is gone: choose it again.")


def _same_again(uow: MissionUnitOfWork, new: Deposit, uploads: Sequence[Upload], gone: set[str]) -> Deposit | None:
    digests = {sha256(upload.content).hexdigest() for upload in uploads}
    for one in uow.deposits.identities():
        if (one.email, one.phone) != (new.email, new.phone):
            continue
        if fold_name(f"{one.first_name} {one.last_name}") != fold_name(new.name):
            continue
        known = uow.deposits.get(one.id)
        if known is None:
            continue
        said = (known.message, known.call_back, bool(known.keep), bool(known.network), known.channel, known.source)
        if said != (new.message, new.call_back, bool(new.keep), bool(new.network), new.channel, new.source):
            continue
        documents = uow.documents.of_deposit(known.id)
        came = {document.sha256 for document in documents if document.id not in gone}
        if gone <= {document.id for document in documents} and came == digests:
            return known
    return None


def keep_proposal(desk: Desk, deposit_id: str, proposal: Mapping[str, Any]) -> Deposit:
    """What was read in the document, as JSON values; reading takes a while, so that it comes after. Raises NotFound,
    BadInput (too long)."""
    values = _proposal(proposal)
    with desk.federation.database.write() as uow:
        known = replace(_find(uow, deposit_id), proposal=values)
        uow.deposits.save(known)
        return known


def _proposal(proposal: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    if proposal is None:
        return None
    data = msgspec.json.encode(proposal)
    if len(data) > MAX_PROPOSAL_BYTES:
        raise BadInput(_("What was read in this document is too long to be kept: type the main points yourself."))
    values: Mapping[str, Any] = msgspec.json.decode(data)
    return values


def waiting_deposits(desk: Desk, page: int = 1, size: int = PAGE, *, call_back: bool | None = None) -> Counted[Deposit]:
    """Those that nobody has settled, oldest first, from page 1."""
    with desk.federation.database.read() as uow:
        return uow.deposits.page(DepositState.WAITING, max(0, page - 1) * size, size, call_back=call_back)


def one_deposit(desk: Desk, deposit_id: str) -> Deposit:
    """With its proposal; NotFound."""
    with desk.federation.database.read() as uow:
        return _find(uow, deposit_id)


def called_back(desk: Desk, deposit_id: str, actor: str) -> Deposit:
    """The person was called: the deposit waits on as any other. NotFound."""
    with desk.federation.database.write() as uow:
        known = replace(_find(uow, deposit_id), call_back=False)
        uow.deposits.save(known)
        return known


def accept_deposit(
    desk: Desk,
    deposit_id: str,
    fields: Mapping[str, Any],
    actor: str,
    *,
    agreements: Mapping[ConsentScope, str] | None = None,
    cv_state: CvState = CvState.RECEIVED,
) -> Candidate:
    """Open a file with what the counsellor confirmed (values of `rules.EDITABLE`). The deposit's agreements are
    the person's; `agreements`, scope -> how, are those given to the counsellor today. The document becomes the
    person's. Raises NotFound, BadFields, Refused `deposit_settled`."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        waiting = _find_waiting(uow, deposit_id)
        person = open_file(
            uow,
            desk,
            fields,
            actor,
            agreements=agreements or {},
            source=waiting.source,
            cv_state=cv_state,
        )
        after = _with_agreements(desk, person, waiting)
        new = [one for one in after.consents if one not in person.consents]
        save(uow, person, after, now, actor, *agreement_events(person.id, new, now, actor))
        _settle(uow, waiting, person.id, DepositState.ACCEPTED, actor, now)
        return after


def join_deposit(
    desk: Desk, deposit_id: str, name: str, actor: str, fields: Mapping[str, Any] | None = None
) -> Candidate:
    """Add a deposit to a known person's file, with the fields that the counsellor confirmed. A document that the person
    has already is not kept twice. Raises NotFound, BadFields, Refused `deposit_settled`."""
    now, today = desk.now(), desk.today()
    with desk.federation.database.write() as uow:
        waiting = _find_waiting(uow, deposit_id)
        person = find_candidate(uow, name)
        after = _with_agreements(desk, replace(person, **cleaned(fields or {})), waiting)
        seen = max(waiting.received.date(), person.last_seen or waiting.received.date())
        after = replace(after, last_seen=seen, notice_on=None, source=person.source or waiting.source)
        refuse(check_change(person, after, desk.referential(), today))
        new = [one for one in after.consents if one not in person.consents]
        joined = history_line(person.id, now, actor, Occasion.DEPOSIT, waiting.channel.label)
        save(uow, person, after, now, actor, joined, *agreement_events(person.id, new, now, actor))
        _settle(uow, waiting, person.id, DepositState.JOINED, actor, now)
        return after


def discard_deposit(desk: Desk, deposit_id: str, actor: str) -> None:
    """Destroy a deposit and its document; the count stays, and the trail says who did it. Discarding twice does
    nothing; Refused `deposit_settled`."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        known = uow.deposits.get(deposit_id)
        if known is None:
            return
        if known.state is not DepositState.WAITING:
            raise _settled()
        uow.deposits.count_up(replace(_tally(known), discarded=1))
        uow.deposits.remove(deposit_id)
        name = names_in(uow)[actor]
        uow.accounts.record_access(Access(at=now, account=actor, name=name, candidate="", what=OpenedFor.DISCARD))


def _with_agreements(desk: Desk, person: Candidate, waiting: Deposit) -> Candidate:
    for scope, given in ((ConsentScope.KEEP, waiting.keep), (ConsentScope.NETWORK, waiting.network)):
        if given is not None:
            person, _consent = agreed(desk, person, scope, given.how, given.at.date())
    return person


def _settle(
    uow: MissionUnitOfWork, waiting: Deposit, candidate: str, state: DepositState, actor: str, now: datetime
) -> None:
    """The deposit and its documents are the person's. What was proposed has been confirmed or not: it goes."""
    known = {document.sha256 for document in uow.documents.of_candidate(candidate)}
    documents = uow.documents.of_deposit(waiting.id)
    for document in documents:
        if document.sha256 in known:
            uow.documents.remove(document.id)
    uow.documents.give([one.id for one in documents if one.sha256 not in known], candidate)
    uow.deposits.save(
        replace(waiting, state=state, candidate=candidate, settled_by=actor, settled_at=now, proposal=None)
    )
    accepted = state is DepositState.ACCEPTED
    uow.deposits.count_up(replace(_tally(waiting), accepted=int(accepted), joined=int(not accepted)))


def _tally(one: Deposit) -> Tally:
    return Tally(month=f"{one.received:%Y-%m}", source=one.source, channel=one.channel.value)


def _find(uow: MissionUnitOfWork, deposit_id: str) -> Deposit:
    found = uow.deposits.get(deposit_id)
    if found is None:
        raise NotFound(_("This deposit is not here any more."))
    return found


def _find_waiting(uow: MissionUnitOfWork, deposit_id: str) -> Deposit:
    found = _find(uow, deposit_id)
    if found.state is not DepositState.WAITING:
        raise _settled()
    return found


def _settled() -> Refused:
    return Refused("deposit_settled", _("A colleague has dealt with this deposit already: see the person's file."))
