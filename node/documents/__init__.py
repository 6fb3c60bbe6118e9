"""Paper: what the mission prints, hands over or lets people download.

Guarantees: values in, bytes out; no database, no web, no clock, no network. Every PDF is tagged, in French whatever the
language of the pages (it is for people and employers in France), conforms to PDF/UA-1 by its writer, and carries its
own fonts. What people typed reaches the typesetter as data and is never read as markup. Nothing here is imported by
typst until the first document is asked for.

Read next: `typesetting.py` (the one door to typst), `lettering.py` (what may be printed, and French typography), then
the documents: `cv.py`, `card.py`, `poster.py`, `printed_code.py`, `export.py`, and `invitation.py` for calendars.
"""
