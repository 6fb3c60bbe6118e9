"""/candidats/{id}/carte: the person's card, made with a counsellor.

Guarantees: what a counsellor changes stands in the person's history under the counsellor's name; only the person shares
a card. Read next: card_form.py; my_space/cards.py, the same in the person's own space; papers.py, which prints it.
"""

from fastapi import APIRouter, Request, Response

from node.documents.contact import contact_of
from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.trail import OpenedFor
from node.requests import NodeOf
from node.services.people import cards, files
from node.services.people.papers import card_of
from node.services.people.saving import BadFields
from node.web.frame.forms import Form, Sent
from node.web.frame.pages import redirect
from node.web.people import card_form
from node.web.people.file_frame import Edits, Reads, address, leave_trace, open_part, show_part

router = APIRouter()


@router.get("/candidats/{name}/carte")
def card(request: Request, node: NodeOf, who: Reads, name: str) -> Response:
    """What is on it, to be changed with the person."""
    return _card(request, node, who, name)


def _card(
    request: Request, node: NodeOf, who: Account, name: str, form: Form | None = None, status: int = 200
) -> Response:
    desk, tables = node.desk, node.desk.referential()
    file = open_part(desk, who, name, OpenedFor.READ)
    shown = card_of(file.person, tables, contact_of(node.config))
    return show_part(
        request,
        desk,
        who,
        file,
        "carte",
        "people/card.html",
        status=status,
        until=cards.shared_until(desk, file.person.id),
        **card_form.context_of(form or card_form.form_of(file.person, tables), shown, tables),
    )


@router.post("/candidats/{name}/carte")
def save(request: Request, node: NodeOf, who: Edits, form: Sent, name: str) -> Response:
    """Keep it, with a line in the person's history."""
    person = files.person_file(node.desk, name).person
    values = card_form.read(form, person, node.desk.referential())
    photo = card_form.read_photo(form)
    if form.ok:
        try:
            card_form.keep_photo(node.desk, files.amend(node.desk, person.id, values, who.id), photo, form, who.id)
        except BadFields as error:
            card_form.blame(form, error.problems)
    if not form.ok:
        return _card(request, node, who, name, form, 422)
    leave_trace(node.desk, who, person.id, OpenedFor.EDIT)
    return redirect(request, address(person.id, "carte"), _("The card is saved."))
