"""How large what people send may be: the figures, and the one sentence for a file that is too large."""

from typing import Final

from node.kit.i18n import gettext as _

MEGABYTE: Final = 1024 * 1024
MAX_DOCUMENT_BYTES: Final = 10 * MEGABYTE
"""The largest file that is kept."""
MAX_READ_BYTES: Final = 20 * MEGABYTE
"""The largest file that is looked at: a picture may be larger than what is kept of it."""
MAX_SENT_BYTES: Final = 128 * MEGABYTE
"""The largest form with its files. More than `MAX_READ_BYTES` of a file is heard and dropped, so that the form can come
back with a sentence and all that was typed."""


def largest() -> int:
    """What people are told: megabytes of one file."""
    return MAX_DOCUMENT_BYTES // MEGABYTE


def too_large() -> str:
    """What a person reads whose file is too large."""
    sentence = _("This file is too large: at most {limit} MB. Take a photograph of each page instead.")
    return sentence.format(limit=largest())
