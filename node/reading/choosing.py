"""Which of an e-mail's files is the CV: people attach letters, certificates and pay slips beside it.

Guarantees: pure; the same answer whoever asks (the mailbox, the desk, the proposal). How long a file is counts for
nothing: what it is called, its headings, its periods and how a letter speaks tell what it is.
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
    r"madame,? (?:ou |et )?monsieur|veuillez (?:agreer|recevoir)|je vous prie d|salutations|l'expression de m|"
    r"objet ?:|lettre de motivation|a l'attention d|dans l'attente|ma candidature|je me permets|votre (?:entreprise|"
    r"etablissement|societe|offre|annonce|structure|equipe)|cordialement|(?:un|d'un) entretien|je vous remercie"
)
_PERIOD: Final = re.compile(r"(?:19|20)\d{2}|\b\d\d?/\d\d\b|\b(?:depuis|a ce jour|aujourd'hui)\b")
_SELF_NAMED: Final = re.compile(r"curriculum vitae|^\W*c\.?v\.?\W*$", re.MULTILINE)
_PARTS: Final = frozenset({Section.EXPERIENCE, Section.EDUCATION, Section.SKILLS, Section.LANGUAGES, Section.PROFILE})
_MOST_DATES: Final = 4
_LONGEST_DATED: Final = 90
"""Lines with a date that are longer are a story."""


def by_likelihood(attachments: Sequence[Attachment]) -> list[Attachment]:
    """Those that were read, the likeliest CV first; as they came where nothing tells them apart."""
    read = [one for one in attachments if one.document is not None]
    return sorted(read, key=_likelihood, reverse=True)


def _likelihood(attachment: Attachment) -> tuple[int, bool]:
    document = attachment.document or ReadDocument()
    called = flat(attachment.name).replace("_", " ")
    text = flat(document.text)
    sections = {heading(line.text) for line in document.lines} & _PARTS
    points = 4 * bool(_CALLED_CV.search(called)) - 4 * bool(_CALLED_ELSE.search(called))
    points += 2 * len(sections) - 3 * len(set(_LETTER.findall(text)))
    dated = sum(len(line) <= _LONGEST_DATED and _PERIOD.search(line) is not None for line in text.splitlines())
    points += min(_MOST_DATES, dated) + 3 * bool(_SELF_NAMED.search(text)) + 8 * bool(document.resume)
    return points - 3 * attachment.inline, bool(document.lines)
