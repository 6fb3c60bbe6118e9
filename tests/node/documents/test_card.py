"""The card « Un visage pour l'emploi »."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from node.documents.card import Card, CardDocument, card_pdf, cards_pdf
from node.documents.photo import BadPhoto, portrait
from tests.node.documents.people import MONTLUCON
from tests.node.documents.reading import Document


def _photo(kind: str = "JPEG", size: tuple[int, int] = (800, 600), orientation: int = 1) -> bytes:
    """Red above, blue below, taken in Montluçon by a camera held in that orientation."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (0, size[1] // 2, *size))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    stream = BytesIO()
    image.save(stream, kind, exif=exif)
    return stream.getvalue()


CARD = Card(
    first_name="Aïcha",
    qualities=("Ponctuelle", "Calme"),
    skills=("Préparer des repas pour 300 convives", "Gérer les stocks"),
    words="J'ai élevé trois enfants et tenu une cantine : les imprévus ne me font pas peur.",
    occupations=("Employée de restauration collective",),
    contact=MONTLUCON,
)


def _read(made: CardDocument) -> Document:
    return Document(made.pdf)


def test_qualities_then_skills_then_her_own_words_and_the_mission_s_contacts() -> None:
    made = card_pdf(CARD)
    card = _read(made)
    assert made.shortened == ()
    assert card.pages == 1
    assert card.title == "Un visage pour l’emploi : Aïcha"
    assert card.comes_in_order(
        "Aïcha",
        "Mes qualités",
        "Ponctuelle",
        "Ce que je sais faire",
        "Préparer",
        "J’ai élevé",
        "Mission emploi",
        "04 70",
    )
    assert "Figure" not in card.roles


def test_her_number_is_there_only_when_she_ticked_it() -> None:
    assert "directement" not in _read(card_pdf(CARD)).text
    assert "06 12 34 56 78" in _read(card_pdf(replace(CARD, own_contact="06 12 34 56 78"))).text


def test_her_photograph_says_what_it_is() -> None:
    alts = [tag.alt for tag in _read(card_pdf(replace(CARD, photo=_photo()))).tags if tag.role == "Figure"]
    assert alts == ["Portrait d’Aïcha"]
    described = replace(CARD, photo=_photo(), photo_alt="Aïcha sourit, en tablier")
    assert "Aïcha sourit, en tablier" in [tag.alt for tag in _read(card_pdf(described)).tags]


@pytest.mark.parametrize(("number", "pages"), [(1, 1), (4, 1), (5, 2), (12, 3)])
def test_four_to_a_page(number: int, pages: int) -> None:
    cards = [replace(CARD, first_name=f"Léa {index}", photo=_photo()) for index in range(number)]
    print_out = _read(cards_pdf(cards))
    assert print_out.pages == pages
    assert print_out.comes_in_order(*(f"Léa {index}" for index in range(number)))
    assert print_out.roles.count("H1") == number


@pytest.mark.parametrize("number", [0, 201])
def test_a_print_has_bounds(number: int) -> None:
    with pytest.raises(ValueError, match="cards"):
        cards_pdf([CARD] * number)


@pytest.mark.parametrize("word", ["W", "mot ", "الكلمة ", "#read() "])
def test_endless_fields_stay_on_their_card(word: str) -> None:
    long = word * 200
    full = Card(
        first_name=long,
        qualities=(long,) * 20,
        skills=(long,) * 20,
        words=long * 5,
        occupations=(long,) * 9,
        photo=_photo(),
        contact=MONTLUCON,
        own_contact=long,
    )
    for made in (card_pdf(full), cards_pdf([full] * 4)):
        card = _read(made)
        assert made.shortened
        assert card.pages == 1
        assert card.lowest_letter() > 15
        assert "04 70 00 00 00" in card.text


def test_a_card_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="name"):
        card_pdf(replace(CARD, first_name=" "))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_becomes_small_upright_and_says_nothing_of_where(kind: str) -> None:
    clean = portrait(_photo(kind, orientation=3), 420, 525)
    with Image.open(BytesIO(clean)) as image:
        assert image.size == (420, 525)
        assert not image.getexif()
        above, below = image.getpixel((210, 20)), image.getpixel((210, 500))
    assert isinstance(above, tuple) and above[2] > 200
    assert isinstance(below, tuple) and below[0] > 200
    assert b"SecretCamera" not in clean
    assert len(clean) < 60_000


def _bomb() -> bytes:
    stream = BytesIO()
    Image.new("1", (20_000, 20_000)).save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.sockets
@pytest.mark.parametrize(
    ("kind", "side"), [("JPEG", 6300), ("PNG", 3500), ("WEBP", 2900), ("PNG", 3600), ("WEBP", 3000)]
)
def test_the_largest_photograph_costs_little_memory(kind: str, side: int) -> None:
    """In a process of its own, whose peak is known."""
    program = """
import resource, sys
from node.documents.photo import BadPhoto, portrait
photo = sys.stdin.buffer.read()
from PIL import Image
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    portrait(photo, 840, 1050)
except BadPhoto:
    print("refused")
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
    out = BytesIO()
    quickly = {"PNG": {"compress_level": 1}, "WEBP": {"method": 0}}
    noise = Image.effect_noise((side // 10, side // 10), 50).convert("RGB")
    noise.resize((side, side), Image.Resampling.NEAREST).save(out, kind, **quickly.get(kind, {}))
    told = subprocess.run([sys.executable, "-c", program], input=out.getvalue(), capture_output=True, check=True)
    *refused, megabytes = told.stdout.decode().split()
    assert int(megabytes) < 140 and bool(refused) is ((kind, side) in {("PNG", 3600), ("WEBP", 3000)})


@pytest.mark.parametrize("content", [bytes, lambda: b"MZ\x90", lambda: b"%PDF-1.7", lambda: _photo()[:300], _bomb])
def test_what_is_no_photograph_is_refused(content: Callable[[], bytes]) -> None:
    with pytest.raises(BadPhoto):
        portrait(content(), 420, 525)
