"""/candidats: the register. What is searched for is kept in the browser, never in an address: a name is nobody's URL.

Guarantees: the people whom nobody heard of for longest come first. Read next: overview.py, one person's file.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.parts import Counted
from node.mission.people.candidate import CandidateState, CvState
from node.mission.people.partners import Eligibility
from node.mission.people.ports import Order, RegisterFilter, RegisterLine
from node.mission.workshops.workshop import Workshop, WorkshopState
from node.referential import Referential
from node.requests import NodeOf
from node.services.actors import counsellors, names
from node.services.desk import Desk
from node.services.people import files
from node.services.workshops.workshops import upcoming
from node.web.frame.auth import get_cookie, require, set_cookie
from node.web.frame.forms import Form, Sent, labelled
from node.web.frame.lookups import find
from node.web.frame.pages import redirect, render
from node.web.people.fields import code_label
from node.web.people.list_frame import parts_of_list

router = APIRouter()

Reads = Annotated[Account, Depends(require(Permission.READ_FILES))]
COOKIE: Final = "registre"
_FIELDS: Final = ("text", "cv_state", "state", "owner", "rome", "skill", "commune", "eligibility", "order")
LOOKED_UP: Final = {"rome": "metiers", "skill": "competences", "commune": "communes"}
"""Fields in which people write words, kept as the code that is meant."""
_NAMED: Final = {"rome": "occupations", "skill": "skills", "commune": "commune"}
_CODED: Final[Mapping[str, Callable[[str], str]]] = {
    "cv_state": lambda code: known.label if (known := CvState.read(code)) else code,
    "state": lambda code: known.label if (known := CandidateState.read(code)) else code,
    "eligibility": lambda code: known.label if (known := Eligibility.read(code)) else code,
}
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


QUICK: Final[Mapping[str, Callable[[], str]]] = {
    "owner:me": lambda: _("Followed by me"),
    "owner:nobody": lambda: _("Nobody follows them"),
    "cv_state:to_rework": lambda: _("CV to be reworked"),
    "cv_state:ready": lambda: _("CV ready"),
}
"""Filters at one press: field and value, and what they are called."""


@router.get("/candidats")
def register(request: Request, node: NodeOf, who: Reads, page: int = 1) -> Response:
    """The people who fit what was last searched for."""
    form = kept_search(request)
    number = max(1, min(page, 10_000))
    found = listed(node.desk, form, who, number)
    tables = node.desk.referential()
    team = names(node.desk)
    may_invite, may_hand_over = who.may(Permission.RUN_WORKSHOPS), who.may(Permission.HAND_OVER)
    last = max(1, -(-found.count // files.PAGE))
    return render(
        request,
        "people/register.html",
        parts_of_list=parts_of_list(node.desk, who, "/candidats"),
        form=form,
        found=found,
        number=number,
        last=last,
        filtered=any(form.raw(name) for name in _FIELDS),
        quick=[(code, label(), form.has(*code.split(":"))) for code, label in QUICK.items()],
        kept=list(_kept(form, tables, team)),
        meant={name: code_label(tables, _NAMED[name], form.raw(name)) if form.raw(name) else "" for name in LOOKED_UP},
        team=counsellors(node.desk) if may_hand_over else [],
        workshops=open_workshops(node.desk) if may_invite else [],
        occupation_of=lambda code: code_label(tables, "occupations", code) if code else "",
        commune_of=tables.communes.name,
        names=team,
        tones=_TONES,
        options={
            "cv_state": labelled(CvState),
            "state": labelled(CandidateState),
            "owner": [("me", _("My people")), ("nobody", _("Nobody's people")), *counsellors(node.desk)],
            "eligibility": labelled(Eligibility) if who.may(Permission.READ_OBSTACLES) else [],
            "order": [(order.value, label()) for order, label in ORDERS.items()],
        },
    )


def _kept(form: Form, tables: Referential, team: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What is filtered by, but for what has its own press: field, and what it says."""
    for name in _FIELDS:
        value = form.raw(name)
        if not value or name in ("text", "order") or f"{name}:{value}" in QUICK:
            continue
        if name in LOOKED_UP:
            yield name, code_label(tables, _NAMED[name], value)
        elif name == "owner":
            yield name, team[value]
        else:
            yield name, _CODED[name](value)


def listed(desk: Desk, form: Form, who: Account, number: int = 1, size: int = files.PAGE) -> Counted[RegisterLine]:
    """One page of the people who fit what was searched for. Of whom what is noted is asked by those alone who may read
    it."""
    code = form.raw("eligibility") if who.may(Permission.READ_OBSTACLES) else ""
    return files.register_page(desk, _filter(form, who), number, size, Eligibility.read(code) if code else None)


def open_workshops(desk: Desk) -> list[Workshop]:
    """Workshops to come that have a place left, by time."""
    now = desk.now()
    return [
        one for one in upcoming(desk) if one.state is WorkshopState.PLANNED and one.ends > now and one.taken < one.seats
    ]


def _code_of(tables: Referential, name: str, text: str) -> str:
    """The code that is meant by what was written in a field: a code itself, or words; empty for none."""
    if code_label(tables, _NAMED[name], text) != text:
        return text
    return next((hit.code for hit in find(tables, LOOKED_UP[name], text, 1)), "")


@router.post("/candidats")
def search(request: Request, node: NodeOf, who: Reads, form: Sent) -> Response:
    """Keep what is searched for in the browser, and show it."""
    chosen = {name: form.line(name, longest=100)[:100] for name in _FIELDS if form.raw(name).strip()}
    chosen.pop(form.raw("oter"), "")
    name, _colon, value = form.raw("mettre").partition(":")
    if f"{name}:{value}" in QUICK:
        chosen = {**chosen, name: "" if chosen.get(name) == value else value}
    unknown = []
    for name in LOOKED_UP:
        if text := chosen.get(name):
            chosen[name] = _code_of(node.desk.referential(), name, text)
            unknown += [] if chosen[name] else [text]
    chosen = {name: value for name, value in chosen.items() if value}
    said = _("Nothing like “{text}” is known: this filter is left out.").format(text=unknown[0]) if unknown else ""
    response = redirect(request, "/candidats", said, "warning")
    if form.raw("tout") or not chosen:
        set_cookie(request, response, COOKIE, "", max_age=0)
    else:
        data = base64.urlsafe_b64encode(json.dumps(chosen).encode()).decode()
        set_cookie(request, response, COOKIE, data, max_age=3600)
    return response


def kept_search(request: Request) -> Form:
    """What was last searched for. A cookie may hold anything: what is no search is none."""
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
        skill=form.raw("skill"),
        commune=form.raw("commune"),
        order=Order(order) if order in set(Order) else Order.OLDEST_CONTACT,
    )
