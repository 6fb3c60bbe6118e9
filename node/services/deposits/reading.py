"""A file that somebody hands in: read by the confined reader, and what it seems to say.

Guarantees: what may not be kept is refused with a sentence that says what to do; a picture is kept as it was made anew,
without its position or camera; what was read is a proposal, and no more (see `deposits.accept_deposit`).

`handle` a file, hand its `upload` in, and `keep_proposal(..., handled.reading.stored())`; `reading_of` gives it back
from the deposit. Read next: `waiting.py`, files of a form that is not right yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec import structs

from node.kit.errors import BadInput
from node.kit.limits import MAX_DOCUMENT_BYTES, too_large
from node.mission.deposits.deposit import MAX_PROPOSAL_BYTES, Deposit
from node.mission.people.documents import DocumentKind
from node.reading.choosing import by_likelihood
from node.reading.problems import Fault
from node.reading.proposals import Proposal
from node.reading.proposing import Proposer, by_message
from node.reading.reading import read_document
from node.reading.shapes import Kind, ReadDocument
from node.services.desk import Desk
from node.services.people.documents import Upload

if TYPE_CHECKING:
    from node.referential import Referential

MEDIA_TYPES: Final[Mapping[Kind, str]] = {
    Kind.PDF: "application/pdf",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.ODT: "application/vnd.oasis.opendocument.text",
    Kind.IMAGE: "image/jpeg",
    Kind.JSON_RESUME: "application/json",
    Kind.TEXT: "text/plain",
}
"""What a kept file is served as, by what it was found to be."""

MOST_FILES: Final = 5
"""Files of one message that are kept."""

_LEAST_PHOTOGRAPH: Final = 50_000
"""Bytes: what is less is a logo."""

_lock = Lock()
_held: "tuple[Referential, Proposer] | None" = None


class FileRefused(BadInput):
    """This file cannot be kept; the sentence says why, and what to do."""

    problem = "file_refused"


class FilesBusy(FileRefused):
    """Too many files are being read: this one may be sent again as it is."""

    problem = "files_busy"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document seems to say. `lines` are its text, to which `at` of each field points (empty when it is too long
    to be kept); `problem` says why a person must type what the document says, None when it was read."""

    proposal: Proposal
    lines: tuple[str, ...] = ()
    problem: Fault | None = None

    def stored(self) -> dict[str, Any]:
        """As JSON values, for `deposits.keep_proposal`; without the lines, then without the jobs' tasks, when all of it
        is too long."""
        bare = replace(self.proposal, experiences=tuple(replace(job, tasks=()) for job in self.proposal.experiences))
        versions = [(self.proposal, self.lines), (self.proposal, ()), (bare, ())]
        stored: dict[str, Any] = {}
        for proposal, lines in versions:
            stored = {
                "fields": msgspec.to_builtins(proposal),
                "lines": list(lines),
                "problem": self.problem.value if self.problem else "",
            }
            if len(msgspec.json.encode(stored)) <= MAX_PROPOSAL_BYTES:
                break
        return stored


@dataclass(frozen=True, slots=True)
class Handled:
    """A file that may be kept, and what it seems to say."""

    upload: Upload
    reading: Reading


def handle(desk: Desk, content: bytes, name: str, kind: DocumentKind = DocumentKind.CV) -> Handled:
    """Read one file. Takes up to half a minute: outside of any transaction. Raises FileRefused, FilesBusy."""
    return handled(desk, content, name, read_document(content, name), kind)


