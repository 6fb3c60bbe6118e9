"""`/api/v1/erasures`: the disclosure ledger, and what can be shown of each erasure."""

from fastapi import APIRouter, Response

from node.api.inputs import Name
from node.requests import NodeOf
from node.schemas.forwards import ErasureList
from node.services.forwards import disclosures

router = APIRouter(prefix="/erasures", tags=["erasures"])


@router.get("")
def list_erasures(node: NodeOf) -> ErasureList:
    """Who was given which dossier, and whether its erasure was ordered and attested; oldest first."""
    return ErasureList.of(disclosures.ledger(node.desk))


@router.get(
    "/{order}/certificate",
    response_class=Response,
    responses={200: {"content": {"application/json": {"schema": {"type": "object"}}}}},
)
def get_certificate(node: NodeOf, order: Name) -> Response:
    """The exact bytes of the certificate: signed order, signed receipt, and the proof that both stand in public
    journals. 409 while the holder has not attested."""
    return Response(disclosures.certificate(node.desk, order), media_type="application/json")
