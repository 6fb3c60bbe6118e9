"""Files of a person: kept, read, destroyed.

Guarantees: the same bytes are kept once a person; a person's files have a cap in size and number; removal destroys the
bytes. What a file is was found out before by `node/reading`: here it is bytes with a media type.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from node.kit.errors import NotFound
from node.kit.i18n import gettext as _
from node.kit.limits import MAX_DOCUMENT_BYTES, too_large
from node.mission.people.documents import MAX_BYTES_A_PERSON, MAX_DOCUMENTS_A_PERSON, Document, DocumentKind, safe_name
from node.mission.people.history import Occasion
from node.mission.people.rules import FieldProblem
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk
from node.services.people.finding import find_candidate
from node.services.people.saving import BadFields, history_line, save


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was handed in: its name, media type, and bytes. `waited` is its number while its form was mended
    (`deposits/waiting.py`), empty for a file that came at once."""

    name: str
    media_type: str
    content: bytes
    kind: DocumentKind = DocumentKind.CV
    waited: str = ""


def add_document(desk: Desk, name: str, upload: Upload, actor: str) -> Document:
    """Keep a file of a person; the document that is there already when it has the same bytes. Raises NotFound,
    BadFields (empty, too large, too many)."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        person = find_candidate(uow, name)
        document, is_new = keep(uow, desk, upload, actor, candidate=person.id)
        if is_new:
            uow.files.record([history_line(person.id, now, actor, Occasion.DOCUMENT_ADDED, document.kind.label)])
        return document


def set_photo(desk: Desk, name: str, upload: Upload, actor: str) -> Document:
    """The photograph that the person chose, instead of the one before, whose bytes are destroyed. Raises NotFound,
    BadFields."""
    with desk.federation.database.write() as uow:
        person = find_candidate(uow, name)
        document, _new = keep(uow, desk, replace(upload, kind=DocumentKind.PHOTO), actor, candidate=person.id)
        save(uow, person, replace(person, photo=document.id), desk.now(), actor)
        before = uow.documents.get(person.photo) if person.photo != document.id else None
        if before is not None and before.kind is DocumentKind.PHOTO:
            uow.documents.remove(before.id)
        return document


def keep(
    uow: MissionUnitOfWork, desk: Desk, upload: Upload, actor: str, *, candidate: str = "", deposit: str = ""
) -> tuple[Document, bool]:
    """Keep a file of a person or of a deposit, in the caller's unit of work; and whether it is new. One that waited
    keeps its number."""
    size = len(upload.content)
    if size == 0:
        raise BadFields([FieldProblem("document", _("This file is empty: choose another one."))])
    if size > MAX_DOCUMENT_BYTES:
        raise BadFields([FieldProblem("document", too_large())])
    known = uow.documents.of_candidate(candidate) if candidate else uow.documents.of_deposit(deposit)
    digest = hashlib.sha256(upload.content).hexdigest()
    for document in known:
        if document.sha256 == digest:
            return document, False
    if len(known) >= MAX_DOCUMENTS_A_PERSON or sum(one.size for one in known) + size > MAX_BYTES_A_PERSON:
        raise BadFields([FieldProblem("document", _("This person has too many files: remove one first."))])
    waiting = uow.documents.get(upload.waited) if upload.waited else None
    waits = waiting is not None and not waiting.candidate and not waiting.deposit
    if waits:
        uow.documents.remove(upload.waited)
    document = Document(
        id=upload.waited if waits else desk.new_id(),
        candidate=candidate,
        deposit=deposit,
        kind=upload.kind,
        name=safe_name(upload.name),
        media_type=upload.media_type,
        size=size,
        sha256=digest,
        added=desk.now(),
        by=actor,
    )
    uow.documents.add(document, upload.content)
    return document, True


def documents_of(desk: Desk, person: str) -> Sequence[Document]:
    """The documents kept of a person, by their id, oldest first."""
    with desk.federation.database.read() as uow:
        return uow.documents.of_candidate(person)


def read_document(desk: Desk, document_id: str) -> tuple[Document, bytes]:
    """A document and its bytes; NotFound."""
    with desk.federation.database.read() as uow:
        document, content = uow.documents.get(document_id), uow.documents.content(document_id)
    if document is None or content is None:
        raise NotFound(_("This document is not here any more."))
    return document, content


def remove_document(desk: Desk, document_id: str, actor: str) -> None:
    """Destroy a person's document, and forget it wherever it was named. Removing it twice does nothing."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        document = uow.documents.get(document_id)
        if document is None:
            return
        uow.documents.remove(document_id)
        if document.candidate:
            person = find_candidate(uow, document.candidate)
            after = replace(person, photo="") if person.photo == document_id else person
            _forget(uow, document)
            removed = history_line(person.id, now, actor, Occasion.DOCUMENT_REMOVED, before=document.kind.label)
            save(uow, person, after, now, actor, removed)


def _forget(uow: MissionUnitOfWork, document: Document) -> None:
    """No place in a workshop and no deposit names the document any more."""
    for workshop in uow.workshops.of_candidate(document.candidate):
        places = tuple(
            replace(
                place,
                cv_before="" if place.cv_before == document.id else place.cv_before,
                cv_after="" if place.cv_after == document.id else place.cv_after,
            )
            for place in workshop.places
        )
        if places != workshop.places:
            uow.workshops.save(replace(workshop, places=places))
    for deposit in uow.deposits.of_candidate(document.candidate):
        if deposit.document == document.id:
            uow.deposits.save(replace(deposit, document=""))
