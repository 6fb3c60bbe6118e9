"""The values that the golden vectors and the examples of SPEC.md are made from: one short story between three nodes.

A national employer publishes an offer; Montluçon releases its sheets, puts one person forward, and later orders the
erasure of the dossier. Keys and salts come from fixed seeds: for tests and vectors only.
"""

from datetime import UTC, datetime
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from msgspec.structs import replace

from protocol.changes import Changes, KeyChange, MemberChanges
from protocol.checkpoint import Checkpoint, sign_checkpoint
from protocol.commitment import NETWORK, Opening, make_opening
from protocol.dossier import Dossier, Language, Occupation, Skill
from protocol.guarantee import Checked, ConsentReference, Guarantee, SignedGuarantee, sign_guarantee
from protocol.keys import NodeKeys, PublicKey, Purpose, find_key
from protocol.members import JoinRequest, Member, Members, SignedJoinRequest, sign_join_request
from protocol.messages import (
    ErasureOrder,
    ErasureReceipt,
    FormerForwardMoved,
    FormerOfferPublished,
    ForwardMoved,
    ForwardSent,
    Message,
    OfferClosed,
    OfferPublished,
    Opened,
    Receipt,
    Sealed,
    SheetsReleased,
    Tombstone,
    kind_of,
)
from protocol.messages.forwards import NamedMove, StatedCondition
from protocol.messages.offers import Site, WantedLanguage, WantedSkill
from protocol.messages.sheets import Sheet
from protocol.note import vkey
from protocol.sealing import bucket, make_info
from protocol.tree import MerkleTree
from protocol.wire_json import base64, decode, encode
from tests.protocol.conftest import seeded_bytes
from tests.vectors import hpke_reference

HOME = "montlucon.emploi.example"
EMPLOYER = "grands-moulins.emploi.example"
COORDINATOR = "reseau.emploi.example"

