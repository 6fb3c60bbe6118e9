"""`/api/v1/forwards`: candidates put forward, sent and received, and what becomes of them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Response, status
from pydantic import Field

from node.api.errors import Problem
from node.api.inputs import Body, Day, Line, Name, Text
from node.mission.accounts.trail import PROGRAM, OpenedFor
from node.mission.forwards.following import FollowGroup
from node.mission.forwards.forward import Condition, ConditionKind, ForwardState, Words
from node.mission.forwards.saying import MAX_DAYS
from node.requests import NodeOf
from node.schemas.forwards import DossierOut, ForwardList, ForwardOut
from node.services.accounts import trail
from node.services.employers.sending import settle_words_about
from node.services.forwards import answers, following, sending

router = APIRouter(prefix="/forwards", tags=["forwards"])


class DemandIn(Body):
    """A counsellor's wish to put one person forward."""

    candidate: Line
    """The candidate's number or reference."""
    offer: Annotated[Line, Field(max_length=400)]
    """The offer's name, "<node>/<offer>"."""
    site: Line = ""
    """One of the offer's sites; the first when not said."""
    why: Text
    """The counsellor's own sentence: why this person."""
    checked: Annotated[tuple[Line, ...], Field(max_length=8, strict=False)] = ()
    """What else was checked: identity, availability, mobility, licence, references."""
    agreed: Line = ""
    """How the person said yes to this very offer, such as "au téléphone", where no agreement covers it yet."""


class ConditionIn(Body):
    """What « oui, si… » asks for: one thing, and the day by which, within twelve months."""

    kind: Literal["skill", "licence", "immersion", "other"]
    codes: Annotated[tuple[Line, ...], Field(max_length=10, strict=False)] = ()
    """Of a skill: its codes, one to ten."""
    licence: Line = ""
    """Of a licence: its code, such as B."""
    days: Annotated[int, Field(ge=0, le=MAX_DAYS)] = 0
    """Of an immersion."""
    text: Line = ""
    """In your words; needed for something else than a skill, a licence or an immersion."""
    until: Day

    def value(self) -> Condition:
        return Condition(
            kind=ConditionKind.of(self.kind),
            codes=self.codes,
            licence=self.licence,
            days=self.days,
            text=self.text,
            until=self.until,
        )


class WordsIn(Body):
    """What is said with an answer."""

    reason: Line = ""
    """A refusal's reason code, such as lacking_skills."""
    to_candidate: Text = ""
    """A refusal's text that the candidate will read."""
    to_guarantor: Text = ""
    """A refusal's text for the home mission."""
    lacking: Annotated[tuple[Line, ...], Field(max_length=60, strict=False)] = ()
    """For the reason lacking_skills: the codes of the offer's skills that were missing."""
    condition: ConditionIn | None = None
    """Of « oui, si… » (conditional)."""

    def said(self) -> Words:
        condition = self.condition.value() if self.condition is not None else None
        return Words(self.reason, self.to_candidate, self.to_guarantor, self.lacking, condition)


class AnswerIn(WordsIn):
    """The receiving side's answer."""

    event: Literal["seen", "interview", "conditional", "hired", "declined"]


class AnswerCorrectionIn(WordsIn):
    """The right answer, in the place of the one given within the last 24 hours."""

    instead: Literal["before", "conditional", "hired", "declined"]
    """“before” brings back the state before that answer."""


class WithdrawIn(Body):
    """Why the home mission takes the application back."""

    reason: Line
    """hired_elsewhere, in_training, not_interested, not_mobile, unavailable, duplicate or poorly_informed."""


@router.get("")
def list_forwards(node: NodeOf, group: Literal["", "todo", "waiting", "done"] = "") -> ForwardList:
    """Sent and received, newest first; with `group`, those of the town's own people where something is to be done
    (todo), is waited for (waiting), or nothing more is (done)."""
    trail.lists_by_program(node.desk)
    if group:
        return ForwardList.of(following.in_group(node.desk, FollowGroup.of(group), None).rows)
    return ForwardList.of(sending.all_forwards(node.desk))


@router.post("", status_code=status.HTTP_201_CREATED)
def create_forward(node: NodeOf, body: DemandIn, response: Response) -> ForwardOut:
    """Draft: one candidate for one site of one offer. 409 names every obstacle."""
    demand = sending.Demand(
        candidate=body.candidate,
        offer=body.offer,
        site=body.site,
        why=body.why,
        checked=body.checked,
        agreed=body.agreed,
    )
    draft = sending.create(node.desk, demand, PROGRAM)
    trail.by_program(node.desk, [draft.candidate], OpenedFor.FORWARD)
    response.headers["Location"] = f"/api/v1/forwards/{draft.id}"
    return ForwardOut.of(draft)


@router.get("/{name}")
def get_forward(node: NodeOf, name: Name) -> ForwardOut:
    """One forward and its history."""
    return ForwardOut.of(sending.one_forward(node.desk, name))


@router.post("/{name}/send")
def send_forward(node: NodeOf, name: Name) -> ForwardOut:
    """Send a draft, under the mission's signed guarantee, with the dossier sealed for the recipient alone."""
    return ForwardOut.of(sending.send(node.desk, name))


@router.post("/{name}/answer")
def answer_forward(node: NodeOf, name: Name, body: AnswerIn) -> ForwardOut:
    """Answer an application that this node received. A refusal needs a reason and a text for the candidate, « oui,
    si… » its condition."""
    answered = answers.give_answer(node.desk, name, ForwardState.of(body.event), body.said())
    settle_words_about(node.desk, name, PROGRAM)
    return ForwardOut.of(answered)


@router.post("/{name}/answer/correct")
def correct_answer(node: NodeOf, name: Name, body: AnswerCorrectionIn) -> ForwardOut:
    """Correct this side's own hire, refusal or « oui, si… », within 24 hours of it."""
    instead = None if body.instead == "before" else ForwardState.of(body.instead)
    return ForwardOut.of(answers.correct_answer(node.desk, name, instead, body.said()))


@router.post("/{name}/fulfil")
def fulfil_forward(node: NodeOf, name: Name) -> ForwardOut:
    """The home mission tells that the condition is fulfilled, and asks for the answer."""
    return ForwardOut.of(answers.home_move(node.desk, name, ForwardState.FULFILLED))


@router.post("/{name}/correct")
def correct_forward(node: NodeOf, name: Name) -> ForwardOut:
    """The home mission takes back that a condition is fulfilled, or its last follow-up, within 24 hours of it."""
    return ForwardOut.of(answers.home_move(node.desk, name, ForwardState.CORRECTED))


@router.post("/{name}/withdraw")
def withdraw_forward(node: NodeOf, name: Name, body: WithdrawIn) -> ForwardOut:
    """The home mission takes the application back. For a withdrawn agreement, see the candidate."""
    return ForwardOut.of(answers.home_move(node.desk, name, ForwardState.WITHDRAWN, Words(body.reason)))


@router.get("/{name}/dossier", responses={410: {"model": Problem, "description": "Erased"}})
def read_dossier(node: NodeOf, name: Name) -> DossierOut:
    """Open the dossier of a forward that this node received; the first opening is told to the home mission."""
    dossier = answers.read_dossier(node.desk, name)
    trail.by_program(node.desk, [trail.NOBODYS], OpenedFor.DOCUMENT)
    return DossierOut.model_validate(dossier)
