"""The domain: what a municipal employment mission does, as values and pure functions.

No I/O, no database, no web, no clock and no randomness of its own. Read `candidates.py`, `offers.py`, `matching.py`,
`publication.py` (what peers may see), then `forwarding.py` (the one state table).
"""
