"""The whole story in the simulator: three towns, a national employer and the coordinator, in bad weather.

What `maillon demo` plays over processes and sockets, told here by the same use cases while the network loses, repeats,
delays and cuts, while clocks differ, and while towns die in the middle of their visits. Each step is checked from the
side that it must reach; in the end the coordinator's audit must find both sides of every exchange alike.
"""

import random
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import TypeVar

import pytest

from federation.audit.audit import audit
from federation.peers.hints import announce
from federation.peers.visit import pull_due
from node.demo.people import SOUGHT, campaign_csv, candidates_csv
from node.imports import read_candidates, read_offers
from node.kit.errors import Conflict, NodeError
from node.mission.forwards.forward import Condition, ConditionKind, Forward, ForwardState, Words
from node.mission.offers.offer import Offer
from node.referential import load
from node.services.agreements import withdrawing
from node.services.desk import Desk
from node.services.forwards import answers, disclosures, sending
from node.services.imports import importing
from node.services.matching import matching
from node.services.offers import offers
from node.services.sheets.releasing import release
from node.services.sheets.searching import search_sheets
from tests.federation.conftest import BAYONNE, COORDINATOR, DRANCY, MONTLUCON
from tests.journeys.test_forward_crashes import desk_of, real_handlers
from tests.journeys.test_sync_chaos import STORM, calm, dies_during_a_visit
from tests.node.stage import MOULINS
from tests.simulator import Simulation, Town

HOMES = {DRANCY: "93029", MONTLUCON: "03185", BAYONNE: "64102"}
ROUNDS = 200
CAMPAIGN = "PREP-400"

T = TypeVar("T")


class Story:
    """What the steps hand on, and the weather between them."""

    def __init__(self, towns: Simulation, chance: random.Random) -> None:
        self.towns, self.chance = towns, chance
        self.homes = {name: desk_of(towns[name]) for name in HOMES}
        self.employer = towns[MOULINS]
        self.deaths = 0

    @property
    def moulins(self) -> Desk:
        return desk_of(self.employer)

    def until(self, what: str, seen: Callable[[], T | None]) -> T:
        """Let time pass, everybody visiting when it is due, towns dying and lines cut, until that is seen."""
        for _round in range(ROUNDS):
            found = seen()
            if found:
                return found
            self.storm()
        raise AssertionError(f"never seen: {what}")

    def storm(self) -> None:
        towns, chance = list(self.towns.towns.values()), self.chance
        self.towns.wait(seconds=chance.randrange(20, 200))
        for town in towns:
            if chance.random() < 0.3:
                announce(town.fed)
            pull_due(town.fed)
        one, other = chance.sample(towns, 2)
        if chance.random() < 0.2:
            self.deaths += 1
            dies_during_a_visit(one, other, chance.randrange(1, 12))
        cut = self.towns.network.cut
        if cut and chance.random() < 0.5:
            cut.pop()
        elif chance.random() < 0.2:
            cut.add(frozenset((one.node_id, other.node_id)))

    def desk(self, name: str) -> Desk:
        """As it is now: a town that died has another one."""
        return desk_of(self.towns[name])

    def at(self, town: Town, forward: Forward) -> Forward | None:
        found = [one for one in sending.all_forwards(desk_of(town)) if one.id == forward.id]
        assert len(found) <= 1
        return found[0] if found else None

    def reaches(self, town: Town, forward: Forward, *states: ForwardState) -> Forward:
        def seen() -> Forward | None:
            found = self.at(town, forward)
            return found if found is not None and found.state in states else None

        return self.until(f"{states} at {town.node_id}", seen)

    def put_forward(self, name: str, offer: Offer) -> Forward:
        """The town's best match, sent; it reaches the employer once."""
        desk = self.desk(name)
        found = matching.match_offer(desk, offer.key).matches[0]
        site = next(site.id for site in offer.sites if site.commune == HOMES[name])
        demand = sending.Demand(candidate=found.candidate.id, offer=offer.key, site=site, why="Travail soigné.")
        sent = sending.send(desk, sending.create(desk, demand).id)
        self.reaches(self.employer, sent, ForwardState.RECEIVED)
        return sent


