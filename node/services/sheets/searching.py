"""Searching the network: sheets of all nodes, with what the answer covers, and offers.

What an employer asks is answered from the releases that the nodes published, taken in by sync and proven: no register
is ever counted. The coverage says, for each member, which release stood behind the answer and how fresh it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from node.kit.i18n import gettext as _
from node.referential import Referential
from node.services.desk import Desk
from protocol import wire_json
from protocol.messages.sheets import Sheet

BUCKET_FLOOR = {"5+": 5, "10+": 10, "20+": 20, "50+": 50}


@dataclass(frozen=True, slots=True)
class SheetFound:
    """One sheet of one node. `relation` says how its occupation stands to the one asked: `same`, or `around` when it
    is a pooled class that may hold people of that occupation. `shared` are the asked skills present in the group."""

    node: str
    node_name: str
    occupation: str
    label: str
    size: str
    relation: str
    shared: tuple[str, ...]
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Coverage:
    """What stands behind the answer for one member: its release (0: none yet), when it was made, when we last synced
    with it (None: never), and the state of the exchange."""

    node: str
    name: str
    release: int
    released_at: datetime | None
    synced_at: datetime | None


@dataclass(frozen=True, slots=True)
class SheetAnswer:
    """Sheets, best first, the least number of people behind those of the same occupation, and the coverage."""

    found: tuple[SheetFound, ...]
    at_least: int
    coverage: tuple[Coverage, ...]


def region_label(region: str, referential: Referential) -> str:
    """A sheet's occupation in words: the ROME label, or « other occupations of » the domain, letter, or all."""
    if not region.endswith("+"):
        return referential.occupations.label(region) or region
    prefix = region[:-1]
    if not prefix:
        return _("Other occupations")
    name = (
        referential.occupations.domain_label(prefix)
        if len(prefix) == 3
        else referential.occupations.letter_label(prefix)
    )
    return _("Other occupations: {name}").format(name=name or prefix)


def covers(region: str, rome: str) -> bool:
    """Whether people of that occupation may be in a class of that region."""
    return rome.startswith(region[:-1]) if region.endswith("+") else region == rome


def search_sheets(desk: Desk, *, rome: str = "", skills: Sequence[str] = ()) -> SheetAnswer:
    """All nodes' sheets for an occupation (empty: all), those with more of the asked skills first."""
    referential = desk.referential()
    wanted = frozenset(skills)
    found: list[SheetFound] = []
    with desk.federation.database.read() as uow:
        members = [m for m in desk.members(uow).members if m.status == "active" and m.role == "town"]
        coverage = []
        releases = {r.node: r for r in uow.releases.of_peers()}
        own = uow.releases.last()
        for member in members:
            released = releases.get(member.id)
            message = own[0] if own is not None and member.id == desk.node_id else released and released.release
            state = uow.peers.state(member.id)
            synced = desk.now() if member.id == desk.node_id else (state.last_success if state else None)
            coverage.append(
                Coverage(
                    node=member.id,
                    name=member.name,
                    release=message.release if message else 0,
                    released_at=wire_json.parse_timestamp(message.at) if message else None,
                    synced_at=synced,
                )
            )
            for sheet in message.sheets if message else ():
                if rome and not covers(sheet.occupation, rome):
                    continue
                found.append(
                    SheetFound(
                        node=member.id,
                        node_name=member.name,
                        occupation=sheet.occupation,
                        label=region_label(sheet.occupation, referential),
                        size=sheet.size,
                        relation="around" if rome and sheet.occupation.endswith("+") else "same",
                        shared=tuple(code for code in sheet.skills if code in wanted),
                        sheet=sheet,
                    )
                )
    found.sort(key=lambda f: (f.relation != "same", -len(f.shared), -BUCKET_FLOOR[f.size], f.node, f.occupation))
    at_least = sum(BUCKET_FLOOR[f.size] for f in found if f.relation == "same")
    return SheetAnswer(tuple(found), at_least, tuple(coverage))
