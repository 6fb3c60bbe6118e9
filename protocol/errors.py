"""What can be wrong with bytes that came from somebody else.

One base and few kinds, each with a stable meaning, so that a caller decides by class and never by text. The
text is English, for operators and developers, and carries no personal data: never a payload, at most a size,
a name of a field or a node id. Whatever a person reads is translated where the node meets its users.
"""


class ProtocolError(Exception):
    """Base of everything that this package raises about received bytes."""


class MalformedMessage(ProtocolError):
    """The bytes do not have the one form that the protocol allows: syntax, sizes, missing or unknown fields,
    or an encoding that is not the canonical one."""


class BadSignature(ProtocolError):
    """The bytes are well formed, and the signature over them is missing or wrong."""


class StaleMessage(ProtocolError):
    """The message is outside its window of time: too old, already expired, or from the future.

    `skew_seconds` is how far the sender's clock appears to be from the receiver's, positive when the sender
    is ahead; None when the message does not tell.
    """

    def __init__(self, message: str, *, skew_seconds: int | None = None) -> None:
        super().__init__(message)
        self.skew_seconds = skew_seconds


class ProofMismatch(ProtocolError):
    """A proof, commitment or hash is well formed and does not lead to the value that it should."""


class UnknownVersion(ProtocolError):
    """The kind of message, or its major version, is not known here: store it raw, alarm, and pass on."""


class UnknownKey(ProtocolError):
    """The key id is not in the directory, or the key was not valid at the moment that counts."""


class CannotOpen(ProtocolError):
    """A sealed message cannot be opened with the keys held here; the sender may be asked to seal it again."""
