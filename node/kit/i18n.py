"""What a person reads is French: gettext with English message ids, catalogues compiled at set-up.

The language is the node's (`fr` unless the configuration says otherwise); commands and mails use it through `gettext`
and `ngettext` below. A page may be asked for in another of `LANGUAGES`: `speaking` holds for one request.
"""

import gettext as _gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LOCALES = Path(__file__).parents[1] / "locales"
DOMAIN = "maillon"
LANGUAGES = {"fr": "Français", "en": "English"}
"""What pages can be read in, each under its own name."""

_language = "fr"
_spoken: ContextVar[str] = ContextVar("maillon_language", default="")


@cache
def translations(language: str) -> _gettext.NullTranslations:
    """The catalogue of a language; English (the message ids) when there is none."""
    return _gettext.translation(DOMAIN, LOCALES, languages=[language], fallback=True)


def set_language(language: str) -> None:
    """Choose the language of this process."""
    global _language
    _language = language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Use that language inside the block, in this thread and in those that it starts through anyio."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def language() -> str:
    """The language in force: the request's, else the process's."""
    return _spoken.get() or _language


def gettext(message: str) -> str:
    """The message in the language in force."""
    return translations(language()).gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """The message in the language in force, by number."""
    return translations(language()).ngettext(singular, plural, number)
