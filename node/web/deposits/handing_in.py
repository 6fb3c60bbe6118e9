"""« Déposer mon CV »: from the poster's QR code to a deposit, without an account, on a telephone.

Guarantees: the two agreements are separate and never ticked beforehand; what was typed, and the files, come back with
every fault, refusal and wait; a file is read before it is kept, and a picture loses its position; nothing of the person
is in an address or a log line. A hidden field and the time taken tell most robots; nobody is asked to prove anything,
and a person taken for a robot sends the same form again. Read next: files.py.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, BackgroundTasks, Request, Response
from fastapi import Path as InPath
from starlette.exceptions import HTTPException

from node.documents.contact import contact_of
from node.kit.errors import NodeError
from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext
from node.kit.limits import MEGABYTE
from node.kit.logging import get_logger
from node.kit.memory import Room
from node.mission.agreements.consent import AGREEMENT_LASTS, ConsentScope
from node.mission.deposits.deposit import Channel, Deposit, check_deposit
from node.reading.choosing import by_likelihood
from node.reading.shapes import Attachment, Line, ReadDocument
from node.requests import NodeOf
from node.services.deposits import deposits
from node.services.deposits.deposits import Handed
from node.services.deposits.reading import handle
from node.services.deposits.waiting import drop_waiting
from node.services.node import Node
from node.services.people.documents import Upload
from node.services.people.saving import BadFields
from node.web.deposits.files import SentFile, keep_piece, keep_unread, pieces_of, waiting_pieces, weight
from node.web.frame.auth import address_of
from node.web.frame.forms import Form, Sent
from node.web.frame.help_pages import other_members
from node.web.frame.pace import seconds_to_wait
from node.web.frame.pages import redirect, render
from node.web.frame.robots import TRAP, is_hasty, refresh, stamp

router = APIRouter()
log = get_logger(__name__)

A_MINUTE: Final = 20
"""Deposits taken from one network address at once, and in each minute: a job fair behind one box stays below, a robot
does not."""
KEPT_FOR_LATER: Final = 10
"""Files kept at once, and in each ten minutes, for one address whose deposits have to wait."""
ROOM: Final = 30 * MEGABYTE
"""Of files in memory, for all deposits that are taken in at one time: eight photographs, or a hundred CVs."""
SOON: Final = 30
"""Seconds until whoever found no room there sends again."""
_room = Room(ROOM, patience=5)

SourceId = Annotated[str, InPath(max_length=40, pattern=r"^[0-9a-z-]+$")]


@router.get("/deposer")
def form_page(request: Request, node: NodeOf) -> Response:
    """The form."""
    return _page(request, node, Form.of(debut=stamp(node)))


@router.get("/deposer/merci")
def thanks(request: Request, node: NodeOf, rappel: str = "") -> Response:
    """What happens next."""
    _town_only(node)
    return render(request, "deposits/thanks.html", call_back=bool(rappel), mission=contact_of(node.config))


@router.get("/deposer/{source}")
def poster_page(request: Request, node: NodeOf, source: SourceId) -> Response:
    """The form, by a poster's code."""
    return _page(request, node, Form.of(debut=stamp(node)), source)


@router.post("/deposer")
def send(request: Request, node: NodeOf, form: Sent, later: BackgroundTasks) -> Response:
    """Hand it in."""
    return _send(request, node, form, "", later)


@router.post("/deposer/{source}")
def send_by_poster(request: Request, node: NodeOf, source: SourceId, form: Sent, later: BackgroundTasks) -> Response:
    """Hand it in, by a poster's code."""
    return _send(request, node, form, source, later)


def _send(request: Request, node: Node, form: Form, source: str, later: BackgroundTasks) -> Response:
    _town_only(node)
    wait = seconds_to_wait(request, "deposits", address_of(request), node.now(), A_MINUTE, timedelta(minutes=1))
    if wait:
        return _later(request, node, form, source, wait)
    with _room.take(weight(node, form)) as fits:
        if not fits:
            return _later(request, node, form, source, SOON)
        return _take_in(request, node, form, source, later)


def _later(request: Request, node: Node, form: Form, source: str, wait: int) -> Response:
    """Everything is kept, and sent again in so many seconds."""
    window = timedelta(minutes=10)
    if form.files and not seconds_to_wait(
        request, "deposit_files", address_of(request), node.now(), KEPT_FOR_LATER, window
    ):
        keep_unread(node, form)
    return _wait_page(request, node, form, source, wait)


