"""Towns are found by code, postal code or name, however people write them; what is unknown stays unknown."""

import csv
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.referential import Commune, Communes, distance_km, load
from node.referential.edition import embedded_communes

LA_POSTE = Path(__file__).parents[4] / "shared" / "data" / "laposte_hexasmal.csv"


@pytest.fixture(scope="module")
def communes() -> Communes:
    return load().communes


def named(found: Sequence[Commune]) -> list[str]:
    return [commune.insee for commune in found]


def all_of(communes: Communes) -> Iterator[Commune]:
    for code in communes.codes():
        commune = communes.get(code)
        assert commune is not None
        yield commune


def test_montlucon_is_known_by_its_code(communes: Communes) -> None:
    assert communes.get("03185") == Commune(
        insee="03185",
        name="Montluçon",
        postal_codes=("03100",),
        department="03",
        epci="200071082",
        population=33147,
        latitude=46.3402,
        longitude=2.6025,
        approximate=False,
    )


@pytest.mark.parametrize(
    ("insee", "name", "department"),
    [
        ("97411", "Saint-Denis", "974"),
        ("97105", "Basse-Terre", "971"),
        ("2A004", "Ajaccio", "2A"),
        ("2b033", "Bastia", "2B"),
        ("98818", "Nouméa", "988"),
        ("93029", "Drancy", "93"),
    ],
)
def test_overseas_and_corsican_codes(communes: Communes, insee: str, name: str, department: str) -> None:
    commune = communes.get(insee)
    assert commune is not None
    assert (commune.name, commune.department) == (name, department)


@pytest.mark.parametrize("text", ["", "0", "00000", "99999", "ABCDE", "0318", "031855", "2C004", "٠٣١٨٥", "\0\0\0\0\0"])
def test_unknown_codes_lead_nowhere(communes: Communes, text: str) -> None:
    assert communes.get(text) is None
    assert communes.by_postal_code(text) == ()
    assert communes.resolve(text) is None


def test_the_first_look_ups_find_what_the_index_finds() -> None:
    """The first ones go through the whole table, for whoever shows a name or two."""
    table, rare = embedded_communes(), random.Random(1)
    indexed = Communes(table)
    codes = [*indexed.codes()[:2], *rare.sample(indexed.codes(), 40), indexed.codes()[-1]]
    asked = [*codes, "2a004", "2A004", "insee", "0000\t", "\n0318", "99999", "0318\t"]
    for code in indexed.codes()[1000:1100]:
        indexed.get(code)
    assert "_codes" in vars(indexed)
    fresh = Communes(table)
    for _look_up in range(100):
        assert (fresh.name("03185"), fresh.name("99999")) == ("Montluçon", "99999")
    assert "_codes" not in vars(fresh), "the same two again and again"
    for code in asked:
        assert fresh.get(code) == indexed.get(code)
    assert [fresh.get(code) is None for code in asked[-7:]] == [False, False, True, True, True, True, True]


@pytest.mark.parametrize(
    ("typed", "insee"),
    [
        ("montlucon", "03185"),
        ("MONTLUÇON", "03185"),
        ("Montluc\u0327on", "03185"),
        ("l hay les roses", "94038"),
        ("L’HAŸ-LES-ROSES", "94038"),
        ("St-Etienne", "42218"),
        ("ST BARTHELEMY D ANJOU", "49267"),
        ("Ste Foy l'Argentiere", "69201"),
        ("Neuilly s/ Seine", "92051"),
        ("FONTENAY S/S BOIS CEDEX", "94033"),
        ("Nanterre Cedex 09", "92050"),
        ("Oeting", "57521"),
        ("Paris 11", "75111"),
        ("Paris 1er", "75101"),
        ("PARIS 3EME ARRONDISSEMENT", "75103"),
        ("Lyon 03", "69383"),
        ("Trélazé", "49353"),
        ("Lormont", "33249"),
    ],
)
def test_names_are_found_however_they_are_written(communes: Communes, typed: str, insee: str) -> None:
    assert named(communes.find(typed)) == [insee]


