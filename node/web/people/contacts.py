"""/candidats/{id}/suivi: contacts and next steps, workshops, the newest changes; and the handover to a colleague.

Guarantees: a next step has a day and an owner; whoever follows the person takes over the open steps. Obstacles have a
page of their own under this part, because who opens them has a word of its own in the trail. Read next: obstacles.py,
history.py, file_frame.py.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.accounts.trail import OpenedFor
from node.mission.people.contacts import ContactChannel
from node.mission.people.labels import CHANGES
from node.requests import NodeOf
from node.services.actors import counsellors
from node.services.people import contacts as files
from node.services.people import files as people
from node.services.people.saving import BadFields
from node.services.team import handover
from node.services.workshops.workshops import workshops_of
from node.web.frame.auth import require
from node.web.frame.forms import Form, Sent, labelled
from node.web.frame.pages import redirect
from node.web.people.fields import blame
from node.web.people.file_frame import FOLLOWED, Edits, Reads, address, leave_trace, open_part, show_part
from node.web.people.history import told_changes

router = APIRouter()

NEWEST: Final = 6
"""Changes of the file that this part shows; the others are a page further."""
HandsOver = Annotated[Account, Depends(require(Permission.READ_FILES, Permission.HAND_OVER))]


@router.get("/candidats/{name}/suivi")
def contacts(request: Request, node: NodeOf, who: Reads, name: str) -> Response:
    """All contacts, newest first, and a form for one more."""
    return _contacts(request, node, who, name, Form.of(channel="phone", next_owner=who.id))


def _contacts(request: Request, node: NodeOf, who: Account, name: str, form: Form, status: int = 200) -> Response:
    file = open_part(node.desk, who, name, OpenedFor.READ)
    person = file.person.id
    return show_part(
        request,
        node.desk,
        who,
        file,
        FOLLOWED,
        "people/contacts.html",
        status=status,
        form=form,
        options={"channel": labelled(ContactChannel), "owner": counsellors(node.desk)},
        workshops=[(one, place) for one in workshops_of(node.desk, person) if (place := one.place_of(person))],
        newest=told_changes(node.desk, person, NEWEST),
        changes=CHANGES,
    )


@router.post("/candidats/{name}/suivi")
def note(request: Request, node: NodeOf, who: Edits, form: Sent, name: str) -> Response:
    """Note a contact, and what comes next."""
    desk = node.desk
    channel = form.choice("channel", list(ContactChannel), required=True)
    text, step = form.text("text", longest=4000), form.line("next_step")
    day, next_on = form.day("on", latest=desk.today()), form.day("next_on")
    owner = form.choice("next_owner", [code for code, _name in counsellors(desk)])
    if form.ok:
        try:
            contact = files.add_contact(
                desk,
                name,
                ContactChannel.of(channel),
                text,
                who.id,
                on=day,
                next_step=step,
                next_on=next_on,
                next_owner=owner,
            )
        except BadFields as error:
            blame(form, error.problems)
        else:
            leave_trace(desk, who, contact.candidate, OpenedFor.EDIT)
            return redirect(request, address(contact.candidate, FOLLOWED), _("The contact is noted."))
    return _contacts(request, node, who, name, form, status=422)


@router.post("/contacts/{contact_id}/fait")
def done(request: Request, node: NodeOf, who: Edits, form: Sent, contact_id: str) -> Response:
    """The next step is done."""
    contact = files.complete_step(node.desk, contact_id, who.id)
    leave_trace(node.desk, who, contact.candidate, OpenedFor.EDIT)
    where = "/aujourdhui" if form.raw("vers") == "aujourdhui" else address(contact.candidate, FOLLOWED)
    return redirect(request, where, _("Done: noted."))


@router.post("/contacts/{contact_id}/reporter")
def postpone(request: Request, node: NodeOf, who: Edits, form: Sent, contact_id: str) -> Response:
    """The next step waits until another day."""
    day = form.day("next_on", required=True)
    if day is None:
        return redirect(request, "/aujourdhui", _("Give a day such as 23/11/2026."), "warning")
    contact = files.postpone_step(node.desk, contact_id, day, who.id)
    leave_trace(node.desk, who, contact.candidate, OpenedFor.EDIT)
    return redirect(request, address(contact.candidate, FOLLOWED), _("The next step is put off."))


@router.get("/candidats/{name}/relais")
def ask_hand_over(request: Request, node: NodeOf, who: HandsOver, name: str) -> Response:
    """To whom, and what they should know."""
    return _hand_over(request, node, who, name, Form())


def _hand_over(request: Request, node: NodeOf, who: Account, name: str, form: Form, status: int = 200) -> Response:
    file = open_part(node.desk, who, name, OpenedFor.READ)
    others = [pair for pair in counsellors(node.desk) if pair[0] != file.person.owner]
    return show_part(
        request, node.desk, who, file, "relais", "people/hand_over.html", status=status, form=form, others=others
    )


@router.post("/candidats/{name}/relais")
def hand_over(request: Request, node: NodeOf, who: HandsOver, form: Sent, name: str) -> Response:
    """The person and their open next steps go to a colleague."""
    to = form.choice("to", [code for code, _name in counsellors(node.desk)], required=True)
    message = form.text("note", longest=2000)
    if not form.ok:
        return _hand_over(request, node, who, name, form, status=422)
    person = people.person_file(node.desk, name).person
    handover.hand_over(node.desk, person.id, to, who.id, message)
    leave_trace(node.desk, who, person.id, OpenedFor.EDIT)
    return redirect(request, address(person.id), _("Your colleague follows this person from now on."))
