"""/mon-espace/accords: what the person agreed to; taken back, put on hold, given again.

Guarantees: what a step ends is said before it, by the rules that end it, and counted after. Read next: pages.py,
`services/agreements/withdrawing.py`.
"""

from typing import Final, Literal

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from node.kit.i18n import gettext as _
from node.mission.agreements.consent import AGREEMENT_LASTS, Consent, ConsentScope
from node.mission.people.candidate import CandidateState
from node.requests import NodeOf
from node.services.actors import BY_PERSON
from node.services.agreements import recording, withdrawing
from node.services.desk import Desk
from node.services.my_space.my_space import own_file
from node.services.offers.finding import offer_title
from node.services.people import files as people
from node.services.people.saving import BadFields
from node.web.agreements.pages import PAUSE, applications, said
from node.web.frame.auth import OwnSpace
from node.web.frame.forms import Form, Sent
from node.web.frame.pages import redirect
from node.web.my_space.pages import show

router = APIRouter()

Wanted = Literal["network", "employer", "offer", "keep", "pause"]
"""What a person may take back; "pause": nothing is done with the file for a time."""
_LINE: Final = 400


@router.get("/mon-espace/accords")
def agreements(request: Request, node: NodeOf, person: OwnSpace) -> Response:
    """What was agreed, when and how."""
    known = own_file(node.desk, person).person
    desk, today = node.desk, node.desk.today()
    standing = [one for one in known.consents if one.in_force(today)]
    return show(
        request,
        "my_space/agreements.html",
        "/mon-espace/accords",
        consents=[(one, _named(desk, one), one.in_force(today)) for one in known.consents],
        named=[(one, _named(desk, one)) for one in standing if one.offer or one.employer],
        network=max((one.until for one in standing if one.scope is ConsentScope.NETWORK), default=None),
        agrees_to_keep=known.agrees(ConsentScope.KEEP, today),
        asks_to_keep=desk.asks_to_keep,
        person=known,
        ends=today + AGREEMENT_LASTS[ConsentScope.NETWORK],
        k=node.config.publication.k,
    )


def _named(desk: Desk, one: Consent) -> str:
    if one.offer:
        return offer_title(desk, one.offer)
    return one.employer or one.scope.label


@router.get("/mon-espace/accords/retirer/{scope}")
def withdraw_page(request: Request, node: NodeOf, person: OwnSpace, scope: Wanted, sur: str = "") -> Response:
    """What it ends, and what goes on. `sur` is the offer or the employer, for that one alone."""
    desk = node.desk
    found = withdrawing.foresee(desk, person, _scope(scope), sur[:_LINE])
    return show(
        request,
        "my_space/withdrawal.html",
        "/mon-espace/accords",
        scope=scope,
        about=sur[:_LINE],
        label=(offer_title(desk, sur[:_LINE]) if scope == "offer" else sur[:_LINE]) if sur else "",
        form=Form(),
        ending=applications(desk, found.ending),
        going_on=applications(desk, found.going_on),
        recalled=found.recalled,
        other_towns=found.other_towns,
    )


@router.post("/mon-espace/accords/retirer/{scope}")
def withdraw(request: Request, node: NodeOf, person: OwnSpace, form: Sent, scope: Wanted) -> Response:
    """Take it back, put the file on hold, or leave."""
    wanted, about = _scope(scope), form.line("sur", longest=_LINE)
    if wanted is None:
        done = withdrawing.pause(node.desk, person, BY_PERSON)
    else:
        done = withdrawing.withdraw(node.desk, person, BY_PERSON, wanted, about)
    return redirect(request, "/mon-espace/accords", " ".join((_("Recorded, from now on."), *said(node.desk, done))))


def _scope(scope: str) -> ConsentScope | None:
    return None if scope == PAUSE else ConsentScope.of(scope)


@router.post("/mon-espace/accords/revenir")
def come_back(request: Request, node: NodeOf, person: OwnSpace, form: Sent) -> Response:
    """The person wants to be helped again."""
    try:
        people.set_state(node.desk, person, CandidateState.ACTIVE, BY_PERSON)
    except BadFields as error:
        return redirect(request, "/mon-espace/accords", str(error), "warning")
    return redirect(request, "/mon-espace/accords", _("Welcome back: your mission helps you again."))


@router.post("/mon-espace/accords/donner")
def agree(request: Request, node: NodeOf, person: OwnSpace, form: Sent) -> Response:
    """Agree, or agree again."""
    scope = form.choice("scope", [ConsentScope.KEEP.value, ConsentScope.NETWORK.value], required=True)
    if not form.ok:
        raise HTTPException(422)
    recording.give_consent(node.desk, person, ConsentScope.of(scope), "espace personnel", BY_PERSON)
    return redirect(request, "/mon-espace/accords", _("Your agreement is recorded. Thank you."))
