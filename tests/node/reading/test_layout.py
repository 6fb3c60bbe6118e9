"""Pages in the order in which a person reads them."""

from hypothesis import given
from hypothesis import strategies as st

from node.reading.layout import TextPiece, reading_order


def page(*rows: str) -> list[TextPiece]:
    """Pieces from a drawing of the page: two spaces or more set pieces apart."""
    pieces = []
    for number, row in enumerate(rows):
        start = 0
        for text in row.split("  "):
            if text.strip():
                left = start + len(text) - len(text.lstrip())
                pieces.append(TextPiece(text.strip(), left, left + len(text.strip()), number))
            start += len(text) + 2
    return pieces


def read(*rows: str) -> list[str]:
    return [line.text for line in reading_order(page(*rows), 1)]


def test_a_side_column_is_read_by_itself() -> None:
    assert read(
        "                    FATOU DIALLO",
        "Contact             Expérience",
        "06 12 34 56 78      2019 - 2021 Cariste chez Geodis",
        "Drancy              Chargement et déchargement",
        "                    2015 - 2018 Magasinière",
        "Langues             Formation",
        "Wolof courant       2014 CAP vente au lycée Eugène Delacroix",
        "Anglais scolaire",
    ) == [
        "Contact",
        "06 12 34 56 78",
        "Drancy",
        "Langues",
        "Wolof courant",
        "Anglais scolaire",
        "FATOU DIALLO",
        "Expérience",
        "2019 - 2021 Cariste chez Geodis",
        "Chargement et déchargement",
        "2015 - 2018 Magasinière",
        "Formation",
        "2014 CAP vente au lycée Eugène Delacroix",
    ]


def test_a_table_of_dates_is_read_row_by_row() -> None:
    assert read(
        "Expérience",
        "2021 - 2024    Aide à domicile, ADMR de Montluçon",
        "               Repas, courses, ménage",
        "2018 - 2021    Caissière, Carrefour de Domérat",
        "2016 - 2018    Vendeuse, boulangerie Martin",
        "2015           Stage de vente, Intermarché",
    ) == [
        "Expérience",
        "2021 - 2024\tAide à domicile, ADMR de Montluçon",
        "Repas, courses, ménage",
        "2018 - 2021\tCaissière, Carrefour de Domérat",
        "2016 - 2018\tVendeuse, boulangerie Martin",
        "2015\tStage de vente, Intermarché",
    ]


def test_dates_set_flush_right_stay_with_their_job() -> None:
    lines = read(
        "Mes emplois                                         Contact",
        "Cariste, Geodis                    2019 - 2021      Permis B",
        "Chargement des camions à quai                       06 12 34 56 78",
        "Magasinière, Scapnor               2015 - 2018      31 rue de la Paix",
        "Réception des marchandises                          93700 Drancy",
        "Préparatrice, Amazon            mars 2013 - 2014    Langues",
        "Emballage et filmage                                Wolof courant",
    )
    assert "Cariste, Geodis\t2019 - 2021" in lines
    assert lines.index("93700 Drancy") > lines.index("Emballage et filmage")


def test_headings_in_the_margin_open_what_stands_beside_them() -> None:
    assert read(
        "EXPÉRIENCE    Cariste, Geodis, 2019 - 2021",
        "              Magasinier, Scapnor, 2015 - 2018",
        "FORMATION     CAP vente, lycée de Drancy, 2014",
        "LANGUES       Wolof courant, anglais scolaire",
        "PERMIS        Permis B, véhicule personnel",
    ) == [
        "EXPÉRIENCE",
        "Cariste, Geodis, 2019 - 2021",
        "Magasinier, Scapnor, 2015 - 2018",
        "FORMATION",
        "CAP vente, lycée de Drancy, 2014",
        "LANGUES",
        "Wolof courant, anglais scolaire",
        "PERMIS",
        "Permis B, véhicule personnel",
    ]


def test_a_date_broken_by_its_narrow_cell_is_mended() -> None:
    assert read(
        "mars 2019 -    Cariste, Geodis, Lormont",
        "juin 2021      Chargement et déchargement",
        "2015 - 2018    Magasinier, Bordeaux Nord",
    ) == [
        "mars 2019 - juin 2021\tCariste, Geodis, Lormont",
        "Chargement et déchargement",
        "2015 - 2018\tMagasinier, Bordeaux Nord",
    ]


pieces = st.builds(
    lambda text, left, row: TextPiece(text, left, left + len(text), row),
    st.text("abé 0129-/", min_size=1, max_size=30).filter(str.strip),
    st.integers(0, 80),
    st.integers(0, 40),
)


@given(st.lists(pieces, max_size=60))
def test_nothing_is_lost_and_nothing_comes_twice(scattered: list[TextPiece]) -> None:
    lines = reading_order(scattered, 1)
    told = sorted("".join(line.text for line in lines).replace("\t", "").replace(" ", ""))
    assert told == sorted("".join(piece.text for piece in scattered).replace(" ", ""))
