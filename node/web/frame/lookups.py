"""Look-up as one types: /recherche/metiers, /recherche/competences, /recherche/communes.

Guarantees: the same address answers a script with a list of buttons, which add the choice to the form that they stand
in, and a person without scripts with a page. The tables are public, so nobody has to sign in. What is typed is neither
logged nor kept. A form without scripts needs no other page: `find` serves it in place (see people/fields.py).
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from starlette.exceptions import HTTPException

from node.kit.i18n import gettext as _
from node.referential import Hit, Referential
from node.requests import NodeOf
from node.web.frame.forms import Form
from node.web.frame.pages import render

router = APIRouter()

SHOWN: Final = 8
TABLES: Final = ("metiers", "competences", "communes")


def find(referential: Referential, table: str, text: str, limit: int = SHOWN) -> Sequence[Hit]:
    """The entries of one of `TABLES` that a text may mean, best first."""
    lookup = referential.lookup
    return {"metiers": lookup.occupations, "competences": lookup.skills, "communes": lookup.communes}[table](
        text, limit
    )


def take_out(form: Form, fields: Mapping[str, str]) -> None:
    """Take away what a form's button "retirer" names, "field:code", of a looked-up field."""
    name, _colon, code = form.raw("retirer").partition(":")
    if name in fields:
        form.values[name] = [one for one in form.all(name) if one != code]


def proposals(form: Form, referential: Referential, fields: Mapping[str, str]) -> dict[str, Sequence[Hit]] | None:
    """What the words in a form's look-ups may mean, by field; None when nothing was typed there and nobody asked.
    `fields` names the table of each. Words that nobody asked about are a fault: they would be lost."""
    typed = {name: form.raw(f"q_{name}") for name in fields if form.raw(f"q_{name}").strip()}
    if not typed and not form.raw("chercher"):
        return None
    found = {name: find(referential, fields[name], text[:200]) for name, text in typed.items()}
    if not form.raw("chercher"):
        choose = _("Choose one of the proposals below, or clear the search.")
        nothing = _("Nothing like this was found: check what you typed, or clear the search.")
        for name, hits in found.items():
            form.error(name, choose if hits else nothing)
    return found


def table_label(table: str) -> str:
    """What is searched, for a title."""
    return {"metiers": _("Occupations"), "competences": _("Skills"), "communes": _("Communes")}[table]


@router.get("/recherche/{table}")
def look_up(
    request: Request,
    node: NodeOf,
    table: str,
    q: Annotated[str, Query(max_length=200)] = "",
    champ: Annotated[str, Query(pattern=r"^[a-z_]{0,30}$")] = "",
) -> Response:
    """A part of a page for htmx; a page for everybody else."""
    if table not in TABLES:
        raise HTTPException(404)
    text = q or str(request.query_params.get(f"q_{champ}", ""))[:200]
    hits = find(node.desk.referential(), table, text) if text.strip() else ()
    if request.headers.get("hx-request"):
        return render(request, "frame/lookup_hits.html", hits=hits, name=champ, text=text)
    return render(request, "frame/lookup_page.html", hits=hits, table=table, label=table_label(table), text=text)
