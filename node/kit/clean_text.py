"""What a field that people type may hold, whoever hands it in.

Spaces of every width are welcome (French typography has several); control characters, line breaks where a line is
meant, and halves of surrogate pairs are not: no file, page or database carries them well.
"""

import re
from typing import Final

_IN_LINE: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]*")
_IN_TEXT: Final = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]*")

_IN_ADDRESS: Final = r"[^\s@\"(),:;<>\[\]\\\x00-\x1f\x7f-\x9f\ud800-\udfff"
_EMAIL: Final = re.compile(rf"{_IN_ADDRESS}]{{1,64}}@{_IN_ADDRESS}.]+(\.{_IN_ADDRESS}.]+)+")
LONGEST_EMAIL: Final = 254
"""RFC 5321, 4.5.3.1.3, without the angle brackets."""

LINE_PATTERN: Final = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"
TEXT_PATTERN: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"
"""The same for the document that describes fields to programs, whose texts hold no halves of pairs."""


def is_line(text: str) -> bool:
    """Whether the text is one clean line, perhaps empty."""
    return _IN_LINE.fullmatch(text) is not None


def is_text(text: str) -> bool:
    """Whether the text is clean; tabulations and line breaks are."""
    return _IN_TEXT.fullmatch(text) is not None


def is_email(text: str) -> bool:
    """Whether the text has the form of one e-mail address, without a sign that separates addresses or surrounds them:
    a mail to it goes to nobody else. Only a mail that arrives proves more."""
    return len(text) <= LONGEST_EMAIL and _EMAIL.fullmatch(text) is not None