def handled(desk: Desk, content: bytes, name: str, read: ReadDocument, kind: DocumentKind = DocumentKind.CV) -> Handled:
    """As `handle`, for a file that was read already (an attachment)."""
    problem = read.problem
    if problem is None and read.kind not in MEDIA_TYPES:
        problem = Fault.UNSUPPORTED
    if problem is not None and problem.refuses:
        raise (FilesBusy if problem is Fault.BUSY else FileRefused)(problem.sentence)
    if read.kind is Kind.IMAGE:
        stem, dot, _ending = name.rpartition(".")
        content, name = read.image, f"{stem if dot else name or 'photo'}.jpg"
    upload = Upload(name=name or "cv", media_type=MEDIA_TYPES[read.kind], content=content, kind=kind)
    proposal = propose(desk.referential(), read, desk.today())
    return Handled(upload, Reading(proposal, tuple(line.text for line in read.lines), problem))


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A file of an e-mail of which nothing was read, and what a person is told about it."""

    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class TakenApart:
    """What somebody brought: a file, or an e-mail taken apart.

    `cv` is the file that is the CV, None when the message itself says what there is; `others` are kept beside it;
    `reading` is what the CV, or else the message, seems to say, with the sender's address where it names none. `chosen`
    is the name of the file from which the proposal comes, empty when it is the message; `unread` are files that could
    not be opened, or in which no text was found. The mailbox takes a message without files; the desk asks for one."""

    cv: Upload | None
    others: tuple[Upload, ...]
    reading: Reading
    chosen: str = ""
    unread: tuple[UnreadFile, ...] = ()
    is_mail: bool = True


def look_into(desk: Desk, content: bytes, name: str) -> TakenApart:
    """A file as somebody brings it, a CV or an e-mail with one. Takes up to half a minute. Raises FileRefused,
    FilesBusy."""
    read = read_document(content, name)
    if read.kind is Kind.EMAIL and read.problem is None:
        return take_apart(desk, read)
    one = handled(desk, content, name, read)
    return TakenApart(one.upload, (), one.reading, is_mail=False)


def take_apart(desk: Desk, read: ReadDocument) -> TakenApart:
    """What a message that was read brings, whoever hands it in: not a logo, not what cannot be opened, at most
    `MOST_FILES`, the likeliest CV first. Raises FilesBusy while any of its files could not be looked at: the CV may be
    that one, so that the whole message is to come again."""
    if any(one.document is not None and one.document.problem is Fault.BUSY for one in read.attachments):
        raise FilesBusy(Fault.BUSY.sentence)
    found: list[tuple[str, Handled]] = []
    pictures: list[tuple[str, Handled]] = []
    unread: list[UnreadFile] = []
    for one in by_likelihood(read.attachments):
        if one.document is None or len(found) >= MOST_FILES:
            continue
        try:
            file = handled(desk, one.data, one.name, one.document)
        except FileRefused as error:
            if not one.inline:
                unread.append(UnreadFile(one.name, str(error)))
            continue
        if not 0 < len(file.upload.content) <= MAX_DOCUMENT_BYTES:
            unread.append(UnreadFile(one.name, too_large()))
        elif one.inline and not file.reading.lines:
            pictures += [(one.name, file)] if len(one.data) >= _LEAST_PHOTOGRAPH else []
        else:
            found.append((one.name, file))
    # A telephone shows the photograph of a CV within the text, as programs show a logo.
    found = found or pictures[:MOST_FILES]
    unread += [UnreadFile(name, one.reading.problem.sentence) for name, one in found if one.reading.problem is not None]
    chosen, said = next(((name, one.reading) for name, one in found if one.reading.lines), ("", None))
    if said is None:
        # Many people write their CV into the message. A picture that nobody could read is kept, and says so.
        alone = structs.replace(read, attachments=())
        said = Reading(propose(desk.referential(), alone, desk.today()), tuple(line.text for line in read.lines))
    problem = found[0][1].reading.problem if found else None
    texts = sum(bool(one.reading.lines) for _, one in found)
    reading = Reading(by_message(said.proposal, read.sender, texts), said.lines, problem)
    uploads = [one.upload for _, one in found]
    return TakenApart(uploads[0] if uploads else None, tuple(uploads[1:]), reading, chosen, tuple(unread))


def reading_of(deposit: Deposit) -> Reading | None:
    """What was read in the deposit's document; None when nothing was, or an earlier version of this program read it."""
    if deposit.proposal is None:
        return None
    values = deposit.proposal
    try:
        proposal = msgspec.convert(values.get("fields"), Proposal)
        lines = msgspec.convert(values.get("lines", ()), tuple[str, ...])
    except msgspec.ValidationError:
        return None
    code = values.get("problem", "")
    return Reading(proposal, lines, Fault(code) if code in set(Fault) else None)


def propose(referential: "Referential", read: ReadDocument, today: date) -> Proposal:
    """The proposal. What it needs to know of the reference tables is made once for them."""
    global _held
    with _lock:
        if _held is None or _held[0] is not referential:
            _held = referential, Proposer(referential)
        proposer = _held[1]
    return proposer.propose(read, today)
