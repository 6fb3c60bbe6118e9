"""Files of a form that is to be mended: kept a short while, so that nobody has to choose or photograph them again.

Guarantees: they belong to nobody, are shown to nobody, and are destroyed after an hour, when the form is sent, or when
`MOST` newer ones wait. Their number is known to the one who sent them alone.
"""

from datetime import timedelta
from typing import Final

from node.kit.limits import MAX_DOCUMENT_BYTES
from node.mission.people.documents import Document, safe_name
from node.mission.ports import MissionUnitOfWork
from node.services.actors import DEPOSITOR
from node.services.desk import Desk
from node.services.people.documents import Upload

KEPT: Final = timedelta(hours=1)
MOST: Final = 60


def keep_waiting(desk: Desk, upload: Upload) -> Document | None:
    """Keep a file until its form is right; None when it is empty or too large to be kept at all."""
    size = len(upload.content)
    if not 0 < size <= MAX_DOCUMENT_BYTES:
        return None
    document = Document(
        id=desk.new_id(),
        kind=upload.kind,
        name=safe_name(upload.name),
        media_type=upload.media_type,
        size=size,
        sha256="",
        added=desk.now(),
        by=DEPOSITOR,
    )
    with desk.federation.database.write() as uow:
        _purge(uow, desk, MOST - 1)
        uow.documents.add(document, upload.content)
    return document


def look_at_waiting(desk: Desk, document_id: str) -> Document | None:
    """What waits under this number, without its bytes; None for any other document, or after its hour."""
    with desk.federation.database.read() as uow:
        document = uow.documents.get(document_id)
    return document if document is not None and _waits(desk, document) else None


def _waits(desk: Desk, document: Document) -> bool:
    return not document.candidate and not document.deposit and desk.now() - document.added <= KEPT


def take_waiting(desk: Desk, document_id: str) -> Upload | None:
    """What waits under this number; None for any other document, or after its hour."""
    with desk.federation.database.read() as uow:
        document = uow.documents.get(document_id)
        if document is None or not _waits(desk, document):
            return None
        content = uow.documents.content(document_id)
    if content is None:
        return None
    return Upload(document.name, document.media_type, content, document.kind, waited=document_id)


def drop_waiting(desk: Desk, document_id: str) -> None:
    """The form was sent, or the person took the file off."""
    with desk.federation.database.write() as uow:
        document = uow.documents.get(document_id)
        if document is not None and not document.candidate and not document.deposit:
            uow.documents.remove(document_id)


def purge_waiting(desk: Desk) -> int:
    """Destroy those whose hour is over; how many. Called by the scheduler."""
    with desk.federation.database.read() as uow:
        if not any(desk.now() - one.added > KEPT for one in uow.documents.unclaimed()):
            return 0
    with desk.federation.database.write() as uow:
        return _purge(uow, desk, MOST)


def _purge(uow: MissionUnitOfWork, desk: Desk, most: int) -> int:
    waiting = uow.documents.unclaimed()
    late = [one for one in waiting if desk.now() - one.added > KEPT]
    fresh = [one for one in waiting if one not in late]
    gone = late + fresh[: max(0, len(fresh) - most)]
    for one in gone:
        uow.documents.remove(one.id)
    return len(gone)
