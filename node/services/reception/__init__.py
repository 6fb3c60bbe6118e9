"""Use cases of reception: from the QR code to a CV that is signed as ready, and to the erasure.

One module a subject, each function one unit of work, each with the `Desk` and who acts. Begin with `people.py` (a
person's file as a whole), then `deposits.py`, `quality.py`, `workshops.py`, `files.py`, `duplicates.py`, `rights.py`,
`today.py` and `team.py`. Every change leaves a line in the person's history, written in the same unit of work.
"""
