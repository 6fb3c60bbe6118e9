"""The pages: one module a screen family, each with a `router`; everything works without a script.

Guarantees: every answer of the application carries the security headers (headers.py); a form that another site sent is
refused (csrf.py); templates escape everything (pages.py); each page asks for the permission that it needs (auth.py),
and the ones that ask for none are public on purpose. Read next: pages.py, auth.py, forms.py, and /composants.
"""

from importlib import import_module

from fastapi import APIRouter, Depends, FastAPI

from node.web import assets, error_pages
from node.web.auth import verify_form
from node.web.compression import Compression
from node.web.csrf import SameOrigin
from node.web.headers import SecurityHeaders
from node.web.languages import Languages
from node.web.once import Once

SCREENS = (
    "home_pages",
    "signin",
    "sign_on_pages",
    "signout",
    "account_pages",
    "help_pages",
    "today_pages",
    "handover_pages",
    "import_pages",
    "intake_pages",
    "workshop_plans",
    "workshop_pages",
    "desk_pages",
    "file_contacts",
    "file_agreements",
    "file_papers",
    "file_card",
    "file_offers",
    "file_obstacles",
    "file_ends",
    "register_pages",
    "file_pages",
    "lookup_endpoints",
    "deposit_pages",
    "my_space_access",
    "my_space_pages",
    "card_pages",
    "components_page",
)
"""The modules of this package that hold a screen family's `router`."""


def include(app: FastAPI) -> None:
    """Put the pages into the application; after the API, whose error handlers they add to."""
    error_pages.install(app)
    app.add_middleware(Once)
    app.add_middleware(Languages)
    app.add_middleware(SameOrigin)
    app.add_middleware(Compression)
    app.add_middleware(SecurityHeaders)
    app.include_router(assets.router)
    pages = APIRouter(include_in_schema=False, dependencies=[Depends(verify_form)])
    for screen in SCREENS:
        pages.include_router(import_module(f"node.web.{screen}").router)
    app.include_router(pages)
