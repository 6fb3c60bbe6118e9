"""Files of candidates and offers into values: CSV, XLSX, France Travail JSON and JobPosting JSON-LD, told apart by
what they hold, never by their name. No I/O; the bytes come in, lines come out.

Read `lines.py`, then `candidates_csv.py`, `offers_csv.py`, `france_travail.py`, `job_posting.py`; docs/imports.md
documents the formats for those who make the files.
"""

from collections.abc import Sequence
from datetime import date

from node.imports.candidates_csv import parse_candidates
from node.imports.france_travail import parse_france_travail
from node.imports.job_posting import parse_job_postings
from node.imports.lines import ParsedLine
from node.imports.offers_csv import parse_offers_csv
from node.mission.offers.offer import Offer
from node.referential import Referential

__all__ = ["ParsedLine", "read_candidates", "read_offers"]

read_candidates = parse_candidates


def read_offers(data: bytes, referential: Referential, today: date) -> Sequence[ParsedLine[Offer]]:
    """Offers of a file: JSON by its first character (schema.org's by its `@type`, else France Travail's), CSV, XLSX."""
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        is_linked = b'"@type"' in data
        return (parse_job_postings if is_linked else parse_france_travail)(data, referential, today)
    return parse_offers_csv(data, referential, today)
