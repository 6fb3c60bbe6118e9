"""A year more for the network's root and list: at the coordinator's alone, or by holders who each sign a file.

The file (federation/membership/renewal.py) goes from hand to hand, or in copies; a holder needs nothing but it and a
key. Read next: federation/membership/renewal.py, node/cli/network_renewal.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from federation.errors import BadDraft, NotEnoughKeys
from federation.files import write_atomically
from federation.membership import renewal
from federation.membership.renewal import Draft, Standing
from federation.membership.role_keys import RoleKeys, load_key
from node import identity
from node.kit import labels
from node.kit.errors import BadInput, Conflict
from node.kit.i18n import gettext as _
from node.services.network.coordinating import grouped, keep, registry_of

if TYPE_CHECKING:
    from securesystemslib.signer import CryptoSigner

    from node.services.node import Node


@dataclass(frozen=True, slots=True)
class DraftView:
    """What a file would put in force, and who has signed: `root_sha256` is the network's root, `fingerprint` that of
    what is signed. `complete`: it can be published."""

    file: Path
    root_sha256: str
    fingerprint: str
    roles: Sequence[Standing]
    complete: bool


def renew(node: "Node") -> Sequence[Standing]:
    """Coordinator: renew root and list with the keys that are here; Conflict when they are too few."""
    registry = registry_of(node)
    try:
        renewed = renewal.renew(registry, node.now())
    except NotEnoughKeys:
        lacking = _lacking(renewal.keys_here(registry))
        if not lacking:
            raise  # An online key is gone, which no holder can mend.
        raise Conflict(
            _(
                "Too few keys are here to renew the directory ({roles}). Make a file that their holders sign: "
                "maillon network renew --out FILE"
            ).format(roles=lacking)
        ) from None
    keep(node, registry)
    return renewal.standing(renewed)


def write_draft(node: "Node", path: Path) -> DraftView:
    """Coordinator: a new file with what is to be signed, and the signatures of the keys that are here. Conflict when
    the file exists."""
    registry = registry_of(node)
    if path.exists():
        raise Conflict(_("“{path}” exists already and is never overwritten.").format(path=path))
    if not path.parent.is_dir():
        raise BadInput(_("“{path}” does not exist: check the path.").format(path=path.parent))
    draft = renewal.draft(registry, node.now())
    write_atomically(path, renewal.encode_draft(draft))
    return _view(path, draft)


def publish(node: "Node", paths: Sequence[Path]) -> Sequence[Standing]:
    """Coordinator: put what these files, copies of one draft, and the keys that are here have signed in force. Conflict
    when signatures are missing; BadInput and BadDraft."""
    registry = registry_of(node)
    gathered = renewal.gather(registry, [_read(path)[1] for path in paths])
    try:
        renewal.publish(registry, gathered, node.now())
    except NotEnoughKeys:
        lacking = _lacking(renewal.standing(gathered))
        if not lacking:
            raise
        raise Conflict(
            _("Signatures are still missing ({roles}): nothing was published.").format(roles=lacking)
        ) from None
    keep(node, registry)
    return renewal.standing(gathered)


def sign(path: Path, keys: Sequence[Path], now: datetime, expected: str = "") -> DraftView:
    """Add the signatures of these key files to the file; without effect where they are there. With `expected`, only
    when that is the draft's fingerprint (case and spaces do not count).

    IdentityError for a key file that others may read, BadInput, BadDraft: the file is as it was.
    """
    data, draft = _read(path)
    if expected and "".join(expected.lower().split()) != renewal.fingerprint(draft):
        raise BadInput(
            _("“{path}” has another fingerprint: {fingerprint}. Sign nothing, and ask who sent it.").format(
                path=path, fingerprint=grouped(renewal.fingerprint(draft))
            )
        )
    signed = renewal.sign(draft, [_key(one) for one in keys], now)
    encoded = renewal.encode_draft(signed)
    if encoded != data:
        write_atomically(path, encoded)
    return _view(path, signed)


def own_keys(registry_dir: Path) -> Sequence[Path]:
    """The root and list keys in a coordinator's folder; Conflict when none is there."""
    folder = RoleKeys(registry_dir / "keys")
    found = [path for role in renewal.ROLES for path in folder.files(role)] if folder.folder.is_dir() else []
    if not found:
        raise Conflict(
            _("No root key and no list key is in “{path}”: give yours with --key.").format(path=folder.folder)
        )
    return found


def _read(path: Path) -> tuple[bytes, Draft]:
    with path.open("rb") as file:
        data = file.read(renewal.MAX_DRAFT_BYTES + 1)
    try:
        return data, renewal.decode_draft(data)
    except BadDraft as error:
        raise BadInput(_("“{path}” cannot be used: {why}.").format(path=path, why=labels.trouble(error.word))) from None


def _key(path: Path) -> "CryptoSigner":
    try:
        return load_key(identity.read_secret(path))
    except ValueError:
        raise BadInput(_("“{path}” holds no private key of a directory.").format(path=path)) from None


def _lacking(roles: Sequence[Standing]) -> str:
    return ", ".join(
        _("{role}: {signed} of {threshold}").format(
            role=labels.signing_role(one.role), signed=one.signed, threshold=one.threshold
        )
        for one in roles
        if one.missing
    )


def _view(path: Path, draft: Draft) -> DraftView:
    roles = renewal.standing(draft)
    return DraftView(
        file=path,
        root_sha256=renewal.network_root(draft),
        fingerprint=renewal.fingerprint(draft),
        roles=roles,
        complete=not any(one.missing for one in roles),
    )