def imported(story: Story) -> None:
    tables, today = load(), story.moulins.today()
    for name, insee in HOMES.items():
        town = tables.communes.get(insee)
        assert town is not None
        data = candidates_csv(town, 60, str(story.towns.seed), today, tables)
        for again in (False, True):
            report = importing.import_candidates(story.desk(name), list(read_candidates(data, tables, today)))
            assert (report.added, report.problems) == (0 if again else 60, [])


def released(story: Story) -> None:
    for name in HOMES:
        built = release(story.desk(name)).release
        assert len(built.message.sheets) == len(built.members) > 0
        assert all(len(group.members) >= 5 for group in built.members)


def published(story: Story) -> Offer:
    tables, today = load(), story.moulins.today()
    sites = [(town, 130) for insee in HOMES.values() if (town := tables.communes.get(insee)) is not None]
    data = campaign_csv(CAMPAIGN, "Les Grands Moulins", SOUGHT, sites, today + timedelta(days=60), tables)
    importing.import_offers(story.moulins, list(read_offers(data, tables, today)))
    (campaign,) = offers.first_offers(story.moulins, None, own=True).rows
    assert sum(site.posts for site in campaign.sites) == 390

    def known_everywhere() -> bool:
        known = ({offer.key for offer in offers.first_offers(story.desk(name), None).rows} for name in HOMES)
        return all(campaign.key in keys for keys in known)

    story.until("every town knows the campaign", known_everywhere)
    return campaign


def searched(story: Story) -> None:
    def covered() -> bool:
        answer = search_sheets(story.moulins, rome=SOUGHT)
        return {one.node for one in answer.coverage if one.release} == set(HOMES) and bool(answer.found)

    assert story.until("the employer sees every town's sheets", covered)


def declined(story: Story, campaign: Offer) -> None:
    sent = story.put_forward(DRANCY, campaign)
    dossier = answers.read_dossier(story.moulins, sent.id)
    with story.towns[DRANCY].database.read() as uow:
        person = uow.candidates.get(sent.candidate)
    assert person is not None and dossier.last_name == person.last_name
    answers.give_answer(
        story.moulins,
        sent.id,
        ForwardState.DECLINED,
        Words(
            reason="lacking_skills",
            to_candidate="Une formation vous ouvrirait ce poste.",
            to_guarantor="Pouvez-vous la financer ?",
        ),
    )
    home = story.reaches(story.towns[DRANCY], sent, ForwardState.DECLINED)
    last = home.moves[-1]
    assert (last.reason, "formation" in last.to_candidate, "financer" in last.to_guarantor) == (
        "lacking_skills",
        True,
        True,
    )


def hired(story: Story, campaign: Offer) -> None:
    story.employer.restart()
    sent = story.put_forward(MONTLUCON, campaign)
    for event in (ForwardState.INTERVIEW, ForwardState.HIRED):
        answers.give_answer(story.moulins, sent.id, event)
    story.reaches(story.towns[MONTLUCON], sent, ForwardState.HIRED)


def hired_on_condition(story: Story, campaign: Offer) -> None:
    """« Oui, si… », by the wrong day, corrected while the town says that the licence is there; then an answer."""
    sent = story.put_forward(DRANCY, campaign)
    until = story.moulins.today() + timedelta(days=60)
    asked = Condition(kind=ConditionKind.LICENCE, licence="B", until=until)
    answers.give_answer(story.moulins, sent.id, ForwardState.CONDITIONAL, Words(condition=asked))
    story.reaches(story.towns[DRANCY], sent, ForwardState.CONDITIONAL)
    answers.home_move(story.desk(DRANCY), sent.id, ForwardState.FULFILLED)
    sooner = Words(condition=replace(asked, until=until - timedelta(days=30)))
    answers.correct_answer(story.moulins, sent.id, ForwardState.CONDITIONAL, sooner)
    for town in (story.towns[DRANCY], story.employer):
        both_came(story, town, sent)
        story.reaches(town, sent, ForwardState.CONDITIONAL)
    answers.home_move(story.desk(DRANCY), sent.id, ForwardState.FULFILLED)
    story.reaches(story.employer, sent, ForwardState.FULFILLED)
    answers.give_answer(story.moulins, sent.id, ForwardState.HIRED)
    story.reaches(story.towns[DRANCY], sent, ForwardState.HIRED)