NOT_BEFORE = datetime(2026, 11, 1, tzinfo=UTC)
NOT_AFTER = datetime(2027, 11, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

KEYS = {node: NodeKeys.generate(node, seeded_bytes(node)) for node in (COORDINATOR, EMPLOYER, HOME)}
PUBLIC_KEYS = {node: keys.public_keys(NOT_BEFORE, NOT_AFTER) for node, keys in KEYS.items()}


def sealing_key(node: str) -> PublicKey:
    """The sealing key of a node of the story."""
    return find_key(PUBLIC_KEYS[node], Purpose.SEALING, NOW)


def seal_with(seed: str, plaintext: bytes, public: PublicKey, info: bytes) -> bytes:
    """What `protocol.sealing.seal` would answer if its ephemeral key came from a seed."""
    padded = len(plaintext).to_bytes(4, "big") + plaintext
    padded = padded.ljust(bucket(len(padded)), b"\x00")
    ephemeral = X25519PrivateKey.from_private_bytes(seeded_bytes(seed)(32))
    return hpke_reference.seal(padded, X25519PublicKey.from_public_bytes(public.raw()), info, ephemeral, b"")


def entry_of(message: Message, channel: str, number: int, previous: str, time: str) -> tuple[str, Opening]:
    """A journal entry of the story, in hexadecimal, and what opens it."""
    seed = f"{kind_of(message)} {channel} {number}"
    entry, opening = make_opening(
        kind_of(message), channel, number, previous, time, encode(message), seeded_bytes(seed)
    )
    return entry.hex(), opening


OPENED = Opened(node=EMPLOYER, epoch=1, reason="first")
OPENED_ENTRY, OPENED_OPENING = entry_of(OPENED, NETWORK, 1, "", "2026-11-20T08:00:00Z")

OFFER = OfferPublished(
    offer="mag-2026-117",
    revision=1,
    employer="Les Grands Moulins",
    title="Préparateur ou préparatrice de commandes",
    rome="N1103",
    description="Préparation de commandes en entrepôt, équipes du matin. Formation aux chariots assurée.",
    contract="CDI",
    months=0,
    hours=2100,
    salary="1 867 € brut par mois",
    experience="D",
    experience_months=0,
    qualification=0,
    skills=[WantedSkill(code="121396", need="E"), WantedSkill(code="300424", need="S")],
    languages=[WantedLanguage(code="fr", level="A2")],
    licences=[],
    sites=[
        Site(site="drancy", commune="93029", label="Entrepôt de Drancy", posts=4),
        Site(site="montlucon", commune="03185", label="Entrepôt de Montluçon", posts=2),
    ],
    published="2026-11-20T08:05:00Z",
    closes="2027-01-31",
    answer_days=21,
    cap=0,
)
FORMER_OFFER = FormerOfferPublished(**{name: getattr(OFFER, name) for name in FormerOfferPublished.__struct_fields__})
OFFER_ENTRY, OFFER_OPENING = entry_of(OFFER, NETWORK, 2, OPENED_ENTRY, "2026-11-20T08:05:00Z")
JOURNAL = [(OPENED_ENTRY, OPENED_OPENING), (OFFER_ENTRY, OFFER_OPENING)]
_ORIGIN = f"{EMPLOYER}/journal/1"
_TREE = MerkleTree(bytes.fromhex(entry) for entry, _ in JOURNAL)
JOURNAL_VKEY = vkey(_ORIGIN, KEYS[EMPLOYER].journal.public_key().public_bytes_raw())
CHECKPOINT = sign_checkpoint(Checkpoint(_ORIGIN, len(JOURNAL), _TREE.root()), KEYS[EMPLOYER].journal)
OFFER_CLOSED = OfferClosed(offer=OFFER.offer, revision=2, at="2026-12-18T16:00:00Z", reason="filled")

SHEETS = SheetsReleased(
    release=12,
    at="2026-11-22T04:00:00Z",
    k=5,
    referential="2026-10",
    sheets=[
        Sheet(occupation="K+", size="20+", skills=[], languages=["fr"], contracts=["CDD", "CDI"]),
        Sheet(occupation="N11+", size="5+", skills=["300424"], languages=["fr"], contracts=["CDI", "MIS"]),
        Sheet(
            occupation="N1103",
            size="10+",
            skills=["121396", "300424"],
            languages=["fr", "pt"],
            contracts=["CDD", "CDI", "MIS"],
        ),
    ],
)

FORWARD = "f-7Q2M4ZK9"
DOSSIER = Dossier(
    first_name="Inès",
    last_name="Lafargue",
    email="ines.lafargue@courriel.example",
    phone="+33 6 39 98 00 17",
    commune="03185",
    occupations=[Occupation(rome="N1103", months=26), Occupation(rome="N1105", months=0)],
    skills=[Skill(code="121396", label="Préparer des commandes")],
    qualification=3,
    licences=["B"],
    languages=[Language(code="fr", level="C2"), Language(code="pt", level="B1")],
    contracts=["CDI", "CDD"],
    mobility_km=25,
    availability="2026-12-01",
    summary="Deux ans en entrepôt, ponctuelle, cherche un poste stable du matin.",
)
DOSSIER_INFO = make_info("maillon/dossier/1", HOME, EMPLOYER, FORWARD, sealing_key(EMPLOYER).key_id)
_KEY_ID = sealing_key(EMPLOYER).key_id.encode()
SEALED_DOSSIER = (
    len(_KEY_ID).to_bytes(2, "big")
    + _KEY_ID
    + seal_with("dossier", encode(DOSSIER), sealing_key(EMPLOYER), DOSSIER_INFO)
)

GUARANTEE: SignedGuarantee = sign_guarantee(
    Guarantee(
        forward=FORWARD,
        offer=OFFER.offer,
        revision=OFFER.revision,
        offer_entry=OFFER_ENTRY,
        home=HOME,
        recipient=EMPLOYER,
        dossier_sha256=sha256(SEALED_DOSSIER).hexdigest(),
        checked=[
            Checked(what="met_in_person", on="2026-11-16"),
            Checked(what="cv_reworked", on="2026-11-18"),
            Checked(what="mobility", on="2026-11-23"),
        ],
        consent=ConsentReference(reference="c-0412", scope="offer", until="2027-05-16"),
        issued="2026-11-23T09:30:00Z",
        expires="2027-01-22T09:30:00Z",
    ),
    KEYS[HOME],
)
FORWARD_SENT = ForwardSent(
    forward=FORWARD,
    offer=OFFER.offer,
    revision=OFFER.revision,
    offer_entry=OFFER_ENTRY,
    site="montlucon",
    sent="2026-11-23T09:30:00Z",
    reason="Elle connaît l'entrepôt, habite à dix minutes et tient les horaires du matin.",
    dossier=base64(SEALED_DOSSIER),
    guarantee=GUARANTEE,
)
SEALED_INFO = make_info("maillon/sealed/1", HOME, EMPLOYER, sealing_key(EMPLOYER).key_id)
SEALED = Sealed(
    algorithm="HPKE-X25519-SHA256-ChaCha20Poly1305",
    key_id=sealing_key(EMPLOYER).key_id,
    sealed=base64(seal_with("forward", encode(FORWARD_SENT), sealing_key(EMPLOYER), SEALED_INFO)),
)
SEALED_ENTRY, SEALED_OPENING = entry_of(SEALED, f"to:{EMPLOYER}", 1, "", "2026-11-23T09:30:00Z")

RECEIPT = Receipt(origin=HOME, epoch=1, number=1, entry=SEALED_ENTRY, refused=[])
FORMER_FORWARD_MOVED = FormerForwardMoved(
    forward=FORWARD,
    event="declined",
    at="2026-11-27T14:10:00Z",
    reason="lacking_skills",
    to_candidate="Le poste demande le CACES 1, que vous n'avez pas encore. Une formation est possible en janvier.",
    to_guarantor="Bon contact ; à représenter après le CACES 1.",
)
FORWARD_MOVED = ForwardMoved(
    forward=FORWARD,
    event="corrected",
    at="2026-11-27T16:40:00Z",
    reason="",
    lacking=[],
    to_candidate="",
    to_guarantor="",
    condition=[
        StatedCondition(
            kind="skill", skills=["300424"], licence="", days=0, text="CACES R489 catégorie 1", until="2027-03-15"
        )
    ],
    about=[NamedMove(event="declined", at=FORMER_FORWARD_MOVED.at)],
    instead="conditional",
)
"""Two hours later the employer puts « oui, si… » in the place of the refusal."""
TOMBSTONE = Tombstone(number=1, entry=SEALED_ENTRY, reason="erased")

_ERASURE = b"maillon/erasure/1\x00"
_ORDER = ErasureOrder(
    order="e-20261130-1",
    forward=FORWARD,
    home=HOME,
    holder=EMPLOYER,
    at="2026-11-30T10:00:00Z",
    reason="consent_withdrawn",
    key_id=KEYS[HOME].key_id(Purpose.GUARANTEE),
    signature="",
)
ERASURE_ORDER = replace(_ORDER, signature=base64(KEYS[HOME].sign(Purpose.GUARANTEE, _ERASURE + encode(_ORDER))))
_ERASED = ErasureReceipt(
    order="e-20261130-1",
    forward=FORWARD,
    home=HOME,
    holder=EMPLOYER,
    at="2026-11-30T10:02:00Z",
    destroyed=["dossier", "message"],
    key_id=KEYS[EMPLOYER].key_id(Purpose.GUARANTEE),
    signature="",
)
ERASURE_RECEIPT = replace(_ERASED, signature=base64(KEYS[EMPLOYER].sign(Purpose.GUARANTEE, _ERASURE + encode(_ERASED))))

MESSAGES: list[Message] = [
    OPENED,
    SEALED,
    RECEIPT,
    TOMBSTONE,
    SHEETS,
    FORMER_OFFER,
    OFFER,
    OFFER_CLOSED,
    FORWARD_SENT,
    FORMER_FORWARD_MOVED,
    FORWARD_MOVED,
    ERASURE_ORDER,
    ERASURE_RECEIPT,
]

JOIN_REQUEST = JoinRequest(
    id=HOME,
    name="Mission emploi de Montluçon",
    role="town",
    base_url="https://maillon.montlucon.example",
    commune="03185",
    epoch=1,
    keys=PUBLIC_KEYS[HOME],
    at="2026-11-19T15:00:00Z",
)
MEMBERS = Members(
    network="Réseau des missions emploi",
    version=3,
    issued="2026-11-20T07:00:00Z",
    referential="2026-10",
    witness_quorum=0,
    members=[
        Member(
            id=EMPLOYER,
            name="Les Grands Moulins",
            role="employer",
            base_url="https://emploi.grands-moulins.example:8443",
            commune="",
            epoch=1,
            keys=PUBLIC_KEYS[EMPLOYER],
            status="active",
            joined="2026-11-19T16:00:00Z",
        ),
        Member(
            id=HOME,
            name="Mission emploi de Montluçon",
            role="town",
            base_url="https://maillon.montlucon.example",
            commune="03185",
            epoch=1,
            keys=PUBLIC_KEYS[HOME],
            status="active",
            joined="2026-11-20T07:00:00Z",
        ),
        Member(
            id=COORDINATOR,
            name="Coordination du réseau",
            role="coordinator",
            base_url="https://reseau.emploi.example",
            commune="",
            epoch=1,
            keys=PUBLIC_KEYS[COORDINATOR],
            status="active",
            joined="2026-11-18T09:00:00Z",
        ),
    ],
)

NEW_SEALING = NodeKeys.generate(HOME, seeded_bytes("montlucon, december")).public_keys(
    datetime(2026, 12, 1, 7, 50, tzinfo=UTC), datetime(2028, 11, 30, 8, tzinfo=UTC)
)[-1]
"""A month later Montluçon replaces its sealing key, and the employer is suspended."""
KEY_STATEMENT = decode(
    sign_join_request(
        replace(
            JOIN_REQUEST,
            keys=[key for key in PUBLIC_KEYS[HOME] if key.purpose is not Purpose.SEALING] + [NEW_SEALING],
            at="2026-12-01T08:00:00Z",
        ),
        KEYS[HOME],
    ),
    SignedJoinRequest,
)
CHANGES = Changes(
    network=MEMBERS.network,
    base=MEMBERS.version,
    version=5,
    members=[
        MemberChanges(id=EMPLOYER, keys=[], suspended="2026-12-02T10:00:00Z"),
        MemberChanges(id=HOME, keys=[KeyChange(listed="2026-12-01T08:00:07Z", request=KEY_STATEMENT)], suspended=""),
    ],
)
