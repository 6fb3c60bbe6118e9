"""Setting the stage: directories, keys and configurations by `maillon init`, then the story, then serving.

Read next: story.py; running.py, how a demonstration is ended from elsewhere; visit.py, what visitors find.
"""

import json
import shutil
import socket
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from node.demo.network import DemoNetwork, DemoNode
from node.demo.running import end_orphans, running_pid, write_state
from node.demo.steps import StoryStep, play_steps
from node.demo.story import Story
from node.kit.errors import BadInput, Conflict
from node.kit.i18n import gettext as _
from node.referential import Referential

FIRST_TOWNS = ("93029", "03185", "64102")
"""Drancy, Montluçon, Bayonne."""

MARK = ".maillon-demo"


@dataclass(frozen=True, slots=True)
class Options:
    """What the command was asked. Counts are a town's."""

    directory: Path
    towns: int
    candidates: int
    offers: int
    seed: int
    base_port: int


def _places(options: Options, referential: Referential) -> list[DemoNode]:
    communes = [found for code in FIRST_TOWNS if (found := referential.communes.get(code)) is not None]
    others = (c for c in referential.communes.largest(options.towns + 3) if c.insee not in FIRST_TOWNS)
    towns = [*communes, *others][: options.towns]
    cast: list[tuple[str, str, str, Any]] = [
        ("reseau.emploi.example", _("Network coordination"), "coordinator", None),
        *((f"{_slug(c.name)}-{c.insee.lower()}.emploi.example", c.name, "town", c) for c in towns),
        ("pare-brise.example", "Pare-Brise France", "employer", None),
    ]
    return [
        DemoNode(
            id=node_id,
            name=name,
            role=role,
            port=options.base_port + rank,
            directory=options.directory / node_id.split(".", 1)[0],
            town=town,
        )
        for rank, (node_id, name, role, town) in enumerate(cast)
    ]


def _slug(name: str) -> str:
    from node.referential.text import fold

    return "-".join("".join(c if c.isalnum() and c.isascii() else " " for c in fold(name)).split())


def prepare(options: Options, referential: Referential) -> DemoNetwork:
    """Fresh directories and initialised nodes; from then on `running_pid` gives this process. BadInput for a directory
    that is no earlier demonstration, Conflict for one where a demonstration runs or for a port in use: nothing is
    touched then."""
    directory = options.directory
    if directory.exists() and any(directory.iterdir()):
        if not (directory / MARK).exists():
            raise BadInput(
                _("“{path}” is not empty and is no demonstration: choose another directory (--dir).").format(
                    path=directory
                )
            )
        if running_pid(directory) is not None:
            raise Conflict(
                _("A demonstration already runs in “{path}”: stop it first (make stop).").format(path=directory)
            )
        end_orphans(directory)
    network = DemoNetwork(directory, _places(options, referential))
    for place in network.places:
        _check_free(place.port)
    if directory.exists():
        shutil.rmtree(directory)
    directory.mkdir(parents=True)
    (directory / MARK).touch()
    write_state(directory)
    network.each(network.places, partial(_initialise, network))
    return network


def _check_free(port: int) -> None:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        raise Conflict(
            _("Port {port} is taken by another program: choose other ports (--base-port).").format(port=port)
        ) from None


def _initialise(network: DemoNetwork, place: DemoNode) -> None:
    arguments = ["init", "--dir", str(place.directory), "--id", place.id, "--name", place.name, "--role", place.role]
    arguments += ["--base-url", place.base_url, "--port", str(place.port), "--sync-interval", str(network.interval)]
    arguments += ["--refresh-interval", str(network.interval), "--allow-private", "127.0.0.0/8"]
    if place.town is not None:
        arguments += ["--commune", place.town.insee]
    made = json.loads(network.command([*arguments, "--json"]))
    backup = place.directory / "backup-passphrase.demo"
    backup.write_text(made["backup_passphrase"] + "\n")
    backup.chmod(0o600)


def play(
    network: DemoNetwork, options: Options, referential: Referential, show: Callable[[StoryStep], None]
) -> list[StoryStep]:
    """Play the story; each step is shown as it ends. The last one is not ok when the story failed."""
    story = Story(
        network=network,
        referential=referential,
        candidates=options.candidates,
        offers=options.offers,
        seed=str(options.seed),
        today=datetime.now(UTC).date(),
        root=network.run(network.coordinator, "network", "create")["root_sha256"],
    )
    steps = []
    for step in play_steps(story):
        show(step)
        steps.append(step)
    return steps


def report(network: DemoNetwork, steps: Sequence[StoryStep]) -> dict[str, Any]:
    """What `--json` prints."""
    return {
        "ok": bool(steps) and all(step.ok for step in steps),
        "nodes": [
            {
                "id": place.id,
                "role": place.role,
                "base_url": place.base_url,
                "config": str(place.config),
                "journal_vkey": _vkey(network, place),
            }
            for place in network.places
        ],
        "steps": [asdict(step) for step in steps],
    }


def _vkey(network: DemoNetwork, place: DemoNode) -> str:
    try:
        answer = network.http.get(f"{place.base_url}/journal/1/vkey")
    except httpx.HTTPError:
        return ""
    return answer.text.strip() if answer.is_success else ""
