"""The wire protocol of Maillon: bytes in, values out.

Nothing here reads a clock, draws randomness, or does I/O: both come as arguments. `SPEC.md` in this folder is the
normative text; read it first, then `commitment.py`, `merkle.py`, `proofs.py`,
`note.py`, `checkpoint.py` (the journal), `messages/` (what
travels), `sealing.py` and `guarantee.py` (what only one recipient may read, and who answers for it).
"""
