"""Files of candidates and offers into the register: good lines kept, bad lines reported, nothing taken in twice.

A line is known by its reference: the same reference again updates the value where it differs, and does nothing where
it does not. A preview does all of it in a unit of work that is then undone, so that what it shows is what would be.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from node.imports import ParsedLine
from node.kit.i18n import gettext as _
from node.mission.agreements.consent import without_refused
from node.mission.offers.likeness import traces
from node.mission.offers.offer import ANSWER_DAYS, Offer, OfferState
from node.mission.people.candidate import Candidate, ReadySignature
from node.mission.people.history import Change, Occasion
from node.mission.ports import MissionUnitOfWork
from node.mission.terms import Term
from node.services.actors import BY_FILE
from node.services.desk import Desk, Refused
from node.services.offers.publishing import check_publishable, publish_offers
from node.services.people.quality import NotReady, signature_event, signed
from node.services.people.saving import history_line, save

PART: Final = 500
"""Lines of a file of offers that are taken in together."""

_OF_A_LINE: Final = (
    "first_name",
    "last_name",
    "email",
    "phone",
    "commune",
    "skills",
    "qualification",
    "licences",
    "languages",
    "contracts",
    "mobility_km",
    "places",
    "relocates",
    "availability",
    "summary",
)
"""The fields that a file of candidates has columns for (node/imports/candidates_csv.py), beside the occupations, whose
appellations it does not say."""


class Effect(Term):
    """What becomes of a line that is taken in."""

    ADDED = "added", "Nouveau"
    UPDATED = "updated", "Mis à jour"


@dataclass(slots=True)
class ImportReport:
    """What became of a file: counts; the lines that changed something, as (line number, outcome, value as it is now);
    the lines to be mended, as (line number, what is wrong and what to do). `alike` of the new offers resemble one that
    the town has. A line that was taken but for its signature
    is counted, and is to be mended."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    alike: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)
    taken: list[tuple[int, Effect, Candidate | Offer]] = field(default_factory=list)

    def take(self, line: int, outcome: Effect, value: Candidate | Offer) -> None:
        """Count a line that changes something."""
        self.taken.append((line, outcome, value))
        if outcome is Effect.ADDED:
            self.added += 1
        else:
            self.updated += 1


class _Undone(Exception):
    """Ends the unit of work of a preview."""


@contextmanager
def _unit_of_work(desk: Desk, *, preview: bool) -> Iterator[MissionUnitOfWork]:
    try:
        with desk.federation.database.write() as uow:
            yield uow
            if preview:
                raise _Undone
    except _Undone:
        pass


def import_candidates(desk: Desk, lines: Sequence[ParsedLine[Candidate]], *, preview: bool = False) -> ImportReport:
    """Add or update candidates, in one unit of work; with `preview` only tell what that would do. What was decided on
    the node since (the state of the person, withdrawn agreements, a signature taken off, a merge, an erasure) is never
    undone by a file."""
    report = ImportReport()
    with _unit_of_work(desk, preview=preview) as uow:
        erased = uow.erased.among(line.value.reference for line in lines if line.value is not None)
        for line in lines:
            if line.value is None:
                report.problems.append((line.line, line.problem or ""))
                continue
            known = uow.candidates.by_reference(line.value.reference)
            if known is None and line.value.reference in erased:
                report.problems.append((line.line, _erased_sentence()))
                continue
            if known is None and uow.merges.into(line.value.reference) is not None:
                # A counsellor said that this entry and another one are one person, whose file goes on there.
                report.unchanged += 1
                continue
            if known is None:
                new = replace(_with_ids(desk, line.value, desk.new_id()), registered=desk.today())
                new = replace(new, readiness=None, first_ready=None)
                new, events = _signed(desk, new, line, report)
                uow.candidates.add(new)
                uow.files.record([history_line(new.id, desk.now(), BY_FILE, Occasion.CREATED, new.reference), *events])
                report.take(line.line, Effect.ADDED, new)
                continue
            merged, events = _signed(desk, _merged(desk, known, line.value), line, report)
            if merged == known:
                report.unchanged += 1
            else:
                save(uow, known, merged, desk.now(), BY_FILE, *events)
                report.take(line.line, Effect.UPDATED, merged)
    return report


def _signed(
    desk: Desk, person: Candidate, line: ParsedLine[Candidate], report: ImportReport
) -> tuple[Candidate, list[Change]]:
    """The person with the signature of their line, where that is newer than what is known; without it, and with a
    problem in the report, where the CV lacks something."""
    readiness = _newer_signature(person, line.value)
    if readiness is None:
        return person, []
    try:
        return signed(desk, person, readiness), [
            signature_event(person.id, readiness, desk.now(), BY_FILE),
        ]
    except NotReady as error:
        sentence = _("The person is kept, but the CV cannot be signed as ready yet. {missing}")
        report.problems.append((line.line, sentence.format(missing=error)))
        return person, []


def _erased_sentence() -> str:
    return _(
        "The person of this reference was erased from the register and is not taken in again. Take the line out of the "
        "file; if the person asks to be registered anew, give them a new reference."
    )


