"""Log lines on the standard error. A serving process writes JSON, or colours for people on a terminal; a command writes
plain warnings alone.

A line names an event and carries ids, counts and durations. It never carries personal data, message bodies, secrets or
a request's query; a line that cannot be written is dropped, as the standard library would print the values that it
was made of. Libraries' own lines pass through the same renderer. Progress of commands is not logging: see
node/cli/output.py.
"""

import logging
import sys
from typing import Any


def configure_command(level: str) -> None:
    """Set up the log of a command: what is routine is not shown unless the configuration asks for "debug"."""
    logging.raiseExceptions = False
    shown = logging.DEBUG if level == "debug" else max(logging.WARNING, logging.getLevelNamesMapping()[level.upper()])
    logging.basicConfig(level=shown, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr, force=True)


def configure_server(level: str) -> None:
    """Set up the log of a serving process; `level` as in the configuration."""
    import structlog

    logging.raiseExceptions = False
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Any = structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("httpx", "httpcore", "tuf", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))
    # It warns each time that a job is due while it still runs, as a visit to a slow peer does: nothing is missed then.
    logging.getLogger("apscheduler").setLevel(max(logging.ERROR, root.level))
    for own in ("uvicorn", "uvicorn.error"):
        logging.getLogger(own).handlers.clear()
        logging.getLogger(own).propagate = True


def get_logger(name: str) -> Any:
    """A logger; `log.info("sync.done", peer=..., taken=...)`."""
    import structlog

    return structlog.stdlib.get_logger(name)
