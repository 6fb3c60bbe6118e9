"""A person's fields between the register and a form, in groups that pages show: `GROUPS`.

Guarantees: what was typed is never lost: adding, removing and looking up send the whole form and show it again
(`act`); a word typed for a look-up without choosing keeps the form from being saved; `read` gives values of
`rules.EDITABLE` alone, and faults by field in the form.

Read next: rows.py; filling.py, what templates ask of a form under way; proposals.py, which fills the same form from a
document.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from node.kit.i18n import gettext as _
from node.kit.phone import shown as shown_phone
from node.mission.people.candidate import Candidate, Diploma, Experience, Hours, Job
from node.mission.people.rules import MAX_MOBILITY_KM, MAX_MONTHS, MAX_SUMMARY, MAX_WORDS, FieldProblem
from node.mission.terms import Cefr, Contract, Education, Language, Licence, Qualification, language_code
from node.referential import Hit, Referential
from node.web.frame.forms import Form, labelled
from node.web.frame.lookups import proposals, take_out
from node.web.people.rows import ROWS, add_diploma, add_job, add_language, add_row, put, row_count

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "identity": ("first_name", "last_name", "email", "phone", "commune", "birth_date"),
    "search": (
        "occupations",
        "skills",
        "contracts",
        "hours",
        "qualification",
        "availability",
        "mobility_km",
        "places",
        "relocates",
        "licences",
        "vehicle",
        "public_transport",
    ),
    "background": ("jobs", "diplomas", "languages"),
    "voice": ("summary", "qualities", "interests", "words"),
}
"""The fields of each part of a file."""

LOOKUPS: Final = {"occupations": "metiers", "skills": "competences", "places": "communes", "commune": "communes"}
APPELLATION: Final = "appellation_"
"""The field that holds the appellation chosen for an occupation, followed by its code."""
_SINGLE: Final = frozenset({"commune"})
_MONTH: Final = re.compile(r"(?:([0-9]{1,2})[/. -])?((?:19|20)[0-9]{2})")
_ISO_MONTH: Final = re.compile(r"((?:19|20)[0-9]{2})-([0-9]{2})")


def code_label(referential: Referential, name: str, code: str) -> str:
    """What a code of a looked-up field means; the code itself when this edition does not know it."""
    match LOOKUPS[name]:
        case "metiers":
            return referential.occupations.label(code) or code
        case "competences":
            return referential.skills.label(code) or code
        case _:
            commune = referential.communes.get(code)
            return code if commune is None else f"{commune.name} ({', '.join(commune.postal_codes[:1]) or code})"


OPTIONS: Final[Mapping[str, Callable[[], list[tuple[str, str]]]]] = {
    "contracts": lambda: labelled(Contract),
    "hours": lambda: labelled(Hours),
    "qualification": lambda: labelled(Qualification),
    "licences": lambda: labelled(Licence, coded=True),
    "levels": lambda: labelled(Education, coded=True),
    "language_names": lambda: labelled(Language),
    "cefr": lambda: labelled(Cefr, coded=True),
}


def options() -> dict[str, list[tuple[str, str]]]:
    """All drop-downs and boxes, as pairs (code, label)."""
    return {name: make() for name, make in OPTIONS.items()}


def form_of(person: Candidate) -> Form:
    """A form that shows the person's fields."""
    form = Form.of(
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
        phone=shown_phone(person.phone),
        commune=person.commune,
        birth_date=person.birth_date,
        occupations=[one.rome for one in person.occupations],
        skills=sorted(person.skills),
        contracts=person.contracts,
        hours=person.hours.value or "any",
        qualification=person.qualification or None,
        availability=person.availability,
        mobility_km=person.mobility_km,
        places=sorted(person.places),
        relocates=person.relocates,
        licences=person.licences,
        vehicle=person.vehicle,
        public_transport=person.public_transport,
        summary=person.summary,
        qualities="\n".join(person.qualities),
        interests="\n".join(person.interests),
        words=person.words,
    )
    for one in person.occupations:
        put(form, f"months_{one.rome}", one.months)
        put(form, f"{APPELLATION}{one.rome}", one.appellation)
    for job in person.jobs:
        add_job(form, job)
    for diploma in person.diplomas:
        add_diploma(form, diploma)
    for code, level in person.languages:
        add_language(form, code, level)
    return form


def act(form: Form, referential: Referential) -> dict[str, Sequence[Hit]] | None:
    """Do what a button of the form asks for, but saving: add, remove, put first, look up, one more row. None when the
    form is to be saved; else the proposals to show, by field."""
    if form.raw("ajouter"):
        _add(form, referential, form.raw("ajouter"))
        return {}
    if form.raw("retirer"):
        take_out(form, LOOKUPS)
        return {}
    if first := form.raw("premier"):
        form.values["occupations"] = [first, *(one for one in form.all("occupations") if one != first)]
        return {}
    if form.raw("ligne") in ROWS:
        add_row(form, form.raw("ligne"))
        return {}
    return proposals(form, referential, LOOKUPS)


