"""The story of three towns and an employer: what its steps hand on to one another, and how they wait and judge.

Read next: steps.py, the order; then founding.py, applications.py and endings.py, the steps.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from node.demo.network import DemoError, DemoNetwork
from node.kit.i18n import gettext as _
from node.referential import Referential

PATIENCE = 120.0
CAMPAIGN = "PAREBRISE-400"


@dataclass(slots=True)
class Story:
    """What the steps hand on to one another."""

    network: DemoNetwork
    referential: Referential
    candidates: int
    offers: int
    seed: str
    today: date
    root: str = ""
    campaign: dict[str, Any] = field(default_factory=dict)
    matches: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    declined: dict[str, Any] = field(default_factory=dict)
    hired: dict[str, Any] = field(default_factory=dict)
    recalled: dict[str, Any] = field(default_factory=dict)

    def wait(self, what: str, check: Callable[[], Any]) -> Any:
        """Ask until `check` gives something true; DemoError naming what never came."""
        deadline = time.monotonic() + PATIENCE
        last = ""
        while time.monotonic() < deadline:
            try:
                found = check()
                if found:
                    return found
            except DemoError as error:
                last = str(error)
            time.sleep(0.15)
        raise DemoError(_("This never came true: {what}").format(what=what) + (f" ({last})" if last else ""))

    def need(self, true: object, what: str) -> None:
        """DemoError unless it is so."""
        if not true:
            raise DemoError(_("This is not so: {what}").format(what=what))
