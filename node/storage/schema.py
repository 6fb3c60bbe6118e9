"""The whole schema: `METADATA` with the tables of every module that has some. For migrations and their tests; who only
reads and writes needs the tables of their own repository alone.
"""

from node.storage import account_tables, mission_tables, reception_tables
from node.storage.tables import METADATA

__all__ = ["METADATA", "account_tables", "mission_tables", "reception_tables"]
