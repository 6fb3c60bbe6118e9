"""All offers that the node knows. Implements the ports of `node/mission/offers/ports.py`.

An offer is read and written whole, by the thousand when peers publish: it is one JSON value, beside the few columns
that queries look at. Those columns are always taken from the value, never edited apart.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

import msgspec
import sqlalchemy as sa

from node.mission.happened import Happened
from node.mission.offers.offer import LISTED, Offer, OfferState
from node.mission.offers.proposal import OfferProposal
from node.mission.offers.published import PeerOffer, Searched, offer_of
from node.mission.parts import Counted
from node.storage.errors import Missing
from node.storage.metadata import METADATA
from node.storage.transaction import Transaction
from protocol.messages import FormerOfferPublished, OfferPublished

offer_table = sa.Table(
    "offer",
    METADATA,
    sa.Column("node", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("reference", sa.Text, nullable=False),
    sa.Column("revision", sa.BigInteger, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("closes", sa.Date, nullable=False),
    sa.Column("entry", sa.LargeBinary, comment="of a peer's offer, whose detail is then the message as it travelled"),
    sa.Column("detail", sa.LargeBinary, nullable=False),
    sa.Column("rome", sa.Text, nullable=False, server_default=""),
    sa.Column("published", sa.Text, nullable=False, server_default="", comment="UTC, with microseconds; empty before"),
)


proposal_table = sa.Table(
    "offer_proposal",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("received", sa.Text, nullable=False, comment="UTC, with microseconds"),
    sa.Column("detail", sa.LargeBinary, nullable=False),
)

_offer = offer_table.columns
_proposal = proposal_table.columns
ASIDE = "state NOT IN ('open', 'closed')"
"""What lists do not show, as the index has it."""
_AT_ONCE, _NAMED = 500, 40
"""Offers held of one answer, and named in one query."""
_encode = msgspec.json.Encoder(order="deterministic").encode
# Said literally, or SQLite cannot tell that the partial index holds the answer.
_ASIDE = _offer.state.not_in([sa.literal_column(f"'{one.value}'") for one in LISTED])
_LISTED = _offer.state.in_([one.value for one in LISTED])
_decode = msgspec.json.Decoder(Offer).decode
_decode_proposal = msgspec.json.Decoder(OfferProposal).decode
# What was proven when it came in is not checked again, but for its shape.
_decode_message = msgspec.json.Decoder(FormerOfferPublished | OfferPublished).decode
_decode_searched = msgspec.json.Decoder(Searched).decode
_encode_message = msgspec.json.Encoder(order="sorted").encode


class SqlOffers:
    """`node.mission.offers.ports.Offers`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection

    def add(self, offer: Offer) -> None:
        self._transaction.insert_many(offer_table, [_row(offer)])
        self._tell(offer.key)

    def save(self, offer: Offer) -> None:
        values = dict(zip(offer_table.columns.keys(), _row(offer), strict=True)) | {"closes": offer.closes}
        saved = self._connection.execute(sa.update(offer_table).where(*_is(offer.node, offer.id)).values(values))
        if saved.rowcount == 0:
            raise Missing("offer")
        self._tell(offer.key)

    def replace_from_peer(self, offers: Iterable[PeerOffer]) -> None:
        rows = [_peer_row(offer) for offer in offers]
        self._transaction.upsert_many(offer_table, rows, grows="revision")
        self._tell(*[f"{row[0]}/{row[1]}" for row in rows])

    def _tell(self, *keys: str) -> None:
        self._transaction.changes.extend([(Happened.OFFER_CHANGED, key) for key in keys])

    def get(self, node: str, offer_id: str) -> Offer | None:
        return self._one(*_is(node, offer_id))

    def by_reference(self, node: str, reference: str) -> Offer | None:
        # Offers without a reference all have the empty one.
        # Said literally, or SQLite cannot tell that the partial index holds the answer and reads every offer.
        named = _offer.reference != sa.literal_column("''")
        return self._one(_offer.node == node, _offer.reference == reference, named) if reference else None

    def of_node(self, node: str) -> Sequence[Offer]:
        return self._all(_offer.node == node)

    def aside(self, node: str, state: OfferState) -> Sequence[Offer]:
        return self._all(_offer.node == node, _offer.state == state.value, _ASIDE)

    def many(self, keys: Iterable[str]) -> Mapping[str, Offer]:
        named, found = [pair for key in keys if len(pair := key.split("/", 1)) == 2], dict[str, Offer]()
        for first in range(0, len(named), _NAMED):
            part = named[first : first + _NAMED]
            # One query for every number of them, so that it is compiled once.
            part += [part[-1]] * (_NAMED - len(part))
            names = {
                f"{what}{place}": text for place, pair in enumerate(part) for what, text in zip("ni", pair, strict=True)
            }
            found |= {offer.key: offer for offer in map(_read, self._connection.execute(_MANY, names))}
        return found

    def open(self, today: date, occupations: Collection[str] | None = None) -> Sequence[Offer]:
        if occupations is None:
            return self._all(*_is_open(today))
        related = _offer.rome.in_(occupations), sa.func.substr(_offer.rome, 1, 3).in_(occupations)
        return self._all(*_is_open(today), sa.or_(*related))

    def each_open(self, today: date) -> Iterator[Offer]:
        rows = self._connection.execution_options(yield_per=_AT_ONCE).execute(_select().where(*_is_open(today)))
        return map(_read, rows)

    def count_open(self, today: date) -> int:
        return self._count(*_is_open(today))

    def part_open(self, today: date, limit: int | None) -> Counted[Offer]:
        return self._part(limit, *_is_open(today))

    def part_of_node(self, node: str, limit: int | None) -> Counted[Offer]:
        return self._part(limit, _offer.node == node, _LISTED)

    def newest(
        self,
        limit: int,
        *,
        today: date,
        node: str | None = None,
        rome: str = "",
        wanted: Callable[[Searched], bool] | None = None,
    ) -> Sequence[Offer]:
        conditions = [*(_is_open(today) if node is None else (_offer.node == node, _LISTED))]
        if rome:
            conditions.append(sa.func.substr(_offer.rome, 1, len(rome)) == rome)
        found = (
            _select().where(*conditions).order_by(*(one.desc() for one in (_offer.published, _offer.node, _offer.id)))
        )
        if wanted is None:
            return [_read(row) for row in self._connection.execute(found.limit(limit))]
        # Only what the search looks at is made of each; a whole offer of those that it answers with.
        with self._connection.execute(found) as rows:
            return [_read(row) for row in islice((row for row in rows if wanted(_decode_searched(row.detail))), limit)]

    def _part(self, limit: int | None, *conditions: sa.ColumnElement[bool]) -> Counted[Offer]:
        found = tuple(self._all(*conditions, limit=limit))
        return Counted(len(found) if limit is None else self._count(*conditions), found)

    def _count(self, *conditions: sa.ColumnElement[bool]) -> int:
        counted = sa.select(sa.func.count()).select_from(offer_table).where(*conditions)
        return int(self._connection.execute(counted).scalar_one())

    def _one(self, *conditions: sa.ColumnElement[bool]) -> Offer | None:
        row = self._connection.execute(_select().where(*conditions)).one_or_none()
        return None if row is None else _read(row)

    def _all(self, *conditions: sa.ColumnElement[bool], limit: int | None = None) -> Sequence[Offer]:
        wanted = _select().where(*conditions).order_by(_offer.node, _offer.id).limit(limit)
        return [_read(row) for row in self._connection.execute(wanted)]


