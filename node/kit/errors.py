"""What a person is told when something fails: one sentence in their language that says what to do next.

`NodeError` and its kinds are raised by `node` with such a sentence. `sentence` gives one for any other exception: those
of `protocol` and `federation` are English and technical, and are translated here, by class, at the node's boundary.
No sentence ever holds personal data. Read next: node/cli/output.py and node/api/errors.py, the two boundaries.
"""

import errno
from enum import IntEnum

from node.kit.i18n import gettext as _


class ExitCode(IntEnum):
    """What a command ends with; documented in the README."""

    OK = 0
    ERROR = 1
    USAGE = 2
    PARTIAL = 3
    AUDIT_FAILED = 4
    BAD_CONFIG = 5
    INTERRUPTED = 130


class NodeError(Exception):
    """A refusal or a failure with a sentence for people. `problem` is the stable word of the problem document."""

    exit_code = ExitCode.ERROR
    status = 400
    problem = "refused"


class NotFound(NodeError):
    """What was named does not exist here."""

    status = 404
    problem = "not_found"


class Conflict(NodeError):
    """The state of things forbids it."""

    status = 409
    problem = "conflict"


class BadInput(NodeError):
    """What was given cannot be read or is out of bounds."""

    status = 422
    problem = "bad_input"


class Unavailable(NodeError):
    """It cannot be done now, and may be later."""

    status = 503
    problem = "unavailable"


_PACKAGES = ("protocol", "federation", "node")


def sentence(error: BaseException) -> str:
    """The sentence for any exception; `NodeError`s have their own, unknown ones are not quoted."""
    if isinstance(error, NodeError):
        return str(error)
    known = _by_class()
    for kind in type(error).__mro__:
        if kind.__name__ in known and kind.__module__.partition(".")[0] in _PACKAGES:
            return known[kind.__name__].format(detail=_detail(error))
    if isinstance(error, PermissionError):
        return _("Access to “{path}” is refused: check the owner and the rights of this file.").format(
            path=error.filename
        )
    if isinstance(error, FileNotFoundError):
        return _("“{path}” does not exist: check the path.").format(path=error.filename)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return known["DiskFull"].format(detail=error.strerror)
    if isinstance(error, OSError):
        return _("The system refused: {detail}.").format(detail=error.strerror or type(error).__name__)
    return _("Internal error ({kind}). Start again with MAILLON_DEBUG=1 to see where.").format(
        kind=type(error).__name__
    )


def _detail(error: BaseException) -> str:
    """What a peer gave as its reason, in words; else the technical text, which is ours and quotes nothing."""
    from node.kit import labels

    skew, word = getattr(error, "skew_seconds", None), getattr(error, "word", "")
    if skew:
        return _("the clocks differ by {seconds} s").format(seconds=abs(skew))
    return labels.trouble(word) if word else str(error)


def _by_class() -> dict[str, str]:
    """Sentences by class name, so that this module imports neither package at start."""
    return {
        "MalformedMessage": _("What was received does not follow the protocol ({detail}): nothing was taken in."),
        "BadSignature": _("A signature is wrong ({detail}): nothing was taken in. Warn the coordinator."),
        "StaleMessage": _("A date is outside its window ({detail}): check this machine's clock."),
        "ProofMismatch": _("A proof does not hold ({detail}): nothing was taken in. Warn the coordinator."),
        "UnknownVersion": _("This message is of a newer version ({detail}): upgrade this node."),
        "UnknownKey": _("No valid key for this signature ({detail}): refresh the directory, then try again."),
        "CannotOpen": _("This sealed content cannot be opened with this node's keys ({detail}): ask for it again."),
        "ProtocolError": _("The exchange was refused ({detail})."),
        "Unreachable": _("The other node does not answer ({detail}): try again later."),
        "PeerRefused": _("The other node refused ({detail})."),
        "BadAnswer": _("The other node's answer cannot be used ({detail}): nothing was taken in."),
        "Fork": _("The other node shows two journals ({detail}): nothing was taken in. Warn the coordinator."),
        "Gap": _("Messages of the other node are missing ({detail}): nothing was taken in. Warn the coordinator."),
        "NotAMember": _("This node is not in the directory ({detail}): ask the coordinator to admit it."),
        "Suspended": _("This node is suspended from the network ({detail}): ask the coordinator."),
        "Withheld": _(
            "The other node does not hand over everything that it announces ({detail}). Warn the coordinator."
        ),
        "Replayed": _("This request was already received ({detail})."),
        "AddressRefused": _(
            "The address is refused ({detail}): if it is on your own network, add it to allow_private_addresses."
        ),
        "BadDirectory": _("The directory is not to be believed ({detail}): check the root fingerprint by telephone."),
        "NoDirectory": _("This node has not joined a network yet: run “maillon network join” first."),
        "NotEnoughKeys": _("Too few signing keys are here ({detail}): bring the missing ones back to the keys folder."),
        "BadDraft": _("This renewal cannot be used ({detail}): nothing was signed or published."),
        "NotAdmitted": _("The directory cannot take this node ({detail})."),
        "JournalDamaged": _(
            "This node's journal is damaged ({detail}): nothing is signed any more. Stop it and warn the coordinator."
        ),
        "Equivocation": _("The other node sent two messages under one number ({detail}). Warn the coordinator."),
        "Rollback": _("The other node's journal went back ({detail}): nothing was taken in. Warn the coordinator."),
        "StaleDirectory": _("The directory is out of date ({detail}): the last verified one stays in use."),
        "HolderOverdue": _("This recipient owes the receipt of an erasure: it is given no new dossier before that."),
        "DatabaseBusy": _("The database is held by another program ({detail}): nothing was written, try again."),
        "ReadOnly": _("The database cannot be written: check the rights of its file and of its directory."),
        "BrokenDatabase": _("The database is damaged ({detail}): stop the node and put back its last backup."),
        "DiskFull": _(
            "The disk is full: nothing was written, and what is there is sound. Make room, then start "
            "again; put no backup back."
        ),
        "LostDatabase": _(
            "The database “{detail}” is missing or empty. This node exists already, as its keys are here: its peers "
            "know its journal, and a new one would be taken for a fork. Put back the last backup of the database; "
            "without one, tell the coordinator."
        ),
        "WrongDatabase": _("The database cannot be used ({detail}): put back the right one."),
        "StorageError": _("The database refused ({detail}): nothing was written. Run “maillon check”."),
        "FederationError": _("The exchange with the network failed ({detail})."),
    }
