"""The pages. For now one: the node's status at `/`, public, in the node's language, without a script.

Guarantees: every answer of the application carries the security headers (headers.py); templates escape everything; the
page shows node names, states and sizes, nothing about a person and no count of people.
"""

from datetime import datetime
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, PackageLoader, StrictUndefined

from node import labels
from node.api.security import NodeOf
from node.i18n import gettext, ngettext
from node.services.status import status
from node.web.headers import SecurityHeaders

STATIC = Path(__file__).parent / "static"

router = APIRouter(include_in_schema=False)

_templates = Environment(
    loader=PackageLoader("node.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
)
_templates.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]


def _moment(value: datetime | None) -> str:
    """As a French reader writes it, UTC; a dash for never."""
    return "—" if value is None else value.strftime("%d/%m/%Y %H:%M UTC")


_templates.filters["moment"] = _moment


def include(app: FastAPI) -> None:
    """Put the pages into the application."""
    app.add_middleware(SecurityHeaders)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.include_router(router)


@router.get("/", response_class=HTMLResponse)
def home(request: Request, node: NodeOf) -> str:
    """The node's status."""
    return _templates.get_template("status.html").render(
        status=status(node.desk, node.config.node.name, node.config.node.role),
        language=node.config.locale.language,
        labels=labels,
    )
