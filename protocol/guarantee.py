"""The signed statement by which the home mission stands guarantor for one forward.

Verifiable offline, by the employer, with the directory alone: it names the recipient, the forward, the offer version,
the hash of the sealed dossier, what was checked and when, the consent's reference and scope, and its own expiry.
Guarantees: `verify_guarantee` returns only what the home mission's guarantee key signed for this very recipient,
forward and dossier, and what has not expired; `verify_forward` also compares the message that carried it. Read next:
messages/guarantees.py (its fields), messages/forwards.py, where it travels.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from protocol.errors import MalformedMessage, ProofMismatch, StaleMessage
from protocol.keys import MAX_SKEW, NodeKeys, PublicKey, Purpose, find_key_journaled, verify
from protocol.messages.forwards import ForwardSent
from protocol.messages.guarantees import Check, Checked, ConsentReference, Guarantee, SignedGuarantee
from protocol.wire_json import base64, encode, parse_timestamp, unbase64

__all__ = [
    "Check",
    "Checked",
    "ConsentReference",
    "Guarantee",
    "SignedGuarantee",
    "sign_guarantee",
    "verify_forward",
    "verify_guarantee",
]

_LABEL = b"maillon/guarantee/1\x00"


def sign_guarantee(guarantee: Guarantee, keys: NodeKeys) -> SignedGuarantee:
    """Signed by the home mission; MalformedMessage when it is not well formed or names another home."""
    if guarantee.home != keys.node_id:
        raise MalformedMessage("guarantee: another home than the node that signs")
    return SignedGuarantee(
        guarantee=guarantee,
        key_id=keys.key_id(Purpose.GUARANTEE),
        signature=base64(keys.sign(Purpose.GUARANTEE, _LABEL + encode(guarantee))),
    )


def verify_guarantee(
    signed: SignedGuarantee,
    home_keys: Sequence[PublicKey],
    *,
    recipient: str,
    forward: str,
    sealed_dossier: bytes,
    now: datetime,
    journaled: datetime | None = None,
) -> Guarantee:
    """The guarantee, once it is proven; `home_keys` are the directory's keys of the home mission, retired ones too.
    `journaled` is the time of the header that carries it, None for whoever has the guarantee alone.

    Raises UnknownKey and BadSignature, StaleMessage when it has expired, is from the future, or was issued or journaled
    outside its key's window, ProofMismatch when it is for another recipient, forward or dossier.
    """
    guarantee = signed.guarantee
    issued = parse_timestamp(guarantee.issued)
    key = find_key_journaled(home_keys, Purpose.GUARANTEE, issued, journaled or issued, signed.key_id)
    verify(key, unbase64(signed.signature), _LABEL + encode(guarantee))
    if not key.key_id.startswith(f"{guarantee.home}#"):
        raise ProofMismatch("guarantee: another home than the node whose key signed")
    if guarantee.recipient != recipient:
        raise ProofMismatch("guarantee: for another recipient")
    if guarantee.forward != forward:
        raise ProofMismatch("guarantee: for another forward")
    if guarantee.dossier_sha256 != sha256(sealed_dossier).hexdigest():
        raise ProofMismatch("guarantee: for another dossier")
    if issued > now + MAX_SKEW:
        raise StaleMessage("guarantee: from the future", skew_seconds=int((issued - now).total_seconds()))
    if parse_timestamp(guarantee.expires) <= now:
        raise StaleMessage("guarantee: expired")
    return guarantee


def verify_forward(
    message: ForwardSent, home_keys: Sequence[PublicKey], *, recipient: str, now: datetime, journaled: datetime
) -> Guarantee:
    """The guarantee of a forward, once it is proven and says the same as the message; `journaled` is its header's time.

    Raises as `verify_guarantee`; ProofMismatch also when it is for another offer, or another revision of it.
    """
    guarantee = verify_guarantee(
        message.guarantee,
        home_keys,
        recipient=recipient,
        forward=message.forward,
        sealed_dossier=unbase64(message.dossier),
        now=now,
        journaled=journaled,
    )
    offered = (message.offer, message.revision, message.offer_entry)
    if (guarantee.offer, guarantee.revision, guarantee.offer_entry) != offered:
        raise ProofMismatch("guarantee: for another offer, or another revision of it")
    return guarantee
