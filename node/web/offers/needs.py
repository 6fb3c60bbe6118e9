"""/offres/besoins/nouveau and a need's own page: what a counsellor notes after visiting an employer.

Guarantees: a need is seen by the mission alone; what is typed comes back with its faults; « En faire une offre » opens
the form of offers with what is known. Read next: `services/offers/needs.py`, form.py.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from node.kit.i18n import gettext as _
from node.kit.pasted import plain_text
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.offers.offer import NO_CONTACT, Offer, OfferState
from node.referential import Hit
from node.requests import NodeOf
from node.services.actors import names
from node.services.desk import Refused
from node.services.node import Node
from node.services.offers.finding import one_offer
from node.services.offers.needs import edit_need, note_need
from node.services.offers.searching import open_forwards, viewpoint
from node.services.people.saving import BadFields
from node.web.frame.auth import require
from node.web.frame.forms import Form, Sent
from node.web.frame.pages import redirect, render
from node.web.offers.fields import OfferFill, act, contact_in, form_of, sites_in
from node.web.offers.showing import address_of, occupation
from node.web.people.fields import blame

router = APIRouter()

ReadsOffers = Annotated[Account, Depends(require(Permission.READ_OFFERS))]
EditsOffers = Annotated[Account, Depends(require(Permission.EDIT_OFFERS))]
USUAL: Final = timedelta(days=30)
"""After how long an employer is asked again, unless somebody says otherwise."""


@router.get("/offres/besoins/nouveau")
def new(request: Request, node: NodeOf, who: EditsOffers) -> Response:
    """An empty form; the place is the town."""
    town = node.desk.town
    form = Form.of(ask_again=node.desk.today() + USUAL, sites=[town] if town else [])
    form.values |= {f"commune_{town}": [town], f"posts_{town}": ["1"]} if town else {}
    return _show(request, node, form)


@router.post("/offres/besoins/nouveau")
def note(request: Request, node: NodeOf, who: EditsOffers, form: Sent) -> Response:
    """Keep it."""
    found = act(form, node.desk.referential())
    if found is not None:
        return _show(request, node, form, found=found, status=422 if form.errors else 200)
    fields = _read(node, form)
    if form.ok:
        try:
            made = note_need(node.desk, fields, who.id)
        except BadFields as error:
            blame(form, error.problems)
        else:
            return redirect(request, address_of(made), _("The need is noted. See who fits it."))
    return _show(request, node, form, status=422)


@router.get("/offres/besoins/{need_id}")
def need_page(request: Request, node: NodeOf, who: ReadsOffers, need_id: str) -> Response:
    """The need, by its number; an offer that it has become is led to."""
    need = _own(node, need_id)
    return show_need(request, node, need) if need.state is OfferState.NEED else redirect(request, address_of(need))


@router.get("/offres/besoins/{need_id}/modifier")
def ask_change(request: Request, node: NodeOf, who: EditsOffers, need_id: str) -> Response:
    """The need as it is, to be changed."""
    need = _own(node, need_id)
    if need.state is not OfferState.NEED:
        return redirect(request, address_of(need))
    form = form_of(need)
    again = need.ask_again.isoformat() if need.ask_again else ""
    form.values |= {"when": [need.when], "note": [need.note], "ask_again": [again]}
    return _show(request, node, form, need=need)


@router.post("/offres/besoins/{need_id}/modifier")
def change(request: Request, node: NodeOf, who: EditsOffers, form: Sent, need_id: str) -> Response:
    """Keep it."""
    need = _own(node, need_id)
    found = act(form, node.desk.referential())
    if found is not None:
        return _show(request, node, form, found=found, need=need, status=422 if form.errors else 200)
    fields = _read(node, form)
    if form.ok:
        try:
            kept = edit_need(node.desk, need.key, who.id, revision=form.whole("revision"), **fields)
        except BadFields as error:
            blame(form, error.problems)
        except Refused as error:
            form.error("", str(error))
            form.values["revision"] = [str(need.revision)]
        else:
            return redirect(request, address_of(kept), _("The need is changed."))
    return _show(request, node, form, need=need, status=422)


@router.post("/offres/besoins/{need_id}/redemander")
def ask_again(request: Request, node: NodeOf, who: EditsOffers, form: Sent, need_id: str) -> Response:
    """The employer was asked; when to ask again, if at all."""
    need = _own(node, need_id)
    today = node.desk.today()
    on = form.day("ask_again", earliest=today)
    if not form.ok:
        return redirect(request, address_of(need), " ".join(form.errors.values()), "warning")
    try:
        edit_need(node.desk, need.key, who.id, ask_again=on)
    except (BadFields, Refused) as error:
        return redirect(request, address_of(need), str(error), "warning")
    said = _("Noted: you will be reminded.") if on else _("Noted: nobody is reminded of it any more.")
    return redirect(request, address_of(need), said)


def _address(need: Offer) -> str:
    return f"/offres/besoins/{need.id}"


def show_need(request: Request, node: Node, need: Offer) -> Response:
    """Its page, and that of what a spontaneous application rests on."""
    desk, tables = node.desk, node.desk.referential()
    return render(
        request,
        "offers/need.html",
        need=need,
        base=address_of(need),
        own=_address(need),
        is_need=need.state is OfferState.NEED,
        occupation=occupation(need, tables) if need.rome else "",
        places=[(tables.communes.name(one.commune), one) for one in need.sites],
        stands=need.takes_people(viewpoint(desk).today),
        due=need.ask_again is not None and need.ask_again <= desk.today(),
        usual=(desk.today() + USUAL).isoformat(),
        today=desk.today().isoformat(),
        contact=need.contact if need.contact != NO_CONTACT else None,
        put_forward=open_forwards(desk, [need])[need.key],
        names=names(desk),
    )


def _own(node: Node, need_id: str) -> Offer:
    return one_offer(node.desk, f"{node.desk.node_id}/{need_id}")


def _read(node: Node, form: Form) -> dict[str, Any]:
    for name in ("title", "employer", "when", "contact_name", "contact_email", "contact_phone"):
        form.values[name] = [" ".join(plain_text(form.raw(name)).split())]
    for name in ("note", "contact_address"):
        form.values[name] = [plain_text(form.raw(name).replace("\r\n", "\n"))]
    return {
        "title": form.line("title"),
        "employer": form.line("employer", required=True),
        "rome": form.line("rome", longest=5),
        "note": form.text("note", longest=4000),
        "when": form.line("when"),
        "sites": sites_in(form, node.desk.referential()),
        "ask_again": form.day("ask_again"),
        "contact": contact_in(form),
    }


def _show(
    request: Request,
    node: Node,
    form: Form,
    *,
    found: Mapping[str, Sequence[Hit]] | None = None,
    need: Offer | None = None,
    status: int = 200,
) -> Response:
    return render(
        request,
        "offers/need_form.html",
        status=status,
        form=form,
        fill=OfferFill(form, node.desk.referential(), dict(found or {})),
        need=need,
        base=_address(need) if need else "",
    )
