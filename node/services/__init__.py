"""Use cases: what a command, a page or the API asks for, each in one unit of work.

They join the domain (`node/mission`), the federation and the repositories; they know no web and no command line. Each
takes the `Desk` (see `desk.py`) and the time, and returns values. Read `sheets/releasing.py` (offers and sheets go
out), `forwards/sending.py` (a candidate is put forward), then `network/inbound.py` (what peers' messages do here).
"""
