"""The card « Un visage pour l'emploi »: qualities and skills before anything else, in the person's own words.

Guarantees: a card shows a first name and the mission's contacts; the person's own contacts and photograph are there
only if they were handed in, that is, if the person ticked them. All of it stays on its card: letters shrink, and what
is beyond `MOST_...` is cut (a form that keeps to these limits loses nothing).

Read next: `photo.py`, `templates/card.typ`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from node.documents.contact import MissionContact
from node.documents.lettering import de, one_line, shortened, typographic
from node.documents.photo import portrait
from node.documents.typesetting import Data, typeset

MOST_QUALITIES: Final = 6
MOST_SKILLS: Final = 8
MOST_OCCUPATIONS: Final = 3
MOST_WORDS: Final = 320
"""Characters of the person's own words."""
MOST_LABEL: Final = 70
MOST_CARDS: Final = 200
"""Cards in one print."""

PHOTO_SIZE: Final = (420, 525)


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


def card_pdf(card: Card) -> bytes:
    """One card of A5 size, to be shared or pinned up. Raises BadPhoto, or CannotTypeset for a fault of ours."""
    return _typeset((card,), four=False)


def cards_pdf(cards: Sequence[Card]) -> bytes:
    """Cards four to an A4 page, to be cut; for four of one person, hand it in four times. Raises BadPhoto, ValueError
    for none or more than `MOST_CARDS`, CannotTypeset for a fault of ours."""
    if not 1 <= len(cards) <= MOST_CARDS:
        raise ValueError("1 to 200 cards in one print")
    return _typeset(cards, four=True)


def _typeset(cards: Sequence[Card], *, four: bool) -> bytes:
    photos = list(dict.fromkeys(card.photo for card in cards if card.photo))
    names = list(dict.fromkeys(card.first_name.strip() for card in cards))
    data: Data = {
        "title": f"Un visage pour l’emploi : {names[0]}" if len(names) == 1 else "Un visage pour l’emploi",
        "four": four,
        "photos": [portrait(photo, *PHOTO_SIZE) for photo in photos],
        "cards": [_content(card, photos.index(card.photo) if card.photo else None) for card in cards],
    }
    return typeset("card", data)[0]


def _content(card: Card, photo: int | None) -> Data:
    def labels(texts: Sequence[str], most: int) -> list[str]:
        lines = (one_line(text) for text in texts)
        return [shortened(typographic(line), MOST_LABEL) for line in lines if line][:most]

    name = shortened(one_line(card.first_name), 40)
    return {
        "name": name,
        "qualities": labels(card.qualities, MOST_QUALITIES),
        "skills": labels(card.skills, MOST_SKILLS),
        "words": shortened(typographic(one_line(card.words)), MOST_WORDS),
        "occupations": labels(card.occupations, MOST_OCCUPATIONS),
        "photo": photo,
        "photo_alt": one_line(card.photo_alt) or f"Portrait {de(name)}",
        "contact": card.contact.as_data(),
        "own_contact": shortened(one_line(card.own_contact), MOST_LABEL),
    }
