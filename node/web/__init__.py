"""The pages: one module a screen family, each with a `router`; everything works without a script.

Guarantees: every answer of the application carries the security headers (frame/headers.py); a form that another site
sent is refused (frame/csrf.py); templates escape everything (frame/pages.py); each page asks for the permission that it
needs (frame/auth.py), and the ones that ask for none are public on purpose. Read next: frame/ (what all pages share),
then a subject, its pages and templates together; /composants in a browser.
"""

from importlib import import_module

from fastapi import APIRouter, Depends, FastAPI

from node.web.frame import assets, error_pages
from node.web.frame.auth import verify_form
from node.web.frame.compression import Compression
from node.web.frame.csrf import SameOrigin
from node.web.frame.headers import SecurityHeaders
from node.web.frame.languages import Languages
from node.web.frame.once import Once

SCREENS = (
    "network.home",
    "accounts.signing_in",
    "accounts.sign_on",
    "accounts.signing_out",
    "accounts.opened",
    "accounts.pages",
    "frame.help_pages",
    "matching.rules",
    "matching.people",
    "matching.news",
    "team.today",
    "team.handover",
    "imports.pages",
    "deposits.treating",
    "workshops.plans",
    "workshops.pages",
    "deposits.posters",
    "people.contacts",
    "agreements.pages",
    "agreements.erasing",
    "people.curriculum",
    "people.history",
    "people.papers",
    "people.cards",
    "forwards.pages",
    "forwards.spontaneous",
    "offers.pages",
    "offers.exports",
    "offers.needs",
    "offers.form",
    "offers.merging",
    "offers.detail",
    "employers.choosing",
    "employers.preselecting",
    "employers.sendings",
    "offers.handing_in",
    "forwards.hiring",
    "forwards.after_hire",
    "forwards.pauses",
    "forwards.answering",
    "forwards.acting",
    "forwards.listing",
    "forwards.conditions",
    "people.obstacles",
    "duplicates.pages",
    "people.selection",
    "people.register",
    "people.resuming",
    "people.overview",
    "team.searching",
    "frame.lookups",
    "deposits.handing_in",
    "employers.answering",
    "employers.verifying",
    "my_space.entrances",
    "my_space.pages",
    "my_space.offers",
    "my_space.agreements",
    "my_space.cards",
    "my_space.announcing",
    "frame.components_page",
)
"""The modules that hold a screen family's `router`."""


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
