"""Traffic between nodes. Knows no database and no scheduler: `ports.py` says what it needs from its host.

Read `README.md` in this folder first: what travels, when, and what happens on each failure.
"""
