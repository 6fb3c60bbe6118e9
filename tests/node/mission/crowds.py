"""Many people and offers, drawn from one seed: for comparisons and figures, never for assertions on their content."""

import random
from collections.abc import Sequence
from datetime import timedelta

from node.mission.agreements.consent import Consent, ConsentScope
from node.mission.offers.offer import Need, Offer, OfferSite, OfferState
from node.mission.people.candidate import Candidate, CandidateState, Experience
from node.mission.terms import Cefr, Contract
from node.referential import Commune, Referential
from tests.node.mission.samples import TODAY, candidate, network_consent, offer


class Crowd:
    """Draws candidates around one town and offers from the whole country."""

    def __init__(self, referential: Referential, seed: int, *, occupations: int = 200, communes: int = 2000) -> None:
        self.random = random.Random(seed)
        self._referential = referential
        self._communes = referential.communes.largest(communes)
        self._weights = [commune.population for commune in self._communes]
        codes = list(referential.occupations.codes())
        self._romes = self.random.sample(codes, occupations)
        # A few occupations make most of the market.
        self._rome_weights = [1 / (rank + 3) for rank in range(occupations)]

    def candidates(self, number: int, town: Commune, radius_km: float = 25) -> list[Candidate]:
        around = [commune for commune, _km in self._referential.communes.near(town, radius_km)]
        weights = [commune.population for commune in around]
        return [self._candidate(n, self.random.choices(around, weights)[0].insee) for n in range(number)]

    def offers(self, number: int, campaign_sites: int = 12) -> list[Offer]:
        return [self._offer(n, campaign_sites) for n in range(number)]

    def romes(self, number: int) -> list[str]:
        return list(dict.fromkeys(self.random.choices(self._romes, self._rome_weights, k=number)))

    def skills(self, rome: str, most: int) -> list[str]:
        known: Sequence[str] = self._referential.skills.for_occupation(rome)
        return self.random.sample(known, min(len(known), self.random.randint(0, most)))

    def _candidate(self, number: int, commune: str) -> Candidate:
        draw = self.random
        romes = self.romes(draw.randint(1, 3))
        return candidate(
            number,
            commune=commune,
            occupations=tuple(Experience(rome=rome, months=draw.choice([0, 3, 12, 36, 120])) for rome in romes),
            skills=frozenset(skill for rome in romes for skill in self.skills(rome, 8)),
            qualification=draw.choice([0, 1, 2, 3, 5, 5, 6, 7, 9]),
            licences=frozenset(draw.choices([[], ["B"], ["C"], ["A1", "BE"]], [45, 45, 5, 5])[0]),
            languages=(("en", draw.choice([*Cefr])), ("fr", draw.choice([*Cefr]))),
            contracts=frozenset(draw.choice([[], [], ["CDI"], ["CDI", "CDD"], ["MIS"]])),
            mobility_km=draw.choice([0, 5, 10, 20, 30, 50]),
            places=frozenset(c.insee for c in draw.choices(self._communes, self._weights, k=draw.choice([0, 0, 2]))),
            relocates=draw.random() < 0.05,
            state=CandidateState.PLACED if draw.random() < 0.03 else CandidateState.ACTIVE,
            consents=self._consents(),
        )

    def _consents(self) -> tuple[Consent, ...]:
        kind = self.random.choices(["network", "offer", "none"], [90, 6, 4])[0]
        if kind == "offer":
            key = f"montlucon.emploi.example/o{self.random.randrange(50)}"
            return (network_consent(scope=ConsentScope.OFFER, offer=key),)
        return (network_consent(),) if kind == "network" else ()

    def _offer(self, number: int, campaign_sites: int) -> Offer:
        draw = self.random
        rome = self.romes(1)[0]
        posts = draw.choices([1, 2, campaign_sites], [94, 4, 2])[0]
        communes = draw.choices(self._communes, self._weights, k=posts)
        return offer(
            number,
            rome,
            skills=tuple((code, draw.choice([*Need])) for code in self.skills(rome, 6)),
            contract=draw.choices([*Contract][:4], [50, 25, 20, 5])[0],
            experience=draw.choice("DDSE"),
            experience_months=draw.choice([0, 6, 12, 36]),
            qualification=draw.choice([0, 0, 2, 3, 5, 6, 7, 8, 9]),
            licences=frozenset(draw.choices([[], ["B"], ["C"]], [70, 25, 5])[0]),
            languages=(("en", draw.choice([*Cefr])),) if draw.random() < 0.08 else (),
            sites=tuple(OfferSite(id=f"s{n}", commune=c.insee, label="", posts=1) for n, c in enumerate(communes)),
            closes=TODAY + timedelta(days=draw.choice([-1, 0, 30])) if draw.random() < 0.1 else TODAY,
            state=OfferState.CLOSED if draw.random() < 0.02 else OfferState.OPEN,
        )
