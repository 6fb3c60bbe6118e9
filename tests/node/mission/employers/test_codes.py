"""The short code of a sending: copied from paper, with what people mistype."""

from hypothesis import given
from hypothesis import strategies as st

from node.mission.employers.codes import SIGNS, codes_in, make_code, read_code, shown_code

secrets = st.binary(min_size=8, max_size=8)


@given(secrets)
def test_a_code_is_read_as_it_was_made_however_it_is_typed(secret: bytes) -> None:
    code = make_code(secret)
    for typed in (code, shown_code(code), shown_code(code).lower(), f" {code[:4]} {code[4:]} "):
        assert read_code(typed) == code


@given(secrets, st.integers(0, 7), st.sampled_from(SIGNS))
def test_one_wrong_sign_makes_no_other_code(secret: bytes, place: int, sign: str) -> None:
    code = make_code(secret)
    mistyped = code[:place] + sign + code[place + 1 :]
    assert read_code(mistyped) == (code if mistyped == code else "")


@given(secrets, st.integers(0, 6))
def test_two_neighbours_in_each_others_place_make_no_other_code(secret: bytes, place: int) -> None:
    code = make_code(secret)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert read_code(swapped) == (code if swapped == code else "")


def test_signs_that_look_alike_are_in_no_code() -> None:
    assert not set("01OIL") & set(SIGNS)
    assert len(SIGNS) == 31


@given(st.text(max_size=40))
def test_what_is_no_code_is_read_as_none(text: str) -> None:
    assert read_code(text) in ("", "".join(sign for sign in text.upper() if sign.isalnum()))
    assert all(read_code(code) == code for code in codes_in(text))


def test_a_mails_subject_names_the_sending() -> None:
    code = make_code(b"montluco")
    subject = f"RE: [EXTERNE] 2 candidatures pour « Boucher » (réf. {shown_code(code)})"
    assert codes_in(subject) == (code,)
    assert codes_in(f"{subject} {shown_code(code)}") == (code,)
    assert codes_in(f"facture X{code}9") == ()
    assert codes_in("BOUCHERS recherchés") == ()
