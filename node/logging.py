"""Log lines on the standard error: for people on a terminal, JSON otherwise.

A line names an event and carries ids, counts and durations. It never carries personal data, message bodies, secrets or
a request's query. Libraries' own lines pass through the same renderer. Progress of commands is not logging: see
node/cli/output.py.
"""

import logging
import sys
from typing import Any

import structlog


def configure(level: str) -> None:
    """Set up this process's log; `level` as in the configuration."""
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
    for noisy in ("httpx", "httpcore", "apscheduler", "tuf", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))
    for own in ("uvicorn", "uvicorn.error"):
        logging.getLogger(own).handlers.clear()
        logging.getLogger(own).propagate = True


def get_logger(name: str) -> Any:
    """A logger; `log.info("sync.done", peer=..., taken=...)`."""
    return structlog.stdlib.get_logger(name)
