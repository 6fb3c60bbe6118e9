"""Which of an e-mail's files is the CV: people attach letters, certificates and pay slips beside it.

Guarantees: pure; the same answer whoever asks (the mailbox, the desk, the proposal). A letter that is longer than the
CV does not win: what a CV is called, its headings and its dates say more than its length.
Read next: `sections.py`, what a heading is; `proposing.py`.
"""

import re
from collections.abc import Sequence
from typing import Final

from node.reading.sections import Section, heading
from node.reading.shapes import Attachment, ReadDocument
from node.reading.words import flat

_CALLED_CV: Final = re.compile(r"(?<![a-z])(?:cv|curriculum|resume)(?![a-z])")
_CALLED_ELSE: Final = re.compile(
    r"(?<![a-z])(?:lettre|lm|motivation|attestation|certificat|diplome|bulletin|releve|recommandation|permis)(?![a-z])"
)
_LETTER: Final = re.compile(
    r"madame,? (?:ou )?monsieur|veuillez (?:agreer|recevoir)|je vous prie d|salutations|"
    r"l'expression de m|objet ?: ?candidature|lettre de motivation"
)
_DATED: Final = re.compile(r"\b(?:19|20)\d{2}\b")
_PARTS: Final = frozenset({Section.EXPERIENCE, Section.EDUCATION, Section.SKILLS, Section.LANGUAGES, Section.PROFILE})
_MOST_DATES: Final = 4


def by_likelihood(attachments: Sequence[Attachment]) -> list[Attachment]:
    """Those that were read, the likeliest CV first; as they came where nothing tells them apart."""
    read = [one for one in attachments if one.document is not None]
    return sorted(read, key=_likelihood, reverse=True)


def _likelihood(attachment: Attachment) -> tuple[int, int]:
    document = attachment.document or ReadDocument()
    called = flat(attachment.name).replace("_", " ")
    text = flat(document.text)
    sections = {heading(line.text) for line in document.lines} & _PARTS
    points = 4 * bool(_CALLED_CV.search(called)) - 4 * bool(_CALLED_ELSE.search(called))
    points += 2 * len(sections) - 3 * len(set(_LETTER.findall(text)))
    points += min(_MOST_DATES, len(set(_DATED.findall(text)))) + 8 * bool(document.resume)
    return points, len(document.text) if document.problem is None else -1
