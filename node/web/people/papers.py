"""Files and photograph of a person, kept and destroyed, and what is printed of them: CV, card, JSON Resume.

Guarantees: each print and each opened document is written in the trail; a file is read by the confined reader before it
is kept; nothing that is served runs in a browser. Read next: curriculum.py, the part of the file that they stand in;
`services/people/papers.py`.
"""

import json

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from node.documents.card import card_pdf, cards_pdf
from node.documents.contact import contact_of
from node.documents.cv import Layout, cv_pdf
from node.documents.photo import BadPhoto
from node.kit.i18n import gettext as _
from node.mission.accounts.trail import OpenedFor
from node.mission.people.documents import Document, DocumentKind
from node.requests import NodeOf
from node.services.deposits.reading import (
    FileRefused,
    handle,
)
from node.services.desk import Desk
from node.services.people import documents
from node.services.people import files as people
from node.services.people.papers import card_of, cv_of, resume_of
from node.services.people.saving import BadFields
from node.web.frame.forms import Sent
from node.web.frame.pages import redirect
from node.web.people.curriculum import show_cv
from node.web.people.fields import blame
from node.web.people.file_frame import CV, Edits, Reads, address, leave_trace, open_part

router = APIRouter()


@router.post("/candidats/{name}/documents")
def add(request: Request, node: NodeOf, who: Edits, form: Sent, name: str) -> Response:
    """Keep one more file, or another photograph."""
    desk, file = node.desk, form.file("document")
    kind = form.choice("kind", list(DocumentKind), required=True)
    person = people.person_file(desk, name).person
    if file is None:
        form.error("document", _("Choose a file."))
    elif form.ok:
        try:
            taken = handle(desk, file.file.read(), file.filename or "document", DocumentKind.of(kind))
            if kind == DocumentKind.PHOTO:
                if not taken.upload.media_type.startswith("image/"):
                    raise FileRefused(_("This is no photograph: choose a picture."))
                documents.set_photo(desk, person.id, taken.upload, who.id)
            else:
                documents.add_document(desk, person.id, taken.upload, who.id)
        except FileRefused as error:
            form.error("document", str(error))
        except BadFields as error:
            blame(form, error.problems)
        else:
            leave_trace(desk, who, person.id, OpenedFor.EDIT)
            return redirect(request, address(person.id, CV), _("The file is kept."))
    return show_cv(request, node, who, name, form, status=422)


@router.get("/candidats/{name}/documents/{document_id}")
def one(request: Request, node: NodeOf, who: Reads, name: str, document_id: str) -> Response:
    """A document of this person."""
    kept, content = _of_person(node.desk, name, document_id)
    leave_trace(node.desk, who, kept.candidate, OpenedFor.DOCUMENT)
    return serve_document(kept, content)


@router.post("/candidats/{name}/documents/{document_id}/supprimer")
def remove(request: Request, node: NodeOf, who: Edits, name: str, document_id: str) -> Response:
    """Destroy it."""
    kept, _content = _of_person(node.desk, name, document_id)
    documents.remove_document(node.desk, kept.id, who.id)
    leave_trace(node.desk, who, kept.candidate, OpenedFor.EDIT)
    return redirect(request, address(kept.candidate, CV), _("The document is destroyed."))


def _of_person(desk: Desk, name: str, document_id: str) -> tuple[Document, bytes]:
    person = people.person_file(desk, name).person
    kept, content = documents.read_document(desk, document_id)
    if kept.candidate != person.id:
        raise HTTPException(404)
    return kept, content


@router.get("/candidats/{name}/cv/{layout}.pdf")
def curriculum(request: Request, node: NodeOf, who: Reads, name: str, layout: Layout) -> Response:
    """The CV, one page."""
    person = open_part(node.desk, who, name, OpenedFor.PRINT).person
    return _pdf(cv_pdf(cv_of(person, node.desk.referential()), layout, node.desk.today()).pdf, "cv.pdf")


@router.get("/candidats/{name}/carte.pdf")
def card(request: Request, node: NodeOf, who: Reads, name: str, photo: int = 0, quatre: int = 0) -> Response:
    """The card, alone or four to a page; with the photograph when it was ticked."""
    desk = node.desk
    person = open_part(desk, who, name, OpenedFor.PRINT).person
    picture = documents.read_document(desk, person.photo)[1] if photo and person.photo else None
    made = card_of(person, desk.referential(), contact_of(node.config), photo=picture)
    try:
        printed = cards_pdf([made] * 4) if quatre else card_pdf(made)
    except BadPhoto:
        return redirect(request, address(person.id, CV), _("The photograph cannot be printed: add another."), "warning")
    return _pdf(printed.pdf, "carte.pdf")


@router.get("/candidats/{name}/cv.json")
def resume(request: Request, node: NodeOf, who: Reads, name: str) -> Response:
    """JSON Resume."""
    person = open_part(node.desk, who, name, OpenedFor.PRINT).person
    content = json.dumps(resume_of(person, node.desk.referential()), ensure_ascii=False, indent=2)
    return _download(content.encode(), "application/json", "cv.json")


def _pdf(content: bytes, name: str) -> Response:
    return _download(content, "application/pdf", name)


def _download(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)


def serve_document(document: Document, content: bytes) -> Response:
    """A person's document: pictures are shown, all else is downloaded; nothing in it runs."""
    shown = document.media_type in ("image/jpeg", "image/png", "image/webp")
    ending = document.name.rpartition(".")[2]
    name = f"{document.kind.value}.{ending}" if ending.isalnum() and ending.isascii() else document.kind.value
    return Response(
        content,
        media_type=document.media_type,
        headers={
            "Content-Disposition": f'{"inline" if shown else "attachment"}; filename="{name}"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "no-store",
        },
    )
