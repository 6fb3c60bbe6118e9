"""Files of CVs: bytes -> text -> fields proposed to a person.

Guarantees: a file is opened only by a confined worker process, never by the one that serves pages; whatever is read
is a *proposal* with its place in the text, never a fact; a file that cannot be used gives a stable code and a sentence
that says what to do.

Read next: `reading.py` (the one way in), `shapes.py` (what a read document is), `problems.py`, `worker.py` and
`sandbox.py` (the confined process), then `proposing.py` and `proposals.py`; `json_resume.py` reads and writes JSON
Resume.

This package's `__init__` imports nothing: the worker starts fast and small.
"""
