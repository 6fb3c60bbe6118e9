"""Official files of communes widen and mend the embedded table."""

from pathlib import Path

import pytest

from node.kit.errors import BadInput
from node.referential import Commune, Communes, Referential, distance_km, load
from node.referential.commune_files import read_communes
from node.referential.edition import compose
from tests.node.referential.official import COMMUNES_FRANCE, FRANCE, HEXASMAL, LA_POSTE


def table_of(tmp_path: Path, text: str, name: str = "laposte_hexasmal.csv", encoding: str = "utf-8") -> Referential:
    path = tmp_path / name
    path.write_text(text, encoding=encoding, newline="")
    return compose(communes=read_communes(path))


def test_la_poste_mends_points_and_postal_codes_and_adds_communes(tmp_path: Path) -> None:
    communes = table_of(tmp_path, HEXASMAL).communes
    montlucon, binson = communes.get("03185"), communes.get("51063")
    assert montlucon is not None
    assert binson is not None
    assert (montlucon.name, montlucon.population) == ("Montluçon", 33147)
    assert montlucon.postal_codes == ("03100", "03399")
    assert (montlucon.latitude, montlucon.longitude, montlucon.approximate) == (46.3408, 2.6069, False)
    assert (binson.name, binson.population, binson.postal_codes) == ("Binson-et-Orquigny", 0, ("51700",))
    assert communes.get("98799") is None
    assert len(communes) == len(load().communes) + 1


def test_a_former_commune_leads_to_the_one_that_took_it_in(tmp_path: Path) -> None:
    lookup = table_of(tmp_path, HEXASMAL).lookup
    assert lookup.communes("faubourg neuf", 1)[0].label == "Montluçon"
    assert [hit.code for hit in lookup.communes("03399")] == ["03185"]


def test_communes_france_brings_names_population_and_points(tmp_path: Path) -> None:
    referential = table_of(tmp_path, FRANCE, "communes-france-2025.csv")
    bourg, trelaze = referential.communes.get("01053"), referential.communes.get("49353")
    assert bourg is not None
    assert trelaze is not None
    assert bourg.postal_codes == ("01000", "01003")
    assert (bourg.epci, bourg.population) == ("200071751", 41525)
    assert (trelaze.name, trelaze.latitude, trelaze.longitude) == ("Trélazé", 47.4462, -0.4675)
    assert " communes-france-2025+" in referential.version


def test_other_title_lines_of_la_poste_are_read_too(tmp_path: Path) -> None:
    recent = (
        "#Code_commune_INSEE;Nom_de_la_commune;Code_postal;Libellé_d_acheminement;Ligne_5;_geopoint\n"
        "03098;DESERTINES;03630;DESERTINES;;46.35,2.62\n"
    )
    for encoding in ("utf-8-sig", "cp1252"):
        commune = table_of(tmp_path, recent, encoding=encoding).communes.get("03098")
        assert commune is not None
        assert (commune.name, commune.latitude) == ("Désertines", 46.35)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("51063;", "5163;", 4),
        ("51063;", "2C063;", 4),
        ("03399", "3399", 3),
        ("49.0965,3.7900", "149.0965,3.7900", 4),
        ("49.0965,3.7900", "49.0965", 4),
        ("49.0965,3.7900", "nan,inf", 4),
        ("LES ILES PERDUES;98999", ";98999", 5),
        ("Code_postal", "Postal", 1),
        (";98999;", ";", 5),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, old: str, new: str, line: int) -> None:
    with pytest.raises(BadInput, match=rf"laposte_hexasmal\.csv\D+\b{line}\b"):
        table_of(tmp_path, HEXASMAL.replace(old, new, 1))


@pytest.mark.parametrize("text", ["", "\n", "rien du tout", "a;b\n1;2\n", "\x00;\x00"])
def test_what_is_no_file_of_communes_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput, match="laposte_hexasmal"):
        table_of(tmp_path, text)


def test_a_wrong_postal_code_of_communes_france_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"communes-france\.csv\D+\b3\b"):
        table_of(tmp_path, FRANCE.replace('"49800"', '"498OO"'), "communes-france.csv")


def test_the_order_of_lines_does_not_change_the_table(tmp_path: Path) -> None:
    title, *lines = FRANCE.splitlines()
    turned = "\n".join([title, *reversed(lines)]) + "\n"
    assert (
        table_of(tmp_path, FRANCE, "communes-france.csv").version
        == table_of(tmp_path, turned, "communes-france.csv").version
    )


def test_the_real_file_of_la_poste() -> None:
    if not LA_POSTE.exists():
        pytest.skip(f"needs the official file {LA_POSTE.name} in ../shared/data")
    imported = read_communes(LA_POSTE)
    assert imported.about["counts"]["read"] == 35_099
    assert imported.about["counts"]["without_point"] < 10
    communes = compose(communes=imported).communes
    assert sum(not communes_at(communes, code).approximate for code in communes.codes()) > 34_900
    montlucon = communes_at(communes, "03185")
    for code, km in (("03098", 2.1), ("03101", 5.7), ("03211", 5.9)):
        assert distance_km(montlucon, communes_at(communes, code)) == pytest.approx(km, abs=0.8)
    for code in load().communes.codes():
        assert communes.get(code) is not None
    assert communes.by_postal_code("75011")[0].insee == "75111"


def test_the_real_file_of_communes_france() -> None:
    if not COMMUNES_FRANCE.exists():
        pytest.skip(f"needs the official file {COMMUNES_FRANCE.name} in ../shared/data")
    imported = read_communes(COMMUNES_FRANCE)
    assert imported.about["counts"]["read"] == 483
    communes = compose(communes=imported).communes
    assert communes_at(communes, "01053").postal_codes[0] == "01000"
    assert communes.resolve("Drancy (93700)") == communes.get("93029")


def communes_at(communes: Communes, code: str) -> Commune:
    commune = communes.get(code)
    assert commune is not None
    return commune
