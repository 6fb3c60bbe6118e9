"""Telephone numbers: whatever people, spreadsheets and CVs write, one number is one text."""

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from node.kit.phone import bare, dialled, find, is_kept, is_mobile, read, shown, spellings

ANYTHING = st.text(st.characters(exclude_categories=()))
SIGNS = st.text(st.sampled_from("0123456789+ .-/()\u00a0\u202f\u200b"), max_size=30)
KEPT = st.sampled_from(["+33612345678", "+33470000000", "+33800123456", "+262692123456", "+596696201234"])
BETWEEN = st.text(st.sampled_from(" .-/\u00a0\u2009\u202f\u200b\u2013"), max_size=2)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("+330612345678", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("0033 (0) 6 12 34 56 78", "+33612345678"),
        ("33612345678", "+33612345678"),
        ("(+33)612345678", "+33612345678"),
        # A spreadsheet made a decimal of it, or dropped the first zero.
        ("612345678.0", "+33612345678"),
        ("612345678", "+33612345678"),
        ("33612345678,00", "+33612345678"),
        ("'0612345678", "+33612345678"),
        ("06.12-34/56\u201378", "+33612345678"),
        ("06\u00a012\u202f34\u200956 78", "+33612345678"),
        ("\u202a+33\u00a06 12 34 56 78\u202c", "+33612345678"),
        ("0\u200b6\u00ad12345678\ufeff", "+33612345678"),
        ("\uff10\uff16\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18", "+33612345678"),
        ("\u0660\u0666\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668", "+33612345678"),
        ("+262 (0)692 12 34 56", "+262692123456"),
        ("+2620692123456", "+262692123456"),
        ("262692123456", "+262692123456"),
        ("0692 12 34 56", "+262692123456"),
        ("0692123456", "+262692123456"),
        ("+33 692 12 34 56", "+262692123456"),
        ("0690 30 12 34", "+590690301234"),
        ("0696 20 12 34", "+596696201234"),
        ("0694 20 12 34", "+594694201234"),
        ("0639 00 12 34", "+262639001234"),
        # Landlines of overseas, which the library takes for metropolitan ones, and ranges that it does not know.
        *((f"0{first} 61 12 34", f"+262{first}611234") for first in (262, 263, 269, 639, 692, 693)),
        *((f"0{first} 61 12 34", f"+590{first}611234") for first in (590, 690, 691)),
        *((f"0{first} 61 12 34", f"+594{first}611234") for first in (594, 694)),
        *((f"0{first} 61 12 34", f"+596{first}611234") for first in (596, 696, 697)),
        ("+33 596 61 12 34", "+596596611234"),
        ("+262 639 12 34 56", "+262639123456"),
        ("0508 41 23 45", "+508412345"),
        ("+508 41 23 45", "+508412345"),
        ("41791234567", "+41791234567"),
        ("+44 20 7946 0958", "+442079460958"),
        ("00212 661 23 45 67", "+212661234567"),
        # Ranges that may open: nine digits are a number.
        ("07 12 34 56 78", "+33712345678"),
        ("+33 6 39 98 00 17", "+33639980017"),
    ],
)
def test_what_is_typed(typed: str, number: str) -> None:
    assert read(typed) == number


@pytest.mark.parametrize(
    "typed",
    [
        "0612345678.0",
        "06123456780",
        "",
        "06 12 34 56 7",
        "06123456780",
        "+33 06 12 34 56 7",
        "15",
        "3939",
        "39 49",
        "0000000000",
        "0012345678",
        "+",
        "+33",
        "demain",
        "06 12 34 56 78 (soir)",
        "06 12 34 56 78 poste 12",
        "06 12 34 56 78#12",
        "06 12 34 56 78 / 07 98 76 54 32",
        "06 12 34 56 78 07 98 76 54 32",
        "+687 12",
        "0" * 500,
    ],
)
def test_what_is_no_number_of_a_person(typed: str) -> None:
    assert read(typed) is None
    assert shown(typed) == typed, "it is shown as it was typed"


