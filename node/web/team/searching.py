"""/chercher: one box over people, offers and employers, at the head of every page of the mission.

Guarantees: what is searched for is kept in the browser, never in an address, for it may be a name; each part is shown
to whoever may read it; every list is cut, and says how many there are. Read next: `people/register.py`,
`offers/pages.py`, where a list goes on.
"""

import base64
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.offers.filter import OfferFilter
from node.mission.parts import Counted
from node.mission.people.ports import Order, RegisterFilter, RegisterLine
from node.referential.text import fold
from node.requests import NodeOf
from node.services.forwards import following
from node.services.offers.searching import employers_named, offers_page
from node.services.people.files import register_page
from node.web.frame.auth import get_cookie, require, set_cookie
from node.web.frame.forms import Sent
from node.web.frame.pages import redirect, render
from node.web.offers.showing import lines_of
from node.web.people.fields import code_label

router = APIRouter()

Searches = Annotated[Account, Depends(require(Permission.READ_FILES, Permission.READ_OFFERS))]
COOKIE: Final = "recherche"
SHOWN: Final = 8
"""Lines of each kind."""
SHORTEST: Final = 2
"""Characters, letters and digits alone, under which nearly everything would be found."""


@router.get("/chercher")
def found(request: Request, node: NodeOf, who: Searches) -> Response:
    """What fits the words that were last searched for."""
    desk, text = node.desk, _kept(request)
    is_asked = len(fold(text).replace(" ", "")) >= SHORTEST
    nobody: Counted[RegisterLine] = Counted(0, ())
    people = register_page(desk, RegisterFilter(text=text, order=Order.NAME), 1, SHOWN) if is_asked else nobody
    offers = offers_page(desk, OfferFilter(text=text), 1, SHOWN) if is_asked else Counted(0, ())
    asked = following.employers(desk) if is_asked and who.may(Permission.PUT_FORWARD) else ()
    employers = employers_named(desk, text, asked, SHOWN) if is_asked else Counted(0, ())
    tables = desk.referential()
    return render(
        request,
        "team/search.html",
        text=text,
        is_asked=is_asked,
        people=people,
        offers=offers,
        lines=lines_of(node, offers.rows),
        employers=employers,
        asked={fold(name) for name in asked},
        folded=fold,
        shown=SHOWN,
        label_of=lambda name, code: code_label(tables, name, code) if code else "",
    )


@router.post("/chercher")
def search(request: Request, who: Searches, form: Sent) -> Response:
    """Keep the words in the browser, and show what fits."""
    text = form.line("mots", longest=100)[:100]
    is_short = bool(text) and len(fold(text).replace(" ", "")) < SHORTEST
    response = redirect(request, "/chercher", _("Type at least two letters or digits.") if is_short else "", "warning")
    set_cookie(request, response, COOKIE, base64.urlsafe_b64encode(text.encode()).decode(), max_age=3600)
    return response


def _kept(request: Request) -> str:
    """A cookie may hold anything: what is no text is none."""
    try:
        return base64.b64decode(get_cookie(request, COOKIE), altchars=b"-_", validate=True).decode()[:100]
    except ValueError:
        return ""
