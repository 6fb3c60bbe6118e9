"""Telephone numbers: read as people type them, kept in one form, shown as they are written at home, found in texts.

A number is kept as E.164 writes it (ITU-T Recommendation E.164: "+", the country's code, the number, 15 digits at
most). What is a number of which country is told by the metadata of Google's libphonenumber, which the library
`phonenumbers` carries; it is loaded at the first number, as most commands read none.

Guarantees: nothing here raises, whatever the text, and nothing of it is logged; a number that was kept or shown reads
as the same number again.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_FRANCE: Final = "FR"
_FRENCH_CODE: Final = 33
# What is dialled at home begins so; Mayotte has Réunion's code, Saint-Martin and Saint-Barthélemy have Guadeloupe's.
_OVERSEAS: Final = {
    **dict.fromkeys(("262", "263", "269", "639", "692", "693"), 262),
    **dict.fromkeys(("590", "690", "691"), 590),
    **dict.fromkeys(("594", "694"), 594),
    **dict.fromkeys(("596", "696", "697"), 596),
}
"""The first three digits after the 0 -> the country's code of an overseas department (the national numbering plan,
ARCEP decision 2018-0881). libphonenumber takes some of them for metropolitan numbers."""
_SAINT_PIERRE: Final = "508"
"""Of Saint-Pierre-et-Miquelon it is the country's code as well."""
_OF_FICTION: Final = "63998"
"""For films and tests, in the mainland (the same decision)."""
_WRITTEN_WITH_ZERO: Final = ("+33", "+262", "+590", "+594", "+596")
"""Where one dials 0 before the number at home."""

_KEPT: Final = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_FLOAT: Final = re.compile(r"(\+?[1-9]\d*)[.,]0+")
"""A spreadsheet that makes a decimal of a number has dropped its first zero: eleven digits after one are no number."""
_NO_PLUS: Final = re.compile(r"[1-9]\d{10,14}", re.ASCII)
_TOO_LONG: Final = 100
_FEWEST: Final = 7
_MOST: Final = 18
"""Digits: E.164 has 15 at most, "00" before and "(0)" within are typed as well; nobody's number is shorter with its
country."""

_ZERO: Final = "0\uff10\u0660\u06f0"
_UNSEEN: Final = r"\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_BETWEEN: Final = rf"[^\S\t\n\r\f\v]|[.\-/()\u2010-\u2015\u2212{_UNSEEN}]"
# A number begins with a plus or a zero, but not within a date ("19/03/1991").
_BEGINNING: Final = rf"(?<!\d)(?<!\d[./\-])\(?[+\uff0b{_ZERO}]"
_RUN: Final = rf"\(?[+\uff0b]?(?:\d(?:{_BETWEEN}){{0,4}})+"
"""Compiled where a text is searched: few commands do."""
_IN_ADDRESS: Final = re.compile(r"[\w.+-]*@")


@dataclass(frozen=True, slots=True)
class NumberInText:
    """A number within a text: as it is kept, and where it stands."""

    number: str
    start: int
    end: int


def read(text: str) -> str | None:
    """The number that was typed, as it is kept: "+33612345678"; None when the text is no number of a person.

    Spaces, dots, dashes, slashes, brackets and invisible signs may stand anywhere, digits may be of any script, and a
    spreadsheet may have made a decimal of it or dropped its first zero or its plus. Without its country a number is
    French, of the overseas department that its first digits tell. Several numbers, extensions, words and short numbers
    ("15", "3939") are None.

    >>> read("+33 (0)6 12 34 56 78"), read("0692 12 34 56"), read("06 12 34 56 7")
    ('+33612345678', '+262692123456', None)
    """
    typed = _plain(text)
    if not typed:
        return None
    import phonenumbers

    number = _parsed(typed, _FRANCE)
    if number is None:
        return None
    home = phonenumbers.national_significant_number(number)
    if f"+{number.country_code}" in _WRITTEN_WITH_ZERO and len(home) == 9 and not home.startswith("0"):
        # Also in a range that this edition of the metadata does not know to be open: nobody is turned away for that.
        return _placed(home) if number.country_code == _FRENCH_CODE else f"+{number.country_code}{home}"
    if phonenumbers.is_valid_number(number):
        return _kept(number)
    # A spreadsheet drops the plus as well.
    return read(f"+{typed}") if _NO_PLUS.fullmatch(typed) else None


def shown(text: str, space: str = " ") -> str:
    """A number as people write it: "06 12 34 56 78", "0692 12 34 56", "+44 20 7946 0958", with that sign between its
    groups. A text that is no number is left as it was typed.

    >>> shown("+33612345678")
    '06 12 34 56 78'
    """
    kept = read(text)
    if kept is None:
        return text
    import phonenumbers

    number = phonenumbers.parse(kept)
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    if kept.startswith(_WRITTEN_WITH_ZERO) and (number.country_code == _FRENCH_CODE or read(national) == kept):
        return national.replace(" ", space)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL).replace(" ", space)


