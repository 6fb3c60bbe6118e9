"""The French catalogue: every sentence in the code is in it, translated, with the same blanks to fill."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import node

ROOT = Path(node.__file__).parent
CATALOGUE = ROOT / "locales/fr/LC_MESSAGES/maillon.po"
METHODS = [("**.py", "python"), ("web/**.html", "jinja2")]
OPTIONS = {"web/**.html": {"trimmed": "true", "newstyle_gettext": "true"}}
TRANSLATING = {"_", "gettext", "ngettext"}
BLANK = re.compile(r"\{[^}]*\}|%\([^)]*\)s")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="fr")


def in_code() -> list[str | tuple[str, ...]]:
    return [message for _file, _line, message, _comments, _context in extract_from_dir(ROOT, METHODS, OPTIONS)]


def texts(one: object) -> list[str]:
    """One text, or singular and plural."""
    return [str(part) for part in one] if isinstance(one, tuple | list) else [str(one)]


def test_every_sentence_of_the_code_is_translated(catalogue: Catalog) -> None:
    found = in_code()
    assert len(found) > 300
    missing = []
    for one in found:
        message = catalogue.get(texts(one)[0])
        if message is None or not all(texts(message.string)):
            missing.append(one)
    assert missing == []


def test_no_sentence_hides_in_an_f_string() -> None:
    """Up to Python 3.11 the extraction does not look into f-strings: a sentence there would be in no catalogue."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in ROOT.rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in TRANSLATING
    ]
    assert hidden == []


def test_it_compiles_without_a_fault(catalogue: Catalog) -> None:
    """As `make setup` has it: a stray percent sign is a fault there."""
    assert [(message.id, errors) for message, errors in catalogue.check()] == []


def test_translations_fill_the_same_blanks(catalogue: Catalog) -> None:
    for message in catalogue:
        for source, translation in zip(texts(message.id), texts(message.string), strict=True):
            if source:
                assert set(BLANK.findall(source)) == set(BLANK.findall(translation)), source


def test_french_punctuation_keeps_its_no_break_spaces(catalogue: Catalog) -> None:
    for message in catalogue:
        for translation in texts(message.string):
            if message.id:
                assert not re.search(r" [:;?!»](\s|$)|« ", translation), translation
