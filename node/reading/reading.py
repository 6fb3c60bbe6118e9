"""The one way in for a file: bytes -> `ReadDocument`, through a confined process.

Guarantees: never raises on whatever bytes; this process hands the bytes over and reads back a bounded, typed answer, it
parses no file; one file costs at most `limits.wall_seconds` and about `limits.memory`; at most `WORKERS` files are
read at once, and a caller waits at most `PATIENCE` seconds for its turn; who would make the line longer than `LINE`, or
heavier than `LINE_BYTES`, is told at once that it is busy, so that files never hold all threads of a server, nor its
memory. Blocking: call it from a thread.

Read next: `worker.py`.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

import msgspec
import structlog
from msgspec import structs

import node
from node.kit.limits import MEGABYTE
from node.reading.problems import Fault
from node.reading.shapes import Attachment, Kind, ReadDocument, ReadingLimits

WORKERS: Final = 2
PATIENCE: Final = 60.0
LINE: Final = 20
"""Callers at once, those whose file is read included: half of the threads that answer people."""
LINE_BYTES: Final = 100 * MEGABYTE
"""Of all their files together."""
_ANSWER: Final = 80 * MEGABYTE
_KEPT_ENVIRONMENT: Final = ("PATH", "TESSDATA_PREFIX", "SYSTEMROOT")
_BOOT: Final = """
import sys
sys.path.insert(0, sys.argv[1])
from node.reading.worker import main
sys.exit(main())
"""
_ROOT: Final = str(Path(node.__file__ or "").resolve().parents[1])
_READ_AGAIN: Final = frozenset({Kind.PDF, Kind.DOCX, Kind.ODT, Kind.IMAGE, Kind.JSON_RESUME, Kind.TEXT})

_seats = threading.BoundedSemaphore(WORKERS)
_line: list[int] = []
_line_changes = threading.Lock()
_log = structlog.get_logger()


def read_document(data: bytes, filename: str = "", limits: ReadingLimits | None = None) -> ReadDocument:
    """What a file says, whatever its name pretends (detecting.py says what little it counts).

    Attachments of an e-mail are read each in its turn, as files of their own.
    """
    limits = limits or ReadingLimits()
    if not data:
        return ReadDocument(problem=Fault.EMPTY)
    if len(data) > limits.size:
        return ReadDocument(problem=Fault.TOO_LARGE)
    document = _in_turn(data, filename, limits)
    if document.kind is not Kind.EMAIL:
        return document
    read = tuple(_attachment(attachment, limits) for attachment in document.attachments)
    return structs.replace(document, attachments=read)


def _in_turn(data: bytes, filename: str, limits: ReadingLimits) -> ReadDocument:
    with _line_changes:
        if len(_line) >= LINE or sum(_line) + len(data) > LINE_BYTES:
            return ReadDocument(problem=Fault.BUSY)
        _line.append(len(data))
    try:
        if not _seats.acquire(timeout=PATIENCE):
            return ReadDocument(problem=Fault.BUSY)
        try:
            return _in_worker(data, filename, limits)
        finally:
            _seats.release()
    finally:
        with _line_changes:
            _line.remove(len(data))


def _attachment(attachment: Attachment, limits: ReadingLimits) -> Attachment:
    """Attachments that are e-mails were already taken apart by the worker: one that still is stays unread."""
    document = read_document(attachment.data, attachment.name, structs.replace(limits, depth=0, attachments=0))
    if document.kind not in _READ_AGAIN and document.problem is None:
        document = ReadDocument(kind=document.kind, problem=Fault.UNSUPPORTED)
    return structs.replace(attachment, document=document)


def _in_worker(data: bytes, filename: str, limits: ReadingLimits) -> ReadDocument:
    environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-I", "-c", _BOOT, _ROOT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment | {"LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1"},
        start_new_session=True,
    )
    assert process.stdin is not None and process.stdout is not None
    late = threading.Event()

    def stop() -> None:
        late.set()
        _kill(process)

    timer = threading.Timer(limits.wall_seconds, stop)
    timer.start()
    request = msgspec.json.encode({"filename": filename[:200], "limits": limits}) + b"\n"
    feeder = threading.Thread(target=_feed, args=(process, request, data), daemon=True)
    feeder.start()
    try:
        answer = process.stdout.read(_ANSWER + 1)
    finally:
        _kill(process)
        timer.cancel()
        process.stdout.close()
        status = process.wait()
        feeder.join()
    if late.is_set() or status == -signal.SIGXCPU:
        return ReadDocument(problem=Fault.TOO_SLOW)
    if len(answer) > _ANSWER:
        return ReadDocument(problem=Fault.EXPANDS_TOO_MUCH)
    try:
        document = msgspec.json.decode(answer, type=ReadDocument)
    except (msgspec.DecodeError, RecursionError):
        _log.warning("document_worker_died", status=status)
        return ReadDocument(problem=Fault.UNREADABLE)
    if document.fault:
        _log.warning("document_ocr_failed", fault=document.fault)
    return document


def _feed(process: "subprocess.Popen[bytes]", *parts: bytes) -> None:
    assert process.stdin is not None
    with contextlib.suppress(OSError, ValueError):
        for part in parts:
            process.stdin.write(part)
    with contextlib.suppress(OSError, ValueError):
        process.stdin.close()


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End the worker and what it started; its session is its own, so nobody else is in the group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
