"""A node made a member of a network, without one: what the directory says of it, and a mirror that says until when."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copyfile

import msgspec

from federation.membership.registry import Registry
from node.services.node import Node
from protocol.keys import NodeKeys, PublicKey, Purpose
from protocol.members import Member, encode_members
from protocol.wire_json import timestamp
from tests.federation.conftest import member_of, members_of, seeded

Until = datetime | Mapping[Purpose, datetime]


def listed(keys: NodeKeys, until: Until, begin: datetime) -> list[PublicKey]:
    """The public keys, valid until then; a mapping says it of purposes, and the others a year longer than the last."""
    if isinstance(until, datetime):
        return list(keys.public_keys(begin, until))
    later = max(until.values()) + timedelta(days=365)
    return [
        msgspec.structs.replace(key, not_after=timestamp(until.get(key.purpose, later)))
        for key in keys.public_keys(begin, later)
    ]


def put_in_network(node: Node, until: Until, signed: datetime, others: Sequence[Member] = ()) -> Path:
    """The directory lists the node, with keys until then, as root and targets signed it at `signed`, for 365 days; it
    was verified now. The mirror's folder of metadata."""
    own = msgspec.structs.replace(
        member_of(node.keys),
        keys=listed(node.keys, until, node.now() - timedelta(days=700)),
        role=node.config.node.role,
    )
    members = members_of([own, *others], now=signed)
    with node.database.write() as uow:
        uow.directory.save_members_json(encode_members(members), node.now())
    folder = node.config.mirror_dir / "metadata"
    folder.mkdir(parents=True, exist_ok=True)
    published = node.config.data_dir / f"elsewhere-{signed:%Y%m%d}"
    if not published.is_dir():
        Registry.create(published, members, signed, seeded(5))
    for role in ("root", "targets"):
        copyfile(published / f"metadata/1.{role}.json", folder / f"{role}.json")
    return folder


def verified(node: Node, at: datetime) -> None:
    """The directory was verified last then."""
    with node.database.write() as uow:
        data = uow.directory.members_json()
        assert data is not None
        uow.directory.save_members_json(data, at)
