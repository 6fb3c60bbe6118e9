"""/candidats: the register. What is searched for is kept in the browser, never in an address: a name is nobody's URL.

Guarantees: the people whom nobody heard of for longest come first. Read next: overview.py, one person's file.
"""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.people.candidate import CandidateState, CvState
from node.mission.people.ports import Order, RegisterFilter
from node.requests import NodeOf
from node.services.actors import counsellors, names
from node.services.people import files
from node.web.frame.auth import get_cookie, require, set_cookie
from node.web.frame.forms import Form, Sent, labelled
from node.web.frame.pages import redirect, render
from node.web.people.fields import code_label

router = APIRouter()

Reads = Annotated[Account, Depends(require(Permission.READ_FILES))]
COOKIE: Final = "registre"
_FIELDS: Final = ("text", "cv_state", "state", "owner", "rome", "order")
_TONES: Final = {
    CvState.RECEIVED: "info",
    CvState.TO_REWORK: "warning",
    CvState.WORKSHOP: "info",
    CvState.READY: "success",
}
ORDERS: Final[Mapping[Order, Callable[[], str]]] = {
    Order.OLDEST_CONTACT: lambda: _("Heard of least recently"),
    Order.NAME: lambda: _("By name"),
    Order.NEWEST: lambda: _("Newest first"),
}


@router.get("/candidats")
def register(request: Request, node: NodeOf, who: Reads, page: int = 1) -> Response:
    """The people who fit what was last searched for."""
    form = _kept(request)
    number = max(1, min(page, 10_000))
    found = files.register_page(node.desk, _filter(form, who), number)
    tables = node.desk.referential()
    last = max(1, -(-found.count // files.PAGE))
    return render(
        request,
        "people/register.html",
        form=form,
        found=found,
        number=number,
        last=last,
        filtered=any(form.raw(name) for name in _FIELDS),
        filters_used=any(form.raw(name) for name in _FIELDS if name not in ("text", "order")),
        rome_label=code_label(tables, "occupations", form.raw("rome")) if form.raw("rome") else "",
        label_of=lambda name, code: code_label(tables, name, code) if code else "",
        names=names(node.desk),
        tones=_TONES,
        options={
            "cv_state": labelled(CvState),
            "state": labelled(CandidateState),
            "owner": [("me", _("My people")), ("nobody", _("Nobody's people")), *counsellors(node.desk)],
            "order": [(order.value, label()) for order, label in ORDERS.items()],
        },
    )


@router.post("/candidats")
def search(request: Request, who: Reads, form: Sent) -> Response:
    """Keep what is searched for in the browser, and show it."""
    response = redirect(request, "/candidats")
    chosen = {name: form.line(name, longest=100)[:100] for name in _FIELDS if form.raw(name).strip()}
    if form.raw("tout") or not chosen:
        set_cookie(request, response, COOKIE, "", max_age=0)
    else:
        data = base64.urlsafe_b64encode(json.dumps(chosen).encode()).decode()
        set_cookie(request, response, COOKIE, data, max_age=3600)
    return response


def _kept(request: Request) -> Form:
    """A cookie may hold anything: what is no search is none."""
    try:
        data = json.loads(base64.b64decode(get_cookie(request, COOKIE) or "e30=", altchars=b"-_", validate=True))
    except ValueError:
        data = {}
    known = data if isinstance(data, dict) else {}
    return Form.of(**{name: value for name in _FIELDS if isinstance(value := known.get(name), str)})


def _filter(form: Form, who: Account) -> RegisterFilter:
    owner = {"": None, "me": who.id, "nobody": ""}.get(form.raw("owner"), form.raw("owner"))
    cv_state, state, order = form.raw("cv_state"), form.raw("state"), form.raw("order")
    return RegisterFilter(
        text=form.raw("text"),
        cv_state=CvState.of(cv_state) if cv_state in set(CvState) else None,
        state=CandidateState.of(state) if state in set(CandidateState) else None,
        owner=owner,
        rome=form.raw("rome"),
        order=Order(order) if order in set(Order) else Order.OLDEST_CONTACT,
    )
