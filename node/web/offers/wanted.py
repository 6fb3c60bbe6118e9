"""A filter of offers between the query string and `OfferFilter`: `Wanted`, whose links keep all but what they change.

Guarantees: whatever an address says is read, what makes no sense as nothing; no personal data is in it. Read next:
pages.py.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from node.kit.i18n import gettext as _
from node.mission.offers.filter import DISTANCES, SOON, Area, OfferFilter
from node.mission.terms import Contract
from node.referential import Referential

LIST: Final = "/offres"
NAMES: Final = (
    "texte", "zone", "km", "metier", "contrat", "employeur", "commune", "avant", "fermees", "clause", "besoins",
)  # fmt: skip
MAX_TEXT: Final = 200


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter at a click: what it says, where it leads, and whether it is on."""

    label: str
    address: str
    on: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the query string asks for, by the names of `NAMES`; empty values are left out."""

    given: Mapping[str, str]

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Wanted":
        """As an address has it."""
        return cls({name: text for name in NAMES if (text := " ".join(query.get(name, "")[:MAX_TEXT].split()))})

    @property
    def filter(self) -> OfferFilter:
        """What it means."""
        km = self.given.get("km", "")
        days = self.given.get("avant", "")
        return OfferFilter(
            text=self.given.get("texte", ""),
            area=Area.read(self.given.get("zone", "")) or Area.NETWORK,
            km=int(km) if _is_count(km) else OfferFilter().km,
            rome=self.given.get("metier", "").upper()[:5],
            contract=self.given.get("contrat", ""),
            employer=self.given.get("employeur", ""),
            commune=self.given.get("commune", ""),
            closing=int(days) if _is_count(days) else None,
            closed="fermees" in self.given,
            clause="clause" in self.given,
            needs="besoins" in self.given,
        )

    def address(self, path: str = LIST, **changes: str) -> str:
        """The same with these changes; an empty value takes its filter away."""
        query = {name: text for name, text in (dict(self.given) | changes).items() if text}
        return f"{path}?{urlencode(query)}" if query else path

    def pages(self) -> str:
        """The address of a page of the list, but for the number at its end."""
        own = self.address()
        return f"{own}{'&' if '?' in own else '?'}page="

    def areas(self) -> list[Chip]:
        """My town; within some kilometres; the whole network."""
        now = self.filter
        around = [
            Chip(
                _("≤ {km} km").format(km=km),
                self.address(zone=Area.NEAR.value, km=str(km)),
                now.area is Area.NEAR and now.km == km,
            )
            for km in DISTANCES
        ]
        return [
            Chip(Area.OWN.label, self.address(zone=Area.OWN.value, km=""), now.area is Area.OWN),
            *around,
            Chip(Area.NETWORK.label, self.address(zone="", km=""), now.area is Area.NETWORK),
        ]

    def switches(self) -> list[Chip]:
        """Closing soon; with a clause; my town's closed ones too; needs instead of offers."""
        now = self.filter
        if now.needs:
            return [Chip(_("Offers"), self.address(besoins=""), False), Chip(_("Needs"), self.address(), True)]
        soon = now.closing is not None
        days = "" if soon else str(SOON.days)
        return [
            Chip(_("Closing soon"), self.address(avant=days), soon),
            Chip(_("Insertion clause"), self.address(clause="" if now.clause else "1"), now.clause),
            Chip(_("My town's closed ones too"), self.address(fermees="" if now.closed else "1"), now.closed),
            Chip(_("Needs"), self.address(besoins="1", zone="", km="", avant="", fermees=""), now.needs),
        ]

    def chosen(self, tables: Referential) -> Iterator[Chip]:
        """The other filters that are on, each with the address without it."""
        now = self.filter
        contract = Contract.read(now.contract)
        said = {
            "texte": _("“{text}”").format(text=now.text),
            "metier": tables.occupations.label(now.rome) or now.rome,
            "contrat": contract.label if contract else now.contract,
            "employeur": now.employer,
            "commune": tables.communes.name(now.commune),
        }
        for name, label in said.items():
            if name in self.given:
                yield Chip(label, self.address(**{name: ""}), True)


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4
