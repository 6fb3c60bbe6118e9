"""Offers as France Travail's "offres d'emploi v2" gives them: one offer, a list, or an answer with `resultats`.

Guarantees: field names are the service's own; whatever is not read is left alone (contacts are never read); one offer
that cannot be read does not cost the others. What the format does not say is not invented, with two exceptions that
docs/imports.md names: a language that is required without a level is read as B1, and an offer that states no end closes
at the end of the second month from now. Licences and languages that are only wished are left out.

Read next: `json_entries.py`; `offers_csv.py`, the other way in.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

import msgspec

from node.imports.cells import MAX_LIST, MAX_REFERENCE, MAX_TEXT, skills_by_label
from node.imports.json_entries import parse_entries
from node.imports.licences import read_licence
from node.imports.lines import ParsedLine, UnreadableFile
from node.imports.offers_csv import default_closing
from node.imports.spans import find_months
from node.imports.working_hours import find_weekly_minutes
from node.kit.i18n import gettext as _
from node.mission.offers.offer import Need, Offer, OfferSite
from node.mission.terms import Cefr, Contract, ExperienceAsked, Language, travels
from node.referential import Commune, Referential
from node.referential.text import fold


class _Place(msgspec.Struct, rename="camel"):
    libelle: str = ""
    code_postal: str = ""
    commune: str = ""


class _Company(msgspec.Struct):
    nom: str = ""


class _Pay(msgspec.Struct):
    libelle: str = ""
    commentaire: str = ""


class _Demand(msgspec.Struct):
    """An entry of `competences`, `langues` or `permis`."""

    code: str | int = ""
    libelle: str = ""
    exigence: str = ""


class _Offer(msgspec.Struct, rename="camel"):
    id: str | int
    intitule: str
    rome_code: str
    lieu_travail: _Place
    type_contrat: str
    type_contrat_libelle: str = ""
    nature_contrat: str = ""
    description: str = ""
    entreprise: _Company = msgspec.field(default_factory=_Company)
    experience_exige: str = ""
    experience_libelle: str = ""
    competences: list[_Demand] = []
    langues: list[_Demand] = []
    permis: list[_Demand] = []
    salaire: _Pay = msgspec.field(default_factory=_Pay)
    duree_travail_libelle: str = ""
    nombre_postes: int = 1
    qualification_code: str | int = ""


_FIELD: Final = re.compile(r" - at `\$\.?([A-Za-z0-9_.\[\]]*)`\Z")
_MISSING: Final = re.compile(r"missing required field `([A-Za-z]+)`")
_DEPARTMENT: Final = re.compile(r"(\d{2,3}|2[AB]) - ")
_LANGUAGES: Final = {fold(language.label): str(language) for language in Language if travels(language)}


def parse_france_travail(data: bytes, referential: Referential, today: date) -> Sequence[ParsedLine[Offer]]:
    """Every offer of the file, numbered from 1, as a value or a problem."""

    def read(entry: Any) -> Offer:
        try:
            return _offer(msgspec.convert(entry, _Offer, strict=False), referential, today)
        except msgspec.ValidationError as error:
            raise UnreadableFile(_sentence(error)) from None

    return parse_entries(data, read)


def _sentence(error: msgspec.ValidationError) -> str:
    """What is wrong, by field name alone: the decoder's own text is English and may grow."""
    if missing := _MISSING.search(str(error)):
        return _("Field {field} is missing.").format(field=missing[1])
    if (field := _FIELD.search(str(error))) and field[1]:
        return _("Field {field} does not have the expected form.").format(field=field[1])
    return _("This entry is not an offer.")


