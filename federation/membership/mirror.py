"""A member's side of the directory: the client of the coordinator's TUF repository.

Guarantees: trust begins with one `1.root.json`, whose SHA-256 this node was told by another way; from there on only
what the thresholds of keys vouch for is believed, in the order of The Update Framework 1.0 section 5. An older state is
refused (BadDirectory), and so is one whose date is past (StaleDirectory): directory.py then keeps the last one in
force. What the online role `changes` says is proven statement by statement (protocol/changes.py). All traffic goes
through transport/client.py. One refresh at a time, across processes.

Read next: directory.py (how the list is kept and read), expiries.py (when its signatures end).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from tuf.api.exceptions import DownloadError, DownloadHTTPError, ExpiredMetadataError, RepositoryError
from tuf.api.metadata import Metadata, Targets
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from federation.errors import BadAnswer, BadDirectory, FederationError, NoDirectory, PeerRefused, StaleDirectory
from federation.files import locked, write_atomically
from federation.membership.repository import CHANGES, CHANGES_ROLE, MEMBERS
from federation.transport.client import Transport
from protocol.changes import apply_changes, decode_changes
from protocol.errors import ProtocolError
from protocol.members import MAX_MEMBERS_BYTES, Members, decode_members

_TRUSTED_ROOT = "trusted-root.json"
_LIMITS = UpdaterConfig(root_max_length=512 * 1024, timestamp_max_length=16 * 1024, snapshot_max_length=64 * 1024)


def bootstrap(transport: Transport, coordinator_url: str, expected_root_sha256: str, cache_dir: Path) -> None:
    """Take the coordinator's first root as the anchor of trust, if it is the one expected (64 hexadecimal digits).

    Needed once; again is harmless. Raises BadDirectory when it is another root, and what Transport raises.
    """
    cache_dir.mkdir(parents=True, exist_ok=True)
    anchor = cache_dir / _TRUSTED_ROOT
    if anchor.is_file() and sha256(anchor.read_bytes()).hexdigest() == expected_root_sha256:
        return
    root = transport.get_public(f"{coordinator_url}/directory/metadata/1.root.json", _LIMITS.root_max_length)
    if sha256(root).hexdigest() != expected_root_sha256:
        raise BadDirectory("the coordinator's root is not the one expected")
    write_atomically(anchor, root)


def refresh(transport: Transport, coordinator_url: str, cache_dir: Path, now: datetime) -> Members:
    """The list of members as the coordinator publishes it at `now`, verified.

    Raises NoDirectory before `bootstrap`, StaleDirectory when its date is past, BadDirectory when it is not to be
    believed, and what Transport raises when it cannot be had.
    """
    try:
        root = (cache_dir / _TRUSTED_ROOT).read_bytes()
    except FileNotFoundError:
        raise NoDirectory("no root was taken as the anchor of trust yet") from None
    try:
        with locked(cache_dir):
            return _members(*_updated(transport, f"{coordinator_url}/directory", cache_dir, root, now))
    except ExpiredMetadataError:
        raise StaleDirectory("the date of the coordinator's directory is past") from None
    except (RepositoryError, ProtocolError) as error:
        raise BadDirectory(f"the coordinator's directory is not to be believed: {type(error).__name__}") from None
    except DownloadHTTPError as error:
        raise BadAnswer("the coordinator lacks a file of the directory", status=error.status_code) from None
    except DownloadError as error:
        if isinstance(error.__cause__, FederationError):
            raise error.__cause__ from None
        raise BadAnswer("a file of the directory is not as long as announced") from None


@lru_cache(maxsize=1)
def _members(members_json: bytes, changes_json: bytes | None) -> Members:
    """The list in force. Nothing is proven again while nothing is new: a refresh comes every few minutes."""
    members = decode_members(members_json)
    return members if changes_json is None else apply_changes(members, decode_changes(changes_json))


def _updated(transport: Transport, url: str, cache_dir: Path, root: bytes, now: datetime) -> tuple[bytes, bytes | None]:
    """`members.json` and `changes.json`, as TUF vouches for them; a directory of before `changes` has none."""
    metadata, targets = cache_dir / "metadata", cache_dir / "targets"
    metadata.mkdir(exist_ok=True)
    targets.mkdir(exist_ok=True)
    updater = Updater(
        str(metadata),
        f"{url}/metadata/",
        str(targets),
        f"{url}/targets/",
        fetcher=_Fetcher(transport),
        config=_LIMITS,
        bootstrap=root,
    )
    # Updater has no argument for the time; it judges every expiry by this one value.
    updater._trusted_set.reference_time = now
    members = _target(updater, MEMBERS)
    if members is None:
        raise BadDirectory("the directory lists no members")
    changes = _target(updater, CHANGES)
    if changes is None and CHANGES_ROLE in _delegated(metadata):
        raise BadDirectory("the directory does not say what changed since")
    return members, changes


def _target(updater: Updater, name: str) -> bytes | None:
    target = updater.get_targetinfo(name)
    if target is None:
        return None
    if target.length > MAX_MEMBERS_BYTES:
        raise BadDirectory("the directory lists too many members")
    return Path(updater.find_cached_target(target) or updater.download_target(target)).read_bytes()


def _delegated(metadata: Path) -> Mapping[str, object]:
    """The roles to which the targets that were just verified delegate."""
    targets = Metadata[Targets].from_bytes((metadata / f"{Targets.type}.json").read_bytes()).signed
    return {} if targets.delegations is None else targets.delegations.roles or {}


class _Fetcher(FetcherInterface):
    """TUF's downloads by our transport."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def _fetch(self, url: str) -> Iterator[bytes]:
        try:
            return iter([self._transport.get_public(url, MAX_MEMBERS_BYTES)])
        except (BadAnswer, PeerRefused) as error:
            if error.status is not None and error.status >= 400:
                raise DownloadHTTPError("no such file", error.status) from error
            raise
