"""What weighs on a bench's town: open offers, forwards over half a year; and what its server uses of the processor."""

import os
import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import Popen

from node.demo.people import COMMON
from node.mission.forwards.forward import Forward, ForwardState, Move, Side
from node.mission.offers.offer import Need, Offer, OfferSite
from node.mission.offers.published import PeerOffer, offer_message
from node.mission.terms import Contract
from node.services.desk import Desk

PEERS = 200
WORDS = (
    "vous assurez accueil préparation commandes clients équipe magasin entretien locaux livraison horaires matin "
    "autonomie rigueur port charges station debout véhicule permis formation assurée poste samedi service cuisine"
).split()
_TICKS = os.sysconf("SC_CLK_TCK")


WAITS = 28
"""Days after which the applications of the load have ended."""


def add_offers(desk: Desk, number: int, draw: random.Random) -> None:
    """Open offers of peers, most of them of the occupations that such missions see most."""
    tables = desk.referential()
    codes, towns = list(tables.occupations.codes()), tables.communes.largest(5000)
    weights = [one.population for one in towns]
    now = desk.now()
    for start in range(0, number, 1000):
        offers = []
        for place in range(start, min(start + 1000, number)):
            rome = draw.choice(COMMON) if draw.random() < 0.3 else draw.choice(codes)
            skills = draw.sample(known := list(tables.skills.for_occupation(rome)), min(len(known), 4))
            commune = draw.choices(towns, weights)[0].insee
            offers.append(
                Offer(
                    id=f"o{place}",
                    node=f"ville-{place % PEERS}.emploi.example",
                    revision=1,
                    entry="01" + "ab" * 32,
                    employer=f"Entreprise {draw.randrange(4000)}",
                    title=tables.occupations.label(rome) or rome,
                    rome=rome,
                    description=" ".join(draw.choices(WORDS, k=60)),
                    contract=draw.choice([*Contract]).value,
                    skills=tuple((code, draw.choice([*Need])) for code in skills),
                    sites=(OfferSite(id="s1", commune=commune, label="", posts=1),),
                    closes=desk.today() + timedelta(days=draw.randrange(5, 60)),
                    published=now - timedelta(hours=draw.randrange(700)),
                )
            )
        with desk.federation.database.write() as uow:
            uow.offers.replace_from_peer(map(travelled, offers))


def add_forwards(desk: Desk, people: Sequence[str], number: int, draw: random.Random) -> None:
    """People put forward over half a year, in all states: what is older than a month has its end, as nobody waits for
    longer."""
    with desk.federation.database.write() as uow:
        keys = [one.key for one in uow.offers.newest(2000, today=desk.today())]
        for place in range(number):
            days = draw.randrange(1, 180)
            at, ended = desk.now() - timedelta(days=days), [ForwardState.EXPIRED, ForwardState.WITHDRAWN]
            state = draw.choice(ended if days > WAITS else [ForwardState.SENT, ForwardState.SEEN, *ended])
            moves = [Move(event=ForwardState.SENT, at=at, by=Side.HOME)]
            if state is not ForwardState.SENT:
                by = Side.RECEIVER if state is ForwardState.SEEN else Side.HOME
                moves.append(Move(event=state, at=at + timedelta(days=1), by=by))
            key = draw.choice(keys)
            uow.forwards.add(
                Forward(
                    id=f"f{place}", side=Side.HOME, peer=key.partition("/")[0], offer=key, revision=1, site="s1",
                    candidate=draw.choice(people), why="Motivée.", state=state, moves=tuple(moves), created=at,
                )
            )  # fmt: skip


def travelled(offer: Offer) -> PeerOffer:
    """An offer as a peer sends it."""
    return PeerOffer(offer.node, bytes.fromhex(offer.entry), offer_message(offer, offer.published or datetime.now(UTC)))


def wait_until_loaded(server: "Popen[bytes]") -> None:
    """Until the server is at rest: what it loads at start, it loads without anybody asking."""
    before, quiet = cpu(server), 0
    while quiet < 4:
        time.sleep(0.5)
        now = cpu(server)
        quiet, before = (quiet + 1 if now - before < 0.05 else 0), now


def cpu(process: "Popen[bytes]") -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
