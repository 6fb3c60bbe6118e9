"""What a field that people type may hold, whoever hands it in.

Spaces of every width are welcome (French typography has several); control characters, line breaks where a line is
meant, and halves of surrogate pairs are not: no file, page or database carries them well.
"""

import re
from typing import Final

_IN_LINE: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]*")
_IN_TEXT: Final = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]*")

LINE_PATTERN: Final = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"
TEXT_PATTERN: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"
"""The same for the document that describes fields to programs, whose texts hold no halves of pairs."""


def is_line(text: str) -> bool:
    """Whether the text is one clean line, perhaps empty."""
    return _IN_LINE.fullmatch(text) is not None


def is_text(text: str) -> bool:
    """Whether the text is clean; tabulations and line breaks are."""
    return _IN_TEXT.fullmatch(text) is not None
