"""What a serving process writes in its log, and what it keeps to itself."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

_PROGRAM = """
import logging
from node.kit.logging import configure_server, get_logger

configure_server("info")
due = "Execution of job %s skipped: maximum number of running instances reached (1)"
logging.getLogger("apscheduler.scheduler").warning(due, "sync")
logging.getLogger("apscheduler.executors.default").error("the executor is broken")
logging.getLogger("httpx").info("GET /api/v1/candidates/C00001")
get_logger("node.test").info("sync.done", taken=3)
"""


def test_routine_of_libraries_is_not_written_and_their_errors_are() -> None:
    command = [sys.executable, "-c", _PROGRAM]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(line["event"], line["level"]) for line in lines] == [
        ("the executor is broken", "error"),
        ("sync.done", "info"),
    ]
    assert lines[1]["taken"] == 3
    assert done.stdout == ""


def test_a_line_that_cannot_be_written_is_dropped_with_what_it_would_have_told() -> None:
    for configure in ("configure_command", "configure_server"):
        program = f"""
import logging, node.kit.logging
node.kit.logging.{configure}("info")
logging.getLogger("node.test").warning("%d letters", "amina@courriel.example")
"""
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
        assert "amina" not in done.stderr + done.stdout
