"""Everything that the node keeps, on SQLite or PostgreSQL, behind the ports of `federation` and `node.mission`.

Start with `unit_of_work.py` (one transaction is the guarantee), then `engine.py` (what makes it one), `metadata.py`
(what all tables share), the subjects (each its tables and its repositories together) and `lease.py` (one leader).
Repositories take and return values of `federation.ports` and `node.mission`, never rows.
"""

from node.storage.engine import LOCAL_TROUBLE, require_file
from node.storage.errors import (
    AlreadyThere,
    BrokenDatabase,
    DatabaseBusy,
    DiskFull,
    LostDatabase,
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
    "AlreadyThere",
    "BrokenDatabase",
    "DatabaseBusy",
    "DiskFull",
    "Lease",
    "LostDatabase",
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
    "require_file",
]
