"""/employeur/{token}: an employer sees who is put forward, reads the CVs, and answers, by a sending's private link;
/candidatures: whoever has an account for their house finds what it was sent, and answers on the same pages.

Guarantees: a GET changes nothing, so that scanners of mails open what they like: the CVs open after a button, and an
answer is a form, and so is its correction; each page works on a telephone and without a script, is not to be found by
search engines, and its address is told to no other site. Whoever comes too late, or second, is told so, with the
mission's telephone. Read next: `web/forwards/yes_if.py`, `services/employers/answering.py`.
"""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi import Path as InPath
from starlette.exceptions import HTTPException

from node.documents.contact import contact_of
from node.documents.cv import Layout, cv_pdf
from node.kit.errors import NodeError, NotFound
from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.employers.codes import shown_code
from node.mission.forwards.forward import NO_WORDS, ForwardState, Words
from node.mission.forwards.moves import MAX_TEXT, reasons_for
from node.mission.forwards.terms import GUARANTEE_SAYS, Check, Reason
from node.mission.offers.offer import Offer
from node.requests import NodeOf
from node.services.desk import Gone, Refused
from node.services.employers import answering
from node.services.employers.answering import LinkAnswer, OpenedLink, PersonShown
from node.services.forwards.conditions import thing_asked
from node.services.node import Node
from node.services.people.papers import cv_of
from node.web.forwards.steps import TONES
from node.web.forwards.yes_if import choices, read_condition
from node.web.frame.auth import address_of, require, visitor_of
from node.web.frame.forms import Form, Sent, labelled
from node.web.frame.headers import UNFOUND
from node.web.frame.pace import seconds_to_wait
from node.web.frame.pages import redirect, render

router = APIRouter()

A_MINUTE: Final = 60
"""Pages for one network address at once, and in each minute."""
A_YEAR: Final = timedelta(days=365)

CODES: Final = {
    "entretien": ForwardState.INTERVIEW,
    "embauche": ForwardState.HIRED,
    "oui-si": ForwardState.CONDITIONAL,
    "refus": ForwardState.DECLINED,
}
"""The answers, as addresses have them."""
_BLAMED: Final = {ForwardState.DECLINED: "to_candidate", ForwardState.CONDITIONAL: "text"}
"""Where the form of an answer shows what was refused of it."""

Token = Annotated[str, InPath(max_length=100)]
Number = Annotated[int, InPath(ge=1, le=9)]


@router.get("/candidatures")
def received(
    request: Request, node: NodeOf, who: Annotated[Account, Depends(require(Permission.ANSWER_SENDINGS))]
) -> Response:
    """What an employer with an account was sent."""
    return render(
        request,
        "employers/received.html",
        headers=dict(UNFOUND),
        sendings=answering.received(node.desk, who),
        employer=who.employer,
        tones=TONES,
        mission=contact_of(node.config),
    )


@router.get("/employeur/{token}")
def page(request: Request, node: NodeOf, token: Token) -> Response:
    """Whom the mission puts forward."""
    try:
        return _page(
            request, node, token, answering.open_link(node.desk, _paced(request, node, token), _house(request))
        )
    except (NotFound, Gone) as error:
        return _closed(request, node, error)


@router.post("/employeur/{token}/cv")
def open_cvs(request: Request, node: NodeOf, token: Token) -> Response:
    """The CVs are read from now on."""
    try:
        answering.open_cvs(node.desk, _paced(request, node, token), _house(request))
    except (NotFound, Gone) as error:
        return _closed(request, node, error)
    return _go(request, f"/employeur/{token}")


