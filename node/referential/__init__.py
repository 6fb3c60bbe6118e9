"""Reference tables of a node: communes, ROME occupations, skills.

Guarantees: everything here is public, read-only and shared between threads; nothing raises on a code that this
edition does not know. ``version`` changes when and only when a table's content does, so that two nodes can tell
whether they read the same tables. ``load()`` gives the embedded tables that every node carries; ``source.py`` gives
those widened by `maillon import rome` and `maillon import communes`.

Read next: README.md (sources and licences), ``edition.py``, ``communes.py``, ``occupations.py``, ``skills.py``,
``lookup.py``.
"""

from node.referential.communes import Commune, Communes
from node.referential.distance import distance_km, great_circle_km
from node.referential.edition import EDITION, Referential, load
from node.referential.lookup import Hit, Lookup
from node.referential.occupations import Occupations
from node.referential.skills import Skills

__all__ = [
    "EDITION",
    "Commune",
    "Communes",
    "Hit",
    "Lookup",
    "Occupations",
    "Referential",
    "Skills",
    "distance_km",
    "great_circle_km",
    "load",
]