def test_homonyms_come_most_populated_first_and_a_postal_code_tells_them_apart(communes: Communes) -> None:
    assert named(communes.find("Désertines")) == ["03098", "53091"]
    assert named(communes.find("Désertines", "53190")) == ["53091"]
    assert communes.find("Désertines", "75001") == ()
    assert communes.find("Nulle-Part-sur-Rien") == ()
    assert communes.find(" - ") == ()


def test_a_postal_code_lists_its_communes_most_populated_first(communes: Communes) -> None:
    served = communes.by_postal_code("03410")
    assert named(served)[:2] == ["03101", "03211"]
    assert [c.population for c in served] == sorted((c.population for c in served), reverse=True)
    assert named(communes.by_postal_code("20000")) == ["2A004"]


def test_a_parisian_postal_code_leads_to_the_arrondissement_then_to_the_city(communes: Communes) -> None:
    assert named(communes.by_postal_code("75011")) == ["75111", "75056"]
    eleventh, city = communes.by_postal_code("75011")
    assert eleventh.is_arrondissement
    assert not city.is_arrondissement
    assert eleventh.epci == city.epci
    assert distance_km(eleventh, city) < 4


@pytest.mark.parametrize(
    ("typed", "insee"),
    [
        ("93029", "93029"),
        ("93700", "93029"),
        (" 75011 ", "75111"),
        ("75011 Paris", "75111"),
        ("Paris (75116)", "75116"),
        ("Montluçon (03100)", "03185"),
        ("03630 Désertines", "03098"),
        ("SAINT DENIS 97400", "97411"),
        ("Bobigny Cedex 93009", "93008"),
        ("Bayonne", "64102"),
        ("Montreuil", "93048"),
    ],
)
def test_what_files_hold_is_resolved(communes: Communes, typed: str, insee: str) -> None:
    commune = communes.resolve(typed)
    assert commune is not None
    assert commune.insee == insee


@pytest.mark.parametrize(
    "typed", ["Saint-Denis", "Sainte-Colombe", "Drancy (64100)", "Nulle Part 03100", "", "()", "123"]
)
def test_a_doubtful_place_is_no_place(communes: Communes, typed: str) -> None:
    assert communes.resolve(typed) is None


@pytest.mark.parametrize(
    ("typed", "insee"),
    [
        ("74268", "74010"),
        ("Seynod", "74010"),
        ("SEYNOD 74600", "74010"),
        ("Annecy-le-Vieux (74940)", "74010"),
        ("Bâgé-la-Ville 01380", "01025"),
        ("Saint Martin 97150", "97801"),
        ("St-Barthélemy (97133)", "97701"),
        ("97150", "97801"),
        ("Miquelon 97500", None),
        ("Quartier des Usines 74960", "74010"),
        ("Quartier des Usines 03410", None),
        ("Seynod 64100", None),
    ],
)
def test_former_communes_and_postal_codes_of_one_commune(communes: Communes, typed: str, insee: str | None) -> None:
    found = communes.resolve(typed)
    assert (found and found.insee) == insee


def test_a_former_code_is_no_present_commune(communes: Communes) -> None:
    assert communes.get("74268") is None
    heir = communes.get_former("74268")
    assert heir is not None
    assert heir.name == "Annecy"
    assert communes.get_former("74010") is None
    assert communes.get_former("٠٣١٨٥") is None


def test_a_code_of_the_post_is_no_former_commune(communes: Communes) -> None:
    """Communes around Paris had codes in 75 until 1968."""
    assert all(communes.get_former(f"75{number:03}") is None for number in range(1000))
    for code in communes.codes():
        assert communes.get_former(code) is None


def test_every_collectivity_of_the_list_has_its_communes(communes: Communes) -> None:
    table = Path(__file__).parents[3] / "node" / "referential" / "data" / "departments.csv"
    with table.open(encoding="utf-8", newline="") as file:
        listed = {row["code"] for row in csv.DictReader(file)}
    assert {commune.department for commune in all_of(communes)} == listed
    assert {"975", "977", "978", "986", "987", "988"} <= listed
    martin, barthelemy = communes.get("97801"), communes.get("97701")
    assert martin is not None
    assert barthelemy is not None
    assert 15 < distance_km(martin, barthelemy) < 50


