"""/offres/nouvelle and /offres/{town}/{offer}/modifier: one of the town's own offers, typed, copied, changed.

Guarantees: what is missing is said and forbids nothing; words that discriminate forbid saving, with their ground and a
better sentence; an offer that resembles another one is saved when the counsellor says so. Read next: fields.py,
`services/offers/offers.py`, `mission/offers/wording.py`.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.offers.offer import ANSWER_DAYS, Offer, OfferState
from node.mission.offers.rules import MAX_SITES, check_offer
from node.mission.offers.titles import title_for_both
from node.mission.offers.wording import discriminating, missing
from node.referential import Hit
from node.requests import NodeOf
from node.services.desk import Refused
from node.services.node import Node
from node.services.offers.finding import offers_named, one_offer
from node.services.offers.needs import make_offer
from node.services.offers.offers import add_offer, edit_offer, like_offer
from node.services.offers.proposals import one_proposal
from node.services.people.saving import BadFields
from node.web.frame.auth import require
from node.web.frame.forms import Form, Sent
from node.web.frame.pages import redirect, render
from node.web.offers.fields import OfferFill, act, form_of, options, read
from node.web.offers.showing import address_of
from node.web.people.fields import blame

router = APIRouter()

EditsOffers = Annotated[Account, Depends(require(Permission.EDIT_OFFERS))]
USUAL: Final = timedelta(days=60)
"""How long a new offer is open, unless somebody says otherwise."""


@router.get("/offres/nouvelle")
def new(
    request: Request, node: NodeOf, who: EditsOffers, copie: str = "", proposition: str = "", besoin: str = ""
) -> Response:
    """An empty form; or to begin with one of the town's own offers, what an employer deposited, or a need."""
    closes = node.desk.today() + USUAL
    if proposition:
        proposal = one_proposal(node.desk, proposition)
        form = form_of(proposal.offer)
        form.values |= {"proposition": [proposal.id], "network": ["1"], "revision": []}
        fields = read(form, node.desk.referential())
        form.errors.clear()
        return _show(request, node, form, fields, checked=True)
    if besoin:
        need = one_offer(node.desk, f"{node.desk.node_id}/{besoin}")
        if need.state is not OfferState.NEED:
            return redirect(request, address_of(need), _("This need is over, or has become an offer."), "warning")
        form = form_of(need)
        form.values |= {"besoin": [need.id], "closes": [closes.isoformat()], "network": ["1"]}
        return _show(request, node, form)
    if copie:
        form = form_of(one_offer(node.desk, f"{node.desk.node_id}/{copie}"))
        form.values |= {"closes": [closes.isoformat()], "reference": [""], "revision": []}
        return _show(request, node, form)
    form = Form.of(closes=closes, experience="D", network="1", contract="CDI", answer_days=ANSWER_DAYS)
    return _show(request, node, form)


@router.post("/offres/nouvelle")
def add(request: Request, node: NodeOf, who: EditsOffers, form: Sent) -> Response:
    """Check it, or keep it."""
    tables = node.desk.referential()
    found = act(form, tables)
    if found is not None:
        return _show(request, node, form, found=found, status=422 if form.errors else 200)
    fields = read(form, tables)
    if form.raw("verifier"):
        form.errors.clear()
        return _show(request, node, form, fields, checked=True)
    if form.ok:
        like = None if form.flag("quand_meme") else like_offer(node.desk, fields)
        if like is not None:
            return _show(request, node, form, fields, like=like, checked=True, status=422)
        try:
            made = _keep(node, form, fields, who)
        except BadFields as error:
            blame(form, error.problems)
        except Refused as error:
            form.error("", str(error))
        else:
            return redirect(request, address_of(made), _("The offer is kept. See who fits it."))
    else:
        # All that is to be mended at once, not one round after the other.
        blame(form, check_offer(_sketch(node, fields), tables, node.desk.today()))
    return _show(request, node, form, fields, checked=True, status=422)