def _with_ids(desk: Desk, candidate: Candidate, candidate_id: str) -> Candidate:
    consents = tuple(replace(consent, id=desk.new_id()) for consent in candidate.consents)
    return replace(candidate, id=candidate_id, consents=consents)


def _merged(desk: Desk, known: Candidate, line: Candidate) -> Candidate:
    """The line's facts on the known person, whose other facts stay; an agreement already recorded (same scope, same
    day) is not recorded again, so that one that was withdrawn stays withdrawn."""
    recorded = {(c.scope, c.given_on) for c in known.consents}
    fresh = tuple(replace(c, id=desk.new_id()) for c in line.consents if (c.scope, c.given_on) not in recorded)
    called = {one.rome: one.appellation for one in known.occupations}
    return replace(
        known,
        **{name: getattr(line, name) for name in _OF_A_LINE},
        occupations=tuple(replace(one, appellation=called.get(one.rome, "")) for one in line.occupations),
        consents=without_refused(known.consents + fresh),
        last_contact=line.last_contact or known.last_contact,
    )


def _newer_signature(known: Candidate, line: Candidate | None) -> ReadySignature | None:
    """The line's signature when it is newer; one that a counsellor has taken off the CV since does not come back with
    the file."""
    if line is None or line.readiness is None:
        return None
    seen = known.readiness.on if known.readiness is not None else known.first_ready
    return line.readiness if seen is None or line.readiness.on > seen else None


def import_offers(
    desk: Desk,
    lines: Sequence[ParsedLine[Offer]],
    *,
    preview: bool = False,
    advance: Callable[[int], None] = lambda lines: None,
) -> ImportReport:
    """Add or update the town's own offers and publish what is new; with `preview` only tell what that would do. A
    closed offer stays closed, one that is merged into another stays so; an offer that peers could not read is reported
    like any bad line.

    Each `PART` of a long file is a unit of work of its own, so that nobody who writes waits for all of it, and what was
    taken in stays when the import is stopped half-way: run again, it goes on from there. `advance` is told how many
    lines were just gone through."""
    report, now, taken = ImportReport(), desk.now(), set[str]()
    before: set[tuple[str, ...]] | None = None
    for start in range(0, len(lines), PART):
        part = lines[start : start + PART]
        with _unit_of_work(desk, preview=preview) as uow:
            changed = list(_changed_offers(uow, desk, part, taken, report, now))
            new = [one for one in changed if not one.revision]
            if new and before is None:
                own = uow.offers.of_node(desk.node_id)
                before = {mark for one in own if one.is_open(desk.today()) for mark in traces(one)}
            report.alike += sum(before is not None and not before.isdisjoint(traces(one)) for one in new)
            publish_offers(uow, desk, changed, now, BY_FILE)
        advance(len(part))
    return report


def _changed_offers(
    uow: MissionUnitOfWork,
    desk: Desk,
    lines: Sequence[ParsedLine[Offer]],
    taken: set[str],
    report: ImportReport,
    now: datetime,
) -> Iterator[Offer]:
    """The offers of these lines that are new or another; `taken` are the references of the file so far."""
    for line in lines:
        if line.value is None:
            report.problems.append((line.line, line.problem or ""))
            continue
        if line.value.reference in taken:
            report.problems.append((line.line, _("This reference stands twice in the file.")))
            continue
        known = uow.offers.by_reference(desk.node_id, line.value.reference)
        if known is None:
            offer = replace(line.value, id=desk.new_id(), node=desk.node_id, revision=0)
        elif known.state is not OfferState.OPEN or _same_content(known, line.value):
            report.unchanged += 1
            continue
        else:
            offer = _with_what_stays(known, line.value)
        if problem := _problem(offer, now):
            report.problems.append((line.line, problem))
            continue
        taken.add(offer.reference)
        report.take(line.line, Effect.ADDED if known is None else Effect.UPDATED, offer)
        yield offer


def _problem(offer: Offer, now: datetime) -> str:
    """What forbids to take in this offer, or nothing."""
    if not offer.reference:
        return _("The offer has no reference: without one, it would be taken in again each time.")
    try:
        check_publishable(offer, now)
    except Refused as error:
        return str(error)
    return ""


def _same_content(known: Offer, line: Offer) -> bool:
    return known == _with_what_stays(known, line)


def _with_what_stays(known: Offer, line: Offer) -> Offer:
    """The line's offer, with what a file says nothing of. An answer within the usual days, and no cap, are what a file
    says that has no word of them: what was typed stays."""
    return replace(
        line,
        answer_days=line.answer_days if line.answer_days != ANSWER_DAYS else known.answer_days,
        most_open=line.most_open or known.most_open,
        id=known.id,
        node=known.node,
        revision=known.revision,
        entry=known.entry,
        published=known.published,
        network=known.network,
        contact=known.contact,
        network_on=known.network_on,
        history=known.history,
        clause=line.clause or known.clause,
        clause_hours=line.clause_hours or known.clause_hours,
        merged=known.merged,
        unlike=known.unlike,
        note=known.note,
    )