def test_every_commune_is_found_again_from_what_it_shows(communes: Communes) -> None:
    lost = [
        commune.insee
        for commune in all_of(communes)
        if communes.resolve(f"{commune.name} ({commune.postal_codes[0]})") != commune
        and not any(c.is_arrondissement for c in communes.by_postal_code(commune.postal_codes[0]))
    ]
    assert lost == []


def test_every_row_is_well_formed(communes: Communes) -> None:
    seen = set()
    for commune in all_of(communes):
        assert re.fullmatch(r"(\d\d|2[AB])\d{3}", commune.insee), commune
        assert commune.name.strip() == commune.name != ""
        assert all(re.fullmatch(r"\d{5}", code) for code in commune.postal_codes)
        assert commune.postal_codes
        assert re.fullmatch(r"(\d{9})?", commune.epci)
        assert commune.population >= 0
        assert -90 <= commune.latitude <= 90
        assert -180 <= commune.longitude <= 180
        assert commune.insee.startswith(commune.department)
        seen.add(commune.insee)
    assert len(seen) == len(communes)
    assert sum(insee.startswith("751") for insee in seen) == 20


def test_the_largest_communes_hold_no_arrondissement(communes: Communes) -> None:
    largest = communes.largest(30)
    assert [c.name for c in largest[:4]] == ["Paris", "Marseille", "Lyon", "Toulouse"]
    assert len(largest) == len(set(largest)) == 30
    assert not any(c.is_arrondissement for c in largest)
    assert communes.largest(0) == []


def test_what_lies_around_montlucon(communes: Communes) -> None:
    montlucon = communes.get("03185")
    assert montlucon is not None
    around = communes.near(montlucon, 6)
    assert around[0] == (montlucon, 0.0)
    assert {"03098", "03101", "03211"} <= {commune.insee for commune, _ in around}
    kms = [km for _, km in around]
    assert kms == sorted(kms)
    assert max(kms) <= 6


def test_near_misses_nobody(communes: Communes) -> None:
    bayonne = communes.get("64102")
    assert bayonne is not None
    kept = {commune.insee for commune, _ in communes.near(bayonne, 25)}
    pyrenees = [c for c in all_of(communes) if c.department in {"40", "64"}]
    assert {c.insee for c in pyrenees if distance_km(bayonne, c) <= 25} == kept


@given(st.text(max_size=40))
def test_no_text_breaks_a_look_up(text: str) -> None:
    communes = load().communes
    for found in (communes.get(text), communes.resolve(text)):
        assert found is None or communes.get(found.insee) == found
    assert all(text in commune.postal_codes for commune in communes.by_postal_code(text))
    assert all(commune in communes.find(commune.name) for commune in communes.find(text))


def test_points_lie_close_to_those_of_la_poste(communes: Communes) -> None:
    if not LA_POSTE.exists():
        pytest.skip(f"needs the official file {LA_POSTE.name} in ../shared/data")
    posted: dict[str, Commune] = {}
    gaps: dict[bool, list[float]] = {False: [], True: []}
    with LA_POSTE.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            commune = communes.get(row["Code_commune_INSEE"])
            if commune is None or commune.insee in posted or not row["coordonnees_gps"]:
                continue
            posted[commune.insee] = commune
            latitude, longitude = map(float, row["coordonnees_gps"].split(","))
            gaps[commune.approximate].append(distance_km(commune, Point(latitude, longitude)))
    assert len(gaps[False]) > 14_000
    assert median(gaps[False]) < 1.0
    assert sorted(gaps[False])[int(0.99 * len(gaps[False]))] < 5
    assert median(gaps[True]) < 8
    assert sorted(gaps[True])[int(0.95 * len(gaps[True]))] < 25


class Point:
    def __init__(self, latitude: float, longitude: float) -> None:
        self.latitude = latitude
        self.longitude = longitude
