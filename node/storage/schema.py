"""The whole schema: `METADATA` with the tables of every module that has some. For migrations and their tests; who only
reads and writes needs the tables of their own repository alone.

Partial indexes are declared here: to name a dialect's option, SQLAlchemy imports the dialect, PostgreSQL's too.
"""

from typing import Any

import sqlalchemy as sa

from node.storage import account_tables, mission_tables, reception_tables, tables
from node.storage.tables import METADATA

__all__ = ["METADATA", "account_tables", "mission_tables", "reception_tables"]


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


_offer = tables.offer.columns
_candidate = mission_tables.candidate.columns
_disclosure = mission_tables.disclosure.columns
sa.Index("uq_offer_node_reference", _offer.node, _offer.reference, unique=True, **_where("reference <> ''"))
sa.Index("ix_candidate_notice_on", _candidate.notice_on, **_where("notice_on IS NOT NULL"))
sa.Index("uq_disclosure_order", _disclosure.order, unique=True, **_where("\"order\" <> ''"))