def _add(form: Form, referential: Referential, wanted: str) -> None:
    """One more entry; another appellation of an occupation that is there takes the place of the one before."""
    name, _colon, code = wanted.partition(":")
    if name not in LOOKUPS:
        return
    if name == "occupations":
        code, _colon, called = code.partition(":")
        others = referential.occupations.appellations(code)[1:]
        put(form, f"{APPELLATION}{code}", called if called in others else "")
    kept = [] if name in _SINGLE else list(form.all(name))
    form.values[name] = kept if code in kept else [*kept, code]
    form.values[f"q_{name}"] = [""]


def read(form: Form, groups: Iterable[str]) -> dict[str, Any]:
    """The values of these groups as typed, with faults recorded in the form."""
    values: dict[str, Any] = {}
    for group in groups:
        values |= _READERS[group](form)
    return values


def blame(form: Form, problems: Iterable[FieldProblem]) -> None:
    """Record what the rules of the register found."""
    for problem in problems:
        form.error(problem.field, problem.sentence)


def _identity(form: Form) -> dict[str, Any]:
    return {
        "first_name": form.line("first_name"),
        "last_name": form.line("last_name", required=not form.raw("first_name").strip()),
        "email": form.line("email"),
        "phone": form.line("phone", longest=40),
        "commune": form.line("commune", longest=5),
        "birth_date": form.day("birth_date"),
    }


def _search(form: Form) -> dict[str, Any]:
    hours = form.choice("hours", ["any", *filter(None, Hours)])
    qualification = form.choice("qualification", list(Qualification))
    km = form.whole("mobility_km", most=MAX_MOBILITY_KM)
    return {
        "occupations": tuple(
            Experience(
                rome=rome,
                months=form.whole(f"months_{rome}", most=MAX_MONTHS) or 0,
                appellation=form.line(f"{APPELLATION}{rome}"),
            )
            for rome in dict.fromkeys(form.all("occupations"))
            if rome
        ),
        "skills": frozenset(form.all("skills")) - {""},
        "contracts": form.choices("contracts", list(Contract)),
        "hours": Hours.of("" if hours in ("", "any") else hours),
        "qualification": int(qualification or 0),
        "availability": form.day("availability"),
        "mobility_km": 0 if km is None else km,
        "places": frozenset(form.all("places")) - {""},
        "relocates": form.flag("relocates"),
        "licences": form.choices("licences", list(Licence)),
        "vehicle": form.flag("vehicle"),
        "public_transport": form.flag("public_transport"),
    }


def _background(form: Form) -> dict[str, Any]:
    return {
        "jobs": tuple(job for row in range(row_count(form, "job")) if (job := _job(form, row)) is not None),
        "diplomas": tuple(one for row in range(row_count(form, "diploma")) if (one := _diploma(form, row)) is not None),
        "languages": tuple(
            (code, form.choice(f"language_{row}_level", list(Cefr), required=True))
            for row in range(row_count(form, "language"))
            if (code := _language(form, f"language_{row}_"))
        ),
    }


def _language(form: Form, name: str) -> str:
    """The language chosen in the list, else the one that was written beside it."""
    return form.choice(name + "code", list(Language)) or language_code(form.line(name + "other"))


def _job(form: Form, row: int) -> Job | None:
    name = f"job_{row}_"
    if not form.flag(name + "keep") or not any(form.raw(name + part).strip() for part in ("title", "employer")):
        return None
    return Job(
        title=form.line(name + "title", required=True),
        employer=form.line(name + "employer"),
        place=form.line(name + "place"),
        rome=form.line(name + "rome", longest=5),
        start=_month(form, name + "start"),
        end="" if form.flag(name + "current") else _month(form, name + "end"),
        current=form.flag(name + "current"),
        tasks=_lines(form, name + "tasks"),
    )


def _diploma(form: Form, row: int) -> Diploma | None:
    name = f"diploma_{row}_"
    if not form.flag(name + "keep") or not form.raw(name + "label").strip():
        return None
    return Diploma(
        label=form.line(name + "label"),
        level=int(form.choice(name + "level", list(Education)) or 0),
        school=form.line(name + "school"),
        year=form.whole(name + "year", least=1900, most=2200) or 0,
    )


def _voice(form: Form) -> dict[str, Any]:
    return {
        "summary": form.text("summary", longest=MAX_SUMMARY),
        "qualities": _lines(form, "qualities"),
        "interests": _lines(form, "interests"),
        "words": form.text("words", longest=MAX_WORDS),
    }


_READERS: Final[Mapping[str, Callable[[Form], dict[str, Any]]]] = {
    "identity": _identity,
    "search": _search,
    "background": _background,
    "voice": _voice,
}


def _month(form: Form, name: str) -> str:
    """As it is kept: 2021-03, or 2021; empty with a fault when it is neither."""
    value = form.line(name, longest=20)
    if not value:
        return ""
    if found := _ISO_MONTH.fullmatch(value):
        return value if 1 <= int(found[2]) <= 12 else ""
    if (found := _MONTH.fullmatch(value)) and (found[1] is None or 1 <= int(found[1]) <= 12):
        return found[2] if found[1] is None else f"{found[2]}-{int(found[1]):02}"
    form.error(name, _("Write 03/2021, or the year alone."))
    return ""


def _lines(form: Form, name: str) -> tuple[str, ...]:
    return tuple(line for one in form.text(name).split("\n") if (line := " ".join(one.split())))