@router.get("/employeur/{token}/{number}/cv.pdf")
def curriculum(request: Request, node: NodeOf, token: Token, number: Number) -> Response:
    """One CV, once somebody pressed the button."""
    try:
        one = answering.open_link(node.desk, _paced(request, node, token), _house(request)).person(number)
    except (NotFound, Gone) as error:
        return _closed(request, node, error)
    if not one.shows_cv or one.person is None:
        return _go(request, f"/employeur/{token}")
    pdf = cv_pdf(cv_of(one.person, node.desk.referential()), Layout.PLAIN, node.desk.today()).pdf
    headers = UNFOUND | {"Content-Disposition": f'inline; filename="cv-{number}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


@router.get("/employeur/{token}/{number}/reponse")
def answered(request: Request, node: NodeOf, token: Token, number: Number) -> Response:
    """What was answered, and what happens next."""
    try:
        opened = answering.open_link(node.desk, _paced(request, node, token), _house(request))
        one = opened.person(number)
    except (NotFound, Gone) as error:
        return _closed(request, node, error)
    if one.answer is None:
        return _go(request, f"/employeur/{token}")
    lacking = [_skill(node, code) for code in one.answer.lacking]
    return _render(request, node, "employers/answered.html", opened, token, one=one, lacking=lacking)


@router.post("/employeur/{token}/{number}/corriger")
def take_back(request: Request, node: NodeOf, token: Token, number: Number, form: Sent) -> Response:
    """It was a mistake: the answer is asked for anew."""
    try:
        seen = form.whole("seen", most=10_000) or 0
        answering.take_back(node.desk, _paced(request, node, token), number, seen, _house(request))
    except (NotFound, Gone) as error:
        return _closed(request, node, error)
    except Refused as error:
        return _go(request, f"/employeur/{token}/{number}/reponse", str(error), "warning")
    text = _("Your answer is taken back: give the right one here.")
    return _go(request, f"/employeur/{token}", text)


@router.get("/employeur/{token}/{number}/{answer}")
def form_page(request: Request, node: NodeOf, token: Token, number: Number, answer: str) -> Response:
    """The form of one answer."""
    try:
        opened = answering.open_link(node.desk, _paced(request, node, token), _house(request))
        one = opened.person(number)
    except (NotFound, Gone) as error:
        return _closed(request, node, error)
    if _event(answer) not in one.answers:
        return _go(request, f"/employeur/{token}/{number}/reponse")
    return _form(request, node, token, opened, one, answer, Form())


@router.post("/employeur/{token}/{number}/{answer}")
def give(request: Request, node: NodeOf, token: Token, number: Number, answer: str, form: Sent) -> Response:
    """Give it."""
    event = _event(answer)
    try:
        opened = answering.open_link(node.desk, _paced(request, node, token), _house(request))
        one = opened.person(number)
        given = _read(node, form, event, opened.offer)
        if event not in one.answers:
            return _page(request, node, token, opened, 409, late=one)
        if form.ok:
            answering.answer(node.desk, token, number, given, _house(request))
            return _go(request, f"/employeur/{token}/{number}/reponse")
    except Gone as error:
        return _closed(request, node, error)
    except NotFound as error:
        return _closed(request, node, error)
    except Refused as error:
        if error.problem == "already_answered":
            opened = answering.open_link(node.desk, token, _house(request))
            return _page(request, node, token, opened, 409, late=opened.person(number))
        form.error(_BLAMED.get(event, "said"), str(error))
    return _form(request, node, token, opened, one, answer, form, 422)


def _event(answer: str) -> ForwardState:
    if answer not in CODES:
        raise HTTPException(404)
    return CODES[answer]


def _read(node: Node, form: Form, event: ForwardState, offer: Offer) -> LinkAnswer:
    today = node.desk.today()
    if event is ForwardState.CONDITIONAL:
        return LinkAnswer(event=event, words=Words(condition=read_condition(form, offer, today)))
    if event is ForwardState.DECLINED:
        known = reasons_for(ForwardState.SENT, event)
        reason = form.choice("reason", [one.value for one in known], required=True)
        lacking = form.choices("lacking", [code for code, _need in offer.skills])
        if lacking and reason and reason != Reason.LACKING_SKILLS:
            sentence = _("Skills that were missing go with the reason “{reason}” alone: choose it, or untick them.")
            form.error("lacking", sentence.format(reason=Reason.LACKING_SKILLS.label))
        words = Words(
            reason,
            form.text("to_candidate", required=True, longest=MAX_TEXT),
            form.text("to_guarantor", longest=MAX_TEXT),
            tuple(code for code, _need in offer.skills if code in lacking),
        )
        return LinkAnswer(event=event, words=words)
    day = form.day("day", earliest=today, latest=today + A_YEAR)
    return LinkAnswer(event=event, words=NO_WORDS, said=form.text("said", longest=MAX_TEXT), day=day)


def _house(request: Request) -> Account | None:
    """The account of whoever answers for an employer."""
    account = visitor_of(request).account
    return account if account is not None and account.may(Permission.ANSWER_SENDINGS) else None


def _paced(request: Request, node: Node, token: str) -> str:
    wait = seconds_to_wait(request, "employer_link", address_of(request), node.now(), A_MINUTE, timedelta(minutes=1))
    if wait:
        raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": str(wait)})
    return token


def _go(request: Request, path: str, text: str = "", kind: str = "success") -> Response:
    response = redirect(request, path, text, kind)
    response.headers.update(UNFOUND)
    return response


def _closed(request: Request, node: Node, error: NodeError) -> Response:
    """The link opens nothing, or not this: what it is, and whom to call."""
    return render(
        request,
        "employers/closed.html",
        status=error.status,
        headers=dict(UNFOUND),
        text=str(error),
        ended=isinstance(error, Gone),
        mission=contact_of(node.config),
    )


def _page(
    request: Request, node: Node, token: str, opened: OpenedLink, status: int = 200, *, late: PersonShown | None = None
) -> Response:
    return _render(request, node, "employers/page.html", opened, token, status, late=late)


def _form(
    request: Request,
    node: Node,
    token: str,
    opened: OpenedLink,
    one: PersonShown,
    answer: str,
    form: Form,
    status: int = 200,
) -> Response:
    known = reasons_for(ForwardState.SENT, ForwardState.DECLINED)
    return _render(
        request,
        node,
        "employers/answer.html",
        opened,
        token,
        status,
        one=one,
        answer=answer,
        event=CODES[answer],
        form=form,
        reasons=labelled(one for one in Reason if one in known),
        choices=choices(opened.offer, node.desk.referential(), node.desk.today()),
    )


def _skill(node: Node, code: str) -> str:
    return node.desk.referential().skills.label(code) or code


def _asked(node: Node, one: PersonShown) -> str:
    """The one thing that « oui, si… » asked for; empty where that is not the employer's last word."""
    condition = one.answer.condition if one.answer is not None else None
    return thing_asked(condition, node.desk.referential()) if condition is not None else ""


def _render(
    request: Request, node: Node, template: str, opened: OpenedLink, token: str, status: int = 200, **context: Any
) -> Response:
    return render(
        request,
        template,
        status=status,
        headers=dict(UNFOUND),
        token=token,
        opened=opened,
        offer=opened.offer,
        sending=opened.sending,
        code=shown_code(opened.sending.code),
        by_account=token == opened.sending.id,
        checks={one.value: one.label for one in Check},
        asked={one.number: _asked(node, one) for one in opened.people},
        tones=TONES,
        codes={event: code for code, event in CODES.items()},
        reason_labels={one.value: one.label for one in Reason},
        guarantee_says=GUARANTEE_SAYS,
        mission=contact_of(node.config),
        **context,
    )
