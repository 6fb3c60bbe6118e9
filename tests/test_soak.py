"""What a long run found is written down as it was."""

from datetime import UTC, datetime
from pathlib import Path

from tests.soak import page, read

TOLD = """<testsuites><testsuite>
<testcase file="tests/journeys/test_storms.py" time="2.5">
<properties><property name="seeds" value="10"/></properties></testcase>
<testcase file="tests/journeys/test_storms.py" time="1.5">
<properties><property name="seeds" value="5"/><property name="kill points" value="7"/></properties>
<failure message="lost"/></testcase>
<testcase file="tests/browser/test_pages.py" time="3.0"/>
<testcase file="tests/protocol/test_keys.py" time="0.4"/>
<testcase file="tests/contracts/test_journal.py" time="0"><skipped/></testcase>
<testcase file="tests/contracts/test_journal.py" time="0"><error message="no server"/></testcase>
</testsuite></testsuites>"""


def test_the_table_has_one_line_for_what_counts_something_and_the_sum(tmp_path: Path) -> None:
    (tmp_path / "told.xml").write_text(TOLD)
    found = read(tmp_path / "told.xml")
    *text, _head, _rule, storms, browsers, properties, everything = page(
        found, "", "abc123", datetime(2026, 11, 29, tzinfo=UTC), 125
    ).splitlines()
    assert "on 2026-11-29 at commit `abc123`: 2 minutes" in text[2] and "alone" not in text[2]
    assert storms == "| `tests/journeys/test_storms.py` | 15 | 7 | 4 | 1 | 1 | 0 |"
    assert browsers == "| browsers, both widths |  |  | 3 | 1 | 0 | 0 |"
    assert properties == "| properties, ten times the examples |  |  | 0 | 1 | 1 | 1 |"
    assert everything == "| **all** | 15 | 7 | 7 | 3 | 2 | 1 |"


def test_a_run_of_a_part_says_so() -> None:
    assert "of `tests/journeys` alone." in page({}, "tests/journeys", "abc123", datetime(2026, 11, 29, tzinfo=UTC), 1)
