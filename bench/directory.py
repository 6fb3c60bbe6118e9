"""The directory of a large network after a month of rotations: what a member waits for, and what it costs on the wire.

    python -m bench.directory [--members 1254] [--json FILE]

Each member has replaced its sealing key once since the list was signed. The wire is in process; times are those of the
whole act: a refresh with everything verified and stored in a mirror's folder, a key change with every file written.
"""

import random
import sys
import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

import httpx

from bench.report import Figure, parser, publish, timed
from federation.membership.mirror import bootstrap, refresh
from federation.membership.registry import Registry
from federation.transport.address_policy import AddressPolicy
from federation.transport.client import Transport
from protocol.changes import Changes, with_key_change
from protocol.keys import NodeKeys, Purpose
from protocol.members import JoinRequest, Member, Members, sign_join_request
from protocol.wire_json import timestamp

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
URL = "https://reseau.emploi.example"


class Clock:
    """A clock that stands still."""

    def now(self) -> datetime:
        """Aware UTC."""
        return NOW


class Host:
    """The coordinator's files over HTTP, with what was asked of it."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.sent = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """One file."""
        data = self.registry.read(request.url.path.removeprefix("/directory/"))
        self.sent += len(data or b"")
        return httpx.Response(404 if data is None else 200, content=data or b"")


def main(given: Sequence[str] | None = None) -> int:
    """Measure, print and write; 0 when every aim is reached."""
    arguments = parser("directory", __doc__ or "")
    arguments.add_argument("--members", type=int, default=1254)
    options = arguments.parse_args(given)
    keys = {
        name: NodeKeys.generate(name, random.Random(number).randbytes)
        for number, name in enumerate(f"ville{n:05d}.emploi.example" for n in range(options.members))
    }
    with tempfile.TemporaryDirectory() as folder:
        registry = Registry.create(Path(folder) / "directory", _members(keys), NOW, random.Random(1).randbytes)
        host = Host(registry)
        transport = Transport(
            next(iter(keys.values())), Clock(), random.Random(2).randbytes, AddressPolicy(), httpx.MockTransport(host)
        )
        figures = _measure(registry, host, transport, keys, Path(folder) / "mirror")
    return publish("directory", figures, options.json)


def _measure(
    registry: Registry, host: Host, transport: Transport, keys: dict[str, NodeKeys], mirror: Path
) -> list[Figure]:
    bootstrap(transport, URL, registry.root_fingerprint(), mirror)
    first, _list = timed(lambda: refresh(transport, URL, mirror, NOW))
    signed = host.sent
    requests = {name: _statement(registry.members(), name, held, 7) for name, held in keys.items()}
    last = requests.popitem()[1]
    registry.change(lambda signed, before: _with_all(signed, before, requests.values()), NOW)
    begun = process_time()
    one, _listed = timed(lambda: registry.list_keys(last, NOW))
    each = process_time() - begun
    host.sent = 0
    all_new, found = timed(lambda: refresh(transport, URL, mirror, NOW))
    assert found == registry.members()
    fetched = host.sent
    nothing_new, _found = timed(lambda: refresh(transport, URL, mirror, NOW), 5)
    name = next(iter(keys))
    assert registry.list_keys(_statement(registry.members(), name, keys[name], 8), NOW) is not None
    one_new, _found = timed(lambda: refresh(transport, URL, mirror, NOW))
    data = host.registry.read(_changes_path(registry)) or b""
    return [
        Figure("the list and its metadata, fetched at joining", signed / 1e6, "MB"),
        Figure("changes.json with a statement of each member", len(data) / 1e6, "MB", "below 4", len(data) < 4e6),
        Figure("fetched for it by a member", fetched / 1e6, "MB"),
        Figure("first refresh", first * 1e3, "ms"),
        Figure("refresh when every member's key is new", all_new * 1e3, "ms", "below 2,000", all_new < 2),
        Figure("refresh when one member's key is new", one_new * 1e3, "ms", "below 300", one_new < 0.3),
        Figure("refresh when nothing is new", nothing_new * 1e3, "ms", "below 100", nothing_new < 0.1),
        Figure("listing one member's key, CPU of the coordinator", each * 1e3, "ms", "below 500", each < 0.5),
        Figure("the same, as one waits for it", one * 1e3, "ms"),
    ]


def _with_all(signed: Members, changes: Changes, requests: Iterable[bytes]) -> Changes:
    for request in requests:
        changes = with_key_change(signed, changes, request, NOW)
    return changes


def _changes_path(registry: Registry) -> str:
    changes = registry.in_force().changes
    assert changes is not None
    return f"targets/{changes.targets['changes.json'].hashes['sha256']}.changes.json"


def _members(keys: dict[str, NodeKeys]) -> Members:
    begun, ends = NOW - timedelta(days=30), NOW + timedelta(days=700)
    return Members(
        network="Réseau des missions emploi",
        version=1,
        issued=timestamp(NOW),
        referential="2026-11",
        witness_quorum=0,
        members=[
            Member(
                id=name,
                name=f"Ville {name[5:10]}",
                role="town",
                base_url=f"https://{name}",
                commune="03185",
                epoch=1,
                keys=held.public_keys(begun, ends),
                status="active",
                joined=timestamp(begun),
            )
            for name, held in keys.items()
        ],
    )


def _statement(members: Members, name: str, held: NodeKeys, seed: int) -> bytes:
    """A new sealing key, the other keys as listed."""
    before = members.find(name)
    assert before is not None
    new = NodeKeys.generate(name, random.Random(f"{name}{seed}").randbytes).public_keys(NOW, NOW + timedelta(days=730))[
        -1
    ]
    request = JoinRequest(
        id=before.id,
        name=before.name,
        role=before.role,
        base_url=before.base_url,
        commune=before.commune,
        epoch=before.epoch,
        keys=[*(key for key in before.keys if key.purpose is not Purpose.SEALING), new],
        at=timestamp(NOW),
    )
    return sign_join_request(request, held)


if __name__ == "__main__":
    sys.exit(main())
