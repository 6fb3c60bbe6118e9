"""In which alphabet a file of text was written, when it does not say so: signs that stand inside no French word tell.

A byte above 127 is another sign in each alphabet: what DOS wrote "René" is "Ren‚" to Windows, and no word holds a low
quotation mark. Each alphabet is tried, every such sign is weighed by its neighbours, and the lightest wins; in doubt it
is Windows-1252, which French spreadsheets write by default.

Guarantees: a text is given only when hardly a sign of it stands where none may stand; anything else is refused, so that
nobody's name is taken in garbled. Read next: `text_table.py`.
"""

import re
from collections import Counter
from typing import Final

from node.imports.lines import UnreadableFile
from node.kit.i18n import gettext as _

_ALPHABETS: Final = ("cp1252", "mac_roman", "cp850", "iso8859_15", "cp437")
"""Windows; Macintosh; DOS in Western Europe; Latin-9 of older Unix systems; DOS in America. Earlier ones win ties."""

_AFTER_A_LETTER: Final = frozenset("’»”…°ªº²³®\xa0\u202f")
_BEFORE_A_LETTER: Final = frozenset("’«“‘–—•·…¿¡\xa0\u202f")
_BETWEEN_LETTERS: Final = frozenset("’·\xa0\u202f")
_ALONE: Final = _AFTER_A_LETTER | _BEFORE_A_LETTER | frozenset("±×½¼¾€£§\xad")

_VOWELS: Final = frozenset("aeiouyéè")
_BEFORE_FINAL_A: Final = frozenset("ljç")

_WRONG: Final = 10.0
"""What a sign weighs that stands where none may stand; letters where they may stand weigh less than one."""

_MOST: Final = 0.35
"""So much may the signs of a text weigh on average: a page of Spanish names, and one wrong sign in thirty."""

_OF_ANOTHER: Final = 0.15
"""By so much another alphabet than that of Windows has to be the lighter one."""

_SEEN: Final = 5_000
_ABOVE: Final = re.compile(r"[^\x00-\x7f]")
_MISREAD_UTF8: Final = re.compile(r"Ã[\x80-\xbf©¨ª§´®¢¹»¯€‰]|â€[™“”¦œ]")


def decode(data: bytes) -> str:
    """The text of a file: UTF-16 with its mark, UTF-8, or one of the older alphabets. UnreadableFile, whose text says
    what to do, when it is in none of them."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise UnreadableFile(_unknown()) from None
    if data[:1000].count(0) > len(data[:1000]) // 4:
        raise UnreadableFile(_("The file is in UTF-16: save it as “CSV UTF-8” and choose that file."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if _MISREAD_UTF8.search(data.decode("cp1252", errors="replace")):
        raise UnreadableFile(_("The file is in UTF-8 with damaged characters: export it again as “CSV UTF-8”."))
    readings = []
    for rank, alphabet in enumerate(_ALPHABETS):
        try:
            text = data.decode(alphabet)
        except UnicodeDecodeError:
            continue
        weight, has_wrong = _weight(text)
        if weight <= _MOST:
            # A reading without one sign out of place is right before one that has some among many good ones.
            readings.append((has_wrong, weight + (_OF_ANOTHER if rank else 0), rank, text))
    if not readings:
        raise UnreadableFile(_unknown())
    return min(readings)[-1]


def _unknown() -> str:
    return _(
        "The accents of this file cannot be read (neither UTF-8, Windows-1252, Macintosh nor DOS): in the spreadsheet, "
        "choose “Save as”, “CSV UTF-8”, and import that file."
    )


def _weight(text: str) -> tuple[float, bool]:
    """What the signs above ASCII weigh on average in this reading, and whether one stands where none may stand."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for count, match in enumerate(_ABOVE.finditer(text)):
        if count == _SEEN:
            break
        at = match.start()
        seen[text[at - 1 : at], match[0], text[at + 1 : at + 2]] += 1
    if not seen:
        return 0, False
    weights = {around: _weigh(*around) for around in seen}
    mean = sum(weights[around] * count for around, count in seen.items()) / seen.total()
    return mean, max(weights.values()) >= _WRONG


def _weigh(before: str, sign: str, after: str) -> float:
    """What this sign weighs between its neighbours, which are empty at the ends of the text."""
    if not sign.isalpha() or sign in "ªº":
        return _weigh_mark(before, sign, after)
    follows, leads = before.isalpha(), after.isalpha()
    if not "À" <= sign <= "ſ" or (sign.isupper() and follows and (before.islower() or after.islower())):
        return _WRONG
    if not follows and not leads:
        return 0 if sign in "àÀ" else 2
    weight = _weigh_letter(before.lower() if follows else "", sign.lower(), after.lower())
    # A keyboard in capitals still gives "é è ç à" in small letters, and hardly any other.
    shouted = sign.islower() and (before.isupper() or after.isupper()) and not after.islower()
    return weight + (0.2 if shouted and sign not in "éèçà" else 0)


def _weigh_mark(before: str, sign: str, after: str) -> float:
    if before.isalpha() and after.isalpha():
        return 0.1 if sign in _BETWEEN_LETTERS else 0.3 if sign == "–" and after.isupper() else _WRONG
    allowed = _AFTER_A_LETTER if before.isalpha() else _BEFORE_A_LETTER if after.isalpha() else _ALONE
    return 0.1 if sign in allowed else _WRONG if before.isalpha() or after.isalpha() else 1


def _weigh_letter(before: str, letter: str, after: str) -> float:
    """How unusual a letter (given small) is at this place of a French word; `before` is empty at its beginning."""
    if letter in "éç":
        return 0
    if letter == "è":
        return 0 if before else 0.4
    if letter == "à":
        return 0 if before in _BEFORE_FINAL_A else 0.6
    if letter in "ëï":
        return 0.05 if before in _VOWELS else 0.4
    if letter in "âêîôû":
        out_of_place = after in _VOWELS or (letter == "â" and before and before in "ao")
        return 0.6 if out_of_place else 0.1
    return {"œ": 0.1, "ù": 0.1, "ä": 0.2, "ö": 0.2, "ü": 0.2, "ÿ": 0.25, "æ": 0.25}.get(letter, 0.3)
