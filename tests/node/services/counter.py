"""What the stories of a mission's counter share."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from node.mission.agreements.consent import ConsentScope
from node.mission.deposits.deposit import Channel, Deposit
from node.mission.people.candidate import Candidate, Diploma, Experience, Hours, Job
from node.services.deposits import deposits
from node.services.people.documents import Upload
from tests.node.mission.samples import MONTLUCON, WAREHOUSE
from tests.node.registering import register_person
from tests.node.stage import Place

ANNE, REMI = "anne", "remi"
CV = Upload("cv.pdf", "application/pdf", b"%PDF-1.7 Zoulikha Benmansour" * 50)
AGREED = {ConsentScope.KEEP: "signé au guichet", ConsentScope.NETWORK: "signé au guichet"}


def hand_in(town: Place, **changes: Any) -> Deposit:
    """Zoulikha hands in her CV by a poster, and ticks both boxes."""
    fields: dict[str, Any] = {
        "channel": Channel.QR,
        "first_name": "Zoulikha",
        "last_name": "Benmansour",
        "phone": "06 12 34 56 78",
        "keep": True,
        "network": True,
        "upload": CV,
    }
    return deposits.hand_in(town.desk, deposits.Handed(**fields | changes))


def confirmed(town: Place, **changes: Any) -> dict[str, Any]:
    """What a counsellor confirms of it: enough for a signature."""
    fields = {
        "first_name": "Zoulikha",
        "last_name": "Benmansour",
        "phone": "06 12 34 56 78",
        "commune": MONTLUCON,
        "occupations": (Experience(rome=WAREHOUSE, months=48),),
        "skills": frozenset(town.desk.referential().skills.for_occupation(WAREHOUSE)[:3]),
        "jobs": (Job(title="Préparatrice de commandes", employer="Entrepôts du Cher", start="2021-03", current=True),),
        "diplomas": (Diploma(label="CAP Vente", level=3, year=2004),),
        "hours": Hours.FULL,
        "vehicle": True,
    }
    return fields | changes


def register(town: Place, **changes: Any) -> Candidate:
    """Zoulikha at the desk of Montluçon, received by Anne."""
    return register_person(town.desk, confirmed(town, **changes), ANNE, agreements=AGREED)


def known(town: Place, candidate: str) -> Candidate:
    """The person as kept."""
    found = town.candidate(candidate)
    assert found is not None
    return found


def wait(town: Place, **passing: float) -> None:
    """Let time pass in that town."""
    town.node.federation.clock.moment += timedelta(**passing)  # type: ignore[attr-defined]


def files_with(town: Place, words: str) -> list[str]:
    """The names of the database's files in which these words stand."""
    folder = Path(town.node.config.database_url.removeprefix("sqlite:///")).parent
    return [file.name for file in folder.glob("*.db*") if words.encode() in file.read_bytes()]
