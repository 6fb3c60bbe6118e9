"""/candidats/{id}/accords: what the person agreed to, how and when; recorded, and withdrawn in two clicks.

Guarantees: an agreement is never recorded without saying how it was given; withdrawing stops everything that is under
way (see `services/agreements/withdrawing.py`), and says what that was. Read next: people/file_frame.py.
"""

from fastapi import APIRouter, Request, Response

from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext
from node.mission.accounts.account import Account
from node.mission.accounts.trail import OpenedFor
from node.mission.agreements.consent import ConsentScope
from node.requests import NodeOf
from node.services.agreements import recording, withdrawing
from node.services.offers.offers import known_offers
from node.services.people import files as people
from node.services.people.saving import BadFields
from node.web.frame.forms import Form, Sent, labelled
from node.web.frame.pages import redirect
from node.web.people.fields import blame
from node.web.people.file_frame import Edits, Reads, address, leave_trace, open_part, show_part

router = APIRouter()


@router.get("/candidats/{name}/accords")
def agreements(request: Request, node: NodeOf, who: Reads, name: str, offre: str = "") -> Response:
    """All agreements, and a form for one more; `offre` is an offer's key, for an agreement to that offer alone."""
    form = Form.of(scope="offer", offer=offre) if offre else Form()
    return _agreements(request, node, who, name, form)


def _agreements(request: Request, node: NodeOf, who: Account, name: str, form: Form, status: int = 200) -> Response:
    desk = node.desk
    file = open_part(desk, who, name, OpenedFor.READ)
    offers = {one.key: f"{one.title}, {one.employer}" for one in known_offers(desk) if one.is_open(desk.today())}
    return show_part(
        request,
        desk,
        who,
        file,
        "accords",
        "agreements/agreements.html",
        status=status,
        form=form,
        offers=offers,
        options={"scope": labelled(ConsentScope), "offer": list(offers.items())},
        held={one.scope for one in file.person.consents if one.covers(one.scope, desk.today())},
    )


@router.post("/candidats/{name}/accords")
def record(request: Request, node: NodeOf, who: Edits, form: Sent, name: str) -> Response:
    """Record what the person agreed to."""
    today = node.desk.today()
    scope = form.choice("scope", list(ConsentScope), required=True)
    how = form.line("how", required=True)
    given, until = form.day("given_on", latest=today), form.day("until", earliest=today)
    offer = form.line("offer", longest=400)
    if form.ok:
        try:
            person = recording.give_consent(
                node.desk, name, ConsentScope.of(scope), how, who.id, given_on=given, until=until, offer=offer
            )
        except BadFields as error:
            blame(form, error.problems)
        else:
            leave_trace(node.desk, who, person.id, OpenedFor.EDIT)
            return redirect(request, address(person.id, "accords"), _("The agreement is recorded."))
    return _agreements(request, node, who, name, form, status=422)


@router.get("/candidats/{name}/accords/retirer")
def ask_withdraw(request: Request, node: NodeOf, who: Edits, name: str, portee: str = "network") -> Response:
    """What follows from it is said before."""
    file = open_part(node.desk, who, name, OpenedFor.READ)
    scope = ConsentScope.of(portee) if portee in set(ConsentScope) else ConsentScope.NETWORK
    return show_part(
        request, node.desk, who, file, "accords", "agreements/withdraw.html", scope=scope, label=scope.label
    )


@router.post("/candidats/{name}/accords/retirer")
def withdraw(request: Request, node: NodeOf, who: Edits, form: Sent, name: str) -> Response:
    """The person takes it back."""
    person = people.person_file(node.desk, name).person
    scope = form.choice("scope", list(ConsentScope)) or ConsentScope.NETWORK
    done = withdrawing.withdraw(node.desk, person.id, who.id, ConsentScope.of(scope))
    leave_trace(node.desk, who, person.id, OpenedFor.EDIT)
    count = len(done.orders) + len(done.waiting)
    text = ngettext(
        "The agreement is withdrawn; {number} recipient is told to erase the dossier.",
        "The agreement is withdrawn; {number} recipients are told to erase the dossier.",
        count,
    )
    return redirect(request, address(person.id, "accords"), text.format(number=count))
