"""Montluçon with a mail server, two people who are ready and an offer of a local employer."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from node.mission.employers.sending import Sending, SendingContact, SendingWay
from node.mission.forwards.forward import Forward
from node.mission.offers.offer import Offer
from node.services.employers import sending
from node.services.employers.sending import LINK_PATH, ToSend
from node.services.forwards import sending as forwards
from node.services.listening import deliver
from node.services.node import Node
from tests.node.mission import samples
from tests.node.stage import MONTLUCON as TOWN
from tests.node.stage import Stage, open_stage
from tests.node.web.mail_sink import Sink, smtp_sink

ROCHE = SendingContact(name="Mme Roche", email="roche@boucherie.example", address="3 rue de la Gare\n03100 Montluçon")
MAIL = ToSend(way=SendingWay.MAIL, contact=ROCHE)
LETTER = ToSend(way=SendingWay.LETTER, contact=ROCHE)


@dataclass
class House:
    """The town, its mail server, and the offer of the story."""

    stage: Stage
    node: Node
    sink: Sink
    offer: Offer

    def draft(self, person: str) -> Forward:
        demand = forwards.Demand(
            candidate=person, offer=self.offer.key, why="A tenu ce rayon deux ans.", checked=("licence",),
            agreed="au téléphone",
        )  # fmt: skip
        return forwards.create(self.node.desk, demand, "anne")

    def send(self, *people: str, wanted: ToSend = MAIL) -> Sending:
        drafts = [self.draft(one).id for one in people or ("p1",)]
        return sending.prepare(self.node.desk, drafts, wanted, "anne")

    def mailed(self, *people: str, **changes: Any) -> tuple[Sending, str]:
        """A sending that left by mail, and the token of its link."""
        made = self.send(*people, wanted=replace(MAIL, **changes))
        assert len(deliver(self.node, made.id).heard) == 1
        return made, self.token()

    def token(self) -> str:
        """Of the link in the last mail."""
        text = self.sink.mails[-1].get_body().get_content()  # type: ignore[union-attr]
        (url,) = (word for word in text.split() if LINK_PATH in word)
        return str(urlsplit(url).path.removeprefix(LINK_PATH))

    def forward_of(self, made: Sending, number: int = 1) -> Forward:
        return forwards.one_forward(self.node.desk, made.parts[number - 1].forward)


@pytest.fixture
def house(templates: Any, tmp_path: Any) -> Iterator[House]:
    with open_stage(templates, tmp_path, TOWN) as stage, smtp_sink() as sink:
        place = stage.montlucon
        config = place.node.config
        mail = {"host": "127.0.0.1", "port": sink.port, "security": "none", "sender": "ne-pas-repondre@montlucon.fr"}
        reached = {"phone": "04 70 02 55 00", "email": "emploi@montlucon.fr"}
        node = replace(
            place.node,
            config=config.model_copy(
                update={
                    "mail": config.mail.model_copy(update=mail),
                    "reception": config.reception.model_copy(update=reached),
                }
            ),
        )
        place.enrol(
            samples.candidate(1, first_name="Amina", last_name="Benali-Roy", email="amina@exemple.fr"),
            samples.candidate(2, first_name="Luc", last_name="Fabre"),
        )
        (offer,) = place.post(
            samples.offer(employer="Boucherie Roche", title="Boucher", sites=(samples.site(posts=2),))
        )
        yield House(stage, node, sink, offer)
