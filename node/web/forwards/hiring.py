"""A hire is noted: of a forward (/mises-en-relation/{id}/embauche), or of somebody who found work otherwise
(/candidats/{id}/embauche), which is then followed up in their file."""

from fastapi import APIRouter, Request, Response

from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.trail import OpenedFor
from node.mission.forwards.forward import ForwardState
from node.mission.forwards.hire import HireWay
from node.mission.offers.offer import UNTOLD, OfferState
from node.mission.terms import Contract
from node.requests import NodeOf
from node.services.desk import Refused
from node.services.forwards import following, hires
from node.services.forwards.following import FollowedForward
from node.services.forwards.hires import HireWish
from node.services.forwards.stages import OpenedFile
from node.services.people import files
from node.services.people.saving import BadFields
from node.web.forwards.acting import way_back
from node.web.forwards.steps import ENDINGS, PutsForward
from node.web.frame.forms import Form, Sent, labelled
from node.web.frame.pages import redirect
from node.web.people.fields import blame
from node.web.people.file_frame import Edits, address, leave_trace, open_part, show_part

router = APIRouter()

_WAYS = tuple(one for one in HireWay if one is not HireWay.FORWARD)


@router.get("/mises-en-relation/{forward_id}/embauche")
def of_forward(request: Request, node: NodeOf, who: PutsForward, forward_id: str, retour: str = "") -> Response:
    """What the offer says already is filled in; what is no offer yet says less."""
    one = following.one_followed(node.desk, forward_id)
    offer, known = one.offer, dict[str, str]()
    if offer is not None:
        known = {"employer": offer.employer, "title": offer.title}
        if offer.state is OfferState.SPONTANEOUS:
            known["title"] = node.desk.referential().occupations.label(offer.rome) or ""
        if offer.state not in UNTOLD:
            known["contract"] = offer.contract
    return _of_forward(request, node, who, one, Form.of(retour=retour, **known))


@router.post("/mises-en-relation/{forward_id}/embauche")
def note_of_forward(request: Request, node: NodeOf, who: PutsForward, form: Sent, forward_id: str) -> Response:
    """Note it; whether the person still looks for work is said with it."""
    one = following.one_followed(node.desk, forward_id)
    rome = one.offer.rome if one.offer is not None else ""
    if _noted(node, who, form, one.forward.candidate, forward=one.forward.id, rome=rome):
        back = way_back(form.raw("retour"), one.forward)
        return redirect(request, back, _("The hire is noted, with the days of its follow-ups."))
    return _of_forward(request, node, who, one, form, status=422)


@router.get("/candidats/{name}/embauche")
def alone(request: Request, node: NodeOf, who: Edits, name: str) -> Response:
    """Somebody found work without being put forward."""
    return _alone(request, node, who, name, Form.of(how=HireWay.ALONE))


@router.post("/candidats/{name}/embauche")
def note_alone(request: Request, node: NodeOf, who: Edits, form: Sent, name: str) -> Response:
    """Note it in their file."""
    person = files.person_file(node.desk, name).person
    if _noted(node, who, form, person.id):
        return redirect(request, address(person.id, "offres"), _("The hire is noted, with the days of its follow-ups."))
    return _alone(request, node, who, name, form, status=422)


@router.post("/embauches/{hire_id}")
def follow(request: Request, node: NodeOf, who: Edits, form: Sent, hire_id: str) -> Response:
    """The follow-up of a hire without a forward."""
    hire = hires.one_hire(node.desk, hire_id)
    back = address(hire.candidate, "offres")
    event = form.choice("event", ENDINGS, required=True)
    reason = form.line("end_reason")
    if not form.ok:
        return redirect(request, back, _("Choose one of the proposals."), "warning")
    try:
        hires.follow_hire(node.desk, hire.id, ForwardState.of(event), who.id, reason)
    except BadFields:
        return redirect(request, back, _("Say why the contract ended."), "warning")
    except Refused as error:
        return redirect(request, back, str(error), "warning")
    leave_trace(node.desk, who, hire.candidate, OpenedFor.EDIT)
    return redirect(request, back, _("Noted."))


def _noted(node: NodeOf, who: Account, form: Form, candidate: str, *, forward: str = "", rome: str = "") -> bool:
    wish = HireWish(
        forward=forward,
        candidate=candidate,
        employer=form.line("employer", required=True),
        title=form.line("title", required=True),
        rome=rome,
        contract=form.choice("contract", list(Contract), required=True),
        start=form.day("start"),
        hours=form.line("hours", longest=20),
        how=HireWay.FORWARD if forward else HireWay.read(form.choice("how", _WAYS, required=True)) or HireWay.ALONE,
        placed=form.flag("placed"),
    )
    if not form.ok:
        return False
    try:
        hires.note_hire(node.desk, wish, who.id)
    except BadFields as error:
        blame(form, error.problems)
        return False
    except Refused as error:
        form.error("", str(error))
        return False
    leave_trace(node.desk, who, candidate, OpenedFor.EDIT)
    return True


def _of_forward(
    request: Request, node: NodeOf, who: Account, one: FollowedForward, form: Form, status: int = 200
) -> Response:
    file = open_part(node.desk, who, one.forward.candidate, OpenedFor.READ)
    action, back = f"/mises-en-relation/{one.forward.id}/embauche", way_back(form.raw("retour"), one.forward)
    return _form(request, node, who, file, form, action, back, status)


def _alone(request: Request, node: NodeOf, who: Account, name: str, form: Form, status: int = 200) -> Response:
    file = open_part(node.desk, who, name, OpenedFor.READ)
    base = address(file.person.id)
    return _form(request, node, who, file, form, f"{base}/embauche", f"{base}/offres", status)


def _form(
    request: Request,
    node: NodeOf,
    who: Account,
    file: OpenedFile,
    form: Form,
    action: str,
    back: str,
    status: int,
) -> Response:
    return show_part(
        request,
        node.desk,
        who,
        file,
        "embauche",
        "forwards/hire.html",
        status=status,
        form=form,
        action=action,
        back=back,
        is_forward=action.startswith("/mises-en-relation/"),
        options={"contract": labelled(Contract), "how": labelled(_WAYS)},
    )