class SqlOfferProposals:
    """`node.mission.offers.ports.OfferProposals`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection

    def add(self, proposal: OfferProposal) -> None:
        row = (proposal.id, published_text(proposal.received), _encode(proposal))
        self._transaction.insert_many(proposal_table, [row])

    def get(self, proposal_id: str) -> OfferProposal | None:
        found = self._connection.execute(sa.select(_proposal.detail).where(_proposal.id == proposal_id)).one_or_none()
        return None if found is None else _decode_proposal(found.detail)

    def waiting(self, limit: int | None) -> Counted[OfferProposal]:
        counted = sa.select(sa.func.count()).select_from(proposal_table)
        wanted = sa.select(_proposal.detail).order_by(_proposal.received, _proposal.id).limit(limit)
        rows = tuple(_decode_proposal(row.detail) for row in self._connection.execute(wanted))
        return Counted(int(self._connection.execute(counted).scalar_one()), rows)

    def remove(self, proposal_id: str) -> bool:
        gone = self._connection.execute(sa.delete(proposal_table).where(_proposal.id == proposal_id)).rowcount > 0
        self._transaction.destroyed = self._transaction.destroyed or gone
        return gone


def _select() -> sa.Select[Any]:
    return sa.select(_offer.node, _offer.state, _offer.entry, _offer.detail)


# Not a list of pairs, for which SQLite reads every offer.
_MANY = _select().where(
    sa.or_(
        *(
            sa.and_(_offer.node == sa.bindparam(f"n{place}"), _offer.id == sa.bindparam(f"i{place}"))
            for place in range(_NAMED)
        )
    )
)


def _read(row: sa.Row[Any]) -> Offer:
    if row.entry is None:
        return _decode(row.detail)
    return offer_of(PeerOffer(row.node, bytes(row.entry), _decode_message(row.detail)), OfferState.of(row.state))


def _peer_row(published: PeerOffer) -> tuple[Any, ...]:
    message = published.message
    return (
        published.node,
        message.offer,
        "",
        message.revision,
        OfferState.OPEN.value,
        message.closes,
        published.entry,
        _encode_message(message),
        message.rome,
        # As `published_text` writes it: on the wire it is UTC too, in whole seconds.
        message.published.replace("Z", ".000000"),
    )


def _row(offer: Offer) -> tuple[Any, ...]:
    return (
        offer.node,
        offer.id,
        offer.reference,
        offer.revision,
        offer.state.value,
        offer.closes.isoformat(),
        None,
        _encode(offer),
        offer.rome,
        published_text(offer.published),
    )


def published_text(published: datetime | None) -> str:
    """As the column keeps it: texts are in the order of their moments, and what is not published is before all."""
    return published.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") if published else ""


def _is(node: str, offer_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return _offer.node == node, _offer.id == offer_id


def _is_open(today: date) -> tuple[sa.ColumnElement[bool], ...]:
    """As `Offer.is_open`."""
    return _offer.state == OfferState.OPEN.value, _offer.closes >= today
