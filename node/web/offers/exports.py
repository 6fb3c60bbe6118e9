"""/offres/export.csv and .xlsx: the list as it is filtered, one line an offer.

Guarantees: no cell is a formula; a list that is too long for one file is refused, never cut. Read next: wanted.py,
`node/documents/lists.py`.
"""

from collections.abc import Iterator
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from node.documents.lists import csv_list, xlsx_list
from node.imports.spreadsheets import XLSX
from node.imports.templates import CSV
from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.offers.hours import hours_text
from node.mission.offers.offer import Need, Offer
from node.requests import NodeOf
from node.services.node import Node
from node.services.offers.searching import offers_page
from node.web.frame.auth import require
from node.web.frame.pages import redirect
from node.web.offers.showing import contract_name, lines_of, occupation
from node.web.offers.wanted import Wanted

router = APIRouter()

ReadsOffers = Annotated[Account, Depends(require(Permission.READ_OFFERS))]
MOST: Final = 5000
"""Offers in one file."""
COLUMNS: Final = (
    "intitule", "employeur", "rome", "metier", "contrat", "duree_mois", "heures", "salaire", "experience", "permis",
    "competences", "competences_souhaitees", "communes", "km", "postes", "presentees", "cloture", "etat", "publiee_par",
    "publiee_le", "reference", "reponse_jours", "candidatures_max", "clause",
    "clause_heures", "description",
)  # fmt: skip
"""As the lists that are taken in call them, where these do (docs/imports.md)."""


@router.get("/offres/export.csv")
def as_csv(request: Request, node: NodeOf, who: ReadsOffers) -> Response:
    """For any program."""
    return _file(request, node, "csv")


@router.get("/offres/export.xlsx")
def as_xlsx(request: Request, node: NodeOf, who: ReadsOffers) -> Response:
    """For spreadsheets."""
    return _file(request, node, "xlsx")


def _file(request: Request, node: Node, form: str) -> Response:
    wanted = Wanted.of(request.query_params)
    if wanted.filter.needs:
        said = _("Needs stay here, and are in no file: an employer told them to your mission alone.")
        return redirect(request, wanted.address(), said, "warning")
    found = offers_page(node.desk, wanted.filter, size=MOST)
    if found.count > MOST:
        said = _("{count} offers are too many for one file ({most} at most): filter the list first.")
        return redirect(request, wanted.address(), said.format(count=found.count, most=MOST), "warning")
    rows = _rows(node, found.rows)
    content = csv_list(COLUMNS, rows) if form == "csv" else xlsx_list(_("Offers"), COLUMNS, rows)
    headers = {"Content-Disposition": f'attachment; filename="offres.{form}"', "Cache-Control": "no-store"}
    return Response(content, media_type=CSV if form == "csv" else XLSX, headers=headers)


def _rows(node: Node, offers: tuple[Offer, ...]) -> Iterator[list[str]]:
    tables = node.desk.referential()

    def skills(offer: Offer, need: Need) -> str:
        return ", ".join(tables.skills.label(code) or code for code, asked in offer.skills if asked is need)

    for line in lines_of(node, offers):
        offer = line.offer
        yield [
            offer.title,
            offer.employer,
            offer.rome,
            occupation(offer, tables),
            contract_name(offer),
            str(offer.months or ""),
            hours_text(offer.hours),
            offer.salary,
            offer.experience,
            " ".join(sorted(offer.licences)),
            skills(offer, Need.REQUIRED),
            skills(offer, Need.WISHED),
            ", ".join(dict.fromkeys(tables.communes.name(site.commune) for site in offer.sites)),
            "" if line.km is None else str(round(line.km)),
            str(offer.posts),
            str(line.put_forward),
            offer.closes.isoformat(),
            offer.state.label,
            line.publisher,
            offer.published.date().isoformat() if offer.published else "",
            offer.reference,
            str(offer.answer_days),
            str(offer.most_open or ""),
            _("yes") if offer.clause else "",
            str(offer.clause_hours or ""),
            offer.description,
        ]
