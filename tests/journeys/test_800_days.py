"""Eight hundred days of a network: three towns, a national employer and the coordinator, each week with its business.

Keys are replaced, by the scheduler and by people; the directory is renewed; a town sleeps for a hundred days, one is
cut off for a month, the coordinator is away for fifty days; a clock runs a year ahead; keys come back from a backup.
In the end what the first month left behind still holds, and the audit is clean. `make soak` lives it day by day.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from federation.audit.audit import audit, audit_export
from federation.erasure.certificates import verify_certificate
from federation.outbox import HolderOverdue, overdue_holders
from node.mission.forwards.forward import Forward, ForwardState, Side
from node.mission.forwards.moves import is_open
from node.services.agreements import erasing
from node.services.forwards import answers, disclosures
from node.services.network import keys
from node.services.network.exporting import export_journal
from node.services.network.founding import restore_keys
from node.services.network.keys import Rotated
from node.services.network.renewal import renew
from node.services.sheets.releasing import release
from node.storage.health import inspect_database
from protocol.errors import CannotOpen
from protocol.guarantee import verify_guarantee
from protocol.keys import SIGNING, Purpose
from protocol.members import Member
from protocol.messages import ForwardSent
from protocol.wire_json import decode, parse_timestamp
from tests.journeys.trade import PEOPLE, Trade
from tests.journeys.years import BAYONNE, COMMUNES, DRANCY, MONTLUCON, MOULINS, RESEAU, Resident, Years, open_years

ALL = tuple(Purpose)
DAYS = 800
Act = Callable[[], None]


class Story:
    """What the acts hand on to each other."""

    def __init__(self, years: Years) -> None:
        self.years = years
        self.trade = Trade(years)
        self.reseau, self.moulins = years[RESEAU], years[MOULINS]
        self.drancy, self.montlucon, self.bayonne = years[DRANCY], years[MONTLUCON], years[BAYONNE]
        # That something ends is said from 60 days before; that it is over would be trouble.
        years.expected.append(lambda one: one.event == "ends.soon" and " days=-" not in f" {one.said}")
        self.lost: set[str] = set()

    def acts(self) -> Sequence[tuple[int, Act]]:
        """What happens beside the business of each week, and on which day."""
        return (
            (0, self.everybody_begins),
            (9, self.camille_is_hired),
            (16, self.somebody_is_erased),
            (28, self.drancy_exports_its_journal),
            (120, self.drancy_replaces_all_its_keys),
            (150, self.keys_are_replaced_while_a_forward_is_under_way),
            (200, self.the_employer_replaces_its_keys_twice_in_four_days),
            (230, self.the_coordinator_replaces_its_own_keys),
            (260, self.drancy_comes_back_from_its_backup),
            (300, self.drancy_replaces_its_journal_key_again),
            (330, self.the_directory_is_renewed),
            (340, self.montlucon_is_cut_off_for_a_month),
            (400, self.bayonne_sleeps_for_a_hundred_days),
            (540, self.the_coordinator_is_away_for_fifty_days),
            (620, self.a_clock_runs_a_year_ahead_for_a_day),
            (655, self.the_directory_is_renewed),
            (660, self.everybody_replaces_what_will_end),
            (DAYS, self.all_is_told),
        )

    # The first month.

    def everybody_begins(self) -> None:
        for town in self.trade.towns():
            for _person in range(PEOPLE):
                self.trade.enrol(town)
            release(town.desk)
        self.trade.monday()
        self.years.weekly = self.trade.monday
        self.years.settle()

    def camille_is_hired(self) -> None:
        """Her dossier is kept, and so is the guarantee that came with it."""
        camille = self.trade.enrol(self.drancy)
        self.trade.spared.add(camille.id)
        offer = self.trade.offer_of(self.drancy, MOULINS)
        assert offer is not None
        self.hired = self.trade.put_forward(self.drancy, camille.id, offer)
        self.years.settle()
        self.dossier = answers.read_dossier(self.moulins.desk, self.hired.id)
        with self.moulins.node.database.read() as uow:
            papers = uow.forwards.papers(self.hired.id)
        assert papers is not None and self.dossier.last_name == camille.last_name
        self.sealed, self.message = papers.dossier, decode(papers.message, ForwardSent)
        for event in (ForwardState.INTERVIEW, ForwardState.HIRED):
            answers.give_answer(self.moulins.desk, self.hired.id, event)
        self.years.settle()
        assert self.drancy.forward(self.hired.id).state is ForwardState.HIRED

    def somebody_is_erased(self) -> None:
        """And the employer attests that it destroyed the dossier."""
        leaving = self.trade.enrol(self.drancy)
        sent = self.sent(self.drancy, self.moulins, leaving.id)
        answers.read_dossier(self.moulins.desk, sent.id)
        ((self.order, _holder),) = erasing.erase(self.drancy.desk, leaving.id).orders
        self.years.settle()
        self.certificate = disclosures.certificate(self.drancy.desk, self.order)

    def drancy_exports_its_journal(self) -> None:
        self.exported = self.years.folder / "exported"
        self.first_key = self.drancy.node.keys.key_id(Purpose.JOURNAL)
        export_journal(self.drancy.node.federation, self.exported)

    # Keys.

    def drancy_replaces_all_its_keys(self) -> None:
        self.backup = self.rotated(self.drancy, ALL)
        self.years.live_until(self.years.day + 8)
        assert self.drancy.node.keys.key_id(Purpose.JOURNAL) != self.first_key

    def keys_are_replaced_while_a_forward_is_under_way(self) -> None:
        """After it was sealed, and before it is taken in: its sender's keys, and the one that it is sealed to."""
        newcomer = self.trade.enrol(self.montlucon)
        offer = self.trade.offer_of(self.montlucon, MOULINS)
        assert offer is not None
        sent = self.trade.put_forward(self.montlucon, newcomer.id, offer)
        self.rotated(self.montlucon, ALL)
        self.rotated(self.moulins, [Purpose.SEALING])
        self.years.settle()
        answers.read_dossier(self.moulins.desk, sent.id)
        self.trade.decline(self.moulins, sent)
        self.years.settle()
        assert self.montlucon.forward(sent.id).state is ForwardState.DECLINED

    def the_employer_replaces_its_keys_twice_in_four_days(self) -> None:
        signing = [Purpose.HTTP, Purpose.JOURNAL, Purpose.GUARANTEE, Purpose.SEALING]
        self.rotated(self.moulins, signing)
        self.years.live_until(self.years.day + 3)
        self.rotated(self.moulins, signing)
        newcomer = self.trade.enrol(self.bayonne)
        self.sent(self.bayonne, self.moulins, newcomer.id)

    def the_coordinator_replaces_its_own_keys(self) -> None:
        self.rotated(self.reseau, ALL)

    def drancy_comes_back_from_its_backup(self) -> None:
        """Its disk is lost; the backup is of before several sealing keys: those are asked for anew."""
        assert self.backup.backup is not None
        present = self.drancy.node.keys.key_id(Purpose.SEALING)
        assert present not in {key.key_id for key in self.backup.keys}
        with self.years.asleep(DRANCY):
            config = self.drancy.node.config
            config.keys_file.unlink()
            restore_keys(config, self.backup.backup.read_bytes(), self.backup.backup_passphrase)
        with self.years.expecting(lambda one: one.node == DRANCY and one.said.endswith(": cannot_open")):
            for _day in ("it asks for the key", "everybody knows it"):
                self.years.live_until(self.years.day + 1)
        # What was sealed to the keys that are lost is lost: whoever sent it is told.
        with self.drancy.node.database.read() as uow:
            unread = [one for one in uow.forwards.all(Side.RECEIVER) if is_open(one.state)]
            self.unopened = [one for one in uow.replica.refusals() if one.reason == "cannot_open"]
        for forward in unread:
            with pytest.raises(CannotOpen):
                answers.read_dossier(self.drancy.desk, forward.id)
            self.trade.decline(self.drancy, forward)
        newcomer = self.trade.enrol(self.drancy)
        answered = self.sent(self.drancy, self.moulins, newcomer.id)
        self.trade.decline(self.moulins, answered)
        self.years.settle()
        assert self.drancy.forward(answered.id).state is ForwardState.DECLINED

    def drancy_replaces_its_journal_key_again(self) -> None:
        self.rotated(self.drancy, [Purpose.JOURNAL])

    def the_directory_is_renewed(self) -> None:
        renew(self.reseau.node)

    def everybody_replaces_what_will_end(self) -> None:
        """Two years are nearly over."""
        for one in self.years.awake:
            self.rotated(one, SIGNING)

    # Absences.

    def montlucon_is_cut_off_for_a_month(self) -> None:
        """Somebody is put forward to it meanwhile, by a town that replaces all its keys then."""
        with self.years.asleep(MONTLUCON):
            self.years.live_until(345)
            newcomer = self.trade.enrol(self.drancy)
            offer = self.trade.offer_of(self.drancy, MONTLUCON)
            assert offer is not None
            sent = self.trade.put_forward(self.drancy, newcomer.id, offer)
            self.years.live_until(350)
            self.rotated(self.drancy, ALL)
            self.years.live_until(370)
        self.years.settle()
        answers.read_dossier(self.montlucon.desk, sent.id)
        self.years.settle()
        assert self.drancy.forward(sent.id).state is ForwardState.SEEN

    def bayonne_sleeps_for_a_hundred_days(self) -> None:
        """It holds a dossier that is to be erased, is put forward to, and is answered; all of it waits."""
        held = self.sent(self.drancy, self.bayonne, self.trade.enrol(self.drancy).id)
        asked = self.sent(self.bayonne, self.moulins, self.trade.enrol(self.bayonne).id)
        with self.years.asleep(BAYONNE):
            self.years.live_until(405)
            self.trade.decline(self.moulins, asked)
            offer = self.trade.offer_of(self.drancy, BAYONNE)
            assert offer is not None
            late = self.trade.put_forward(self.drancy, self.trade.enrol(self.drancy).id, offer)
            self.lost.add(late.id)
            ((order, _holder),) = erasing.erase(self.drancy.desk, held.candidate).orders
            self.years.live_until(420)
            with self.drancy.node.database.read() as uow:
                assert overdue_holders(uow, self.drancy.node.now()) == {BAYONNE}
            with pytest.raises(HolderOverdue):
                self.trade.put_forward(self.drancy, self.trade.enrol(self.drancy).id, offer)
            self.years.live_until(500)
        # Its guarantees ended on the way: what came too late is not taken, and is told so.
        with self.years.expecting(lambda one: one.node == BAYONNE and one.said.endswith(": stale")):
            self.years.settle()
        assert self.bayonne.forward(asked.id).state is ForwardState.DECLINED
        assert self.drancy.forward(late.id).state is ForwardState.EXPIRED
        assert disclosures.certificate(self.drancy.desk, order)
        with self.drancy.node.database.read() as uow:
            assert not overdue_holders(uow, self.drancy.node.now())
        self.sent(self.drancy, self.bayonne, self.trade.enrol(self.drancy).id)

    def the_coordinator_is_away_for_fifty_days(self) -> None:
        """The directory is degraded, and nothing else stands still."""
        before = self.trade.sent
        with self.years.expecting(lambda one: one.event == "directory.degraded"), self.years.asleep(RESEAU):
            self.years.live_until(585)
            assert self.trade.sent > before
            answered = self.sent(self.montlucon, self.moulins, self.trade.enrol(self.montlucon).id)
            self.trade.decline(self.moulins, answered)
            self.years.settle()
            assert self.montlucon.forward(answered.id).state is ForwardState.DECLINED
            self.years.live_until(590)
        self.years.live_until(591)

    def a_clock_runs_a_year_ahead_for_a_day(self) -> None:
        """Nobody believes Montluçon on that day. By that clock every CV's signature has lapsed and every application is
        past its time: it does nothing of the kind, destroys no key, and takes part as ever once the clock is right."""
        ready, waiting = self.ready(self.montlucon), self.unanswered(self.montlucon)
        assert ready and waiting
        held = {one.key_id for one in self.montlucon.node.keyring.held.keys}
        size = self.montlucon.size()
        with self.years.expecting(lambda one: one.node == MONTLUCON or f"peer={MONTLUCON}" in one.said):
            self.montlucon.clock.ahead = timedelta(days=365)
            self.years.tick(timedelta(hours=12))
            self.years.tick(timedelta(hours=12))
            assert self.ready(self.montlucon) == ready
            assert self.unanswered(self.montlucon) == waiting
            self.montlucon.clock.ahead = timedelta()
            self.years.live_until(self.years.day + 2)
        assert held <= {one.key_id for one in self.montlucon.node.keyring.held.keys}
        assert self.montlucon.size() >= size
        self.years.live_until(self.years.day + 8)
        with self.moulins.node.database.read() as uow:
            published = next(one for one in uow.releases.of_peers() if one.node == MONTLUCON)
        assert self.years.clock.now() - parse_timestamp(published.release.at) < timedelta(days=8)
        assert published.release.sheets
        self.years.settle()
        answered = self.sent(self.montlucon, self.moulins, self.trade.enrol(self.montlucon).id)
        self.trade.decline(self.moulins, answered)
        self.years.settle()
        assert self.montlucon.forward(answered.id).state is ForwardState.DECLINED

    # The end.

    def all_is_told(self) -> None:
        self.years.settle()
        self.years.settle()
        members = self.reseau.node.federation.members()
        drancy = members.find(DRANCY)
        assert drancy is not None
        self.the_first_month_holds(drancy)
        assert verify_certificate(self.certificate, members).order.order == self.order
        assert verify_certificate(disclosures.certificate(self.drancy.desk, self.order), members)
        assert audit_export(self.exported, members).problem == ""
        report = audit(self.reseau.node.federation)
        assert report.ok and {pair.state for pair in report.pairs} == {"agree"}, report
        for one in self.years.awake:
            with one.node.database.read() as uow:
                assert uow.replica.evidence() == []
                if one is not self.bayonne:
                    assert uow.replica.refusals() == (self.unopened if one is self.drancy else [])
                assert not overdue_holders(uow, one.node.now())
                assert not [state for state in uow.peers.all() if state.alarm or state.failures]
            assert inspect_database(one.node.config.database_url).faults == ()
        self.both_sides_agree()

    def the_first_month_holds(self, drancy: Member) -> None:
        """Guarantee, checkpoint and dossier, whose keys were replaced since, and some of them twice."""
        signed, issued = self.message.guarantee, parse_timestamp(self.message.guarantee.guarantee.issued)
        assert verify_guarantee(
            signed, drancy.keys, recipient=MOULINS, forward=self.hired.id, sealed_dossier=self.sealed, now=issued
        )
        journal = [key.key_id for key in drancy.keys if key.purpose is Purpose.JOURNAL]
        assert journal.index(self.first_key) >= 2
        held = {one.key_id for one in self.drancy.node.keyring.held.keys}
        assert not held & {self.first_key, signed.key_id}
        assert answers.read_dossier(self.moulins.desk, self.hired.id) == self.dossier

    def both_sides_agree(self) -> None:
        """On every application, but for those that were recalled, or came too late, before they were taken in."""
        for home in (self.years[name] for name in COMMUNES):
            with home.node.database.read() as uow:
                sent = [one for one in uow.forwards.all(Side.HOME) if len(one.moves) > 1]
            for ours in sent:
                with self.years[ours.peer].node.database.read() as uow:
                    theirs = uow.forwards.get(ours.id)
                if theirs is None:
                    assert ours.state is ForwardState.WITHDRAWN or ours.id in self.lost, ours
                else:
                    assert theirs.state is ours.state

    def sent(self, home: Resident, receiver: Resident, person: str) -> Forward:
        """Put forward, arrived, and read."""
        offer = self.trade.offer_of(home, receiver.name)
        assert offer is not None
        forward = self.trade.put_forward(home, person, offer)
        self.years.settle()
        answers.read_dossier(receiver.desk, forward.id)
        return forward

    def ready(self, town: Resident) -> set[str]:
        """Whose CVs are signed."""
        with town.node.database.read() as uow:
            return {person.id for person in uow.candidates.all() if person.readiness is not None}

    def unanswered(self, town: Resident) -> set[str]:
        """Applications that the town sent and that are open."""
        with town.node.database.read() as uow:
            return {one.id for one in uow.forwards.all(Side.HOME) if is_open(one.state)}

    def rotated(self, one: Resident, purposes: Sequence[Purpose]) -> Rotated:
        """New keys of these purposes, listed at once."""
        rotated = keys.rotate(one.node, purposes)
        assert rotated.listed and {key.purpose for key in rotated.keys} == {*purposes}
        return rotated


def live(folder: Path, step: timedelta) -> None:
    """The whole story; nothing may have gone wrong that was not expected."""
    with open_years(folder, step) as years:
        story = Story(years)
        for day, act in story.acts():
            years.live_until(day)
            act()
        assert years.troubles == []


def test_800_days_in_long_strides(tmp_path: Path) -> None:
    live(tmp_path, timedelta(days=90))


@pytest.mark.soak
def test_800_days_one_by_one(tmp_path: Path) -> None:
    live(tmp_path, timedelta(days=1))
