"""The signed statement by which the home mission stands guarantor for one forward.

Verifiable offline, by the employer, with the directory alone: it names the recipient, the forward, the offer version,
the hash of the sealed dossier, what was checked and when, the consent's reference and scope, and its own expiry.
Read `protocol/messages/forwards.py` next, where it travels.
"""

from protocol.messages.guarantees import Check, Checked, ConsentReference, Guarantee, SignedGuarantee

__all__ = ["Check", "Checked", "ConsentReference", "Guarantee", "SignedGuarantee"]
