"""An offer's fields between `Offer` and its form.

Guarantees: what was typed is never lost: adding, removing and looking up send the whole form and show it again (`act`);
a word typed for a look-up without choosing keeps the form from being saved. `read` gives what `add_offer` and
`edit_offer` take, with faults by field in the form. Read next: form.py; people/fields.py, which does the same for
people.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from node.imports.offers_csv import new_site_id
from node.imports.working_hours import read_weekly_minutes
from node.kit import phone
from node.kit.i18n import gettext as _
from node.kit.pasted import plain_text
from node.mission.offers.hours import hours_text
from node.mission.offers.offer import (
    ANSWER_DAYS,
    LEAST_ANSWER_DAYS,
    MOST_ANSWER_DAYS,
    MOST_OPEN,
    Need,
    Offer,
    OfferContact,
    OfferSite,
)
from node.mission.offers.rules import (
    MAX_ADDRESS,
    MAX_CLAUSE_HOURS,
    MAX_DESCRIPTION,
    MAX_MONTHS,
    MAX_POSTS,
    MAX_SITES,
    vanished_sentence,
)
from node.mission.terms import Cefr, Contract, ExperienceAsked, Language, Licence, Qualification, travels
from node.referential import Hit, Referential
from node.web.frame.forms import Form, labelled
from node.web.frame.lookups import find, proposals, take_out
from node.web.people.fields import code_label
from node.web.people.rows import add_language, add_row, row_count

LOOKUPS: Final = {"rome": "metiers", "skills": "competences", "sites": "communes"}
_LINES: Final = ("title", "employer", "reference", "salary", "contact_name", "contact_email", "contact_phone")
_MOST_SKILLS_TYPED: Final = 500
_SUGGESTED: Final = 8


@dataclass(slots=True)
class OfferFill:
    """What the template needs of a form under way."""

    form: Form
    tables: Referential
    found: dict[str, Sequence[Hit]] = field(default_factory=dict)

    def hits(self, name: str) -> Sequence[Hit]:
        """The proposals for what was typed into a look-up."""
        return self.found.get(name, ())

    def occupation(self) -> list[tuple[str, str]]:
        """The chosen one, with its label."""
        code = self.form.raw("rome")
        return [(code, code_label(self.tables, "occupations", code))] if code else []

    def skills(self) -> list[tuple[str, str]]:
        """The chosen ones, with their labels."""
        return [(code, code_label(self.tables, "skills", code)) for code in dict.fromkeys(self.form.all("skills"))]

    def sites(self) -> list[tuple[str, str, str]]:
        """Number, commune and its name of each place."""
        return [(one, self.commune(one), self.tables.communes.name(self.commune(one))) for one in self._sites()]

    def _sites(self) -> list[str]:
        return [one for one in dict.fromkeys(self.form.all("sites")) if one]

    def commune(self, site: str) -> str:
        """Where that place is."""
        return self.form.raw(f"commune_{site}")

    def languages(self) -> range:
        """The numbers of the rows of languages."""
        return range(row_count(self.form, "language"))

    def likely_occupations(self) -> list[Hit]:
        """What the title may mean, while none is chosen; each occupation once."""
        title = self.form.raw("title")
        if self.form.raw("rome") or not title.strip():
            return []
        once: dict[str, Hit] = {}
        for hit in find(self.tables, "metiers", title.replace("(H/F)", "")[:200]):
            once.setdefault(hit.code, hit)
        return list(once.values())[:4]

    def likely_skills(self) -> list[tuple[str, str]]:
        """The skills of the chosen occupation, those of its core first, not chosen yet."""
        rome, chosen = self.form.raw("rome"), set(self.form.all("skills"))
        table = self.tables.skills
        codes = dict.fromkeys([*table.core(rome), *table.for_occupation(rome)]) if rome else ()
        return [(code, table.label(code) or code) for code in codes if code not in chosen][:_SUGGESTED]


def options() -> dict[str, list[tuple[str, str]]]:
    """All drop-downs and boxes, as pairs (code, label)."""
    return {
        "contract": labelled(Contract, coded=True),
        "experience": labelled(ExperienceAsked),
        "qualification": labelled(Qualification),
        "licences": labelled(Licence, coded=True),
        "languages": labelled(one for one in Language if travels(one)),
        "cefr": labelled(Cefr, coded=True),
        "need": labelled(Need),
        "network": [
            ("0", _("My town alone")),
            ("1", _("The network, now")),
            ("2", _("My town first, then the network on the day below")),
        ],
    }


def form_of(offer: Offer) -> Form:
    """A form that shows the offer's fields."""
    form = Form.of(
        title=offer.title,
        employer=offer.employer,
        reference=offer.reference,
        rome=offer.rome,
        description=offer.description,
        contract=offer.contract,
        months=offer.months or None,
        hours=hours_text(offer.hours),
        salary=offer.salary,
        experience=offer.experience,
        experience_months=offer.experience_months or None,
        qualification=offer.qualification or None,
        skills=[code for code, _need in offer.skills],
        licences=offer.licences,
        sites=[site.id for site in offer.sites],
        closes=offer.closes,
        network="1" if offer.network else "2" if offer.network_on else "0",
        network_on=offer.network_on,
        answer_days=offer.answer_days,
        most_open=offer.most_open or None,
        clause="1" if offer.clause else "",
        clause_hours=offer.clause_hours or None,
        contact_name=offer.contact.name,
        contact_email=offer.contact.email,
        contact_phone=phone.shown(offer.contact.phone),
        contact_address=offer.contact.address,
        revision=offer.revision,
    )
    for code, need in offer.skills:
        form.values[f"need_{code}"] = [need.value]
    for site in offer.sites:
        _put_site(form, site.id, site.commune, site.label, str(site.posts))
    for code, level in offer.languages:
        add_language(form, code, level)
    return form


