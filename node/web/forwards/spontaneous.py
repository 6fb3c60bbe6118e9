"""/candidats/{id}/candidature-spontanee: a person put forward to an employer of the town that has no offer.

Guarantees: what was typed is shown again with every obstacle; from the draft on it is an application like others. Read
next: `services/forwards/spontaneous.py`, pages.py.
"""

from fastapi import APIRouter, Request, Response

from node.mission.accounts.account import Account
from node.mission.accounts.trail import OpenedFor
from node.mission.forwards.terms import Check
from node.requests import NodeOf
from node.services.desk import Refused
from node.services.forwards import following, sending
from node.services.forwards.spontaneous import Spontaneous, create_spontaneous
from node.services.node import Node
from node.services.people import files
from node.services.people.saving import BadFields
from node.web.forwards.acting import send_draft
from node.web.forwards.steps import PutsForward
from node.web.frame.forms import Form, Sent, labelled
from node.web.people.fields import blame, code_label
from node.web.people.file_frame import address, leave_trace, open_part, show_part

router = APIRouter()


@router.get("/candidats/{name}/candidature-spontanee")
def ask(request: Request, node: NodeOf, who: PutsForward, name: str) -> Response:
    """To whom, for which work, and why."""
    return _show(request, node, who, name, Form())


@router.post("/candidats/{name}/candidature-spontanee")
def put_forward(request: Request, node: NodeOf, who: PutsForward, form: Sent, name: str) -> Response:
    """Draft it; the next page asks whether it goes by mail or letter."""
    person = files.person_file(node.desk, name).person
    wish = Spontaneous(
        candidate=person.id,
        employer=form.line("employer", required=True),
        rome=form.choice("rome", [one.rome for one in person.occupations]),
        why=form.text("why", required=True, longest=1000),
        checked=tuple(form.choices("checked", sorted(sending.FURTHER_CHECKS))),
        agreed=form.line("agreed"),
    )
    if form.ok:
        try:
            drafted = create_spontaneous(node.desk, wish, who.id)
        except BadFields as error:
            blame(form, error.problems)
        except Refused as error:
            form.error("", str(error))
        else:
            leave_trace(node.desk, who, person.id, OpenedFor.FORWARD)
            return send_draft(request, node.desk, drafted, who, address(person.id, "offres"))
    return _show(request, node, who, name, form, status=422)


def _show(request: Request, node: Node, who: Account, name: str, form: Form, status: int = 200) -> Response:
    file = open_part(node.desk, who, name, OpenedFor.READ)
    tables = node.desk.referential()
    return show_part(
        request,
        node.desk,
        who,
        file,
        "offres",
        "forwards/spontaneous.html",
        status=status,
        form=form,
        known=following.employers(node.desk),
        options={
            "rome": [(one.rome, code_label(tables, "occupations", one.rome)) for one in file.person.occupations],
            "checked": labelled(one for one in Check if one.value in sending.FURTHER_CHECKS),
        },
    )
