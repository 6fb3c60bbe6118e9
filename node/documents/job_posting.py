"""An offer as schema.org/JobPosting, JSON-LD: what search engines and job boards read.

Guarantees: nothing that stays at home is in it (whom to call, its history); what the offer does not say is
left out. Source: https://schema.org/JobPosting. Read next: `node/mission/offers/offer.py`.
"""

from typing import Any, Final

from node.mission.offers.offer import Need, Offer, OfferSite
from node.mission.terms import Contract, Language, Licence
from node.referential import Referential

_TEMPORARY: Final = frozenset({"CDD", "MIS", "SAI", "DDI", "TTI"})
_FULL: Final = 35 * 60
"""Minutes a week from which work is full-time (Code du travail, L3121-27)."""


def job_posting(offer: Offer, tables: Referential) -> dict[str, Any]:
    """The object, ready to be written as JSON."""
    skills = [tables.skills.label(code) or code for code, _need in offer.skills]
    required = [tables.skills.label(code) or code for code, need in offer.skills if need is Need.REQUIRED]
    known = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "identifier": {"@type": "PropertyValue", "name": offer.node, "value": offer.id},
        "title": offer.title,
        "description": offer.description or offer.title,
        "hiringOrganization": {"@type": "Organization", "name": offer.employer},
        "datePosted": offer.published.date().isoformat() if offer.published else None,
        "validThrough": offer.closes.isoformat(),
        "employmentType": _employment(offer),
        "totalJobOpenings": offer.posts,
        "jobLocation": [_place(site, tables) for site in offer.sites],
        "occupationalCategory": f"{offer.rome} {tables.occupations.label(offer.rome) or ''}".strip(),
        "workHours": f"{offer.hours / 60:g} h par semaine" if offer.hours else None,
        "skills": ", ".join(skills) or None,
        "qualifications": ", ".join([*required, *_demands(offer)]) or None,
        "experienceRequirements": _experience(offer),
        "baseSalary": offer.salary or None,
    }
    return {name: value for name, value in known.items() if value is not None}


def _employment(offer: Offer) -> list[str]:
    kinds = ["PART_TIME" if 0 < offer.hours < _FULL else "FULL_TIME"] if offer.hours else []
    if offer.contract in _TEMPORARY:
        kinds.append("TEMPORARY")
    elif Contract.read(offer.contract) is Contract.LIB:
        kinds.append("CONTRACTOR")
    return kinds or ["OTHER"]


def _place(site: OfferSite, tables: Referential) -> dict[str, Any]:
    commune = tables.communes.get(site.commune)
    address: dict[str, Any] = {
        "@type": "PostalAddress",
        "addressLocality": tables.communes.name(site.commune),
        "addressCountry": "FR",
    }
    if commune is not None and commune.postal_codes:
        address["postalCode"] = commune.postal_codes[0]
    return {"@type": "Place", "address": address} | ({"name": site.label} if site.label else {})


def _demands(offer: Offer) -> list[str]:
    licences = [f"Permis {one}" for one in sorted(offer.licences) if Licence.read(one)]
    languages = [
        f"{known.label if (known := Language.read(code)) else code} {level}" for code, level in offer.languages
    ]
    return [*licences, *languages]


def _experience(offer: Offer) -> dict[str, Any] | str | None:
    if offer.experience_months:
        return {"@type": "OccupationalExperienceRequirements", "monthsOfExperience": offer.experience_months}
    return "Débutant accepté" if offer.experience == "D" else None
