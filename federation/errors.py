"""What can go wrong between two nodes.

One base and few kinds. Each has a stable word, `problem`, which is what an RFC 9457 answer, a peer's row and an alarm
carry: callers decide by class or by that word, never by text. The text is English, for operators, and holds no
personal data: no body, no header of a peer, at most a node id, a status or a size.

What is wrong with received bytes alone (form, signature, proof) stays a `protocol.errors.ProtocolError`;
`problem_of` gives a word for both families. Read next: transport/client.py (who raises most of them).
"""

from enum import StrEnum
from typing import ClassVar

from protocol.errors import (
    BadSignature,
    CannotOpen,
    MalformedMessage,
    ProofMismatch,
    ProtocolError,
    StaleMessage,
    UnknownKey,
    UnknownVersion,
)

PROBLEM_TYPE = "urn:maillon:problem:"
"""Prefix of `type` in an RFC 9457 answer; the word follows."""


class FederationError(Exception):
    """Base of everything that this package raises about the traffic with others."""

    problem: ClassVar[str] = "federation"


class Unreachable(FederationError):
    """No answer in time, or only a gateway's: try again later. `status` is the gateway's, None without an answer."""

    problem = "unreachable"

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class AddressRefused(FederationError):
    """The name resolves to no address that this node may connect to; nothing was sent."""

    problem = "address_refused"


class BadAnswer(FederationError):
    """Somebody answered, and the answer is not one that the protocol knows: a redirection, too many bytes, an encoding,
    no signature. `status` is the HTTP status, None when the answer was cut before it."""

    problem = "bad_answer"

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class PeerRefused(FederationError):
    """The peer understood and said no.

    `word` is its problem word (empty when it gave none), `detail` its text, which is the peer's and never shown as
    ours; `skew_seconds` how far ahead it measured our clock, None when that was not the reason.
    """

    problem = "refused"

    def __init__(self, status: int, word: str, detail: str = "", *, skew_seconds: int | None = None) -> None:
        super().__init__(f"refused with status {status}: {word or 'no reason given'}")
        self.status = status
        self.word = word
        self.detail = detail
        self.skew_seconds = skew_seconds


class Mistrust(FederationError):
    """What a peer hands over contradicts what it signed: nothing of it is taken in, and a person is told.

    `first` and `second` are the two documents that contradict each other (empty where there is only one): signed
    checkpoints, or headers with what opens them.
    """

    problem = "mistrust"

    def __init__(self, message: str, first: bytes = b"", second: bytes = b"") -> None:
        super().__init__(message)
        self.first = first
        self.second = second


class Fork(Mistrust):
    """A journal contradicts what it signed before: two roots for one size, or a history that was rewritten."""

    problem = "fork"


class Equivocation(Mistrust):
    """Two messages under one number of a channel. `channel` and `number` say where the first one stands, when it is
    not in `first`."""

    problem = "equivocation"

    def __init__(self, message: str, first: bytes, second: bytes, *, channel: str, number: int) -> None:
        super().__init__(message, first, second)
        self.channel = channel
        self.number = number


class Rollback(Mistrust):
    """A journal is shorter than what its owner signed before: an old backup, or worse."""

    problem = "rollback"


class Gap(Mistrust):
    """A channel's number is missing, and nothing explains it."""

    problem = "gap"


class Withheld(Mistrust):
    """The channel's signed head is further than what was handed over."""

    problem = "withheld"


class NotAMember(FederationError):
    """The directory that we verified does not name this node."""

    problem = "not_a_member"


class Suspended(FederationError):
    """The directory names this node and says that it is suspended."""

    problem = "suspended"


class Replayed(FederationError):
    """A request that changes something came a second time under one nonce."""

    problem = "replayed"


class BadDirectory(FederationError):
    """A directory that is not to be believed: another root, signatures missing, or older than what was seen before."""

    problem = "bad_directory"


class NoDirectory(FederationError):
    """This node has never verified a directory: it has not joined a network yet."""

    problem = "no_directory"


class NotEnoughKeys(FederationError):
    """Fewer of a role's keys are at hand than its threshold asks for; nothing was signed."""

    problem = "not_enough_keys"


class DraftFault(StrEnum):
    """What is wrong with a file in which a renewal is signed."""

    FORM = "draft_form"
    ALTERED = "draft_altered"
    OTHER_COPY = "draft_copies"
    OTHER_NETWORK = "draft_network"
    OLDER = "draft_older"
    PAST = "draft_past"
    FAR = "draft_far"
    OTHER_KEY = "draft_key"


class BadDraft(FederationError):
    """A renewal that is not signed, or not published; nothing was written. `word` says why."""

    problem = "bad_draft"

    def __init__(self, word: DraftFault) -> None:
        super().__init__(f"the renewal is refused: {word}")
        self.word = word


class NotAdmitted(FederationError):
    """The directory cannot take what a join request asks for. The text says why, and quotes nothing of it."""

    problem = "not_admitted"


class StaleDirectory(FederationError):
    """The directory is genuine and past its date: work goes on with the last one that was verified."""

    problem = "stale_directory"


_PROTOCOL_PROBLEMS: dict[type[ProtocolError], str] = {
    MalformedMessage: "malformed",
    BadSignature: "bad_signature",
    StaleMessage: "stale",
    ProofMismatch: "proof_mismatch",
    UnknownVersion: "unknown_version",
    UnknownKey: "unknown_key",
    CannotOpen: "cannot_open",
}


def problem_of(error: FederationError | ProtocolError) -> str:
    """The stable word of an error of either family."""
    if isinstance(error, FederationError):
        return error.problem
    return _PROTOCOL_PROBLEMS.get(type(error), "protocol")
