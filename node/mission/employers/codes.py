"""The short code of a sending: typed from paper with the person's name on `/verifier`, and carried by a mail's subject.

Guarantees: no sign is mistaken for another (no 0 and O, no 1, I and L); one wrong sign, or two neighbours in each
other's place, makes no other code (the last sign checks the seven before it, modulo 31; a test tries all of them).
"""

import re
from typing import Final

SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Thirty-one of them: a prime, so that the check notices what it says."""
SECRET: Final = 7
"""Signs that are drawn at random; one more checks them."""

_WRITTEN: Final = re.compile(rf"(?<![0-9A-Z])([{SIGNS}]{{4}})[ -]?([{SIGNS}]{{4}})(?![0-9A-Z])")


def make_code(secret: bytes) -> str:
    """The code that these random bytes stand for; eight of them leave no sign likelier than another."""
    number, signs = int.from_bytes(secret, "big"), ""
    for _place in range(SECRET):
        number, value = divmod(number, len(SIGNS))
        signs += SIGNS[value]
    return signs + _check(signs)


def shown_code(code: str) -> str:
    """K7PX-M2QD: as it is printed."""
    return f"{code[:4]}-{code[4:]}"


def read_code(typed: str) -> str:
    """The code as it is kept; empty for what is none, or holds a mistake. Spaces, hyphens and small letters are
    forgiven."""
    plain = "".join(sign for sign in typed.upper() if sign.isalnum())
    return plain if _is_code(plain) else ""


def codes_in(text: str) -> tuple[str, ...]:
    """Every code that stands in a text, in its order."""
    found = ("".join(written.groups()) for written in _WRITTEN.finditer(text.upper()))
    return tuple(dict.fromkeys(code for code in found if _is_code(code)))


def _is_code(plain: str) -> bool:
    return len(plain) == SECRET + 1 and all(sign in SIGNS for sign in plain) and plain[-1] == _check(plain[:-1])


def _check(signs: str) -> str:
    return SIGNS[sum(place * SIGNS.index(sign) for place, sign in enumerate(signs, 1)) % len(SIGNS)]
