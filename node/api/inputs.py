"""Fields of requests: strict, bounded, clean. What is refused here reaches no use case.

Bodies refuse unknown fields and other types than their own (a number is no text, a text no number); days are written
YYYY-MM-DD. Read next: any resource, such as candidates.py.
"""

import re
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from node.mission.forwarding import MAX_TEXT
from node.words import is_line, is_text

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Body(BaseModel):
    """A JSON body: closed and strict."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)


def _line(text: str) -> str:
    if not is_line(text):
        raise ValueError("one line, without control characters")
    return text


def _text(text: str) -> str:
    if not is_text(text):
        raise ValueError("without control characters")
    return text


def _day(value: object) -> object:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("a day, YYYY-MM-DD")
    return value


Line = Annotated[str, StringConstraints(max_length=200), AfterValidator(_line)]
"""One line of at most 200 characters."""

Text = Annotated[str, StringConstraints(max_length=MAX_TEXT), AfterValidator(_text)]
"""Some sentences; as much as a message between nodes carries."""

Day = Annotated[date, Field(strict=False), BeforeValidator(_day)]

Name = Annotated[str, Path(min_length=1, max_length=253), AfterValidator(_line)]
"""A number, a reference or a node's id in a path."""

NameQuery = Annotated[str, Query(max_length=400), AfterValidator(_line)]
RomeQuery = Annotated[str, Query(pattern=r"^([A-N][0-9]{4})?$", description="A ROME code.")]
LimitQuery = Annotated[int, Query(ge=1, le=1000)]


async def _raw(request: Request) -> bytes:
    return await request.body()


RawBody = Annotated[bytes, Depends(_raw)]
"""The request's body as it came; limits.py caps its size."""


def raw_body(*media_types: str) -> dict[str, Any]:
    """How OpenAPI describes a body that is a file."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in media_types}
    return {"requestBody": {"required": True, "content": content}}
