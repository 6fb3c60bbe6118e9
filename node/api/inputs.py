"""Fields of requests: strict, bounded, clean. What is refused here reaches no use case.

Bodies refuse unknown fields and other types than their own (a number is no text, a text no number), queries refuse
unknown parameters: a misspelt `dry_run` would publish. Days are written YYYY-MM-DD.

Read next: any resource, such as candidates.py.
"""

import re
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from node.kit.clean_text import LINE_PATTERN, TEXT_PATTERN
from node.mission.forwards.moves import MAX_TEXT

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Body(BaseModel):
    """A JSON body: closed and strict. JSON has one kind of number: 5.0 is the whole number 5."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _whole_numbers(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {name: int(one) if isinstance(one, float) and one.is_integer() else one for name, one in value.items()}


def _day(value: object) -> object:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("a day, YYYY-MM-DD")
    return value


Line = Annotated[str, StringConstraints(max_length=200, pattern=LINE_PATTERN)]
"""One line of at most 200 characters."""

Text = Annotated[str, StringConstraints(max_length=MAX_TEXT, pattern=TEXT_PATTERN)]
"""Some sentences; as much as a message between nodes carries."""

Day = Annotated[date, Field(strict=False), BeforeValidator(_day)]

Name = Annotated[str, Path(min_length=1, max_length=253, pattern=LINE_PATTERN)]
"""A number, a reference or a node's id in a path."""

NameQuery = Annotated[str, Query(max_length=400, pattern=LINE_PATTERN)]
RomeQuery = Annotated[str, Query(pattern=r"^([A-N][0-9]{4})?$", description="A ROME code.")]
LimitQuery = Annotated[int, Query(ge=1, le=1000)]
OffsetQuery = Annotated[int, Query(ge=0, le=1_000_000, description="How many to pass over.")]


async def known_parameters(request: Request) -> None:
    """The dependency that refuses a query parameter which the operation does not have."""
    known = {one.alias for one in request.scope["route"].dependant.query_params}
    if unknown := sorted(set(request.query_params) - known):
        raise RequestValidationError([{"loc": ("query", name)} for name in unknown])


async def _raw(request: Request) -> bytes:
    return await request.body()


RawBody = Annotated[bytes, Depends(_raw)]
"""The request's body as it came; limits.py caps its size."""


def raw_body(*media_types: str) -> dict[str, Any]:
    """How OpenAPI describes a body that is a file."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in media_types}
    return {"requestBody": {"required": True, "content": content}}
