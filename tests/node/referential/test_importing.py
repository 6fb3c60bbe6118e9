"""An import is whole or did not happen, whatever comes between; who serves sees it without a restart."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from node.kit.errors import BadInput, Conflict
from node.referential import EDITION, load, packed
from node.referential.importing import import_communes, import_rome
from node.referential.packed import Damaged, Texts, read, write
from node.referential.source import ROME, ReferentialSource
from tests.node.referential.official import FRANCE, HEXASMAL, archive_folder, archive_zip, changed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "referential"


@pytest.fixture
def v460(tmp_path: Path) -> Path:
    return archive_zip(tmp_path / "v460.zip")


@pytest.fixture
def v461(tmp_path: Path) -> Path:
    newer = changed("referentiel_competence", 1, 2, "Nettoyer toutes les surfaces")
    return archive_zip(tmp_path / "v461.zip", newer, version="461")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


def test_before_any_import_the_embedded_tables_are_in_force(folder: Path) -> None:
    assert ReferentialSource(folder)() is load()


def test_an_import_is_seen_by_who_serves_and_an_edition_at_hand_stays_whole(folder: Path, v460: Path) -> None:
    source = ReferentialSource(folder)
    before = source()
    report = import_rome(v460, folder)
    assert (report.before, report.changed, report.counts["skills"]) == (None, True, 6)
    after = source()
    assert after.skills.label("100100") == "Nettoyer une surface"
    assert before.skills.label("100100") is None
    assert after.version == f"{load().version} {report.version}"
    assert after.version.startswith(EDITION)
    assert source() is after


def test_the_same_archive_again_changes_nothing(folder: Path, v460: Path) -> None:
    first = import_rome(v460, folder)
    source = ReferentialSource(folder)
    edition, files = source(), contents(folder)
    again = import_rome(v460, folder)
    assert (again.version, again.before, again.changed) == (first.version, first.version, False)
    assert contents(folder) == files
    assert source() is edition


def test_a_newer_archive_takes_over_and_an_older_one_brings_its_edition_back(
    folder: Path, v460: Path, v461: Path
) -> None:
    source = ReferentialSource(folder)
    first = import_rome(v460, folder)
    files = contents(folder)
    second = import_rome(v461, folder)
    assert (second.before, second.changed) == (first.version, True)
    assert source().skills.label("100100") == "Nettoyer toutes les surfaces"
    back = import_rome(v460, folder)
    assert (back.before, back.version) == (second.version, first.version)
    assert source().skills.label("100100") == "Nettoyer une surface"
    assert contents(folder) == files


def test_rome_and_communes_stand_beside_each_other_in_any_order(tmp_path: Path, v460: Path) -> None:
    la_poste = tmp_path / "laposte_hexasmal.csv"
    la_poste.write_text(HEXASMAL, encoding="utf-8")
    import_rome(v460, tmp_path / "a")
    import_communes(la_poste, tmp_path / "a")
    import_communes(la_poste, tmp_path / "b")
    import_rome(v460, tmp_path / "b")
    first, second = ReferentialSource(tmp_path / "a")(), ReferentialSource(tmp_path / "b")()
    assert first.version == second.version
    assert len(first.version) < 200
    assert first.communes.get("51063") == second.communes.get("51063") is not None
    assert first.occupations.codes() == second.occupations.codes()


def test_one_file_of_communes_is_in_force_at_a_time(tmp_path: Path, folder: Path) -> None:
    la_poste, france = tmp_path / "laposte_hexasmal.csv", tmp_path / "communes-france-2025.csv"
    la_poste.write_text(HEXASMAL, encoding="utf-8")
    france.write_text(FRANCE, encoding="utf-8")
    source = ReferentialSource(folder)
    import_communes(la_poste, folder)
    import_communes(france, folder)
    assert source().communes.get("51063") is None
    report = import_communes(france, folder)
    assert not report.changed


def test_a_wrong_archive_leaves_the_old_one_in_place(tmp_path: Path, folder: Path, v460: Path) -> None:
    source = ReferentialSource(folder)
    import_rome(v460, folder)
    edition, files = source(), contents(folder)
    wrong = archive_folder(tmp_path / "wrong", changed("rubrique_mobilite", 3, 2, "dernier"))
    with pytest.raises(BadInput):
        import_rome(wrong, folder)
    assert contents(folder) == files
    assert source() is edition


@pytest.mark.parametrize("moment", ["node.referential.arrays.np.savez", "os.fsync", "pathlib.Path.replace"])
def test_a_failure_while_writing_leaves_the_old_one_and_no_litter(
    folder: Path, v460: Path, v461: Path, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_rome(v460, folder)
    files = contents(folder)

    def full(*_args: Any, **_options: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(moment, full)
    with pytest.raises(OSError, match="No space"):
        import_rome(v461, folder)
    assert contents(folder) == files


@pytest.mark.parametrize("moment", ["os.fsync", "pathlib.Path.replace"])
def test_a_process_killed_in_mid_import_leaves_the_old_one_and_the_next_import_cleans_up(
    folder: Path, v460: Path, v461: Path, moment: str
) -> None:
    import_rome(v460, folder)
    files = contents(folder)
    program = (
        "import os, pathlib, sys; from node.referential.importing import import_rome\n"
        f"{moment} = lambda *arguments: os.kill(os.getpid(), 9)\n"
        "import_rome(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))"
    )
    killed = subprocess.run([sys.executable, "-c", program, v461, folder], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    left = contents(folder)
    assert left.keys() > files.keys()
    assert {name: left[name] for name in files} == files
    assert ReferentialSource(folder)().skills.label("100100") == "Nettoyer une surface"
    assert import_rome(v461, folder).changed
    assert contents(folder).keys() == files.keys()


def test_two_imports_at_once_are_not_mixed(folder: Path, v460: Path) -> None:
    def second(_step: int) -> None:
        with pytest.raises(Conflict):
            import_rome(v460, folder)

    assert import_rome(v460, folder, second).changed


def test_readers_never_see_half_an_edition_while_imports_alternate(folder: Path, v460: Path, v461: Path) -> None:
    source = ReferentialSource(folder)
    labels = {import_rome(v460, folder).version: "Nettoyer une surface"}
    labels[import_rome(v461, folder).version] = "Nettoyer toutes les surfaces"
    stop = threading.Event()
    wrong: list[str] = []

    def read_on() -> None:
        while not stop.is_set():
            edition = source()
            if edition.skills.label("100100") != labels[edition.version.split()[1]]:
                wrong.append(edition.version)

    threads = [threading.Thread(target=read_on) for _ in range(2)]
    for thread in threads:
        thread.start()
    for archive in (v460, v461, v460, v461):
        import_rome(archive, folder)
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def flipped(data: bytes) -> bytes:
    at = data.index(b"Nettoyer")
    return data[:at] + b"\xff" + data[at + 1 :]


@pytest.mark.parametrize("harm", [cut, flipped, lambda data: b"", lambda data: b"PK not a zip"])
def test_a_damaged_file_is_not_used_by_halves_and_an_import_mends_it(
    folder: Path, v460: Path, harm: Callable[[bytes], bytes]
) -> None:
    version = import_rome(v460, folder).version
    source = ReferentialSource(folder)
    source()
    path = folder / ROME
    path.write_bytes(harm(path.read_bytes()))
    os.utime(path, ns=(1, 1))
    assert source() is load()
    mended = import_rome(v460, folder)
    assert (mended.version, mended.changed) == (version, True)
    assert source().skills.exists("100100")


def test_a_file_of_another_format_or_with_arrays_missing_is_not_used(folder: Path, v460: Path) -> None:
    import_rome(v460, folder)
    about, arrays = read(folder / ROME)
    write(folder / ROME, about, {name: array for name, array in arrays.items() if name != "links"})
    assert ReferentialSource(folder)() is load()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packed, "FORMAT", packed.FORMAT + 1)
        write(folder / ROME, about, arrays)
    assert ReferentialSource(folder)() is load()
    with pytest.raises(Damaged):
        read(folder / ROME)


def test_what_is_kept_holds_no_code_to_run(folder: Path) -> None:
    folder.mkdir()
    np.savez(folder / ROME, about=np.frombuffer(json.dumps({"format": 1}).encode(), np.uint8), bad=np.array([{}]))
    with pytest.raises(Damaged):
        read(folder / ROME)


def test_texts_come_out_as_they_went_in() -> None:
    texts = ["", "Maçon / Maçonne", "œ", "", "fin"]
    packed_texts = Texts(*Texts.pack(texts))
    assert [packed_texts[number] for number in range(len(packed_texts))] == texts
