"""Offers as schema.org/JobPosting (JSON-LD): one, a list, or an `@graph`, as job boards and career sites give them.

Guarantees: one offer that cannot be read does not cost the others; whatever is not read is left alone. What the format
does not say is not invented, with the exceptions that docs/imports.md names: a post that is not said to be temporary is
a CDI, and one that states no end closes at the end of the second month from now.

Source: https://schema.org/JobPosting. Read next: `france_travail.py`; `node/documents/job_posting.py` writes the same.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from node.imports.cells import MAX_LIST, MAX_REFERENCE, MAX_TEXT, skills_by_label
from node.imports.json_entries import parse_entries
from node.imports.lines import ParsedLine, UnreadableFile
from node.imports.occupations import read_occupation
from node.imports.offers_csv import MAX_SITES, default_closing, new_site_id
from node.imports.working_hours import find_weekly_minutes
from node.kit.i18n import gettext as _
from node.kit.pasted import plain_text
from node.mission.offers.offer import Need, Offer, OfferSite
from node.mission.terms import Contract
from node.referential import Referential
from node.referential.text import fold

_ROME: Final = re.compile(r"\b[A-N]\d{4}\b", re.ASCII)
_GENDERS: Final = re.compile(r"\s*[(\[]?\b[hf]\s?[/-]\s?[hf]\b[)\]]?", re.IGNORECASE)
_POINT: Final = re.compile(r"<li\b[^>]*>", re.IGNORECASE)
_BREAK: Final = re.compile(r"<(?:br|/p|/div|/h\d|/li|/ul|/ol)\b[^>]*>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]{0,500}>")
_SAID: Final = (
    ("apprentissage", Contract.APP),
    ("professionnalisation", Contract.PRO),
    ("interim", Contract.MIS),
    ("saisonnier", Contract.SAI),
    ("cdd", Contract.CDD),
    ("cdi", Contract.CDI),
)
_PERIODS: Final = {
    "HOUR": "de l'heure",
    "DAY": "par jour",
    "WEEK": "par semaine",
    "MONTH": "par mois",
    "YEAR": "par an",
}


def parse_job_postings(data: bytes, referential: Referential, today: date) -> Sequence[ParsedLine[Offer]]:
    """Every offer of the file, numbered from 1, as a value or a problem."""

    def read(entry: Any) -> Offer:
        if not isinstance(entry, Mapping) or "JobPosting" not in _texts(entry.get("@type")):
            raise UnreadableFile(_("This entry is not an offer."))
        return _offer(entry, referential, today)

    return parse_entries(data, read)


def _offer(entry: Mapping[str, Any], referential: Referential, today: date) -> Offer:
    """The offer; UnreadableFile, with a sentence that names the field, when it cannot be one."""
    title = _cut(_text(entry.get("title")), 200)
    reference = _text(entry.get("identifier")) or _text(entry.get("url"))
    for name, value in (("identifier", reference), ("title", title)):
        if not value or len(value) > (MAX_REFERENCE if name == "identifier" else 200):
            raise UnreadableFile(_("Field {field} is empty or too long.").format(field=name))
    description = _cut(_prose(_text(entry.get("description"))), MAX_TEXT)
    contract = _contract(entry, f"{title} {description}")
    months = entry.get("experienceRequirements")
    asked = _number(months.get("monthsOfExperience")) if isinstance(months, Mapping) else 0
    return Offer(
        id="",
        node="",
        reference=reference,
        employer=_cut(_text(entry.get("hiringOrganization")), 200) or _("Employer not disclosed"),
        title=title,
        rome=_occupation(entry, title, referential),
        description=description,
        contract=contract.value,
        hours=find_weekly_minutes(_text(entry.get("workHours"))) or 0,
        salary=_cut(_salary(entry.get("baseSalary")), 200),
        experience="E" if asked else "D",
        experience_months=min(asked, 600),
        skills=_skills(entry.get("skills"), referential),
        sites=tuple(_sites(entry, referential)),
        closes=_closing(_text(entry.get("validThrough")), today),
    )


def _texts(value: object) -> list[str]:
    return [_text(one) for one in value] if isinstance(value, list) else [_text(value)]


def _text(value: object) -> str:
    """A text; of a thing its value or its name; of several the first."""
    if isinstance(value, list):
        return _text(value[0]) if value else ""
    if isinstance(value, Mapping):
        return _text(value.get("value")) or _text(value.get("name"))
    return plain_text(str(value)).strip() if isinstance(value, str | int | float) else ""


def _prose(text: str) -> str:
    """Without the marks of HTML, which the format allows here."""
    marked = _BREAK.sub("\n", _POINT.sub("- ", text))
    return plain_text(html.unescape(_TAG.sub("", marked))).strip()


def _cut(text: str, most: int) -> str:
    text = " ".join(text.split()) if most < MAX_TEXT else text
    return text if len(text) <= most else text[: most - 1] + "…"


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | float) and 0 < value < 100_000 else 0


def _contract(entry: Mapping[str, Any], said: str) -> Contract:
    kinds = {one.upper() for one in _texts(entry.get("employmentType"))}
    words = fold(" ".join([*kinds, said])).split()
    named = next((contract for word, contract in _SAID if word in words), None)
    if named is not None:
        return named
    if "CONTRACTOR" in kinds:
        return Contract.LIB
    return Contract.CDD if kinds & {"TEMPORARY", "SEASONAL"} else Contract.CDI


def _occupation(entry: Mapping[str, Any], title: str, referential: Referential) -> str:
    for text in _texts(entry.get("occupationalCategory")):
        if (code := _ROME.search(text)) and referential.occupations.label(code[0]) is not None:
            return code[0]
    for name in (_text(entry.get("occupationalCategory")), _GENDERS.sub("", title)):
        if name and (found := read_occupation(referential, name)):
            return found[0]
    raise UnreadableFile(
        _("Field {field}: no occupation that is known. Complete the ROME code, such as N1103.").format(
            field="occupationalCategory"
        )
    )


def _sites(entry: Mapping[str, Any], referential: Referential) -> Iterator[OfferSite]:
    given = entry.get("jobLocation")
    places = (given if isinstance(given, list) else [given])[:MAX_SITES] or [None]
    posts = _number(entry.get("totalJobOpenings")) or 1
    made: list[OfferSite] = []
    for place in places:
        commune = _commune(place, referential)
        label = _text(place.get("name")) if isinstance(place, Mapping) else ""
        made.append(OfferSite(id=new_site_id(commune, made), commune=commune, label=_cut(label, 200), posts=1))
    # The format counts posts of the whole offer: those that are left over stand at the first place.
    first = made[0]
    left = max(1, posts - len(made) + 1)
    yield OfferSite(id=first.id, commune=first.commune, label=first.label, posts=left)
    yield from made[1:]


def _commune(place: object, referential: Referential) -> str:
    address = place.get("address") if isinstance(place, Mapping) else place
    if isinstance(address, Mapping):
        name, code = _text(address.get("addressLocality")), _text(address.get("postalCode"))
    else:
        name, code = _text(address), ""
    found = referential.communes.resolve(f"{name} {code}".strip())
    if found is None:
        raise UnreadableFile(
            _("Field {field}: no commune that is known. Complete the INSEE code, such as 03185.").format(
                field="jobLocation"
            )
        )
    return found.insee


def _salary(value: object) -> str:
    """As a person would say it."""
    if not isinstance(value, Mapping):
        return _text(value)
    amount = value.get("value")
    if not isinstance(amount, Mapping):
        return f"{_text(amount)} {_text(value.get('currency'))}".strip()
    ends = [end for name in ("value", "minValue", "maxValue") if (end := _text(amount.get(name)).replace(".", ","))]
    period = _PERIODS.get(_text(amount.get("unitText")).upper(), "")
    currency = _text(value.get("currency")).replace("EUR", "€")
    return " ".join(filter(None, (" à ".join(ends), currency, period))) if ends else ""


def _skills(value: object, referential: Referential) -> tuple[tuple[str, Need], ...]:
    """Those whose label the referential knows, as wished; other wordings are left alone."""
    known = skills_by_label(referential.skills)
    labels = [part for text in _texts(value) for part in (text, *re.split("[,;\n]", text))]
    found = {code: Need.WISHED for label in labels if (code := known.get(fold(label), ""))}
    return tuple(sorted(found.items())[:MAX_LIST])


def _closing(text: str, today: date) -> date:
    try:
        closes = date.fromisoformat(text[:10])
    except ValueError:
        return default_closing(today)
    if closes < today:
        raise UnreadableFile(_("Field {field}: this day is past.").format(field="validThrough"))
    return closes
