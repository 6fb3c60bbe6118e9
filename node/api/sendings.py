"""`/api/v1/sendings`: mails and letters to employers of the town, by which people are put forward."""

from typing import Annotated, Literal

from fastapi import APIRouter, Response, status
from pydantic import Field

from node.api.errors import Problem
from node.api.inputs import Body, LimitQuery, Line, Name, Text
from node.documents.contact import contact_of
from node.mission.accounts.trail import PROGRAM, OpenedFor
from node.mission.employers.sending import MOST, Sending, SendingContact, SendingWay
from node.requests import NodeOf
from node.schemas.sendings import SendingFileOut, SendingList
from node.services.accounts import trail
from node.services.employers import letters, sending, telling
from node.services.employers.sending import ToSend
from node.services.node import Node

router = APIRouter(prefix="/sendings", tags=["sendings"])

_PDF = {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
_GONE = {"model": Problem, "description": "Gone"}


class SendingIn(Body):
    """One mail or letter with up to five people who are put forward for one offer of the town."""

    forwards: Annotated[tuple[Line, ...], Field(min_length=1, max_length=MOST, strict=False)]
    """Drafts, which are sent with it, or what was sent before."""
    way: Literal["mail", "letter"]
    name: Line = ""
    """Whom it is for."""
    email: Annotated[Line, Field(max_length=254)] = ""
    """Of a mail."""
    address: Annotated[Text, Field(max_length=300)] = ""
    """The lines of a letter."""
    with_cvs: bool = False
    """Whether the CVs go with the mail; else they stand behind its link."""

    def wanted(self) -> ToSend:
        contact = SendingContact(name=self.name, email=self.email, address=self.address)
        return ToSend(way=SendingWay.of(self.way), contact=contact, with_cvs=self.with_cvs)


class ToldIn(Body):
    """Of whom the employer was asked to destroy the CV."""

    forwards: Annotated[tuple[Line, ...], Field(min_length=1, max_length=MOST, strict=False)]


@router.get("")
def list_sendings(node: NodeOf, limit: LimitQuery = 50) -> SendingList:
    """Newest first."""
    trail.lists_by_program(node.desk)
    found = sending.newest_sendings(node.desk, limit)
    return SendingList.of(found.rows, found.count)


@router.post("", status_code=status.HTTP_201_CREATED)
def create_sending(node: NodeOf, body: SendingIn, response: Response) -> SendingFileOut:
    """Put them forward to the employer, all or nobody. A mail leaves at once where that is possible (`mailed`), else it
    is tried again by itself; a letter is then printed with `letter`."""
    made = telling.send_off(node, body.forwards, body.wanted(), PROGRAM)
    response.headers["Location"] = f"/api/v1/sendings/{made.id}"
    return _shown(node, made, OpenedFor.FORWARD)


@router.get("/{name}")
def get_sending(node: NodeOf, name: Name) -> SendingFileOut:
    """One sending: its people, and what the employer wrote."""
    return _shown(node, sending.sending_file(node.desk, name).sending, OpenedFor.READ)


@router.post("/{name}/letter", response_class=Response, responses={200: _PDF, 410: _GONE})
def print_letter(node: NodeOf, name: Name) -> Response:
    """The letter with its CVs, as a PDF. Each print has a link of its own."""
    pdf = letters.print_letter(node.desk, name, contact_of(node.config))
    _trace(node, name, OpenedFor.PRINT)
    return Response(pdf, media_type="application/pdf")


@router.post("/{name}/mail")
def mail_again(node: NodeOf, name: Name) -> SendingFileOut:
    """Try a mail that has not left once more, at once."""
    return _shown(node, telling.send_again(node, name), OpenedFor.FORWARD)


@router.post("/{name}/end")
def end_sending(node: NodeOf, name: Name) -> SendingFileOut:
    """Its links open nothing any more; the people stay put forward."""
    return _shown(node, sending.end(node.desk, name), OpenedFor.FORWARD)


@router.post("/{name}/destruction", response_class=Response, responses={200: _PDF, 410: _GONE})
def print_destruction(node: NodeOf, name: Name) -> Response:
    """The letter that asks the employer to destroy the CVs of whoever was withdrawn, as a PDF."""
    pdf = letters.print_destruction(node.desk, name, contact_of(node.config))
    _trace(node, name, OpenedFor.PRINT)
    return Response(pdf, media_type="application/pdf")


@router.post("/{name}/told")
def note_told(node: NodeOf, name: Name, body: ToldIn) -> SendingFileOut:
    """The employer was asked to destroy them."""
    sending.note_told(node.desk, name, set(body.forwards))
    return _shown(node, sending.sending_file(node.desk, name).sending, OpenedFor.FORWARD)


@router.post("/{name}/words/{word}/settle")
def settle_word(node: NodeOf, name: Name, word: Name) -> SendingFileOut:
    """What the employer wrote is dealt with. Noting an answer of a local employer does it by itself."""
    sending.settle_word(node.desk, name, word, PROGRAM)
    return _shown(node, sending.sending_file(node.desk, name).sending, OpenedFor.FORWARD)


def _shown(node: Node, shown: Sending, what: OpenedFor) -> SendingFileOut:
    _trace(node, shown.id, what)
    return SendingFileOut.of_file(sending.sending_file(node.desk, shown.id))


def _trace(node: Node, name: str, what: OpenedFor) -> None:
    people = sending.sending_file(node.desk, name).people
    trail.by_program(node.desk, [one.person.id for one in people if one.person is not None], what)