def _offer(read: _Offer, referential: Referential, today: date) -> Offer:
    """The offer; UnreadableFile, with a sentence that names the field, when it cannot be one."""
    reference = _needed("id", str(read.id), MAX_REFERENCE)
    rome = read.rome_code.strip().upper()
    if re.fullmatch(r"[A-N]\d{4}", rome, re.ASCII) is None:
        raise UnreadableFile(_("Field {field} does not have the expected form.").format(field="romeCode"))
    if not 1 <= read.nombre_postes <= 100_000:
        raise UnreadableFile(_("Field {field} does not have the expected form.").format(field="nombrePostes"))
    commune = _commune(read.lieu_travail, referential)
    asked = read.experience_exige.strip().upper()
    qualification = str(read.qualification_code).strip()
    return Offer(
        id="",
        node="",
        reference=reference,
        employer=_cut(read.entreprise.nom, 200) or _("Employer not disclosed"),
        title=_cut(_needed("intitule", read.intitule, MAX_TEXT), 200),
        rome=rome,
        description=_cut(read.description, MAX_TEXT),
        contract=_contract(read),
        months=find_months(read.type_contrat_libelle) if read.type_contrat != Contract.CDI else 0,
        hours=find_weekly_minutes(read.duree_travail_libelle) or 0,
        salary=_cut(read.salaire.libelle or read.salaire.commentaire, 200),
        experience=str(ExperienceAsked.read(asked) or ExperienceAsked.BEGINNER),
        experience_months=find_months(read.experience_libelle) if asked in {"S", "E"} else 0,
        qualification=int(qualification) if re.fullmatch("[1-9]", qualification) else 0,
        skills=_skills(read.competences, referential),
        languages=_languages(read.langues),
        licences=_licences(read.permis),
        sites=(
            OfferSite(
                id=commune, commune=commune, label=_cut(read.lieu_travail.libelle, 200), posts=read.nombre_postes
            ),
        ),
        closes=default_closing(today),
    )


def _needed(field: str, text: str, most: int) -> str:
    text = text.strip()
    if not text or len(text) > most:
        raise UnreadableFile(_("Field {field} is empty or too long.").format(field=field))
    return text


def _cut(text: str, most: int) -> str:
    text = text.strip()
    return text if len(text) <= most else text[: most - 1] + "…"


def _commune(place: _Place, referential: Referential) -> str:
    communes, code = referential.communes, place.commune.strip()
    if found := communes.get(code) or communes.get_former(code):
        return found.insee
    department = _DEPARTMENT.match(place.libelle.strip())
    name = _DEPARTMENT.sub("", place.libelle.strip(), count=1)
    postal_code = place.code_postal.strip()
    found = communes.resolve(f"{name} {postal_code}") if name else communes.only_served(postal_code)
    # "03 - Allier" names a département, and a commune of another one. "971 - ST MARTIN" is still said of what left it.
    if found is None or (department is not None and not _lies_in(found, department[1])):
        raise UnreadableFile(
            _("Field {field}: no commune that is known. Complete the INSEE code, such as 03185.").format(
                field="lieuTravail"
            )
        )
    return found.insee


def _lies_in(commune: Commune, department: str) -> bool:
    return commune.department == department or any(code.startswith(department) for code in commune.postal_codes)


def _contract(read: _Offer) -> str:
    nature = fold(read.nature_contrat)
    if nature == "e2" or "apprentissage" in nature:
        return str(Contract.APP)
    if nature == "fs" or "professionnalisation" in nature:
        return str(Contract.PRO)
    contract = Contract.read(read.type_contrat.strip().upper())
    if contract is None:
        raise UnreadableFile(_("Field {field}: this contract type is not known.").format(field="typeContrat"))
    return str(contract)


def _skills(demands: Iterable[_Demand], referential: Referential) -> tuple[tuple[str, Need], ...]:
    """Skills by code, else by a label that the referential knows; free wordings are left to the description."""
    found: dict[str, Need] = {}
    for demand in demands:
        code = str(demand.code).strip()
        if re.fullmatch(r"\d{1,9}", code, re.ASCII) is None:
            code = skills_by_label(referential.skills).get(fold(demand.libelle), "")
        if code:
            found[code] = Need.REQUIRED if Need.REQUIRED in (demand.exigence, found.get(code)) else Need.WISHED
    return tuple(sorted(found.items())[:MAX_LIST])


def _languages(demands: Iterable[_Demand]) -> tuple[tuple[str, str], ...]:
    codes = {_LANGUAGES.get(fold(demand.libelle)) for demand in demands if demand.exigence == Need.REQUIRED}
    return tuple((code, str(Cefr.B1)) for code in sorted(filter(None, codes))[:10])


def _licences(demands: Iterable[_Demand]) -> frozenset[str]:
    found = {
        read_licence(str(demand.code)) or read_licence(demand.libelle)
        for demand in demands
        if demand.exigence == Need.REQUIRED
    }
    return frozenset(str(licence) for licence in found if licence is not None)
