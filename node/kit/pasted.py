"""Text that somebody pasted from a word processor, a PDF or a mail, made plain: what is meant stays, what only one
program can draw goes.

Guarantees: the result is clean (`clean_text.is_text`), and plain text is left as it is; typographic quotes, dashes and
spaces of every width stay, French typography has them. Doing it twice changes nothing more.
"""

import re
from typing import Final

_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
"""Soft hyphens, joiners, marks of direction and of byte order."""
_BULLET: Final = re.compile(
    "^[ \u00a0\t]*(?:[\u2022\u2023\u2043\u204c\u204d\u2219\u25a0\u25aa\u25ab\u25ba\u25b8\u25cb\u25cf\u25e6\u2605\u27a2"
    "\u2713\u2714\u2756\uf000-\uf0ff\u00b7\u00a7\u00d8]|o(?=\t)|[-–—](?=\t))[ \u00a0\t]*",
    re.MULTILINE,
)
"""What lists begin their lines with; the private signs are those of the fonts Symbol and Wingdings."""
_WINDOWS: Final = {number: bytes([number]).decode("cp1252", "ignore") for number in range(0x80, 0xA0)}
"""Signs of Windows that came through as control characters."""
_LINE_ENDS: Final = re.compile("\r\n?|[\x0b\x0c\u0085\u2028\u2029]")
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ue000-\uefff\uf100-\uf8ff]")
_PRIVATE: Final = re.compile("[\uf000-\uf0ff]")
"""The signs of those fonts where they begin no line."""


def plain_text(text: str) -> str:
    """The text with "- " before each point of a list, tabs as spaces, and nothing invisible."""
    text = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text)).translate(_WINDOWS)
    # What nobody sees goes first: it may stand before a bullet.
    text = _PRIVATE.sub("", _BULLET.sub("- ", _CONTROLS.sub("", text))).replace("\t", " ")
    return re.sub("\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.split("\n")))
