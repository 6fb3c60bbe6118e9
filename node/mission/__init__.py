"""The domain: what a municipal employment mission does, as values and pure functions.

No I/O, no database, no web, no clock and no randomness of its own. Read `people/candidate.py`, `offers/offer.py`,
`matching/match.py`, `sheets/release.py` (what peers may see), then `forwards/moves.py` (the one state table).
"""
