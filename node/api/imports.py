"""`/api/v1/imports`: files of candidates and offers into the register. The body is the file itself."""

from fastapi import APIRouter

from node.api.inputs import RawBody, raw_body
from node.imports import read_candidates, read_offers
from node.imports.spreadsheets import XLSX
from node.requests import NodeOf
from node.schemas.imports import ImportOut
from node.services.accounts import trail
from node.services.imports import importing

router = APIRouter(prefix="/imports", tags=["imports"])


@router.post("/candidates", openapi_extra=raw_body("text/csv", XLSX))
def import_candidates(node: NodeOf, file: RawBody) -> ImportOut:
    """Take in candidates from CSV or XLSX (docs/imports.md). Good lines are kept, bad ones told with their number."""
    desk = node.desk
    lines = read_candidates(file, desk.referential(), desk.today())
    trail.lists_by_program(desk)
    return ImportOut.of(importing.import_candidates(desk, lines))


@router.post("/offers", openapi_extra=raw_body("text/csv", XLSX, "application/json"))
def import_offers(node: NodeOf, file: RawBody) -> ImportOut:
    """Take in offers from CSV or XLSX (docs/imports.md) or France Travail's JSON, and publish what is new."""
    desk = node.desk
    lines = read_offers(file, desk.referential(), desk.today())
    return ImportOut.of(importing.import_offers(desk, lines))