def _keep(node: Node, form: Form, fields: Mapping[str, Any], who: Account) -> Offer:
    if need := form.raw("besoin"):
        return make_offer(node.desk, f"{node.desk.node_id}/{need}", fields, who.id, revision=form.whole("revision"))
    return add_offer(node.desk, fields, who.id, proposal=form.raw("proposition"))


@router.get("/offres/{node_id}/{offer_id}/modifier")
def ask_change(request: Request, node: NodeOf, who: EditsOffers, node_id: str, offer_id: str) -> Response:
    """The offer as it is, to be changed."""
    offer = one_offer(node.desk, f"{node_id}/{offer_id}")
    if (refusal := _unchangeable(request, node, offer)) is not None:
        return refusal
    return _show(request, node, form_of(offer), offer=offer)


@router.post("/offres/{node_id}/{offer_id}/modifier")
def change(request: Request, node: NodeOf, who: EditsOffers, form: Sent, node_id: str, offer_id: str) -> Response:
    """Check it, or keep it."""
    tables = node.desk.referential()
    offer = one_offer(node.desk, f"{node_id}/{offer_id}")
    if (refusal := _unchangeable(request, node, offer)) is not None:
        return refusal
    found = act(form, tables)
    if found is not None:
        return _show(request, node, form, found=found, offer=offer, status=422 if form.errors else 200)
    fields = read(form, tables)
    if form.raw("verifier"):
        form.errors.clear()
        return _show(request, node, form, fields, offer=offer, checked=True)
    if form.ok:
        seen = form.whole("revision")
        try:
            kept = edit_offer(node.desk, offer.id, actor=who.id, revision=seen, **fields)
        except BadFields as error:
            blame(form, error.problems)
        except Refused as error:
            form.error("network" if error.problem == "offer_public" else "", str(error))
            form.values["revision"] = [str(offer.revision)]
        else:
            said = _("Nothing was changed.") if kept == offer else _("The offer is changed.")
            return redirect(request, address_of(kept), said)
    return _show(request, node, form, fields, offer=offer, checked=True, status=422)


def _unchangeable(request: Request, node: Node, offer: Offer) -> Response | None:
    if offer.node == node.desk.node_id and offer.state is OfferState.OPEN:
        if len(offer.sites) <= MAX_SITES:
            return None
        said = _("This offer has too many places for a form: change it by its file.")
        return redirect(request, address_of(offer), said, "warning")
    return redirect(request, address_of(offer), _("Only an open offer of your town can be changed."), "warning")


def _show(
    request: Request,
    node: Node,
    form: Form,
    fields: Mapping[str, Any] | None = None,
    *,
    found: Mapping[str, Sequence[Hit]] | None = None,
    offer: Offer | None = None,
    like: Offer | None = None,
    checked: bool = False,
    status: int = 200,
) -> Response:
    return render(
        request,
        "offers/form.html",
        status=status,
        form=form,
        fill=OfferFill(form, node.desk.referential(), dict(found or {})),
        options=options(),
        offer=offer,
        base=address_of(offer) if offer else "",
        like=like,
        like_address=address_of(like) if like else "",
        note=_note_of(node, form.raw("besoin")),
        advice=_advice(node, fields) if checked and fields is not None else None,
    )


def _note_of(node: Node, need: str) -> str:
    """What was said of the need that becomes an offer: beside the form, and not in it."""
    key = f"{node.desk.node_id}/{need}"
    known = offers_named(node.desk, [key]).get(key) if need else None
    return known.note if known is not None else ""


def _advice(node: Node, fields: Mapping[str, Any]) -> dict[str, Any]:
    """What helps to word it: what is missing, what discriminates, the title in both genders."""
    sketch = _sketch(node, fields)
    named = [
        (name, one)
        for name, text in (("title", sketch.title), ("description", sketch.description), ("salary", sketch.salary))
        for one in discriminating(text, sketch.contract)
    ]
    return {"missing": list(missing(sketch)), "named": named, "title": title_for_both(sketch.title)}


def _sketch(node: Node, fields: Mapping[str, Any]) -> Offer:
    """The offer that the form describes so far."""
    return Offer(id="", node=node.desk.node_id, **{**fields, "closes": fields["closes"] or node.desk.today()})
