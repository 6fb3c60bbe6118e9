"""All that this node keeps about a person, as the person reads it: the right of access, in one file to take along.

Guarantees: whoever acted is told by name, never by an account's number; a code is told by what it stands for, so that
nobody needs this program to read the file. What employers wrote to the mission about the person is theirs to read as
well (GDPR art. 15). Documents are named; their bytes are downloaded one by one.

Read next: `agreements/retention.py`, the other rights; `node/documents/export.py`, the same to print.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Final

from node.documents.dates import PARIS
from node.kit import phone
from node.kit.i18n import gettext as _
from node.mission.accounts.trail import OpenedFor
from node.mission.forwards.forward import Forward
from node.mission.forwards.hire import show_hours
from node.mission.forwards.notes import ForwardNote
from node.mission.forwards.terms import Reason
from node.mission.matching.news import SetAside
from node.mission.people.candidate import Candidate
from node.mission.people.history import Change, as_text
from node.mission.people.labels import CHANGES, COLUMNS
from node.mission.ports import MissionUnitOfWork
from node.mission.terms import Cefr, Contract, Education, Language, Qualification
from node.referential import Referential
from node.services.actors import names_in
from node.services.desk import Desk
from node.services.forwards.conditions import thing_asked
from node.services.my_space.my_space import by_the_town, member_names, opened_for
from node.services.people.finding import find_candidate
from node.services.people.papers import occupation_labels, skill_labels, skills_told

_NOT_SHOWN: Final = frozenset({"id", "candidate", "deposit", "document", "sha256", "proposal", "account"})
_ELSEWHERE: Final = frozenset({"consents", "readiness", "photo", "jobs", "diplomas", "skills", "occupations"})
_ACCOUNTS: Final = frozenset({"by", "owner", "next_owner", "step_owner", "settled_by"})
"""Fields that hold an account's number."""

Value = str | int | bool
Row = dict[str, Value]


def everything_about(desk: Desk, name: str, *, to_print: bool = False) -> dict[str, list[Row]]:
    """Section -> rows of label -> text, number or truth value, in French; days, hours and telephone
    numbers as programs read them, or as people in Paris do, `to_print`. NotFound."""
    with desk.federation.database.read() as uow:
        person = find_candidate(uow, name)
        return _Teller(
            uow, desk.node_id, desk.referential(), names_in(uow), member_names(uow, desk), to_print
        ).sections(person)


