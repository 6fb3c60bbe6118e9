"""E-mail addresses within a text: whole, or not at all.

An address is what RFC 5321 (4.1.2) and RFC 5322 (3.2.3) call `dot-atom "@" domain`, with letters of any alphabet (RFC
6531, RFC 5890) as they were written. Guarantees: never a part of an address; signs that only surround one (quotes,
labels, a telephone number before a stroke) are no part of it. Read next: `contacts.py`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from node.kit.clean_text import is_email
from node.kit.phone import find as find_numbers
from node.reading.words import flat

_SIGNS: Final = "!#$%&'*+/=?^_`{|}~-"
_ATOM: Final = rf"[\w{re.escape(_SIGNS)}]"
_LABEL_OF_HOST: Final = r"[^\W_](?:(?:[^\W_]|-)*[^\W_])?"
_ADDRESS: Final = re.compile(
    rf"(?<![@.])(?<!{_ATOM})(?P<local>(?:{_ATOM}|\.)+) ?@ ?"
    rf"(?P<domain>{_LABEL_OF_HOST}(?:\.{_LABEL_OF_HOST}){{1,5}})(?![\w@-])"
)
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("’‘ʼ′＇", "'"))
# What a program or a person puts around an address, and no mailbox begins and ends with.
_PAIRS: Final = {"'": "'", "`": "`", "*": "*", "_": "_", "~": "~", "|": "|", "{": "}", "/": "/"}
_LABEL: Final = re.compile(r"(?:e-?mails?|courriels?|mel|tel|telephone|contact|adresse)[/|=~]+")
_LEADERS: Final = re.compile(r".*\.\.+|.*[_~=-]{3,}")
_LONGEST_LOCAL: Final = 64


@dataclass(frozen=True, slots=True)
class AddressInText:
    """An address in small letters, and where it stands."""

    address: str
    start: int
    end: int


def find_addresses(text: str) -> Iterator[AddressInText]:
    """The addresses that stand in a text, from left to right. Typographic apostrophes are read as the plain one."""
    plain = text.translate(_APOSTROPHES)
    for match in _ADDRESS.finditer(plain):
        start = _start(plain, match)
        local, domain = plain[start : match.end("local")], match["domain"]
        address = f"{local}@{domain}".lower()
        is_dotted = not local.startswith(".") and not local.endswith(".")
        if is_dotted and len(local) <= _LONGEST_LOCAL and is_email(address):
            yield AddressInText(address, start, match.end())


def _start(text: str, match: "re.Match[str]") -> int:
    """Where the address begins within the signs that stand before its @."""
    start, end = match.span("local")
    if leaders := _LEADERS.match(text, start, end):
        # "Mail.......nadia@", "Mail ____ nadia@": no address holds these.
        start = leaders.end()
    for number in find_numbers(text[:end]) if start < end and re.search(r"\d[/|]", text[start:end]) else ():
        if number.start < end and start < number.end < end and text[number.end] in "/|":
            start = number.end + 1
    if label := _LABEL.match(flat(text[start:end])):
        start += label.end()
    opened = text[start:end]
    closed = text[match.end() : match.end() + 1]
    while len(opened) > 1 and closed and _PAIRS.get(opened[0]) == closed:
        opened = opened[1:]
        start += 1
    return start
