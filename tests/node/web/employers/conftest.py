"""Montluçon with a directory, a mail server, and a person who is ready for an offer of an employer of the town."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from node import identity
from node.mission.accounts.roles import Role
from node.mission.agreements.consent import ConsentScope
from node.mission.forwards.forward import Forward
from node.mission.offers.offer import Offer, OfferContact
from node.mission.people.candidate import Candidate, Experience, Met
from node.services.forwards import sending as forwards
from node.services.offers.publishing import publish_offers
from node.services.people import quality
from protocol.members import encode_members
from tests.federation.conftest import member_of, members_of
from tests.node.mission import samples
from tests.node.registering import register_person
from tests.node.web.conftest import Town, Visitor, words
from tests.node.web.mail_sink import Sink


@dataclass
class Shop:
    """The town, its mails, the offer of the butcher's, and who is ready for it."""

    town: Town
    sink: Sink
    offer: Offer
    people: Sequence[Candidate]

    @property
    def counsellor(self) -> Visitor:
        return self.town.signed_in(Role.COUNSELLOR)

    def drafted(self, number: int = 0) -> Forward:
        demand = forwards.Demand(
            candidate=self.people[number].id, offer=self.offer.key, why="Elle a tenu ce rayon deux ans.",
            agreed="au guichet",
        )  # fmt: skip
        return forwards.create(self.town.node.desk, demand, self.town.account(Role.COUNSELLOR).id)

    def forward(self, number: int = 0) -> Forward:
        with self.town.node.database.read() as uow:
            (made,) = uow.forwards.of_candidate(self.people[number].id)
        return made

    def link(self) -> str:
        """The path of the link in the last mail."""
        body = self.sink.mails[-1].get_body()
        assert body is not None
        (url,) = re.findall(r"http://\S+/employeur/\S+", body.get_content())
        return str(urlsplit(url).path)

    def mailed(self, number: int = 0) -> str:
        """The path of the link by which the employer was sent that person."""
        path = f"/mises-en-relation/{self.drafted(number).id}/envoi"
        answer = self.counsellor.send_form(path, way="mail", email="roche@boucherie.example", name="Mme Roche")
        assert "Le courriel est parti" in words(answer)
        return self.link()


@pytest.fixture
def shop(town: Town, sink: Sink) -> Shop:
    desk, counsellor = town.node.desk, town.account(Role.COUNSELLOR).id
    keys = identity.load_keys(town.node.config.keys_file, desk.node_id).as_newest()
    with town.node.database.write() as uow:
        uow.directory.save_members_json(encode_members(members_of([member_of(keys)])), desk.now())
        wanted = samples.offer(
            node=desk.node_id,
            employer="Boucherie Roche",
            title="Boucher",
            closes=desk.today() + timedelta(days=30),
            sites=(samples.site(posts=2),),
            contact=OfferContact(name="Mme Roche", email="roche@boucherie.example", address="3 rue de la Gare"),
        )
        (offer,) = publish_offers(uow, desk, [wanted], desk.now())
        uow.offers.save(replace(offer, contact=wanted.contact))
    people: list[Candidate] = []
    for first, last in (("Amina", "Benali"), ("Luc", "Fabre")):
        fields = {
            "first_name": first,
            "last_name": last,
            "phone": f"04700000{len(people)}0",
            "commune": samples.MONTLUCON,
            "skills": frozenset(sorted(desk.referential().skills.for_occupation(samples.WAREHOUSE))[:3]),
            "occupations": (Experience(rome=samples.WAREHOUSE, months=30),),
        }
        agreed = {ConsentScope.KEEP: "signé au guichet", ConsentScope.NETWORK: "signé au guichet"}
        registered = register_person(desk, fields, counsellor, agreements=agreed)
        people.append(quality.sign_ready(desk, registered.id, counsellor, met=Met.IN_PERSON))
    return Shop(town, sink, replace(offer, contact=wanted.contact), people)