def _put_site(form: Form, number: str, commune: str, label: str, posts: str) -> None:
    form.values |= {f"commune_{number}": [commune], f"label_{number}": [label], f"posts_{number}": [posts]}


def act(form: Form, tables: Referential) -> dict[str, Sequence[Hit]] | None:
    """Do what a button of the form asks for, but checking and saving: add, remove, look up, one more row. None when the
    form is to be checked or saved; else the proposals to show, by field."""
    if form.raw("ajouter"):
        _add(form, form.raw("ajouter"))
        return {}
    if form.raw("retirer"):
        take_out(form, LOOKUPS)
        return {}
    if form.raw("titre"):
        form.values["title"] = [form.raw("titre")]
        return {}
    if form.raw("ligne") == "language":
        add_row(form, "language")
        return {}
    return proposals(form, tables, LOOKUPS)


def _add(form: Form, wanted: str) -> None:
    name, _colon, code = wanted.partition(":")
    if name not in LOOKUPS:
        return
    form.values[f"q_{name}"] = [""]
    if name == "rome":
        form.values["rome"] = [code]
    elif name == "skills":
        form.values["skills"] = list(dict.fromkeys([*form.all("skills"), code]))
        form.values.setdefault(f"need_{code}", [Need.REQUIRED.value])
    elif len(form.all("sites")) < MAX_SITES:
        taken = [_site(number, form.raw(f"commune_{number}")) for number in form.all("sites")]
        number = new_site_id(code, taken)
        while number in form.all("sites"):
            number = f"{number}-2"
        form.values["sites"] = [*form.all("sites"), number]
        _put_site(form, number, code, "", "1")


def _site(number: str, commune: str) -> OfferSite:
    return OfferSite(id=number, commune=commune, label="", posts=1)


