"""Everything that the node keeps, on SQLite or PostgreSQL, behind the ports of `federation` and `node.mission`.

Start with `unit_of_work.py` (one transaction is the guarantee), then `engine.py` (what makes it one), `tables.py`
(what is kept), `repositories/` (one module a port) and `lease.py` (one leader).
"""

from node.storage.engine import LOCAL_TROUBLE
from node.storage.errors import (
    BrokenDatabase,
    Conflict,
    DatabaseBusy,
    Missing,
    NestedUnitOfWork,
    ReadOnly,
    StorageError,
    WrongDatabase,
)
from node.storage.lease import Lease, lease_for
from node.storage.unit_of_work import NodeUnitOfWork, SqlDatabase, initialise, open_database

__all__ = [
    "LOCAL_TROUBLE",
    "BrokenDatabase",
    "Conflict",
    "DatabaseBusy",
    "Lease",
    "Missing",
    "NestedUnitOfWork",
    "NodeUnitOfWork",
    "ReadOnly",
    "SqlDatabase",
    "StorageError",
    "WrongDatabase",
    "initialise",
    "lease_for",
    "open_database",
]
