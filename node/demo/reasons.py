"""Why a step of the story failed: never an empty reason, nothing personal.

Guarantees: of the nodes' logs only names of events are quoted.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from node.demo.network import LOG, DemoError, DemoNetwork
from node.kit.i18n import gettext as _

_BAD = frozenset({"warning", "error", "critical"})


def reason(error: BaseException) -> str:
    """What went wrong: a DemoError says it all; of others the class, since many have no text (a time-out)."""
    text = str(error).strip()
    if isinstance(error, DemoError) and text:
        return text
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def warnings_since(network: DemoNetwork, began: datetime) -> Sequence[str]:
    """The last warning or error that each node logged from `began` (UTC) on, as “name: event”."""
    found = []
    for place in network.places:
        said = [line["event"] for line in _lines(place.directory / LOG) if _is_bad(line, began)]
        if said:
            found.append(f"{place.name}: {said[-1]}")
    return found


def told(error: BaseException, network: DemoNetwork, began: datetime) -> str:
    """The reason, with what the nodes warned of meanwhile."""
    warned = warnings_since(network, began)
    if not warned:
        return reason(error)
    return _("{reason}; logged meanwhile: {warnings}").format(reason=reason(error), warnings=", ".join(warned))


def _lines(log: Path) -> list[dict[str, Any]]:
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        if line.startswith("{"):
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
    return found


def _is_bad(line: dict[str, Any], began: datetime) -> bool:
    try:
        return line["level"] in _BAD and bool(line["event"]) and datetime.fromisoformat(line["timestamp"]) >= began
    except (KeyError, TypeError, ValueError):
        return False
