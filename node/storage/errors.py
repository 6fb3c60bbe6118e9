"""What may go wrong between the node and its database, without a name of any database library.

Texts are English, for operators, and never quote a row. Whatever else the database library raises is a fault of this
package, or a server that cannot be reached.
"""


class StorageError(Exception):
    """Base of everything that this package raises by itself."""


class DatabaseBusy(StorageError):
    """Another writer held the database for longer than `engine.BUSY_SECONDS`; nothing was written, try again."""


class NestedUnitOfWork(StorageError):
    """This thread already has a unit of work open, and a second one would wait for it for ever."""


class ReadOnly(StorageError):
    """Something was written through `read()`."""


class AlreadyThere(StorageError):
    """A key, number or reference that must be unique is taken already, or a row that is referred to is not there."""


class Missing(StorageError, LookupError):
    """What was to be replaced is not there: erased meanwhile, or never added. Saving never brings a row back."""


class BrokenDatabase(StorageError):
    """The file is damaged, unreadable or no database at all: an affair for the administrator."""


class DiskFull(BrokenDatabase):
    """No room is left where the database lies; nothing was written, and what is there is sound."""


class LostDatabase(StorageError):
    """A node's database is not there, or holds nothing: a new one would be a fork of the journal that peers know."""


class WrongDatabase(StorageError):
    """The database belongs to another node or epoch, was never initialised, or was written by a later version."""
