"""`maillon init`: a new node's directory, whole or not at all.

Guarantees: nothing that exists is overwritten; the files are made aside and moved in place last, the configuration last
of all, so that an interrupted call leaves no half node; keys, token, backup and database are their owner's alone; the
backup was opened again with its passphrase before that is shown. Read next: identity.py, config.py.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from node import identity
from node.config import FILE_NAME, Config, load
from node.config_faults import reason_of
from node.config_sections import DatabaseSection, NetworkSection, NodeSection, ServerSection, SyncSection
from node.key_file import HeldKeys
from node.kit.errors import BadInput, Conflict, ExitCode
from node.kit.i18n import gettext as _
from node.referential import load as load_referential
from node.services.node import EPOCH
from node.storage import WrongDatabase, open_database
from protocol.keys import NodeKeys

BACKUP_NAME = "keys-backup.json"
_LOOPBACK = ("127.0.0.0/8", "::1/128")


class BadOption(BadInput):
    """An option's value is out of bounds."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True, slots=True)
class Wish:
    """What `init` was told; the names are those of the configuration."""

    id: str
    name: str
    role: str
    base_url: str
    commune: str = ""
    host: str = "127.0.0.1"
    port: int = 8080
    coordinator_url: str = ""
    sync_seconds: int = 300
    refresh_seconds: int = 600
    allow_private: Sequence[str] = ()
    database_url: str = ""


@dataclass(frozen=True, slots=True)
class Created:
    """A new node. `backup_passphrase` exists nowhere else: it is shown once."""

    id: str
    config: Path
    token: Path
    backup: Path
    backup_passphrase: str


def create_node(directory: Path, wish: Wish, random_bytes: Callable[[int], bytes], now: datetime) -> Created:
    """Make the node's directory. Conflict when there is a node in it, BadOption when a value is refused."""
    text = _toml(_sections(wish))
    if wish.commune and load_referential().communes.get(wish.commune) is None:
        raise BadOption(
            _("“{code}” is no commune: give the town's INSEE code, not its postal code.").format(code=wish.commune)
        )
    for name in (FILE_NAME, "keys.json", "maillon.db", "api-token", BACKUP_NAME):
        if (directory / name).exists():
            raise Conflict(
                _("“{path}” exists: there is a node in this directory already, nothing was changed.").format(
                    path=directory / name
                )
            )
    directory.mkdir(parents=True, exist_ok=True, mode=0o750)
    with tempfile.TemporaryDirectory(dir=directory, prefix=".init-") as temporary:
        aside = Path(temporary)
        (aside / FILE_NAME).write_text(text, encoding="utf-8")
        config = load(aside / FILE_NAME)
        keys = HeldKeys.of(NodeKeys.generate(wish.id, random_bytes))
        identity.write_secret(config.keys_file, keys.to_bytes())
        identity.write_secret(config.token_file, identity.new_token(random_bytes).encode() + b"\n")
        passphrase = identity.new_passphrase(random_bytes)
        backup = identity.seal_backup(keys, passphrase, random_bytes)
        identity.write_secret(aside / BACKUP_NAME, backup)
        identity.open_backup(backup, passphrase)
        _new_database(config, random_bytes, now)
        for path in sorted(aside.iterdir(), key=lambda one: one.name == FILE_NAME):
            shutil.move(path, directory / path.name)
    return Created(
        id=wish.id,
        config=directory / FILE_NAME,
        token=directory / config.token_file.name,
        backup=directory / BACKUP_NAME,
        backup_passphrase=passphrase,
    )


def _new_database(config: Config, random_bytes: Callable[[int], bytes], now: datetime) -> None:
    """One that holds anything is left alone: it may be another node's, whose journal peers know."""
    try:
        open_database(
            config.database_url,
            node_id=config.node.id,
            random_bytes=random_bytes,
            now=now,
            epoch=EPOCH,
            existing=False,
        ).dispose()
    except WrongDatabase as error:
        raise Conflict(
            _("This database is not empty ({detail}): a new node needs one of its own. Nothing was changed.").format(
                detail=error
            )
        ) from None


def restore_keys(config: Config, backup: bytes, passphrase: str) -> Path:
    """Put the keys of a backup back where the node looks for them. Conflict when there are keys already; BadInput when
    the backup does not open, or is another node's."""
    keys = identity.open_backup(backup, passphrase)
    if keys.node_id != config.node.id:
        raise BadInput(
            _("This backup holds the keys of {found}, and this node is {expected}.").format(
                found=keys.node_id, expected=config.node.id
            )
        )
    identity.write_secret(config.keys_file, keys.to_bytes())
    return config.keys_file


def _sections(wish: Wish) -> dict[str, Mapping[str, object]]:
    names = ("id", "name", "role", "commune", "base_url")
    node = _checked(NodeSection, {name: getattr(wish, name) for name in names})
    allowed = list(wish.allow_private) or (list(_LOOPBACK) if _is_loopback(str(node["base_url"])) else [])
    server = {"host": wish.host, "port": wish.port}
    network = {
        "coordinator_url": wish.coordinator_url,
        "refresh_seconds": wish.refresh_seconds,
        "allow_private_addresses": allowed,
    }
    sync = {"interval_seconds": wish.sync_seconds}
    database = {"database": _checked(DatabaseSection, {"url": wish.database_url})} if wish.database_url else {}
    return {
        "node": node,
        "server": _checked(ServerSection, server),
        "network": _checked(NetworkSection, network),
        "sync": _checked(SyncSection, sync),
        **database,
    }


def _checked(section: type[BaseModel], values: Mapping[str, object]) -> Mapping[str, object]:
    """The values as the section keeps them: addresses in their one form. BadOption."""
    try:
        checked = section.model_validate(values)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        raise BadOption(
            _("The value of “{key}” is refused: {reason}.").format(
                key=fault["loc"][0], reason=reason_of(fault["type"], fault.get("ctx", {}))
            )
        ) from None
    return {name: getattr(checked, name) for name in values}


def _is_loopback(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _toml(sections: dict[str, Mapping[str, object]]) -> str:
    """JSON's strings, numbers and lists are TOML's, but for one control character that JSON leaves as it is."""
    lines = ["# " + _("Written by “maillon init”; config.example.toml describes every option.")]
    for name, values in sections.items():
        lines += ["", f"[{name}]"]
        lines += [
            f"{key} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", "\\u007f")
            for key, value in values.items()
        ]
    return "\n".join(lines) + "\n"
