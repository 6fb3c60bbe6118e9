"""The full CV and contacts of one person, sealed for one recipient and one forward.

Apart from the message that carries it, so that it can be kept sealed, its hash guaranteed, and it alone destroyed.
Sealed bytes: length of the key id (2 bytes, big-endian), the key id, and what `sealing.py` makes. Guarantees: a sealed
dossier opens only between the nodes and for the forward that it was sealed for. Read next: guarantee.py.
"""

from typing import Annotated

from msgspec import Meta

from protocol.errors import MalformedMessage, UnknownKey
from protocol.keys import NodeKeys, PublicKey
from protocol.messages.offers import Contract, WantedLanguage
from protocol.sealing import make_info, open_sealed, seal
from protocol.wire_json import decode, encode
from protocol.wire_types import InseeCode, RomeCode, Short, SkillCode, Text, WireStruct

MAX_DOSSIER_BYTES = 500 * 1024
"""Cap of the canonical JSON, so that its `forward.sent/1` fits into a `sealed/1`."""

_LABEL = "maillon/dossier/1"
_KEY_ID_LENGTH = 2

OptionalDay = Annotated[str, Meta(pattern=r"\A([0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?\Z")]


class Occupation(WireStruct, frozen=True):
    """A ROME occupation that the person seeks, and the months worked in it."""

    rome: RomeCode
    months: Annotated[int, Meta(ge=0, le=1200)]


class Skill(WireStruct, frozen=True):
    """A skill with its label, since the recipient may have another version of the referential."""

    code: SkillCode
    label: Short


Language = WantedLanguage
"""ISO 639-1 code and the CEFR level that the person has."""


class Dossier(WireStruct, frozen=True):
    """What the recipient reads. `occupations`: the preferred first; `qualification`: France Travail's 1 to 9, 0 when
    unknown; `contracts`: accepted ones, empty for any; `availability`: the first day possible, empty when not said."""

    first_name: Short
    last_name: Short
    email: Short
    phone: Short
    commune: InseeCode
    occupations: Annotated[list[Occupation], Meta(max_length=50)]
    skills: Annotated[list[Skill], Meta(max_length=200)]
    qualification: Annotated[int, Meta(ge=0, le=9)]
    licences: Annotated[list[Annotated[str, Meta(pattern=r"\A[A-Z0-9]{1,4}\Z")]], Meta(max_length=15)]
    languages: Annotated[list[Language], Meta(max_length=50)]
    contracts: Annotated[list[Contract], Meta(max_length=20)]
    mobility_km: Annotated[int, Meta(ge=0, le=2000)]
    availability: OptionalDay
    summary: Text


def seal_dossier(dossier: Dossier, forward: str, home: str, recipient: str, public: PublicKey) -> bytes:
    """Seal for one recipient and one forward; `public` is a sealing key of the recipient.

    Raises MalformedMessage when the dossier is not well formed or too large, UnknownKey when the key is not the
    recipient's.
    """
    if not public.key_id.startswith(f"{recipient}#"):
        raise UnknownKey("sealing key of another node")
    key_id = public.key_id.encode()
    info = make_info(_LABEL, home, recipient, forward, public.key_id)
    sealed = seal(encode(dossier, MAX_DOSSIER_BYTES), public, info)
    return len(key_id).to_bytes(_KEY_ID_LENGTH, "big") + key_id + sealed


def open_dossier(sealed: bytes, forward: str, home: str, recipient: str, keys: NodeKeys) -> Dossier:
    """The dossier. Raises CannotOpen when the key is not held, or the bytes, the nodes or the forward are others than
    those that it was sealed for; MalformedMessage when it is not well formed."""
    key_id = sealed_to(sealed)
    plaintext = open_sealed(
        sealed[_KEY_ID_LENGTH + len(key_id) :], keys, key_id, make_info(_LABEL, home, recipient, forward, key_id)
    )
    return decode(plaintext, Dossier, MAX_DOSSIER_BYTES)


def sealed_to(sealed: bytes) -> str:
    """The name of the key that opens these sealed bytes; MalformedMessage when they are none."""
    end = _KEY_ID_LENGTH + int.from_bytes(sealed[:_KEY_ID_LENGTH], "big")
    if len(sealed) <= end:
        raise MalformedMessage("dossier: ends too early")
    try:
        return sealed[_KEY_ID_LENGTH:end].decode("ascii")
    except UnicodeDecodeError:
        raise MalformedMessage("dossier: the key id is not ASCII") from None
