"""The card « Un visage pour l'emploi »: made in the person's space, printed, shared by a link.

Guarantees: nothing is on a card that the person did not put there; a photograph is made anew before it is kept; what is
shared is not to be found by search engines, nor kept by a cache, and its address is told to no other site. Read next:
node/services/cards.py.
"""

from dataclasses import replace
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from node.api.security import NodeOf
from node.app import Node
from node.documents.card import Card, card_pdf, cards_pdf
from node.documents.photo import BadPhoto, portrait
from node.i18n import gettext as _
from node.mission.candidates import Candidate
from node.mission.person_rules import MAX_WORDS
from node.mission.reception import MAX_DOCUMENT_BYTES, DocumentKind
from node.services import cards
from node.services.my_space import own_file
from node.services.reception import people
from node.services.reception.common import BY_PERSON, BadFields
from node.services.reception.documents import Upload, remove_document, set_photo
from node.services.reception.papers import card_of
from node.web.auth import OwnSpace
from node.web.forms import Form, Sent
from node.web.mission_contact import contact_of
from node.web.my_space_pages import tabs
from node.web.pages import redirect, render

router = APIRouter()

PHOTO_SIZE: Final = (840, 1050)
"""Twice what is printed, so that it may be printed larger one day."""
QUALITIES: Final = (
    "Ponctuel·le",
    "Sérieux·se",
    "Calme",
    "Dynamique",
    "Polyvalent·e",
    "Autonome",
    "Esprit d'équipe",
    "Sens du contact",
    "Organisé·e",
    "Rigoureux·se",
    "Débrouillard·e",
    "À l'écoute",
    "Patient·e",
    "Persévérant·e",
    "Créatif·ve",
    "Envie d'apprendre",
)
"""To choose among; whatever else fits a person is typed."""
DAYS: Final = ("7", "30", "90", "365")
"""For how long a card may be shared at once."""
UNFOUND: Final = {
    "X-Robots-Tag": "noindex, nofollow, noarchive, nosnippet, noimageindex",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}
"""Headers of whatever a shared link shows."""


@router.get("/mon-espace/carte")
def card_page(request: Request, node: NodeOf, person: OwnSpace) -> Response:
    """Make it, see it, share it."""
    known = own_file(node.desk, person).person
    return _page(request, node, known, _form_of(known))


def _form_of(person: Candidate) -> Form:
    return Form.of(
        qualities=[one for one in person.qualities if one in QUALITIES],
        others="\n".join(one for one in person.qualities if one not in QUALITIES),
        words=person.words,
        days="30",
        contact="mission",
    )


def _page(
    request: Request, node: Node, person: Candidate, form: Form, status: int = 200, *, shared: str = ""
) -> Response:
    return render(
        request,
        "my_card.html",
        status=status,
        tabs=tabs("/mon-espace/carte"),
        form=form,
        card=_card(node, person, None),
        photo=person.photo,
        qualities=[(one, one) for one in QUALITIES],
        until=cards.shared_until(node.desk, person.id),
        days=list(zip(DAYS, (_("One week"), _("One month"), _("Three months"), _("One year")), strict=True)),
        shared=shared,
    )


@router.post("/mon-espace/carte")
def save(request: Request, node: NodeOf, person: OwnSpace, form: Sent) -> Response:
    """Keep what the person says of themself, and the photograph that they chose."""
    others = [" ".join(line.split()) for line in form.text("others", longest=1000).split("\n")]
    chosen = [one for one in QUALITIES if one in form.choices("qualities", QUALITIES)]
    values = {
        "qualities": tuple(dict.fromkeys([*chosen, *filter(None, others)])),
        "words": form.text("words", longest=MAX_WORDS),
    }
    photo = _photo(form)
    if form.ok:
        try:
            known = people.amend_own(node.desk, person, values)
            if photo is not None:
                set_photo(node.desk, person, photo, BY_PERSON)
            elif form.flag("no_photo") and known.photo:
                remove_document(node.desk, known.photo, BY_PERSON)
        except BadFields as error:
            for problem in error.problems:
                field = {"qualities": "others", "document": "photo"}.get(problem.field, problem.field)
                form.error(field, problem.sentence)
    if not form.ok:
        return _page(request, node, own_file(node.desk, person).person, form, 422)
    return redirect(request, "/mon-espace/carte", _("Your card is saved."))


def _photo(form: Form) -> Upload | None:
    file = form.file("photo")
    if file is None:
        return None
    content = file.file.read(MAX_DOCUMENT_BYTES + 1)
    try:
        if len(content) > MAX_DOCUMENT_BYTES:
            raise BadPhoto("too large")
        made = portrait(content, *PHOTO_SIZE)
    except BadPhoto:
        form.error(
            "photo", _("This is no photograph that we can use: take a JPEG, PNG or WebP picture of 10 MB at most.")
        )
        return None
    return Upload("photo.jpg", "image/jpeg", made, DocumentKind.PHOTO)


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
    own = {"telephone": known.phone, "courriel": known.email}.get(contact, "")
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
    shown = _form_of(known)
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
        "card.html",
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
