"""Offers of all nodes, searched: newest first. Columns in memory answer where the node is served, else the database,
alike."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import chain

from node.mission.offers.filter import (
    Area,
    OfferFilter,
    Viewpoint,
    fits,
    km_from,
    names_employer,
    newest_first,
    says,
)
from node.mission.offers.offer import Offer
from node.mission.offers.published import Searched
from node.mission.parts import Counted
from node.referential.text import fold
from node.services.at_hand import snapshot
from node.services.desk import Desk

PAGE = 25
"""Offers on a page."""


def offers_page(desk: Desk, wanted: OfferFilter, page: int = 1, size: int | None = PAGE) -> Counted[Offer]:
    """One page, from page 1, of the offers that fit, `size` each (None: all on one), newest first, and how many fit in
    all."""
    seen, start = viewpoint(desk), 0 if size is None else max(0, page - 1) * size
    with snapshot(desk) as (uow, held):
        if held is not None:
            found = held.listed.page(wanted, seen, start, len(held.listed) if size is None else size)
            known = uow.offers.many(found.rows)
            return Counted(found.count, tuple(known[key] for key in found.rows))
        if size is not None and wanted == OfferFilter():
            # The page that is opened first each day: while offers are being loaded, nobody waits for all of them.
            newest = uow.offers.newest(start + size, today=seen.today)
            return Counted(uow.offers.count_open(seen.today), tuple(newest[start:]))
        own = uow.offers.of_node(desk.node_id) if wanted.closed or wanted.needs else ()
        every = chain(uow.offers.each_open(seen.today), (one for one in own if not one.is_open(seen.today)))
        fitting = sorted((one for one in every if fits(one, wanted, seen)), key=newest_first, reverse=True)
    return Counted(len(fitting), tuple(fitting[start:] if size is None else fitting[start : start + size]))


def employers_named(desk: Desk, text: str, known: Iterable[str] = (), limit: int = 8) -> Counted[tuple[str, int]]:
    """Employers whose names all words of a text stand in, those of open offers and those that are `known` besides: the
    first `limit`, each with how many offers it has open, the one with most first, and how many there are. Spellings
    that differ by case, accents or punctuation alone are one employer."""
    called = {fold(name): name for name in known if all(word in fold(name) for word in fold(text).split())}
    with snapshot(desk) as (uow, held):
        if held is not None:
            found = held.listed.employers(text, desk.today())
            key_of = partial(held.listed.offer_of, today=desk.today())
        else:
            keys: dict[str, list[str]] = {}
            for one in uow.offers.each_open(desk.today()):
                if names_employer(text, one):
                    keys.setdefault(fold(one.employer), []).append(one.key)
            found = {name: len(every) for name, every in keys.items()}
            key_of = partial(_first, keys)
        counted = dict.fromkeys(called, 0) | found
        first = sorted(counted, key=lambda name: (-counted[name], name))[:limit]
        shown = uow.offers.many({name: key_of(name) for name in first if name not in called}.values())
    called |= {fold(one.employer): one.employer for one in shown.values()}
    return Counted(len(counted), tuple((called[name], counted[name]) for name in first))


def _first(keys: Mapping[str, Sequence[str]], employer: str) -> str:
    return min(keys[employer])


def viewpoint(desk: Desk) -> Viewpoint:
    """From where this town looks at offers today."""
    return Viewpoint(desk.node_id, desk.today(), km_from(desk.referential().communes, desk.town))


def open_forwards(desk: Desk, offers: Iterable[Offer]) -> dict[str, int]:
    """How many people are put forward for each of these offers now, by its key."""
    with desk.federation.database.read() as uow:
        return {one.key: uow.forwards.count_open(*one.keys) for one in offers}


def search_offers(
    desk: Desk, *, own: bool = False, rome: str = "", text: str = "", commune: str = "", limit: int = 50
) -> list[Offer]:
    """Open offers of all nodes, newest first; `own`: this node's alone, closed ones too. `rome` is a code or the
    beginning of one, `commune` the INSEE code of a site's, `text` words as in `OfferFilter`."""
    asked = OfferFilter(text=text, area=Area.OWN if own else Area.NETWORK, rome=rome, commune=commune, closed=own)
    with snapshot(desk) as (uow, held):
        if held is not None:
            found = held.listed.page(asked, viewpoint(desk), 0, limit)
            known = uow.offers.many(found.rows)
            return [known[key] for key in found.rows]
        newest = uow.offers.newest(
            limit,
            today=desk.today(),
            node=desk.node_id if own else None,
            rome=rome,
            wanted=partial(_is_about, asked) if text.strip() or commune else None,
        )
        return list(newest)


def _is_about(asked: OfferFilter, offer: Searched) -> bool:
    """As `fits`, of what a search in the database looks at."""
    return says(asked.text, offer) and (not asked.commune or any(site.commune == asked.commune for site in offer.sites))
