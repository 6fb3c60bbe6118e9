"""What one of the town's own offers must be before it is kept: every fault at once, a sentence each.

Guarantees: an offer that passes can travel (`protocol/messages/offers.py` bounds the same fields, more widely); what
discriminates does not pass, what is only missing does. Read next: `wording.py`.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from node.kit.clean_text import is_email, is_line, is_text
from node.kit.i18n import gettext as _
from node.kit.phone import is_kept
from node.mission.offers.offer import LEAST_ANSWER_DAYS, MOST_ANSWER_DAYS, MOST_OPEN, Offer
from node.mission.offers.wording import discriminating
from node.mission.people.rules import FieldProblem, unreadable_phone
from node.mission.terms import Cefr, Contract, ExperienceAsked, Licence, travels
from node.referential import Referential

MAX_LINE: Final = 200
MAX_DESCRIPTION: Final = 4000
MAX_ADDRESS: Final = 400
MAX_SKILLS: Final = 60
MAX_LANGUAGES: Final = 10
MAX_SITES: Final = 60
"""That are typed; a campaign with more comes in a file."""
MAX_POSTS: Final = 999
"""At one place. Nobody types more; who does has a zero too many."""
MAX_MONTHS: Final = 600
MAX_MINUTES: Final = 60 * 60
"""A week: nobody may work longer (Code du travail, L3121-21)."""
MAX_CLAUSE_HOURS: Final = 100_000
OPEN_FOR: Final = timedelta(days=366)
"""The longest that an offer stays open."""
_NEGATIVE: Final = re.compile(r"(?:^|[\s(:])[-−–]\s?\d")  # a minus sign is no dash, and both are typed
_WORDED: Final = ("title", "description", "salary")


def check_offer(offer: Offer, tables: Referential, today: date) -> Iterator[FieldProblem]:
    """What is wrong with it, by field."""
    yield from _lines(offer)
    yield from _terms(offer, tables)
    yield from _places(offer, tables)
    yield from _time(offer, today)
    yield from _contact(offer)
    yield from _words(offer)


def check_proposal(offer: Offer, tables: Referential, received: datetime) -> Iterator[FieldProblem]:
    """What is wrong with an employer's proposal, by field: as of any offer, but for the occupation, which the
    counsellor chooses; and somebody must be reachable."""
    for problem in check_offer(offer, tables, received.date()):
        if problem.field != "rome":
            yield problem
    if not offer.description:
        yield FieldProblem("description", _("Say in a few sentences what the work is."))
    if not offer.contact.name:
        yield FieldProblem("contact_name", _("Say whom we may call."))
    if not offer.contact.phone and not offer.contact.email:
        yield FieldProblem("contact_phone", _("Give a telephone number or an e-mail address."))


def check_need(need: Offer, tables: Referential, today: date) -> Iterator[FieldProblem]:
    """What is wrong with an employer's need, by field: as of any offer, but that either the title or the occupation is
    enough."""
    for problem in check_offer(need, tables, today):
        if (problem.field, getattr(need, problem.field, None)) not in (("rome", ""), ("title", "")):
            yield problem
    if not need.title and not need.rome:
        yield FieldProblem("title", _("Say which post it is, or choose the occupation."))
    if len(need.when) > MAX_LINE or not is_line(need.when):
        yield FieldProblem("when", _("At most {limit} characters, on one line.").format(limit=MAX_LINE))
    if len(need.note) > MAX_DESCRIPTION or not is_text(need.note):
        yield FieldProblem("note", _("At most {limit} characters.").format(limit=MAX_DESCRIPTION))
    yield from _worded("note", need.note, need.contract)
    if need.ask_again is not None and not today <= need.ask_again <= today + OPEN_FOR:
        yield FieldProblem("ask_again", _("Choose a day from today on, within a year."))


def _lines(offer: Offer) -> Iterator[FieldProblem]:
    for name, text, required in (
        ("title", offer.title, True),
        ("employer", offer.employer, True),
        ("salary", offer.salary, False),
        ("reference", offer.reference, False),
    ):
        if required and not text:
            yield FieldProblem(name, _("Fill this field in."))
        if len(text) > MAX_LINE or not is_line(text):
            yield FieldProblem(name, _("At most {limit} characters, on one line.").format(limit=MAX_LINE))
    if len(offer.description) > MAX_DESCRIPTION or not is_text(offer.description):
        yield FieldProblem("description", _("At most {limit} characters.").format(limit=MAX_DESCRIPTION))
    if _NEGATIVE.search(offer.salary) and not re.search(r"\d\s?[€a-z]*\s?[-−–]\s?\d", offer.salary):
        yield FieldProblem("salary", _("A salary is not below zero: take the minus away."))


def _terms(offer: Offer, tables: Referential) -> Iterator[FieldProblem]:
    if not offer.rome:
        yield FieldProblem("rome", _("Choose the occupation: the people who seek it are found by it."))
    elif tables.occupations.label(offer.rome) is None:
        yield FieldProblem("rome", _("This occupation is not known here: choose one of the proposals."))
    if Contract.read(offer.contract) is None:
        yield FieldProblem("contract", _("Choose one of the proposals."))
    if ExperienceAsked.read(offer.experience) is None:
        yield FieldProblem("experience", _("Choose one of the proposals."))
    for name, number, least, most in (
        ("months", offer.months, 0, MAX_MONTHS),
        ("experience_months", offer.experience_months, 0, MAX_MONTHS),
        ("answer_days", offer.answer_days, LEAST_ANSWER_DAYS, MOST_ANSWER_DAYS),
        ("most_open", offer.most_open, 0, MOST_OPEN),
    ):
        if not least <= number <= most:
            yield FieldProblem(name, _("Give a whole number from {least} to {most}.").format(least=least, most=most))
    if not 0 <= offer.hours <= MAX_MINUTES:
        yield FieldProblem("hours", _("Nobody may work more than 60 hours a week: check the number."))
    if not 0 <= offer.qualification <= 9:
        yield FieldProblem("qualification", _("Choose one of the proposals."))
    if len(offer.skills) > MAX_SKILLS:
        said = _("{count} skills are too many: keep the {limit} that matter, or fewer; five are often enough.")
        yield FieldProblem("skills", said.format(count=len(offer.skills), limit=MAX_SKILLS))
    if len(offer.languages) > MAX_LANGUAGES:
        yield FieldProblem("languages", _("At most {limit} languages.").format(limit=MAX_LANGUAGES))
    for code, level in offer.languages:
        if not travels(code) or Cefr.read(level) is None:
            yield FieldProblem("languages", _("Choose each language and its level in the lists."))
    if not offer.licences <= set(Licence):
        yield FieldProblem("licences", _("Choose among the proposals."))


def _places(offer: Offer, tables: Referential) -> Iterator[FieldProblem]:
    if not offer.sites:
        yield FieldProblem("sites", _("Say where the work is: search for the commune, and choose it."))
    if len(offer.sites) > MAX_SITES:
        yield FieldProblem(
            "sites",
            _("At most {limit} places are typed: a larger campaign is imported as a file.").format(limit=MAX_SITES),
        )
    if len({site.id for site in offer.sites}) < len(offer.sites):
        yield FieldProblem("sites", _("Two places have one number: leave a new place without a number."))
    for site in offer.sites:
        if tables.communes.get(site.commune) is None:
            yield FieldProblem("sites", vanished_sentence(tables, site.commune))
        if len(site.label) > MAX_LINE or not is_line(site.label):
            yield FieldProblem("sites", _("The name of a place is one line of at most 200 characters."))
        if not 1 <= site.posts <= MAX_POSTS:
            said = _("{place}: give from 1 to {limit} posts.")
            yield FieldProblem("sites", said.format(place=tables.communes.name(site.commune), limit=MAX_POSTS))


def vanished_sentence(tables: Referential, code: str) -> str:
    """What whoever typed a commune reads that is none today."""
    heir = tables.communes.get_former(code)
    if heir is None:
        return _("The commune {code} is not known: take it away, and search for it by its name.").format(code=code)
    return _("The commune {code} is a part of {name} today: choose {name}.").format(code=code, name=heir.name)


def _time(offer: Offer, today: date) -> Iterator[FieldProblem]:
    if offer.closes < today:
        yield FieldProblem("closes", _("This day is past: give the last day on which people may be put forward."))
    elif offer.closes > today + OPEN_FOR:
        yield FieldProblem("closes", _("An offer stays open for a year at most: give an earlier day."))
    if not 0 <= offer.clause_hours <= MAX_CLAUSE_HOURS:
        yield FieldProblem(
            "clause_hours", _("Give a whole number from {least} to {most}.").format(least=0, most=MAX_CLAUSE_HOURS)
        )
    if offer.clause_hours and not offer.clause:
        yield FieldProblem("clause_hours", _("These hours are those of a clause: tick it, or empty this field."))
    if offer.network_on is not None and offer.network_on > offer.closes:
        yield FieldProblem("network_on", _("The offer would be closed by then: give a day before its last one."))


def _contact(offer: Offer) -> Iterator[FieldProblem]:
    contact = offer.contact
    if len(contact.name) > MAX_LINE or not is_line(contact.name):
        yield FieldProblem("contact_name", _("At most {limit} characters, on one line.").format(limit=MAX_LINE))
    if contact.email and not is_email(contact.email):
        yield FieldProblem("contact_email", _("This is no e-mail address: check it, for example nom@exemple.fr."))
    if contact.phone and not is_kept(contact.phone):
        yield FieldProblem("contact_phone", unreadable_phone())
    if len(contact.address) > MAX_ADDRESS or not is_text(contact.address):
        yield FieldProblem("contact_address", _("At most {limit} characters.").format(limit=MAX_ADDRESS))


def _words(offer: Offer) -> Iterator[FieldProblem]:
    texts = [(name, getattr(offer, name)) for name in _WORDED] + [("sites", site.label) for site in offer.sites]
    for name, text in texts:
        yield from _worded(name, text, offer.contract)


def _worded(name: str, text: str, contract: str) -> Iterator[FieldProblem]:
    for found in discriminating(text, contract):
        if found.forbids:
            said = _("“{words}” speaks of {criterion}, which no offer may (Code du travail, {ground}). {better}")
            yield FieldProblem(
                name,
                said.format(
                    words=found.said, criterion=found.criterion.label, ground=found.ground, better=found.better
                ),
            )
