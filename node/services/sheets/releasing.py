"""What goes out to all peers: offers, one message a revision, and the weekly release of sheets.

The value kept, the journal entry and the message are written in the one unit of work of the caller or of the function.
"""

from dataclasses import dataclass

from node.kit.i18n import gettext as _
from node.mission.sheets.release import Release, build_release, check_release
from node.services.desk import Desk, Refused
from node.services.offers.publishing import NETWORK
from protocol import wire_json
from protocol.messages import Tombstone, kind_of


@dataclass(frozen=True, slots=True)
class ReleaseResult:
    """A release as built, and the journal index that carries it (None after a dry run)."""

    release: Release
    index: int | None

    @property
    def published(self) -> bool:
        return self.index is not None

    @property
    def withheld(self) -> int:
        """People in groups that are too small to be shown."""
        return sum(group.count for group in self.release.withheld)


def release(desk: Desk, *, dry_run: bool = False) -> ReleaseResult:
    """Build this town's release of sheets from its register, check it against the four rules, and publish it. The
    release before it is tombstoned and its body destroyed. Raises `RuleBroken` (node.mission.sheets.release) when a
    rule does not hold, such as a second release in one week, and Refused `no_sheet` for a first release that would show
    nothing: nothing is then signed, and the week is still to be used."""
    now = desk.now()
    database = desk.federation.database
    with database.read() if dry_run else database.write() as uow:
        last, previous, candidates = uow.releases.last(), uow.releases.members(), uow.candidates.all()
        built = build_release(
            candidates,
            previous,
            desk.referential(),
            number=1 if last is None else last[0].release + 1,
            now=now,
            k=desk.k,
        )
        if dry_run:
            return ReleaseResult(built, None)
        if last is None and not built.message.sheets:
            raise Refused(
                "no_sheet",
                _(
                    "There is no sheet to publish yet: import candidates, sign their CVs and record their agreements, "
                    "then look at the preview (maillon release --dry-run). Nothing was published."
                ),
            )
        check_release(
            built.message,
            built.members,
            candidates,
            desk.referential(),
            now.date(),
            k=desk.k,
            previous=previous,
            last=None if last is None else last[0],
        )
        record = uow.journal.append(kind_of(built.message), NETWORK, wire_json.encode(built.message), now)
        if last is not None and (before := uow.journal.record(last[1])) is not None:
            tombstone = Tombstone(number=before.number, entry=before.entry.hex(), reason="superseded")
            uow.journal.append(kind_of(tombstone), NETWORK, wire_json.encode(tombstone), now)
            uow.journal.destroy_body(before.index)
        uow.releases.save(built.message, record.index, built.members)
        return ReleaseResult(built, record.index)
