"""Our own last release with its members, and the peers' releases in force. Implements
`node.mission.sheets.ports.Releases`."""

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from node.mission.sheets.ports import ClassMembers, PeerRelease
from node.storage.metadata import METADATA, only_row
from node.storage.transaction import Transaction
from node.storage.types import UtcDateTime
from protocol.messages import SheetsReleased

own_release = sa.Table(
    "own_release",
    METADATA,
    *only_row(),
    sa.Column("idx", sa.BigInteger, nullable=False),
    sa.Column("detail", sa.LargeBinary, nullable=False),
)

class_member = sa.Table(
    "class_member",
    METADATA,
    sa.Column("occupation", sa.Text, primary_key=True),
    sa.Column("detail", sa.LargeBinary, nullable=False),
)

peer_release = sa.Table(
    "peer_release",
    METADATA,
    sa.Column("node", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("received", UtcDateTime, nullable=False),
    sa.Column("detail", sa.LargeBinary, nullable=False),
)


_encode = msgspec.json.Encoder(order="deterministic").encode
_decode_release = msgspec.json.Decoder(SheetsReleased).decode
_decode_members = msgspec.json.Decoder(ClassMembers).decode


class SqlReleases:
    """`node.mission.sheets.ports.Releases`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection

    def last(self) -> tuple[SheetsReleased, int] | None:
        row = self._connection.execute(sa.select(own_release)).one_or_none()
        return None if row is None else (_decode_release(row.detail), row.idx)

    def save(self, release: SheetsReleased, index: int, members: Sequence[ClassMembers]) -> None:
        self._transaction.upsert(own_release, id=1, idx=index, detail=_encode(release))
        self._connection.execute(sa.delete(class_member))
        self._transaction.insert_many(class_member, [(one.occupation, _encode(one)) for one in members])

    def members(self) -> Sequence[ClassMembers]:
        rows = self._connection.execute(sa.select(class_member.c.detail).order_by(class_member.c.occupation))
        return [_decode_members(row.detail) for row in rows]

    def put_peer(self, release: PeerRelease) -> None:
        stored = self._connection.execute(
            sa.select(peer_release.c.number).where(peer_release.c.node == release.node)
        ).scalar()
        if stored is None or release.release.release >= stored:
            self._transaction.upsert(
                peer_release,
                node=release.node,
                number=release.release.release,
                received=release.received,
                detail=_encode(release.release),
            )

    def of_peers(self) -> Sequence[PeerRelease]:
        rows = self._connection.execute(sa.select(peer_release).order_by(peer_release.c.node))
        return [PeerRelease(row.node, _decode_release(row.detail), row.received) for row in rows]
