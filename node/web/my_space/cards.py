"""The card « Un visage pour l'emploi »: made in the person's space, printed, shared by a link.

Guarantees: nothing is on a card that the person did not put there, but with their counsellor (people/cards.py); what is
shared is not to be found by search engines, nor kept by a cache, and its address is told to no other site. Read next:
people/card_form.py; node/services/people/cards.py.
"""

from dataclasses import replace
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from node.documents.card import Card, card_pdf, cards_pdf
from node.documents.contact import contact_of
from node.kit.i18n import gettext as _
from node.kit.phone import shown as shown_phone
from node.mission.people.candidate import Candidate
from node.requests import NodeOf
from node.services.actors import BY_PERSON
from node.services.my_space.my_space import own_file
from node.services.node import Node
from node.services.people import cards, files
from node.services.people.papers import card_of
from node.services.people.saving import BadFields
from node.web.frame.auth import OwnSpace
from node.web.frame.forms import Form, Sent
from node.web.frame.headers import UNFOUND
from node.web.frame.pages import redirect, render
from node.web.my_space.pages import tabs
from node.web.people import card_form

router = APIRouter()

DAYS: Final = ("7", "30", "90", "365")
"""For how long a card may be shared at once."""


@router.get("/mon-espace/carte")
def card_page(request: Request, node: NodeOf, person: OwnSpace) -> Response:
    """Make it, see it, share it."""
    known = own_file(node.desk, person).person
    return _page(request, node, known, card_form.form_of(known, node.desk.referential()))


def _page(
    request: Request, node: Node, person: Candidate, form: Form, status: int = 200, *, shared: str = ""
) -> Response:
    return render(
        request,
        "my_space/card.html",
        status=status,
        tabs=tabs("/mon-espace/carte"),
        photo=person.photo,
        until=cards.shared_until(node.desk, person.id),
        days=list(zip(DAYS, (_("One week"), _("One month"), _("Three months"), _("One year")), strict=True)),
        shared=shared,
        **card_form.context_of(form, _card(node, person, None), node.desk.referential()),
    )


@router.post("/mon-espace/carte")
def save(request: Request, node: NodeOf, person: OwnSpace, form: Sent) -> Response:
    """Keep what the person says of themself, and the photograph that they chose."""
    known = own_file(node.desk, person).person
    values = card_form.read(form, known, node.desk.referential())
    photo = card_form.read_photo(form)
    if form.ok:
        try:
            card_form.keep_photo(node.desk, files.amend_own(node.desk, person, values), photo, form, BY_PERSON)
        except BadFields as error:
            card_form.blame(form, error.problems)
    if not form.ok:
        return _page(request, node, known, form, 422)
    return redirect(request, "/mon-espace/carte", _("Your card is saved."))


@router.get("/mon-espace/carte/photo")
def own_photo(node: NodeOf, person: OwnSpace) -> Response:
    """The photograph on the person's card."""
    return _picture(cards.own_card(node.desk, person)[1])


@router.get("/mon-espace/carte.pdf")
def one_card(node: NodeOf, person: OwnSpace, contact: str = "") -> Response:
    """One card, A5; with the person's own telephone or e-mail when they ask for it."""
    return _pdf(card_pdf(_own(node, person, contact)).pdf, "ma-carte.pdf")


@router.get("/mon-espace/cartes.pdf")
def four_cards(node: NodeOf, person: OwnSpace, contact: str = "") -> Response:
    """Four on a page, to be cut."""
    return _pdf(cards_pdf([_own(node, person, contact)] * 4).pdf, "mes-cartes.pdf")


def _own(node: Node, person: str, contact: str) -> Card:
    known, photo = cards.own_card(node.desk, person)
    own = {"telephone": shown_phone(known.phone), "courriel": known.email}.get(contact, "")
    return replace(_card(node, known, photo), own_contact=own)


def _card(node: Node, person: Candidate, photo: bytes | None) -> Card:
    return card_of(person, node.desk.referential(), contact_of(node.config), photo=photo)


@router.post("/mon-espace/carte/partager")
def share(request: Request, node: NodeOf, person: OwnSpace, form: Sent) -> Response:
    """A new link, shown once."""
    days = form.choice("days", DAYS, required=True)
    known = own_file(node.desk, person).person
    if not form.ok:
        return _page(request, node, known, form, 422)
    url = cards.card_url(node.desk, cards.share(node.desk, person, int(days)))
    shown = card_form.form_of(known, node.desk.referential())
    shown.values["days"] = [days]
    return _page(request, node, known, shown, shared=url)


@router.post("/mon-espace/carte/reprendre")
def take_back(request: Request, node: NodeOf, person: OwnSpace) -> Response:
    """The link shows nothing any more."""
    cards.take_back(node.desk, person)
    return redirect(request, "/mon-espace/carte", _("Your card is not shared any more."))


# What a shared link shows.


@router.get("/carte/{token}")
def shared_card(request: Request, node: NodeOf, token: str) -> Response:
    """The card, to whoever has the link."""
    person, photo = cards.shared_card(node.desk, token)
    return render(
        request,
        "my_space/shared_card.html",
        headers=UNFOUND,
        card=_card(node, person, photo),
        token=token,
        mission=contact_of(node.config),
    )


@router.get("/carte/{token}/photo")
def shared_photo(node: NodeOf, token: str) -> Response:
    """Its photograph."""
    return _picture(cards.shared_card(node.desk, token)[1])


@router.get("/carte/{token}/carte.pdf")
def shared_pdf(node: NodeOf, token: str) -> Response:
    """To print it."""
    person, photo = cards.shared_card(node.desk, token)
    return _pdf(card_pdf(_card(node, person, photo)).pdf, "carte.pdf")


def _picture(photo: bytes | None) -> Response:
    if photo is None:
        raise HTTPException(404)
    return Response(photo, media_type="image/jpeg", headers=UNFOUND)


def _pdf(pdf: bytes, name: str) -> Response:
    headers = UNFOUND | {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(pdf, media_type="application/pdf", headers=headers)
