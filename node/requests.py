"""What the API and the pages ask of a request alike: the open node that answers it, and whether a program asks.

Programs and people get errors, sizes and cookies of their own.
"""

from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import Depends, Request

if TYPE_CHECKING:
    from node.services.node import Node

MACHINES: Final = ("/api/", "/federation/", "/journal/", "/directory/", "/healthz", "/readyz")
"""Beginnings of paths where no cookie counts and errors are problem documents. All others are pages."""


def is_for_machines(path: str) -> bool:
    """Whether programs, not people, ask for this path."""
    return path.startswith(MACHINES)


async def _node(request: Request) -> Any:
    return request.app.state.node


if TYPE_CHECKING:
    NodeOf = Annotated[Node, Depends(_node)]
else:
    # FastAPI reads annotations at run time, and needs no more than that there is one.
    NodeOf = Annotated[Any, Depends(_node)]
