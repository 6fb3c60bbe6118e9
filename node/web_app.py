"""What a node serves: the peers' routes, the JSON API and the pages, one application over one open node.

Read next: federation/serving/routes.py, api/, web/.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fastapi import FastAPI

from federation.membership.registry import Registry
from federation.serving.routes import make_router
from node import __version__, api, identity, web
from node.services.node import Node
from protocol.members import Members


@dataclass(frozen=True, slots=True)
class DirectoryFolder:
    """The coordinator's repository, served from the moment that it is created, without a restart."""

    folder: Path

    def read(self, path: str) -> bytes | None:
        """The file of that name under `/directory/`, None when there is none."""
        return Registry(self.folder).read(path) if self.folder.is_dir() else None

    def change_keys(self, request: bytes, now: datetime) -> Members | None:
        """As `Registry.list_keys`; None where there is no network yet."""
        return Registry(self.folder).list_keys(request, now) if self.folder.is_dir() else None


def create_app(node: Node, on_hint: Callable[[str], None] | None = None) -> FastAPI:
    """The web application: peers' routes, `/api/v1`, `/healthz`, `/readyz` and the page at `/`. `on_hint` is told which
    peer has news.

    Its interactive documentation is off, as it would load scripts from elsewhere; `/api/v1/openapi.json` is on.
    """
    app = FastAPI(
        title="Maillon",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.node = node
    directory = DirectoryFolder(node.config.registry_dir) if node.config.node.role == "coordinator" else None
    app.include_router(make_router(node.federation, directory=directory, on_hint=on_hint))
    api.include(app, identity.load_token(node.config.token_file))
    web.include(app)
    return app