def _take_in(request: Request, node: Node, form: Form, source: str, later: BackgroundTasks) -> Response:
    handed = _handed(form, source)
    for problem in check_deposit(_as_deposit(node, handed)):
        form.error(problem.field, problem.sentence)
    pieces, gone = pieces_of(node, form)
    if not pieces and not gone and not handed.call_back and "fichier" not in form.errors and "photo" not in form.errors:
        form.error("fichier", _("Add your CV, or tick “I wish to be called back” below."))
    if pieces and node.desk.asks_to_keep and not handed.keep:
        form.error("keep", _("We cannot keep your CV without this agreement: tick it, or take the file off."))
    if form.ok and is_hasty(node, form):
        return _page(request, node, form, source, pieces, 422, again=True)
    if form.ok:
        try:
            _hand_in(node, replace(handed, gone=gone), pieces, later)
        except BadFields as error:
            for problem in error.problems:
                form.error("fichier" if problem.field == "document" else problem.field, problem.sentence)
    elif gone:
        form.error("fichier", deposits.gone_sentence())
    if not form.ok:
        return _page(request, node, form, source, pieces, 422)
    return redirect(request, "/deposer/merci", **({"rappel": "1"} if handed.call_back else {}))


def _handed(form: Form, source: str) -> Handed:
    return Handed(
        channel=Channel.QR,
        source=source,
        first_name=form.line("first_name"),
        last_name=form.line("last_name"),
        email=form.line("email"),
        phone=form.line("phone", longest=40),
        message=form.text("message", longest=2000),
        call_back=form.flag("call_back"),
        keep=form.flag("keep"),
        network=form.flag("network"),
    )


def _as_deposit(node: Node, handed: Handed) -> Deposit:
    """For the rules to be asked before a file is read."""
    return Deposit(
        id="",
        received=node.now(),
        channel=handed.channel,
        first_name=handed.first_name,
        last_name=handed.last_name,
        email=handed.email,
        phone=handed.phone,
        message=handed.message,
        call_back=handed.call_back,
    )


def _hand_in(node: Node, handed: Handed, pieces: Sequence[SentFile], later: BackgroundTasks) -> None:
    pieces = _likeliest_first(pieces)
    first = pieces[0] if pieces else None
    uploads = [piece.upload for piece in pieces]
    taken = deposits.hand_in(node.desk, replace(handed, upload=next(iter(uploads), None), others=uploads[1:]))
    for piece in pieces:
        if piece.id:
            drop_waiting(node.desk, piece.id)
    if first is not None and taken.proposal is None:
        if first.reading is not None:
            deposits.keep_proposal(node.desk, taken.id, first.reading.stored())
        else:
            later.add_task(_propose, node, taken.id, first.upload)
    log.info("deposit.taken", channel=taken.channel.value, files=len(pieces))


def _likeliest_first(pieces: Sequence[SentFile]) -> list[SentFile]:
    """People send the letter before the CV. Those that waited were read before, and are told by their names: then so
    are all."""
    is_read = all(piece.reading is not None for piece in pieces)
    told = [Attachment(one.upload.name, b"", _text_of(one) if is_read else ReadDocument()) for one in pieces]
    of_file = {id(file): piece for file, piece in zip(told, pieces, strict=True)}
    return [of_file[id(file)] for file in by_likelihood(told)]


def _text_of(piece: SentFile) -> ReadDocument:
    said = piece.reading.lines if piece.reading is not None else ()
    return ReadDocument(lines=tuple(map(Line, said)))


def _propose(node: Node, deposit_id: str, upload: Upload) -> None:
    """What the document seems to say, once the person has their answer."""
    try:
        read = handle(node.desk, upload.content, upload.name).reading
        deposits.keep_proposal(node.desk, deposit_id, read.stored())
    except NodeError as error:
        log.info("deposit.unread", problem=error.problem)


def _wait_page(request: Request, node: Node, form: Form, source: str, wait: int) -> Response:
    text = ngettext(
        "Many CVs arrive from here at this moment. Wait {count} second, then send again: what you typed is kept.",
        "Many CVs arrive from here at this moment. Wait {count} seconds, then send again: what you typed is kept.",
        wait,
    )
    response = _page(request, node, form, source, waiting_pieces(node, form), 429, wait=text.format(count=wait))
    response.headers["Retry-After"] = str(wait)
    return response


def _page(
    request: Request,
    node: Node,
    form: Form,
    source: str = "",
    pieces: Sequence[SentFile] = (),
    status: int = 200,
    *,
    again: bool = False,
    wait: str = "",
) -> Response:
    _town_only(node)
    refresh(node, form)
    pieces = [piece if piece.id else keep_piece(node, piece) for piece in pieces]
    poster = deposits.source(node.desk, source) if source else None
    return render(
        request,
        "deposits/deposit.html",
        status=status,
        headers={"X-Robots-Tag": "noindex"} if source else None,
        form=form,
        action=f"/deposer/{source}" if source else "/deposer",
        poster=poster,
        pieces=pieces,
        trap=TRAP,
        again=again,
        wait=wait,
        mission=contact_of(node.config),
        asks_to_keep=node.desk.asks_to_keep,
        ends=node.desk.today() + AGREEMENT_LASTS[ConsentScope.NETWORK],
        k=node.config.publication.k,
        members=other_members(node, coordinator=False),
    )


def _town_only(node: Node) -> None:
    """Employers and coordinators receive nobody."""
    if node.config.node.role != "town":
        raise HTTPException(404)
