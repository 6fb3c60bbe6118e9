"""What a program or a command says of an offer's fields, made into what `edit_offer` takes.

Guarantees: what cannot be read raises BadInput with a sentence; everything else is left to `check_offer`. Places keep
their numbers, as people are put forward to a place by its number. Read next: `offers.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from node.imports.offers_csv import new_site_id
from node.imports.working_hours import read_weekly_minutes
from node.kit.errors import BadInput
from node.kit.i18n import gettext as _
from node.mission.offers.offer import Need, OfferSite


def told_changes(told: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as `edit_offer` takes them. `told` are the same, but for `skills` (code -> E or S), `languages`
    (code -> level) and `licences` (in any order), each of which is told whole; None is left out. BadInput."""
    changes = {name: one for name, one in told.items() if one is not None}
    if "skills" in changes:
        changes["skills"] = tuple(sorted((code, _need(need)) for code, need in changes["skills"].items()))
    if "languages" in changes:
        changes["languages"] = tuple(changes["languages"].items())
    if "licences" in changes:
        changes["licences"] = frozenset(changes["licences"])
    return changes


def _need(text: str) -> Need:
    need = Need.read(text)
    if need is None:
        raise BadInput(_("Of a skill, say E (required) or S (wished)."))
    return need


def numbered(sites: Iterable[OfferSite], known: Sequence[OfferSite]) -> tuple[OfferSite, ...]:
    """The places, each with a number: without one, that of the known place of the same commune and name, else one that
    no place has or had here."""
    made = list(sites)
    taken = {one.id for one in made}
    for place, one in enumerate(made):
        if not one.id:
            same = (old.id for old in known if (old.commune, old.label) == (one.commune, one.label))
            made[place] = replace(one, id=next((old for old in same if old not in taken), ""))
            taken.add(made[place].id)
    taken |= {old.id for old in known}
    for place, one in enumerate(made):
        if not one.id:
            number = new_site_id(one.commune, made[:place])
            while number in taken:
                number = f"{number}-2"
            made[place] = replace(one, id=number)
            taken.add(number)
    return tuple(made)


def told_minutes(text: str) -> int:
    """Minutes a week of working hours as people write them; 0 when empty. BadInput."""
    minutes = read_weekly_minutes(text) if text.strip() else 0
    if minutes is None:
        raise BadInput(_("Write hours a week such as 35 or 35h30; 60 at most."))
    return minutes


def told_pairs(texts: Iterable[str], otherwise: str) -> dict[str, str]:
    """Each as "code:word", `otherwise` where no word is given; empty texts count for nothing."""
    parts = (one.partition(":") for one in texts if one.strip())
    return {code.strip(): word.strip() or otherwise for code, _colon, word in parts}


def told_site(text: str) -> OfferSite:
    """A place as "commune", "commune:posts" or "commune:posts:name"; without a number. BadInput."""
    commune, _colon, rest = text.partition(":")
    posts, _colon, label = (part.strip() for part in rest.partition(":"))
    if posts and not (posts.isascii() and posts.isdigit() and len(posts) <= 6):
        raise BadInput(_("“{text}” is no place: write COMMUNE:POSTS:NAME.").format(text=text[:40]))
    return OfferSite(id="", commune=commune.strip(), label=label, posts=int(posts or 1))
