"""An official ROME archive is taken in whole, or refused with a sentence that says where it is wrong."""

import contextlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.kit.errors import BadInput
from node.referential import Referential, load
from node.referential.commune_files import read_communes
from node.referential.edition import compose
from node.referential.official_files import MAX_FILE
from node.referential.rome import FILES, archive_size, read_rome
from tests.node.referential.official import ROME, ROME_V460, Rows, archive_folder, archive_zip, changed, text_of


@pytest.fixture
def small(tmp_path: Path) -> Referential:
    return compose(rome=read_rome(archive_folder(tmp_path / "rome")))


def test_occupations_are_those_of_the_archive(small: Referential) -> None:
    occupations = small.occupations
    assert list(occupations.codes()) == ["K2204", "K2205", "N1101"]
    assert occupations.label("K2204") == "Agent / Agente de nettoyage de locaux"
    assert occupations.domain_label("K22") == "Propreté d'ici"
    assert occupations.letter_label("N") == "Transport"
    assert occupations.appellations("K2204") == (
        "Agent / Agente de nettoyage de locaux",
        "Agent / Agente d'entretien d'immeuble",
        "Frotteur / Frotteuse de parquets",
    )
    assert occupations.appellations("A9999") == ()


def test_moves_come_nearest_first(small: Referential) -> None:
    assert small.occupations.related("K2204") == ("K2205", "N1101")
    assert small.occupations.related("N1101") == ("K2204",)
    assert small.occupations.related("K2205") == ()


def test_a_code_that_the_edition_dropped_keeps_its_label_but_does_not_exist(small: Referential) -> None:
    assert small.occupations.label("F1703") == "Maçon / Maçonne"
    assert not small.occupations.exists("F1703")
    assert small.occupations.appellations("F1703") == ()
    assert small.occupations.label("Z9999") is None


def test_skills_of_an_occupation_come_core_first_then_the_most_specific(small: Referential) -> None:
    official = [code for code in small.skills.for_occupation("K2204") if not code.startswith("9")]
    assert official == ["100100", "120000", "100102"]
    assert small.skills.core("K2204") == ("100100",)
    assert small.skills.core("K2205") == small.skills.core("Z9999") == ()
    assert small.skills.kind("120001") == "Certifications et habilitations"
    assert small.skills.kind("900001") == small.skills.kind("404040") == ""
    assert small.skills.footprint("100100") == {"K2204", "K2205"}
    assert small.skills.footprint("404040") == frozenset()


def test_starter_skills_stay_known_beside_official_ones(small: Referential) -> None:
    starter = load().skills
    for code in starter.codes():
        assert small.skills.label(code) == starter.label(code)
    assert small.skills.footprint("900001") == {"K2204", "K2205", "N1101"}
    held = small.skills.for_occupation("N1101")
    assert "900001" in held
    assert [code.startswith("9") for code in held] == sorted(code.startswith("9") for code in held)
    assert set(small.skills.codes()) > set(starter.codes())
    assert ("120001", "CACES d'essai") in small.skills.search("caces essai")


@pytest.mark.parametrize("code", ["", "0100100", "100100 ", "+100100", "1_00100", "١٠٠١٠٠", "9" * 30, "abc"])
def test_only_a_code_as_it_is_written_is_known(small: Referential, code: str) -> None:
    assert small.skills.label(code) is None
    assert not small.skills.exists(code)


def test_a_folder_and_a_zip_of_equal_files_give_equal_editions(tmp_path: Path) -> None:
    folder = read_rome(archive_folder(tmp_path / "parent" / "rome"))
    zipped = read_rome(archive_zip(tmp_path / "rome.zip"))
    assert folder.version == zipped.version
    assert folder.version.startswith("rome-v460+")
    assert folder.about == zipped.about
    assert all((folder.arrays[name] == zipped.arrays[name]).all() for name in folder.arrays)
    assert read_rome(tmp_path / "parent").version == folder.version
    other = changed("referentiel_competence", 1, 2, "Nettoyer autre chose")
    assert read_rome(archive_zip(tmp_path / "other.zip", other)).version != folder.version


def test_progress_goes_through_every_byte(tmp_path: Path) -> None:
    folder = archive_folder(tmp_path / "rome")
    steps: list[int] = []
    read_rome(folder, steps.append)
    assert sum(steps) == archive_size(folder) == sum(file.stat().st_size for file in folder.iterdir())