def read(form: Form, tables: Referential) -> dict[str, Any]:
    """The values as typed, with faults recorded in the form."""
    for name in (*_LINES, *(f"label_{one}" for one in form.all("sites"))):
        if name in form.values:
            form.values[name] = [" ".join(plain_text(form.raw(name)).split())]
    for name in ("description", "contact_address"):
        form.values[name] = [plain_text(form.raw(name).replace("\r\n", "\n"))]
    closes = form.day("closes", required=True)
    qualification = form.choice("qualification", list(Qualification))
    network = form.choice("network", ["0", "1", "2"], required=True)
    later = form.day("network_on", required=True) if network == "2" else None
    return {
        "title": form.line("title", required=True),
        "employer": form.line("employer", required=True),
        "reference": form.line("reference", longest=64),
        "rome": form.line("rome", longest=5),
        "description": form.text("description", longest=MAX_DESCRIPTION),
        "contract": form.choice("contract", list(Contract), required=True),
        "months": form.whole("months", most=MAX_MONTHS) or 0,
        "hours": _hours(form),
        "salary": form.line("salary"),
        "experience": form.choice("experience", list(ExperienceAsked), required=True),
        "experience_months": form.whole("experience_months", most=MAX_MONTHS) or 0,
        "qualification": int(qualification or 0),
        "skills": _skills(form),
        "languages": _languages(form),
        "licences": form.choices("licences", list(Licence)),
        "sites": sites_in(form, tables),
        "closes": closes,
        "network": network == "1",
        "network_on": later,
        "answer_days": form.whole("answer_days", least=LEAST_ANSWER_DAYS, most=MOST_ANSWER_DAYS) or ANSWER_DAYS,
        "most_open": form.whole("most_open", most=MOST_OPEN) or 0,
        "clause": form.flag("clause"),
        "clause_hours": form.whole("clause_hours", most=MAX_CLAUSE_HOURS) or 0,
        "contact": contact_in(form),
    }


def contact_in(form: Form) -> OfferContact:
    """Whom to call, as typed."""
    number = form.line("contact_phone", longest=40)
    return OfferContact(
        name=form.line("contact_name"),
        email=form.line("contact_email"),
        phone=phone.read(number) or number,
        address=form.text("contact_address", longest=MAX_ADDRESS),
    )


def _hours(form: Form) -> int:
    """Minutes a week; 0 with a fault when it is not read."""
    typed = form.line("hours", longest=40)
    minutes = read_weekly_minutes(typed) if typed else 0
    if minutes is None:
        form.error("hours", _("Write hours a week such as 35 or 35h30; 60 at most."))
    return minutes or 0


def _skills(form: Form) -> tuple[tuple[str, Need], ...]:
    codes = [one for one in dict.fromkeys(form.all("skills")) if one]
    needs = [(code, Need.read(form.raw(f"need_{code}")) or Need.REQUIRED) for code in codes]
    return tuple(sorted(needs)[:_MOST_SKILLS_TYPED])


def _languages(form: Form) -> tuple[tuple[str, str], ...]:
    rows = (f"language_{row}_" for row in range(row_count(form, "language")))
    chosen = (
        (code, form.choice(name + "level", list(Cefr), required=True))
        for name in rows
        if (code := form.choice(name + "code", [one for one in Language if travels(one)]))
    )
    return tuple(dict(chosen).items())


def sites_in(form: Form, tables: Referential) -> tuple[OfferSite, ...]:
    """The places; a commune that is a part of another today is replaced by it, and said so."""
    made = []
    for number in _numbers(form):
        code = form.raw(f"commune_{number}")[:5]
        heir = tables.communes.get_former(code) if tables.communes.get(code) is None else None
        if heir is not None:
            form.error("sites", vanished_sentence(tables, code))
            form.values[f"commune_{number}"] = [heir.insee]
        made.append(
            OfferSite(
                id=number,
                commune=code,
                label=form.line(f"label_{number}"),
                posts=form.whole(f"posts_{number}", required=True, least=1, most=MAX_POSTS) or 1,
            )
        )
    return tuple(made)


def _numbers(form: Form) -> Iterable[str]:
    return [one for one in dict.fromkeys(form.all("sites")) if one]
