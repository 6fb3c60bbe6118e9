"""The web application of a node under test, as `create_app` makes it; its routes are made once.

FastAPI takes a tenth of a second to work out what our routes take, and a test of pages not much more for all the rest.
Routes belong to no node: handlers find it in `app.state`, which each application here has for itself, as it has its
middleware and its peers' routes.
"""

import copy
from unittest.mock import patch

from fastapi import APIRouter, FastAPI
from starlette.datastructures import State

from federation.serving.routes import make_router
from node import identity
from node.services.node import Node
from node.web_app import create_app

_made: dict[str, FastAPI] = {}
"""By the API's token, which its routes hold."""


def application(node: Node) -> FastAPI:
    """An application over this node."""
    token = identity.load_token(node.config.token_file)
    if token not in _made:
        # Those of peers hold their node: they are added below.
        with patch("node.web_app.make_router", lambda *_given, **_named: APIRouter()):
            _made[token] = create_app(node)
    app = copy.copy(_made[token])
    app.middleware_stack = None
    app.state = State()
    app.state.node = node
    app.router = copy.copy(app.router)
    app.router.routes = list(app.router.routes)
    app.include_router(make_router(node.federation))
    return app
