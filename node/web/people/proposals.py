"""What a document seems to say, put into the form where a counsellor confirms or corrects it.

Guarantees: a group of fields that holds a proposal is not read until its box is ticked (`unchecked`); what the person
typed at the deposit comes before what was read.

Read next: fields.py; `node/reading/proposals.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from node.kit.i18n import gettext as _
from node.kit.phone import shown as shown_phone
from node.mission.deposits.deposit import Deposit
from node.mission.people.candidate import Candidate, Experience
from node.reading.proposals import Proposal, Spot
from node.services.deposits.proposed import MOST_OCCUPATIONS, diploma_of, job_of
from node.services.deposits.reading import Reading
from node.web.frame.forms import Form
from node.web.people.fields import APPELLATION, GROUPS
from node.web.people.rows import add_diploma, add_job, add_language, put

SURE: Final = 0.85
"""From this confidence on, what was read is folded into a line of text, to be corrected where it is wrong."""


@dataclass(frozen=True, slots=True)
class ProposedForm:
    """The form filled from a deposit; lines of the document by field; the groups to be checked; and the names of what
    is certain: fields, rows ("job_0") and single skills ("skills:900016")."""

    form: Form
    quotes: Mapping[str, str] = field(default_factory=dict)
    to_check: frozenset[str] = frozenset()
    sure: frozenset[str] = frozenset()


def proposed_form(deposit: Deposit, reading: Reading | None) -> ProposedForm:
    """What the person typed, then what the document seems to say."""
    form = Form.of(
        first_name=deposit.first_name,
        last_name=deposit.last_name,
        email=deposit.email,
        phone=shown_phone(deposit.phone),
        hours="any",
        mobility_km=10,
    )
    sure = {name for name in ("first_name", "last_name", "email", "phone") if form.raw(name)}
    if reading is None:
        return ProposedForm(form, sure=frozenset(sure))
    proposal, quotes = reading.proposal, {}
    for name in ("first_name", "last_name", "email", "phone", "commune", "birth_date"):
        value = getattr(proposal, name)
        if value is not None and not form.raw(name):
            put(form, name, shown_phone(value.value) if name == "phone" else value.value)
            quotes[name] = _quote(reading, value.at)
            sure |= {name} if value.confidence >= SURE else set()
    trades = proposal.occupations[:MOST_OCCUPATIONS]
    for trade in trades:
        form.values.setdefault("occupations", []).append(trade.rome)
        put(form, f"months_{trade.rome}", trade.months or None)
        put(form, f"{APPELLATION}{trade.rome}", trade.appellation)
    put(form, "skills", [one.value for one in proposal.skills])
    put(form, "licences", [one.value for one in proposal.licences])
    sure |= {f"skills:{one.value}" for one in proposal.skills if one.confidence >= SURE}
    for name, found in (("occupations", trades), ("licences", proposal.licences)):
        if found and all(one.confidence >= SURE for one in found):
            sure.add(name)
    if proposal.vehicle is not None:
        put(form, "vehicle", proposal.vehicle.value)
    _add_background(form, quotes, sure, reading)
    return ProposedForm(form, quotes, _groups(proposal, quotes), frozenset(sure))


def _add_background(form: Form, quotes: dict[str, str], sure: set[str], reading: Reading) -> None:
    for job in reading.proposal.experiences:
        told = (_quote(reading, at) for at in (job.at, job.employer.at if job.employer else None))
        name = f"job_{add_job(form, job_of(job))}"
        quotes[name] = " · ".join(dict.fromkeys(filter(None, told)))
        if job.confidence >= SURE and job.start is not None and not job.end_unread:
            sure.add(name)
    for one in reading.proposal.diplomas:
        name = f"diploma_{add_diploma(form, diploma_of(one))}"
        quotes[name] = _quote(reading, one.at)
        sure |= {name} if one.confidence >= SURE else set()
    for spoken in reading.proposal.languages:
        name = f"language_{add_language(form, spoken.code, spoken.level)}"
        sure |= {name} if spoken.confidence >= SURE and spoken.level else set()


def _groups(proposal: Proposal, quotes: Mapping[str, str]) -> frozenset[str]:
    groups = {group for group, names in GROUPS.items() if any(name in quotes for name in names)}
    if proposal.occupations or proposal.skills or proposal.licences or proposal.vehicle:
        groups.add("search")
    if proposal.experiences or proposal.diplomas or proposal.languages:
        groups.add("background")
    return frozenset(groups)


def _quote(reading: Reading, at: Spot | None) -> str:
    return reading.lines[at.line] if at is not None and at.line < len(reading.lines) else ""


def check_ticks(form: Form, groups: Iterable[str]) -> None:
    """A fault for each group with proposals that nobody confirmed."""
    for group in sorted(groups, key=list(GROUPS).index):
        if not form.flag(f"checked_{group}"):
            form.error(f"checked_{group}", _("Compare this part with the document, correct it, then tick this box."))


def joined(person: Candidate, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The confirmed fields of a deposit for a person who is known: nothing that is empty erases."""
    values: dict[str, Any] = {}
    for name in ("first_name", "last_name", "email", "phone", "commune", "birth_date", "summary", "words"):
        if fields.get(name):
            values[name] = fields[name]
    for name in ("skills", "licences", "contracts", "places"):
        values[name] = getattr(person, name) | fields.get(name, frozenset())
    known = {one.rome: one for one in person.occupations}
    for one in fields.get("occupations", ()):
        before = known.get(one.rome)
        known[one.rome] = one if before is None else _longer(one, before)
    values["occupations"] = tuple(known.values())
    spoken = dict(person.languages) | dict(fields.get("languages", ()))
    values["languages"] = tuple(spoken.items())
    titles = {(one.title, one.start) for one in person.jobs}
    values["jobs"] = (*(one for one in fields.get("jobs", ()) if (one.title, one.start) not in titles), *person.jobs)
    labels = {one.label for one in person.diplomas}
    values["diplomas"] = (*(one for one in fields.get("diplomas", ()) if one.label not in labels), *person.diplomas)
    for name in ("vehicle", "public_transport", "relocates"):
        values[name] = getattr(person, name) or fields.get(name, False)
    return values


def _longer(told: Experience, before: Experience) -> Experience:
    months = max(told.months, before.months)
    return replace(told, months=months, appellation=told.appellation or before.appellation)