@pytest.mark.parametrize(
    ("tables", "file", "line"),
    [
        (changed("referentiel_code_rome", 2, 0, "K22"), "referentiel_code_rome", 3),
        (changed("referentiel_code_rome", 2, 0, "K2204"), "referentiel_code_rome", 3),
        (changed("referentiel_code_rome", 3, 3, " "), "referentiel_code_rome", 4),
        (changed("referentiel_code_rome", 0, 3, "libelle"), "referentiel_code_rome", 1),
        (changed("referentiel_appellation", 5, 1, ""), "referentiel_appellation", 6),
        (changed("referentiel_competence", 1, 0, "1_00"), "referentiel_competence", 2),
        (changed("referentiel_competence", 2, 0, "100100"), "referentiel_competence", 3),
        (changed("referentiel_competence", 2, 2, "x" * 501), "referentiel_competence", 3),
        (changed("referentiel_competence", 2, 2, "x" * 70_000), "referentiel_competence", 3),
        (changed("referentiel_savoir", 1, 0, "-5"), "referentiel_savoir", 2),
        (changed("liens_rome_referentiels", 5, 3, "٥"), "liens_rome_referentiels", 6),
        (changed("rubrique_mobilite", 2, 2, "premier"), "rubrique_mobilite", 3),
        ({**ROME, "cr_gd_dp": ROME["cr_gd_dp"][:1]}, "cr_gd_dp", 1),
        ({**ROME, "coherence_item": []}, "coherence_item", 0),
        ({**ROME, "coherence_item": [*ROME["coherence_item"], ("K2204",)]}, "coherence_item", 7),
    ],
)
def test_a_wrong_file_is_named_with_its_line(tmp_path: Path, tables: Mapping[str, Rows], file: str, line: int) -> None:
    with pytest.raises(BadInput, match=rf"unix_{file}_v460_utf8\.csv\D+\b{line}\b"):
        read_rome(archive_folder(tmp_path, tables))


@pytest.mark.parametrize(
    "content",
    ["Libellé en Latin-1".encode("latin-1"), b'"une, deux"trois\n', b"\xff\xfe\x00", b"\x00" * 200_000],
)
def test_bytes_that_are_no_csv_are_refused(tmp_path: Path, content: bytes) -> None:
    folder = archive_folder(tmp_path)
    file = folder / "unix_referentiel_savoir_v460_utf8.csv"
    file.write_bytes(file.read_bytes() + content)
    with pytest.raises(BadInput, match="referentiel_savoir"):
        read_rome(folder)


def test_a_missing_file_and_two_versions_are_refused(tmp_path: Path) -> None:
    without = {kind: rows for kind, rows in ROME.items() if kind != "rubrique_mobilite"}
    with pytest.raises(BadInput, match="rubrique_mobilite"):
        read_rome(archive_folder(tmp_path / "without", without))
    archive_folder(tmp_path / "two", version="459")
    with pytest.raises(BadInput, match="v459, v460"):
        read_rome(archive_folder(tmp_path / "two"))
    archive_folder(tmp_path / "twice" / "a")
    archive_folder(tmp_path / "twice" / "b")
    with pytest.raises(BadInput, match="unix_"):
        read_rome(tmp_path / "twice")


