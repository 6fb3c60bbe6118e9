"""The card « Un visage pour l'emploi »: qualities and skills before anything else, in the person's own words.

Guarantees: a card shows a first name and the mission's contacts; the person's own contacts and photograph are there
only if they were handed in, that is, if the person ticked them. All of it stays on its card: letters shrink,
and what is beyond `ROOMS` is cut, which `CardDocument.shortened` says.

Read next: `photo.py`, `templates/card.typ`.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from node.documents.contact import MissionContact
from node.documents.lettering import de, one_line, shortened, typographic
from node.documents.photo import portrait
from node.documents.typesetting import Data, typeset

MOST_CARDS: Final = 200
"""Cards in one print."""
PHOTO_SIZE: Final = (420, 525)


@dataclass(frozen=True, slots=True)
class CardRoom:
    """One length: letters of `size` points on a quarter of A4, and the most of each part, in entries or characters."""

    size: float
    qualities: int = 6
    skills: int = 8
    occupations: int = 3
    words: int = 320
    label: int = 70
    name: int = 40


ROOMS: Final = (
    *(CardRoom(size) for size in (12, 11.5, 11, 10.5, 10, 9.5, 9, 8.5, 8)),
    CardRoom(8, 6, 7, 3, 280, 60, 30),
    CardRoom(8, 5, 6, 2, 240, 50, 25),
    CardRoom(8, 4, 5, 2, 180, 40, 20),
    CardRoom(8, 4, 4, 1, 120, 30, 20),
)
"""From all that a card may hold, which fits as people write, to what always fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """`skills` and `occupations` are labels; `words` is what the person says of themself, in the first person. `photo`
    is JPEG, PNG or WebP bytes, `photo_alt` what it shows (by default that it is a portrait); `own_contact` is a phone
    number or an address that the person ticked to be shown."""

    first_name: str
    qualities: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    words: str = ""
    occupations: tuple[str, ...] = ()
    photo: bytes | None = field(default=None, repr=False)
    photo_alt: str = ""
    contact: MissionContact
    own_contact: str = ""


@dataclass(frozen=True, slots=True)
class CardDocument:
    """The PDF, and the first names of those whose card says less than was typed."""

    pdf: bytes
    shortened: tuple[str, ...] = ()


def card_pdf(card: Card) -> CardDocument:
    """One card of A5 size, to be shared or pinned up. Raises BadPhoto, ValueError for nobody's card, CannotTypeset for
    a fault of ours."""
    return _typeset((card,), four=False)


def cards_pdf(cards: Sequence[Card]) -> CardDocument:
    """Cards four to an A4 page, to be cut; for four of one person, hand it in four times. Raises as above, and
    ValueError for no card or more than `MOST_CARDS`."""
    if not 1 <= len(cards) <= MOST_CARDS:
        raise ValueError("1 to 200 cards in one print")
    return _typeset(cards, four=True)


def _typeset(cards: Sequence[Card], *, four: bool) -> CardDocument:
    photos = list(dict.fromkeys(card.photo for card in cards if card.photo))
    tidy = [_tidied(card) for card in cards]
    names = list(dict.fromkeys(card.first_name for card in tidy))
    versions = [[_content(card, room) for room in ROOMS] for card in tidy]
    data: Data = {
        "title": "Un visage pour l’emploi" + (f" : {names[0]}" if len(names) == 1 else ""),
        "four": four,
        "photos": [portrait(photo, *PHOTO_SIZE) for photo in photos],
        "cards": [
            {
                "versions": each,
                "photo": photos.index(card.photo) if card.photo else None,
                "photo_alt": card.photo_alt or f"Portrait {de(card.first_name)}",
                "contact": card.contact.as_data(),
            }
            for card, each in zip(tidy, versions, strict=True)
        ],
    }
    pdf, chosen = typeset("card", data, note="chosen")
    everything = CardRoom(0, *(sys.maxsize,) * 6)
    return CardDocument(
        pdf,
        tuple(
            card.first_name
            for card, each, index in zip(tidy, versions, chosen, strict=True)
            if each[index]["said"] != _content(card, everything)["said"]
        ),
    )


def _tidied(card: Card) -> Card:
    """The card with every text on one printable line, and nothing empty."""

    def labels(texts: Sequence[str]) -> tuple[str, ...]:
        return tuple(label for label in (typographic(one_line(text)) for text in texts) if label)

    name = one_line(card.first_name)
    if not name:
        raise ValueError("a card has a first name")
    return replace(
        card,
        first_name=name,
        qualities=labels(card.qualities),
        skills=labels(card.skills),
        words=typographic(one_line(card.words)),
        occupations=labels(card.occupations),
        photo_alt=one_line(card.photo_alt),
        own_contact=one_line(card.own_contact),
    )


def _content(card: Card, room: CardRoom) -> dict[str, Data]:
    def labels(texts: Sequence[str], most: int) -> list[str]:
        return [shortened(text, room.label) for text in texts[:most]]

    said = {
        "name": shortened(card.first_name, room.name),
        "qualities": labels(card.qualities, room.qualities),
        "skills": labels(card.skills, room.skills),
        "words": shortened(card.words, room.words),
        "occupations": labels(card.occupations, room.occupations),
        "own_contact": shortened(card.own_contact, room.label),
    }
    return {"size": room.size, "said": said}