def both_came(story: Story, town: Town, forward: Forward) -> None:
    """Until the town knows of the fulfilment and of the correction."""

    def seen() -> bool:
        known = {one.event for one in found.moves} if (found := story.at(town, forward)) is not None else set()
        return {ForwardState.FULFILLED, ForwardState.CORRECTED} <= known

    story.until("the correction and what it crossed", seen)


def refused_by_mistake(story: Story, campaign: Offer) -> None:
    """A refusal meant for somebody else becomes a hire within the day, though the refusal is there already."""
    sent = story.put_forward(MONTLUCON, campaign)
    no = Words(reason="no_position", to_candidate="Le poste vient d'être pourvu.")
    answers.give_answer(story.moulins, sent.id, ForwardState.DECLINED, no)
    story.reaches(story.towns[MONTLUCON], sent, ForwardState.DECLINED)
    answers.correct_answer(story.moulins, sent.id, ForwardState.HIRED)
    story.reaches(story.towns[MONTLUCON], sent, ForwardState.HIRED)


def withdrawn(story: Story, campaign: Offer) -> None:
    sent = story.put_forward(BAYONNE, campaign)
    answers.read_dossier(story.moulins, sent.id)
    withdrawing.withdraw(story.desk(BAYONNE), sent.candidate)
    matched = matching.match_offer(story.desk(BAYONNE), campaign.key)
    assert sent.candidate not in {one.candidate.id for one in (*matched.matches, *matched.to_prepare)}
    demand = sending.Demand(candidate=sent.candidate, offer=campaign.key, site=sent.site, why="Essai.")
    with pytest.raises((Conflict, NodeError)):
        sending.create(story.desk(BAYONNE), demand)
    story.reaches(story.employer, sent, ForwardState.WITHDRAWN)
    story.until(
        "the receipt of the erasure",
        lambda: [one for one in disclosures.ledger(story.desk(BAYONNE)) if one.forward == sent.id and one.receipt_at],
    )
    with story.employer.database.read() as uow:
        assert uow.forwards.papers(sent.id) is None


def audited(story: Story) -> None:
    """In good weather again: both sides of every exchange are alike, and nobody was refused."""
    calm(story.towns)
    report = audit(story.towns[COORDINATOR].fed)
    assert report.ok
    assert {pair.state for pair in report.pairs} == {"agree"}
    for town, peer in permutations(story.towns.towns.values(), 2):
        assert town.taken(peer) == peer.size()
        with town.database.read() as uow:
            assert uow.replica.refusals() == []
            assert uow.replica.evidence() == []


def nobody_named_outside(story: Story) -> None:
    """Nobody's address stands in clear anywhere in another node's database."""
    with story.towns[DRANCY].database.read() as uow:
        emails = [person.email.encode() for person in uow.candidates.all()]
    assert emails[0] in content(story.towns[DRANCY])
    for name in (COORDINATOR, MONTLUCON, BAYONNE, MOULINS):
        held = content(story.towns[name])
        assert not [email for email in emails if email in held], name


def content(town: Town) -> bytes:
    """Every byte of the town's database."""
    raw = town.database._engine.raw_connection()
    assert isinstance(raw.driver_connection, sqlite3.Connection)
    data = raw.driver_connection.serialize()
    raw.close()
    return data


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 16))])
def test_the_whole_story_in_bad_weather(seed: int, record_property: Callable[[str, object], None]) -> None:
    record_property("seeds", 1)
    chance = random.Random(seed)
    with Simulation(COORDINATOR, *HOMES, MOULINS, seed=seed, handlers=real_handlers) as towns:
        towns.change(MOULINS, role="employer")
        for town in towns.towns.values():
            town.clock.skew = timedelta(seconds=chance.randrange(-60, 60))
        story = Story(towns, chance)
        imported(story)
        released(story)
        towns.network.weather = STORM
        campaign = published(story)
        searched(story)
        declined(story, campaign)
        hired(story, campaign)
        hired_on_condition(story, campaign)
        refused_by_mistake(story, campaign)
        withdrawn(story, campaign)
        audited(story)
        nobody_named_outside(story)
        assert story.deaths, "somebody died on the way"
