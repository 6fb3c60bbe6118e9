"""The team's figures for the head of mission. Counts alone, nobody's name but counsellors'."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import median

from node.mission.deposits.ports import Tally
from node.mission.people.ports import OwnerFigures
from node.mission.team.today import NOT_CONTACTED_FOR
from node.mission.workshops.ports import WorkshopFigures
from node.services.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFigures:
    """Deposits of one poster, or of none (`source` ""), by one channel: over all months asked for."""

    source: str
    label: str
    channel: str
    received: int
    accepted: int
    joined: int
    discarded: int

    @property
    def waiting(self) -> int:
        """Those that nobody has settled yet."""
        return self.received - self.accepted - self.joined - self.discarded


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Since that day: `days_to_ready` is the median from registration to the first signature, of those of the `signed`
    people who were registered first, None without any; `not_contacted` counts those without a contact for 30 days,
    today."""

    since: date
    counsellors: Sequence[OwnerFigures]
    not_contacted: int
    deposits: Sequence[SourceFigures]
    months: Sequence[Tally]
    workshops: WorkshopFigures
    signed: int
    days_to_ready: float | None


def team(desk: Desk, since: date) -> Team:
    """The figures since that day; those of deposits since the first day of its month."""
    now, today = desk.now(), desk.today()
    with desk.federation.database.read() as uow:
        tallies = uow.deposits.tallies(f"{since:%Y-%m}")
        labels = {source.id: source.label for source in uow.deposits.sources()}
        days = uow.candidates.days_to_ready(since)
        waited = [one for one in days if one >= 0]
        return Team(
            since=since,
            counsellors=uow.candidates.by_owner(today),
            not_contacted=uow.candidates.not_contacted_since(today - NOT_CONTACTED_FOR, None, 1).count,
            deposits=_by_source(tallies, labels),
            months=tallies,
            workshops=uow.workshops.figures(datetime.combine(since, time(), UTC), now + timedelta(seconds=1)),
            signed=len(days),
            days_to_ready=float(median(waited)) if waited else None,
        )


def _by_source(tallies: Sequence[Tally], labels: dict[str, str]) -> list[SourceFigures]:
    sums: dict[tuple[str, str], list[int]] = {}
    for one in tallies:
        counts = sums.setdefault((one.source, one.channel), [0, 0, 0, 0])
        for place, count in enumerate((one.received, one.accepted, one.joined, one.discarded)):
            counts[place] += count
    return [
        SourceFigures(
            source=source,
            label=labels.get(source, ""),
            channel=channel,
            received=received,
            accepted=accepted,
            joined=joined,
            discarded=discarded,
        )
        for (source, channel), (received, accepted, joined, discarded) in sorted(sums.items())
    ]
