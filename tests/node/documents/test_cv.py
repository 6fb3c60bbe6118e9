"""A CV is one tagged page, whoever typed whatever into it."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from node.documents.cv import LAYOUTS, CareerStep, Cv, Layout, cv_pdf
from node.documents.cv_content import ROOMS, CvRoom, content, period, tidied
from tests.node.documents.people import AICHA, TODAY, endless
from tests.node.documents.reading import Document

MARGIN = 40
"""Points below which no letter of a CV stands."""


@pytest.fixture(params=list(Layout))
def layout(request: pytest.FixtureRequest) -> Layout:
    """Each of the three."""
    return Layout(request.param)


def test_aicha_has_her_cv_on_one_page_in_each_layout(layout: Layout) -> None:
    made = cv_pdf(AICHA, layout, TODAY)
    cv = Document(made.pdf)
    assert made.left_out == ()
    assert cv.pages == 1
    assert cv.title == "CV d’Aïcha N'Diaye-Œuvrard"
    for said in (
        "Aïcha N'Diaye-Œuvrard",
        "06 12 34 56 78",
        "aicha.ndiaye@example.fr",
        "« coup de feu »",
        "Appliquer les règles d’hygiène",
        "depuis septembre 2019",
        "mars 2014 – août 2019",
        "Français (C2, maîtrise)",
        "Wolof",
        "Permis B",
        "Véhicule personnel",
        "Chorale",
    ):
        assert said in cv.text, said


def test_each_layout_reads_in_its_own_order() -> None:
    def read(layout: Layout) -> Document:
        return Document(cv_pdf(AICHA, layout, TODAY).pdf)

    assert read(Layout.PLAIN).comes_in_order(
        "Aïcha", "Profil", "Agente de", "Employée poly", "Formation", "Compétences"
    )
    assert read(Layout.SKILLS_FIRST).comes_in_order("Aïcha", "Compétences", "Gérer les stocks", "Parcours", "Agente de")
    assert read(Layout.TWO_COLUMNS).comes_in_order("Aïcha", "Contact", "Compétences", "Couture", "Profil", "Agente de")


def test_headings_lists_and_links_are_tagged(layout: Layout) -> None:
    roles = Document(cv_pdf(AICHA, layout, TODAY).pdf).roles
    assert roles.count("H1") == 1
    assert roles.count("H2") >= 7
    assert roles.count("H3") == 3
    assert roles.count("Link") == 2
    assert {"L", "LI", "LBody", "P"} <= set(roles)


def test_a_cv_with_a_name_alone_is_a_cv(layout: Layout) -> None:
    made = cv_pdf(Cv(first_name="Paul", last_name=""), layout, TODAY)
    assert Document(made.pdf).text.strip() == "Paul"


@pytest.mark.parametrize("name", ["", " \n", "😀", "\u202e"])
def test_nobody_has_no_cv(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        cv_pdf(Cv(first_name=name, last_name=""), Layout.PLAIN, TODAY)


@pytest.mark.parametrize(("word", "times"), [("W", 150), ("mot ", 1), ("mot ", 60), ("الكلمة ", 12), ("الكلمة ", 150)])
def test_endless_fields_stay_on_one_page(word: str, times: int, layout: Layout) -> None:
    made = cv_pdf(endless(word, times), layout, TODAY)
    cv = Document(made.pdf)
    assert cv.pages == 1
    assert cv.lowest_letter() > MARGIN
    assert any("expériences, les plus anciennes" in loss for loss in made.left_out)
    assert "expériences antérieures (1999 – 2001)" in cv.text


def test_what_goes_is_the_oldest_and_is_said() -> None:
    jobs = tuple(
        CareerStep(
            title=f"Poste {year}",
            organisation="Ville de Drancy",
            start=str(year),
            end=str(year),
            tasks=("x" * 150,) * 4,
        )
        for year in range(2026, 1996, -1)
    )
    made = cv_pdf(replace(AICHA, experience=jobs), Layout.PLAIN, TODAY)
    text = Document(made.pdf).text
    assert "Poste 2026" in text
    assert "Poste 1997" not in text
    assert "expériences antérieures (1997 – " in text
    assert any(loss.endswith("les plus anciennes") for loss in made.left_out)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(min_size=1, max_size=80), st.lists(st.text(max_size=60), max_size=8), st.sampled_from(Layout))
def test_any_text_at_all_makes_one_page(text: str, more: list[str], layout: Layout) -> None:
    texts = tuple(more)
    step = CareerStep(title=text, organisation=text, place=text, tasks=texts)
    cv = Cv(
        first_name="Léa",
        last_name=text,
        headline=text,
        phone=text,
        email=text,
        place=text,
        profile=text,
        skills=texts,
        experience=(step,) * 3,
        languages=((text, text),),
        licences=texts,
        mobility=text,
    )
    assert Document(cv_pdf(cv, layout, TODAY).pdf).pages == 1


@pytest.mark.parametrize(
    "typed",
    [
        '#read("/etc/passwd")',
        "#panic()",
        "*gras* _italique_ `code`",
        "$x^2$ @ref <label> // commentaire",
        "= Titre",
        "</script><script>alert(1)</script>",
        "\\u{41} #let x = 1",
        '"}] #image("x.png")',
    ],
)
def test_markup_in_a_field_is_text(typed: str, layout: Layout) -> None:
    cv = replace(AICHA, last_name=typed, profile=typed, skills=(typed,), qualities=(typed,), place=typed)
    made = Document(cv_pdf(cv, layout, TODAY).pdf)
    assert made.text.replace("’", "'").count(typed[:24]) >= 2
    assert made.roles.count("H1") == 1


def test_addresses_can_be_followed_and_hold_nothing_else() -> None:
    cv = replace(AICHA, email="a@b.fr?cc=all@b.fr&body=x y", phone="+33 6 12 34 56 78 (soir)")
    page = Document(cv_pdf(cv, Layout.PLAIN, TODAY).pdf).reader.pages[0]
    links = [annotation.get_object()["/A"]["/URI"] for annotation in page["/Annots"]]  # type: ignore[attr-defined]
    assert links == ["tel:+33612345678", "mailto:a@b.fr%3Fcc%3Dall@b.fr%26body%3Dx%20y"]


def test_a_name_in_arabic_is_whole() -> None:
    cv = replace(AICHA, first_name="محمد", last_name="بن علي")
    made = cv_pdf(cv, Layout.PLAIN, TODAY)
    assert made.left_out == ()
    fonts = Document(made.pdf).reader.pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    assert any("NotoSansArabic" in font.get_object()["/BaseFont"] for font in fonts.values())


def test_letters_without_a_font_are_said() -> None:
    made = cv_pdf(replace(AICHA, last_name="王小明"), Layout.PLAIN, TODAY)
    assert made.left_out == ("les signes 王 小 明, à écrire en lettres latines",)
    assert "Aïcha □□□" in Document(made.pdf).text


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (CareerStep(title="x"), ""),
        (CareerStep(title="x", start="2019"), "2019"),
        (CareerStep(title="x", end="2014-06-30"), "juin 2014"),
        (CareerStep(title="x", start="2019-03", current=True), "depuis mars 2019"),
        (CareerStep(title="x", current=True), "en cours"),
        (CareerStep(title="x", start="2019-03", end="2022-06"), "mars 2019 – juin 2022"),
        (CareerStep(title="x", start="2022-03", end="2022-06"), "mars – juin 2022"),
        (CareerStep(title="x", start="2022-03", end="2022-03"), "mars 2022"),
        (CareerStep(title="x", start="2022", end="2022-06"), "2022 – juin 2022"),
    ],
)
def test_periods(step: CareerStep, said: str) -> None:
    assert period(step).replace("\u00a0", " ") == said


@pytest.mark.parametrize("wrong", ["19", "2019-13", "2019-3", "mars 2019", "²019", "2019-03-1"])
def test_a_date_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="YYYY"):
        cv_pdf(replace(AICHA, experience=(CareerStep(title="x", start=wrong),)), Layout.PLAIN, TODAY)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 23), "Disponible immédiatement"),
        (date(2027, 3, 1), "Disponible à partir du 1er\u00a0mars\u00a02027"),
    ],
)
def test_availability(day: date, said: str) -> None:
    shown = content(tidied(replace(AICHA, available_from=day)), ROOMS[0], TODAY)
    assert isinstance(shown, dict)
    assert shown["practical"][-1] == said


def test_a_step_without_a_title_goes_by_its_organisation_and_an_empty_one_goes() -> None:
    steps = (
        CareerStep(title=" ", organisation="Auchan", place="Domérat"),
        CareerStep(title="", tasks=("x",)),
        CareerStep(title="😀"),
    )
    tidy = tidied(replace(AICHA, experience=steps)).experience
    assert [(step.title, step.organisation, step.place) for step in tidy] == [("Auchan", "", "Domérat")]


def test_rooms_only_get_smaller() -> None:
    def measures(room: CvRoom) -> tuple[float, ...]:
        return tuple(getattr(room, name) for name in CvRoom.__slots__)

    for larger, smaller in pairwise(ROOMS):
        assert all(less <= more for less, more in zip(measures(smaller), measures(larger), strict=True))
    assert min(room.size for room in ROOMS) >= 9


def test_each_layout_has_its_french_name() -> None:
    assert set(LAYOUTS) == set(Layout)
