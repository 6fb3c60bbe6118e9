"""The one door to typst: lazy, one at a time, and forgetful."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from node.documents import typesetting
from node.documents.cv import Layout, cv_pdf
from node.documents.typesetting import CannotTypeset, typeset
from tests.node.documents.people import AICHA, MONTLUCON, TODAY
from tests.node.documents.reading import Document

DOCUMENTS = "card cv export invitation poster printed_code".split()


def test_a_node_at_rest_has_loaded_none_of_it() -> None:
    imports = "; ".join(f"import node.documents.{name}" for name in DOCUMENTS)
    heavy = "[m for m in ('typst', 'PIL', 'segno', 'icalendar') if m in sys.modules]"
    result = subprocess.run(
        [sys.executable, "-c", f"import sys; {imports}; print({heavy})"], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_threads_each_get_their_own_document() -> None:
    def make(number: int) -> str:
        return Document(cv_pdf(replace(AICHA, last_name=f"Numéro {number}"), Layout.PLAIN, TODAY).pdf).text

    with ThreadPoolExecutor(4) as pool:
        texts = list(pool.map(make, range(12)))
    assert all(f"Aïcha Numéro {number} " in text for number, text in enumerate(texts))


def test_the_same_document_is_the_same_bytes() -> None:
    assert cv_pdf(AICHA, Layout.PLAIN, TODAY) == cv_pdf(AICHA, Layout.PLAIN, TODAY)


def test_memory_does_not_grow_with_the_number_of_documents() -> None:
    def resident() -> float:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * 4096 / 2**20

    def make(number: int) -> None:
        cv_pdf(replace(AICHA, last_name=f"Numéro {number}", profile=f"{number} " * 60), Layout.PLAIN, TODAY)

    for number in range(10):
        make(number)
    before = resident()
    for number in range(10, 35):
        make(number)
    assert resident() - before < 20


def test_a_failure_names_the_template_and_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CannotTypeset) as missing:
        typeset("poster", {"mission": {"name": "Secret"}})
    assert str(missing.value).startswith("poster")
    assert "Secret" not in str(missing.value)
    monkeypatch.setattr(typesetting, "_printable", lambda data: data)
    with pytest.raises(CannotTypeset) as unset:
        typeset("export", {"name": "王", "when": "", "mission": MONTLUCON.as_data(), "sections": []})
    assert str(unset.value) == "export"
    assert unset.value.__suppress_context__


@pytest.fixture
def own_templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that stands for that of the templates."""
    (tmp_path / "nothing.typ").touch()
    monkeypatch.setattr(typesetting, "TEMPLATES", tmp_path)
    typesetting._compiler.cache_clear()
    yield tmp_path
    typesetting._compiler.cache_clear()


def test_a_template_reads_nothing_but_its_folder(own_templates: Path) -> None:
    outside = own_templates.parent / "outside.txt"
    outside.write_text("Secret", encoding="utf-8")
    for path in (outside, "../outside.txt", "/etc/hostname"):
        (own_templates / "spy.typ").write_text(f'#set document(title: "x")\n#read("{path}")', encoding="utf-8")
        with pytest.raises(CannotTypeset):
            typeset("spy", {})