def dialled(text: str) -> str:
    """What a `tel:` link holds (RFC 3966): the number with its country, the first of several; of what is no number, its
    digits.

    >>> dialled("04 70 00 00 00"), dialled("39 49")
    ('+33470000000', '3949')
    """
    first = next(find(text), None)
    return read(text) or (first.number if first else re.sub(r"[^0-9+]", "", text))


def spellings(text: str) -> tuple[str, ...]:
    """A kept number as people may search for it, with its country and as it is dialled at home; of what is no kept
    number, what `bare` leaves.

    >>> spellings("+33612345678")
    ('+33612345678', '0612345678')
    """
    if not is_kept(text):
        return (bare(text),) if text else ()
    code = next((code for code in _WRITTEN_WITH_ZERO if text.startswith(code)), None)
    return (text,) if code is None else (text, f"0{text[len(code) :]}")


def bare(text: str) -> str:
    """A number, or the beginning or end of one, without the signs that people write between its digits.

    >>> bare("00 33-6.12")
    '+33612'
    """
    digits = re.sub(r"[\s.\-()/]", "", text)
    return f"+{digits[2:]}" if digits.startswith("00") else digits


def is_mobile(number: str) -> bool:
    """Whether a kept number, of France or overseas, is a mobile telephone's: SMS reach it."""
    if number.startswith(("+336", "+337")):
        return True
    if not number.startswith(_WRITTEN_WITH_ZERO):
        return False
    import phonenumbers

    return phonenumbers.number_type(phonenumbers.parse(number)) == phonenumbers.PhoneNumberType.MOBILE


def is_kept(text: str) -> bool:
    """Whether a text has the form in which numbers are kept; quick, as it asks no metadata."""
    return _KEPT.fullmatch(text) is not None


def find(text: str) -> Iterator[NumberInText]:
    """The numbers that stand in a text, each with its country or the 0 that is dialled at home, from left to right.

    The library's own `PhoneNumberMatcher` passes over a number beside other digits, such as the postal code or the date
    of birth that share a line of a CV with it: here each run of digits is read from where a number may begin, and ends
    with the last group that leaves a number.

    >>> [one.number for one in find("12/03/1991, 06 12 34 56 78 03100 Montluçon")]
    ['+33612345678']
    """
    rest, before, position = text, 0, 0
    beginning = re.compile(_BEGINNING)
    while match := beginning.search(rest, position):
        position = match.start() + 1
        if found := _at(rest, match.start()):
            yield NumberInText(found.number, before + found.start, before + found.end)
            # What follows may stand right behind: "06 12 34 56 78/04 70 05 00 00".
            rest, before, position = rest[found.end :], before + found.end, 0


def _at(text: str, start: int) -> NumberInText | None:
    run = re.compile(_RUN).match(text, start, start + _TOO_LONG)
    if run is None:
        return None
    digits = [(int(sign), end) for end, sign in enumerate(run[0], 1) if sign.isdecimal()]
    abroad = not run[0].lstrip("(")[0].isdecimal() or [digit for digit, _end in digits[:2]] == [0, 0]
    # At home the 0 and nine digits: the metadata is asked once there, however many digits a hostile file has.
    fewest, most = (_FEWEST, _MOST) if abroad else (10, 10)
    for length in range(min(most, len(digits)), fewest - 1, -1):
        end = digits[length - 1][1]
        if run[0][end : end + 1].isdecimal():
            continue
        number = read(run[0][:end])
        if number is not None and not _IN_ADDRESS.match(text, start + end):
            return NumberInText(number, start, start + end)
    return None


def _placed(home: str) -> str:
    """A number by the nine digits that follow the 0 at home, with its country: some write +33 before an overseas
    one."""
    if home.startswith(_SAINT_PIERRE):
        return f"+{home}"
    code = _FRENCH_CODE if home.startswith(_OF_FICTION) else _OVERSEAS.get(home[:3], _FRENCH_CODE)
    return f"+{code}{home}"


def _plain(text: str) -> str:
    """Without invisible signs, with one kind of space, without a spreadsheet's decimals; empty for what cannot be a
    number."""
    if len(text) > _TOO_LONG:
        return ""
    kinds = [(sign, unicodedata.category(sign)) for sign in text]
    if any(kind.startswith("L") for _sign, kind in kinds):
        # The library would read letters as the keys of a telephone, or drop what is said beside the number.
        return ""
    plain = "".join(" " if kind == "Zs" or sign == "\t" else sign for sign, kind in kinds if kind != "Cf").strip()
    decimal = _FLOAT.fullmatch(plain)
    plain = decimal[1] if decimal else plain
    return plain if _FEWEST <= sum(map(str.isdecimal, plain)) <= _MOST else ""


def _parsed(text: str, region: str) -> "PhoneNumber | None":
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    return None if number.extension else number


def _kept(number: "PhoneNumber") -> str:
    import phonenumbers

    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
