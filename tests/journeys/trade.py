"""What missions and an employer do with each other week after week, in the years of `years.py`.

Each Monday towns put people forward to the campaign of the day and to each other's offers; who received them answers,
invites, hires, or stays silent; people are met again before their signature lapses, and some ask to be erased.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from federation.outbox import HolderOverdue
from node.mission.agreements.consent import ConsentScope
from node.mission.forwards.forward import Forward, ForwardState, Side, Words
from node.mission.forwards.moves import is_open
from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate
from node.services.agreements import erasing
from node.services.agreements.withdrawing import Withdrawal
from node.services.desk import Refused
from node.services.forwards import answers, sending
from node.services.offers.offers import first_offers
from node.services.offers.publishing import close_offer
from tests.journeys.years import COMMUNES, MOULINS, Resident, Years
from tests.node.mission import samples

PEOPLE = 8
"""Of each town: enough for a class of the weekly sheets."""
_CAMPAIGN_EVERY = timedelta(days=28)
_MET_EVERY = timedelta(days=91)
_SILENT, _HIRES = 4, 2
"""Of five who are put forward one is left without an answer, and one is hired."""


@dataclass
class Trade:
    """The weeks so far. `spared` are people who are never erased by the run of things."""

    years: Years
    week: int = 0
    enrolled: int = 0
    sent: int = 0
    hired: int = 0
    erased: int = 0
    spared: set[str] = field(default_factory=set)
    done: dict[tuple[str, str], datetime] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    def towns(self) -> Iterator[Resident]:
        """Those that are awake."""
        return (self.years[name] for name in COMMUNES if self.years[name].awake)

    def monday(self) -> None:
        """One week's business."""
        self.week += 1
        for town in self.towns():
            if self.comes_round("met", town, _MET_EVERY):
                self.meet_everybody(town)
        for resident in (*self.towns(), self.years[MOULINS]):
            if self.comes_round("published", resident, _CAMPAIGN_EVERY):
                self.publish(resident)
        for resident in (*self.towns(), self.years[MOULINS]):
            if resident.awake:
                self.answer(resident)
        for town in self.towns():
            self.put_somebody_forward(town, MOULINS)
        towns = list(self.towns())
        home = towns[self.week % len(towns)]
        self.put_somebody_forward(home, towns[(self.week + 1) % len(towns)].name)
        if self.week % 3 == 0:
            self.erase_somebody(home)

    def comes_round(self, what: str, resident: Resident, every: timedelta) -> bool:
        """Whether it is that long since the resident last did so."""
        last, now = self.done.get((what, resident.name)), self.years.clock.now()
        if last is not None and now - last < every:
            return False
        self.done[what, resident.name] = now
        return True

    def enrol(self, town: Resident) -> Candidate:
        """A newcomer, met and signed today."""
        self.enrolled += 1
        today = town.desk.today()
        person = samples.candidate(
            self.enrolled,
            id=f"{town.name.partition('.')[0]}-{self.enrolled}",
            reference=f"C-{self.enrolled:04}",
            last_name=f"Petit-{self.enrolled}",
            commune=COMMUNES[town.name],
            relocates=True,
            registered=today,
            readiness=samples.readiness(today),
            consents=(samples.network_consent(today, id=town.desk.new_id()),),
        )
        town.enrol(person)
        return person

    def meet_everybody(self, town: Resident) -> None:
        """The counsellors see everybody again: CVs are signed, agreements given, anew."""
        today = town.desk.today()
        with town.node.database.write() as uow:
            for person in uow.candidates.all():
                if (
                    not person.agrees(ConsentScope.NETWORK, today)
                    and person.consents
                    and person.consents[-1].withdrawn_at
                ):
                    continue
                agreed = (*person.consents[-1:], samples.network_consent(today, id=town.desk.new_id()))
                seen = person.contacted(today)
                uow.candidates.save(replace(seen, readiness=samples.readiness(today), consents=agreed))

    def publish(self, resident: Resident) -> None:
        """The employer's campaign in all towns, or an offer of the town; the one of two months ago is filled."""
        own = [
            offer for offer in first_offers(resident.desk, None, own=True).rows if offer.is_open(resident.desk.today())
        ]
        for old in own[:-1]:
            close_offer(resident.desk, old.id, "filled")
        places = [COMMUNES[resident.name]] if resident.name in COMMUNES else COMMUNES.values()
        offer = samples.offer(
            id=f"o{self.week}",
            reference=f"O-{self.week}",
            employer=resident.node.config.node.name,
            sites=tuple(samples.site(commune, posts=6, identifier=f"in-{commune}") for commune in places),
            closes=resident.desk.today() + timedelta(days=150),
        )
        resident.post(offer)

    def offer_of(self, home: Resident, node: str) -> Offer | None:
        """The latest open offer of that node, as the home mission knows it."""
        today = home.desk.today()
        known = [one for one in first_offers(home.desk, None).rows if one.node == node and one.is_open(today)]
        return max(known, key=lambda one: (one.closes, one.id), default=None)

    def put_somebody_forward(self, home: Resident, node: str) -> Forward | None:
        """The next person who may be; None when there is no offer or nobody may. Raises HolderOverdue."""
        offer = self.offer_of(home, node)
        if offer is None:
            return None
        with home.node.database.read() as uow:
            people = sorted(uow.candidates.all(), key=lambda person: person.id)
        turn = self.week % max(1, len(people))
        for person in people[turn:] + people[:turn]:
            try:
                return self.put_forward(home, person.id, offer)
            except Refused as refused:
                assert refused.problem == "forward_refused", refused
        return None

    def put_forward(self, home: Resident, person: str, offer: Offer) -> Forward:
        """This person, to the site of the offer that is the home's or the only one."""
        own = [site.id for site in offer.sites if site.commune == COMMUNES[home.name]]
        demand = sending.Demand(
            candidate=person, offer=offer.key, site=own[0] if own else offer.sites[0].id, why="Soigneuse."
        )
        draft = sending.create(home.desk, demand)
        try:
            sent = sending.send(home.desk, draft.id)
        except HolderOverdue:
            answers.home_move(home.desk, draft.id, ForwardState.WITHDRAWN, Words(reason="duplicate"))
            raise
        self.sent += 1
        return sent

    def answer(self, receiver: Resident) -> None:
        """Everybody who waits for a word gets one, but those who are left in silence."""
        with receiver.node.database.read() as uow:
            waiting = [one for one in uow.forwards.all(Side.RECEIVER) if is_open(one.state)]
        for forward in sorted(waiting, key=lambda one: (one.created, one.id)):
            if forward.id not in self.seen:
                self.seen.append(forward.id)
            turn = self.seen.index(forward.id) % 5
            if forward.state is ForwardState.INTERVIEW:
                answers.give_answer(receiver.desk, forward.id, ForwardState.HIRED)
                self.hired += 1
            elif turn == _HIRES:
                answers.read_dossier(receiver.desk, forward.id)
                answers.give_answer(receiver.desk, forward.id, ForwardState.INTERVIEW)
            elif turn != _SILENT:
                answers.read_dossier(receiver.desk, forward.id)
                self.decline(receiver, forward)

    def decline(self, receiver: Resident, forward: Forward) -> None:
        """With a reason and a word for the person."""
        said = Words("lacking_skills", "Une formation vous ouvrirait ce poste.", "Pouvez-vous l'aider ?")
        answers.give_answer(receiver.desk, forward.id, ForwardState.DECLINED, said)

    def erase_somebody(self, town: Resident) -> Withdrawal | None:
        """Whoever has been there longest asks to be erased; somebody else comes."""
        with town.node.database.read() as uow:
            people = [person for person in uow.candidates.all() if person.id not in self.spared]
            known = {one.candidate for one in uow.disclosures.all()}
        leaving = next((person for person in people if person.id in known), None)
        self.enrol(town)
        if leaving is None:
            return None
        self.erased += 1
        return erasing.erase(town.desk, leaving.id)
