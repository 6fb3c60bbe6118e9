"""Files that a person handed in, kept beside the CV: what each is, and a name that harms nobody."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from node.mission.terms import Term

MAX_DOCUMENTS_A_PERSON: Final = 40
MAX_BYTES_A_PERSON: Final = 60 * 1024 * 1024


class DocumentKind(Term):
    """What a document is."""

    CV = "cv", "CV"
    CV_BEFORE = "cv_before", "CV avant atelier"
    CV_AFTER = "cv_after", "CV après atelier"
    PHOTO = "photo", "Photographie"
    LETTER = "letter", "Lettre"
    OTHER = "other", "Autre document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file that is kept, without its bytes. It belongs to a candidate, or to a deposit that is not settled yet.

    `name` is what the person called it, made safe; `sha256` 64 hexadecimal digits; `size` bytes; `by` who added it.
    """

    id: str
    candidate: str = ""
    deposit: str = ""
    kind: DocumentKind
    name: str
    media_type: str
    size: int
    sha256: str
    added: datetime
    by: str = ""


_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff/\\:*?\"<>|]")


def safe_name(name: str) -> str:
    """A file name without directories, control or direction characters, at most 120 characters, its ending kept.

    >>> safe_name("../CV: Amina\\n.pdf")
    'CV_ Amina_.pdf'
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    cleaned = _UNSAFE.sub("_", last).strip(" .") or "document"
    stem, dot, ending = cleaned.rpartition(".")
    if dot and 0 < len(ending) <= 8:
        return f"{stem[: 120 - len(ending) - 1]}.{ending}"
    return cleaned[:120]
