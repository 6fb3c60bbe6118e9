"""What a person reads is French: gettext with English message ids, catalogues compiled at set-up.

The language is the node's (`fr` unless the configuration says otherwise); commands and mails use it through `gettext`
and `ngettext` below.
"""

import gettext as _gettext
from functools import cache
from pathlib import Path

LOCALES = Path(__file__).parent / "locales"
DOMAIN = "maillon"
_language = "fr"


@cache
def translations(language: str) -> _gettext.NullTranslations:
    """The catalogue of a language; English (the message ids) when there is none."""
    return _gettext.translation(DOMAIN, LOCALES, languages=[language], fallback=True)


def set_language(language: str) -> None:
    """Choose the language of this process."""
    global _language
    _language = language


def gettext(message: str) -> str:
    """The message in the process's language."""
    return translations(_language).gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """The message in the process's language, by number."""
    return translations(_language).ngettext(singular, plural, number)