@dataclass(frozen=True, slots=True)
class _Teller:
    """Says what is kept in words. `names` are people by account, `members` nodes by number."""

    uow: MissionUnitOfWork
    node_id: str
    referential: Referential
    names: Mapping[str, str]
    members: Mapping[str, str]
    to_print: bool

    def sections(self, person: Candidate) -> dict[str, list[Row]]:
        own = {
            _("My data"): [self.row(person, without=_ELSEWHERE)],
            _("Occupations that I seek"): [
                self.labelled(occupation=called, months=one.months)
                for one, called in zip(person.occupations, occupation_labels(person, self.referential), strict=True)
            ],
            _("My skills"): [self.labelled(label=one) for one in skill_labels(person, self.referential)],
            _("My experience"): [self.row(job) for job in person.jobs],
            _("My diplomas"): [self.row(diploma) for diploma in person.diplomas],
            _("My agreements"): [self.row(one) for one in person.consents],
            _("Signature of my CV"): [self.row(person.readiness)] if person.readiness else [],
        }
        return own | self.local(person) | self.life(person)

    def local(self, person: Candidate) -> dict[str, list[Row]]:
        local = self.uow.files.local(person.id)
        return {
            _("Obstacles"): [self.row(one) for one in local.obstacles],
            _("Eligibility"): [self.labelled(label=one.label) for one in sorted(local.eligibilities)],
            _("Notes on obstacles"): [self.labelled(note=local.note)] if local.note else [],
        }

    def life(self, person: Candidate) -> dict[str, list[Row]]:
        uow = self.uow
        partners = {partner.id: partner.name for partner in uow.files.partners()}
        return {
            _("Documents"): [self.row(one) for one in uow.documents.of_candidate(person.id)],
            _("Deposits"): [self.row(one) for one in uow.deposits.of_candidate(person.id)],
            _("Contacts"): [self.row(one) for one in uow.files.contacts_of(person.id)],
            _("Referrals"): [
                self.row(replace(one, partner=partners.get(one.partner, "")))
                for one in uow.files.referrals_of(person.id)
            ],
            _("Workshops"): [
                self.labelled(title=one.title, starts=one.starts, room=one.room, attendance=place.attendance)
                for one in uow.workshops.of_candidate(person.id)
                if (place := one.place_of(person.id)) is not None
            ],
            _("Applications"): self.applications(person),
            _("Hires"): [
                self.labelled(
                    title=one.title,
                    employer=one.employer,
                    contract=contract.label if (contract := Contract.read(one.contract)) else one.contract,
                    start=one.start,
                    weekly=show_hours(one.minutes),
                    way=one.how.label,
                    month_on=one.month_on,
                    half_on=one.half_on,
                    ended_on=one.ended_on,
                    end_reason=one.end_reason,
                    by=one.by,
                    at=one.at,
                )
                for one in uow.hires.of_candidate(person.id)
            ],
            _("Offers that my mission looked at for me"): [
                self.labelled(
                    offer=one.offer,
                    because=one.because.label,
                    at=one.at or one.found,
                    by=one.by,
                    reason=reason.label if (reason := SetAside.read(one.reason)) else "",
                    note=one.text,
                )
                for one in uow.match_news.of_candidate(person.id)
            ],
            _("What I said of offers"): [
                self.labelled(offer=one.offer, wants=one.wants, why=one.why, at=one.at)
                for one in uow.offer_choices.of_candidate(person.id)
            ],
            _("Who received my CV"): [
                self.labelled(holder=one.holder, at=one.disclosed_at, erased=one.receipt_at)
                for one in uow.disclosures.of_candidate(person.id)
                if one.holder != self.node_id
            ]
            + [
                self.labelled(holder=one.holder, at=one.at, erased=one.erased)
                for forward in uow.forwards.of_candidate(person.id)
                if forward.peer == self.node_id
                for one in by_the_town(uow, forward)
            ],
            _("What employers wrote about me"): [
                self.labelled(offer=forward.offer, at=word.at, note=word.text)
                for forward in uow.forwards.of_candidate(person.id)
                for sending in uow.sendings.of_forward(forward.id)
                for word in uow.sendings.words_of(sending.id)
                # A reply to a mail about several people is theirs too.
                if word.text and (word.forward == forward.id or len(sending.parts) == 1)
            ],
            _("Who opened my file"): [self.row(one) for one in uow.accounts.accesses_to(person.id, 10_000)],
            _("History"): [self.change(one) for one in uow.files.history(person.id, 10_000)],
        }

    def applications(self, person: Candidate) -> list[Row]:
        """What was moved, then what was noted, of each."""
        forwards = self.uow.forwards.of_candidate(person.id)
        notes = self.uow.following.notes_of(one.id for one in forwards)
        return [
            row
            for one in forwards
            for row in (*self.moves(one), *(self.note(one, note) for note in notes.get(one.id, ())))
        ]

    def note(self, forward: Forward, note: ForwardNote) -> Row:
        channel = note.channel.label if note.channel is not None else ""
        return self.labelled(
            offer=forward.offer,
            kind=note.kind,
            at=note.at,
            day=note.on,
            channel=channel,
            text=note.text,
            by=note.actor,
        )

    def moves(self, forward: Forward) -> list[Row]:
        return [
            self.labelled(
                offer=forward.offer,
                why=forward.why,
                state=move.event.label,
                at=move.at,
                reason=reason.label if (reason := Reason.read(move.reason)) else "",
                to_candidate=move.to_candidate,
                to_guarantor=move.to_guarantor,
                lacking=", ".join(self.referential.skills.label(code) or code for code in move.lacking),
                condition=thing_asked(move.condition, self.referential) if move.condition is not None else "",
                until=move.condition.until if move.condition is not None else "",
                by=move.actor,
            )
            for move in forward.moves
        ]

    def change(self, line: Change) -> Row:
        return self.labelled(
            at=line.at,
            by=line.by,
            field=CHANGES.get(line.field, line.field),
            before=self.told(line.field, line.before),
            after=self.told(line.field, line.after),
        )

    def row(self, value: Any, without: frozenset[str] = frozenset()) -> Row:
        names = (field.name for field in fields(value))
        return self.labelled(**{name: getattr(value, name) for name in names if name not in _NOT_SHOWN | without})

    def labelled(self, **values: Any) -> Row:
        return {CHANGES.get(name) or COLUMNS[name]: self.told(name, value) for name, value in values.items()}

    def told(self, name: str, value: Any) -> Value:
        """The value of a field in words; a number or a truth value stays one."""
        match name, value:
            case "what", OpenedFor():
                return opened_for(value)
            case "languages", tuple():
                return ", ".join(_language(code, level) for code, level in value)
            case "contracts", frozenset():
                return as_text(frozenset(term.label if (term := Contract.read(code)) else code for code in value))
            case "card_skills", tuple():
                return ", ".join(self.referential.skills.label(code) or code for code in value)
            case "places", frozenset():
                return as_text(frozenset(map(self.commune, value)))
            case "level", int():
                return level.label if (level := Education.read(str(value))) else ""
            case "qualification", int():
                return known.label if (known := Qualification.read(str(value))) else ""
            case _, bool() | int():
                return value
            case "phone", str() if self.to_print:
                return phone.shown(value)
            case _, datetime() if self.to_print:
                return f"{value.astimezone(PARIS):%d/%m/%Y, %H:%M}"
            case _, date() if self.to_print:
                return f"{value:%d/%m/%Y}"
            case _, str() if value and (text := self.stands_for(name, value)):
                return text
        return as_text(value)

    def stands_for(self, name: str, code: str) -> str:
        """What the number or code of such a field stands for; empty when it says itself what it is."""
        if name in _ACCOUNTS:
            return self.names[code]
        match name:
            case "commune":
                return self.commune(code)
            case "holder":
                return f"{self.members[code]} ({code})" if code in self.members else ""
            case "skills" | "card_skills":
                return skills_told(code, self.referential)
            case "source":
                return source.label if (source := self.uow.deposits.source(code)) else ""
            case "offer":
                offer = self.uow.offers.get(*code.split("/", 1)) if "/" in code else None
                return f"{offer.title}, {offer.employer}" if offer else ""
            case _:
                return ""

    def commune(self, insee: str) -> str:
        found = self.referential.communes.get(insee)
        return f"{found.name} ({insee})" if found else insee


def _language(code: str, level: str) -> str:
    language, known = Language.read(code), Cefr.read(level)
    return f"{language.label if language else code} ({level}{f', {known.label}' if known else ''})"