def test_a_loose_link_is_dropped_and_counted_many_are_refused(tmp_path: Path) -> None:
    numbers = [str(number) for number in range(200_000, 200_030)]
    skills = [*ROME["referentiel_competence"], *((n, "Compétence", f"Tâche {n}", "", "", "") for n in numbers)]
    links = [*ROME["liens_rome_referentiels"], *(("N1101", "5", "1", number) for number in numbers)]
    loose = ("K2204", "5", "1", "777777")
    few = {**ROME, "referentiel_competence": skills, "liens_rome_referentiels": [*links, loose]}
    counts = read_rome(archive_folder(tmp_path / "few", few)).about["counts"]
    assert (counts["loose_links"], counts["skill_links"]) == (1, 38)
    moves = {**few, "rubrique_mobilite": [*ROME["rubrique_mobilite"], ("K2204", "K2204", "3")]}
    with pytest.raises(BadInput, match="rubrique_mobilite"):
        read_rome(archive_folder(tmp_path / "moves", moves))
    names = {**few, "referentiel_appellation": [*ROME["referentiel_appellation"], ("17", "X", "…", "Z9999", "", "N")]}
    with pytest.raises(BadInput, match="referentiel_appellation"):
        read_rome(archive_folder(tmp_path / "names", names))
    many = {**few, "liens_rome_referentiels": [*links, *[loose] * 9]}
    with pytest.raises(BadInput, match="liens_rome_referentiels"):
        read_rome(archive_folder(tmp_path / "many", many))


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    for name, content in (("vide", b""), ("texte.zip", b"PK\x03\x04 mais non"), ("rome.csv", b"a,b\n")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(BadInput, match=name):
            read_rome(tmp_path / name)
    (tmp_path / "dossier").mkdir()
    with pytest.raises(BadInput, match="dossier"):
        read_rome(tmp_path / "dossier")


def test_a_zip_bomb_costs_a_sentence(tmp_path: Path) -> None:
    bomb = archive_zip(tmp_path / "bombe.zip", {kind: ROME[kind] for kind in FILES if kind != "coherence_item"})
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("unix_coherence_item_v460_utf8.csv", b"\n" * (MAX_FILE + 1))
    assert bomb.stat().st_size < 200_000
    with pytest.raises(BadInput, match="coherence_item"):
        read_rome(bomb)


def test_a_zip_that_lies_about_a_size_or_is_cut_or_encrypted_is_refused(tmp_path: Path) -> None:
    good = archive_zip(tmp_path / "rome.zip").read_bytes()
    size = len(text_of(ROME["coherence_item"]).encode())
    lying = good.replace(size.to_bytes(4, "little"), (size - 30).to_bytes(4, "little"))
    with zipfile.ZipFile(tmp_path / "rome.zip") as archive:
        offset = archive.getinfo("rome/unix_coherence_item_v460_utf8.csv").header_offset
        start = good.index(b"PK\x01\x02")
    broken = good[: offset + 90] + b"\xff\xff\xff" + good[offset + 93 :]
    encrypted = bytearray(good)
    encrypted[start + 8] |= 1
    for name, content in (("lying", lying), ("cut", good[:-100]), ("broken", broken), ("encrypted", bytes(encrypted))):
        path = tmp_path / f"{name}.zip"
        path.write_bytes(content)
        with pytest.raises(BadInput, match=r"zip|unix_"):
            read_rome(path)


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=5), st.integers(0, 10_000))
def test_whatever_happened_to_a_zip_it_is_read_as_it_was_or_refused(
    tmp_path_factory: pytest.TempPathFactory, harms: list[tuple[int, int]], end: int
) -> None:
    folder = tmp_path_factory.mktemp("zip")
    path = archive_zip(folder / "rome.zip")
    version = read_rome(path).version
    data = bytearray(path.read_bytes())
    for at, byte in harms:
        data[at % len(data)] = byte
    path.write_bytes(data[:end] if end % 10 == 0 else data)
    with contextlib.suppress(BadInput):
        assert read_rome(path).version == version


@given(st.binary(max_size=400))
def test_any_bytes_in_place_of_a_file_are_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = archive_folder(tmp_path_factory.mktemp("folder"))
    (folder / "unix_rubrique_mobilite_v460_utf8.csv").write_bytes(content)
    with pytest.raises(BadInput, match="rubrique_mobilite"):
        read_rome(folder)


def test_only_usual_files_and_ways_of_packing_are_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "lzma.zip", "w", zipfile.ZIP_LZMA) as archive:
        for kind, rows in ROME.items():
            archive.writestr(f"unix_{kind}_v460_utf8.csv", text_of(rows))
    os.mkfifo(tmp_path / "tuyau.zip")
    for name in ("lzma.zip", "tuyau.zip"):
        with pytest.raises(BadInput, match=name):
            read_rome(tmp_path / name)
    with pytest.raises(BadInput, match="tuyau"):
        read_communes(tmp_path / "tuyau.zip")


def test_control_characters_and_odd_spaces_do_not_get_in(tmp_path: Path) -> None:
    tables = changed("referentiel_competence", 1, 2, "Net\u00adtoyer\u00a0 une\tsurface\u202e\x07 ")
    skills = compose(rome=read_rome(archive_folder(tmp_path, tables))).skills
    assert skills.label("100100") == "Nettoyer une surface"


def cpu_of_children() -> float:
    """Seconds, however busy the machine."""
    used = os.times()
    return used.children_user + used.children_system


def test_the_real_archive(tmp_path: Path) -> None:
    if not ROME_V460.exists():
        pytest.skip("needs the official archive rome-v460 in ../shared/data")
    program = (
        "import re, sys; from pathlib import Path\n"
        "from node.referential.importing import import_rome\n"
        "report = import_rome(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "peak = re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]\n"
        "print(report.version, *report.counts.values(), int(peak) // 1024)"
    )
    command = [sys.executable, "-c", program, str(ROME_V460), str(tmp_path / "referential")]
    before = cpu_of_children()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    version, *numbers = done.stdout.split()
    occupations, appellations, skills, links, moves, loose, megabytes = map(int, numbers)
    assert version.startswith("rome-v460+")
    assert (occupations, appellations, skills, links, moves, loose) == (1584, 13_120, 33_671, 90_556, 14_912, 0)
    assert megabytes < 150
    assert cpu_of_children() - before < 30
