"""The whole schema: `METADATA` with the tables of every subject. For migrations and their tests; who only reads and
writes needs the tables of their own repository alone.

Partial indexes are declared here: to name a dialect's option, SQLAlchemy imports the dialect, PostgreSQL's too.
"""

from typing import Any

import sqlalchemy as sa

from node.storage import (
    accounts,
    choices,
    deposits,
    duplicates,
    employers,
    happened,
    matching,
    offers,
    sheets,
    workshops,
)
from node.storage.forwards import after_hire, around, disclosures, forwards, pauses
from node.storage.metadata import METADATA
from node.storage.network import directory, journal, nonces, peers, replica, told_ends
from node.storage.people import candidates, documents, erased, files, register

WITH_TABLES = (
    accounts,
    after_hire,
    around,
    candidates,
    choices,
    deposits,
    directory,
    disclosures,
    documents,
    duplicates,
    employers,
    erased,
    files,
    forwards,
    happened,
    journal,
    matching,
    nonces,
    offers,
    pauses,
    peers,
    register,
    replica,
    sheets,
    told_ends,
    workshops,
)
"""The modules that have tables."""

__all__ = ["METADATA", "WITH_TABLES"]


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


_offer = offers.offer_table.columns
_candidate = register.candidate_table.columns
_disclosure = disclosures.disclosure_table.columns
sa.Index("uq_offer_node_reference", _offer.node, _offer.reference, unique=True, **_where("reference <> ''"))
sa.Index("ix_offer_aside", _offer.node, _offer.state, _offer.id, **_where(offers.ASIDE))
sa.Index("ix_candidate_notice_on", _candidate.notice_on, **_where("notice_on IS NOT NULL"))
sa.Index("uq_disclosure_order", _disclosure.order, unique=True, **_where("\"order\" <> ''"))