@pytest.mark.parametrize(
    ("number", "home"),
    [
        ("+33612345678", "06 12 34 56 78"),
        ("+262692123456", "0692 12 34 56"),
        ("+590690301234", "0690 30 12 34"),
        ("+442079460958", "+44 20 7946 0958"),
        ("+33712345678", "07 12 34 56 78"),
        ("39 49", "39 49"),
    ],
)
def test_what_people_read(number: str, home: str) -> None:
    assert shown(number) == home
    assert shown(number, "\u00a0") == (home.replace(" ", "\u00a0") if is_kept(number) else home)


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_numbers_of_every_country_come_back(region: str) -> None:
    for kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE):
        known = phonenumbers.example_number_for_type(region, kind)
        if known is not None:
            number = phonenumbers.format_number(known, phonenumbers.PhoneNumberFormat.E164)
            assert read(number) == number == read(shown(number)) and is_kept(number)


@given(st.one_of(ANYTHING, SIGNS))
@example("+33692123456")
@example("\ud800")
@example("06" + "\u0301" * 8 + "12345678")
def test_whatever_is_typed_reads_as_one_number_for_good(text: str) -> None:
    number = read(text)
    if number is not None:
        assert is_kept(number) and read(number) == number
        assert read(shown(number)) == read(shown(number, "\u00a0")) == number
        assert read(dialled(text)) == number
    assert shown(shown(text)) == shown(text)


@given(KEPT, st.lists(BETWEEN, min_size=20, max_size=20), st.sampled_from(["+", "00", "home"]))
def test_signs_between_the_digits_change_nothing(number: str, signs: list[str], way: str) -> None:
    digits = spellings(number)[1] if way == "home" else way + number[1:]
    assert read("".join(digit + sign for digit, sign in zip(digits, signs, strict=False))) == number


@given(st.integers(0, 10**9 - 1), st.sampled_from(["0", "+33", "+262", "+590", "+594", "+596"]))
def test_every_number_of_the_french_plans_is_shown_and_read_back(rest: int, code: str) -> None:
    number = read(f"{code}{rest:09}")
    if number is not None:
        assert read(shown(number)) == number
        # What is dialled at home finds the person in the register.
        assert number in spellings(number)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Tél. : 06 12 34 56 78 / 04 70 05 00 00", ["+33612345678", "+33470050000"]),
        ("06-12-34-56-78/0470050000", ["+33612345678", "+33470050000"]),
        ("19/03/1991 06 12 34 56 78 03100 Montluçon", ["+33612345678"]),
        ("06 12 34 56 78 07 98 76 54 32", ["+33612345678", "+33798765432"]),
        ("Portable (0033) 6 12 34 56 78, 12 rue des Lilas", ["+33612345678"]),
        ("\u0660\u0666\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668", ["+33612345678"]),
        ("de 03/2015 à 08/2018, SIRET 123 456 789 00012", []),
        ("titi0612345678@exemple.fr", []),
        ("1 23 45 67 89", []),
    ],
)
def test_numbers_in_a_text(text: str, numbers: list[str]) -> None:
    found = list(find(text))
    assert [one.number for one in found] == numbers
    assert [read(text[one.start : one.end]) for one in found] == numbers


@given(st.lists(st.one_of(ANYTHING, SIGNS, KEPT.map(shown))).map(" ".join))
def test_a_text_never_raises_and_numbers_do_not_overlap(text: str) -> None:
    done = 0
    for one in find(text):
        assert done <= one.start < one.end <= len(text)
        assert read(text[one.start : one.end]) == one.number
        done = one.end


def test_a_number_is_searched_for_as_it_is_kept_and_dialled() -> None:
    assert spellings("+33612345678") == ("+33612345678", "0612345678")
    assert spellings("+262692123456") == ("+262692123456", "0692123456")
    assert spellings("+442079460958") == ("+442079460958",)
    assert (spellings("06 12"), spellings("")) == (("0612",), ())
    assert (bare("00 33-6.12"), bare("06 12")) == ("+33612", "0612")


def test_mobiles_are_told() -> None:
    assert all(map(is_mobile, ("+33612345678", "+33798765432", "+262692123456", "+590690301234")))
    assert not any(map(is_mobile, ("+33470000000", "+262262201234", "+447911123456")))


def test_what_a_link_dials() -> None:
    assert [dialled(text) for text in ("04 70 00 00 00", "39 49", "à l'accueil")] == ["+33470000000", "3949", ""]
