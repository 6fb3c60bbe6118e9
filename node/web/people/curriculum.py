"""/candidats/{id}/cv: the counsellor's signature that the CV is ready, what it says, its prints, the documents kept.

Guarantees: nothing is signed while something that blocks is missing; what was typed in any of the page's forms is shown
again with its fault. Read next: papers.py, documents and prints; cards.py; `services/people/quality.py`.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from node.documents.cv import LAYOUTS, Layout, cv_pdf
from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.accounts.trail import OpenedFor
from node.mission.people.candidate import Candidate, CandidateState, CvState, Met
from node.mission.people.documents import DocumentKind
from node.mission.people.quality import LackCode
from node.mission.team.today import ENDS_WITHIN
from node.mission.terms import Language
from node.requests import NodeOf
from node.services.people import files, quality
from node.services.people.documents import documents_of
from node.services.people.papers import cv_of
from node.services.people.saving import BadFields
from node.services.workshops.workshops import workshops_of
from node.web.frame.auth import require
from node.web.frame.forms import Form, Sent, labelled
from node.web.frame.pages import redirect
from node.web.people.fields import blame
from node.web.people.file_frame import CV, Edits, Reads, address, leave_trace, open_part, show_part
from node.web.people.rows import shown_month

router = APIRouter()

Signs = Annotated[Account, Depends(require(Permission.READ_FILES, Permission.SIGN_READY))]
_KINDS: Final = [one for one in DocumentKind if one is not DocumentKind.PHOTO]
_STATES: Final = [one for one in CvState if one is not CvState.READY]
"""Only a signature makes a CV ready."""


@router.get("/candidats/{name}/cv")
def curriculum(request: Request, node: NodeOf, who: Reads, name: str) -> Response:
    """All about the CV."""
    return show_cv(request, node, who, name, Form())


def show_cv(request: Request, node: NodeOf, who: Account, name: str, form: Form, status: int = 200) -> Response:
    """The part, with what one of its forms holds."""
    desk, today = node.desk, node.desk.today()
    file = open_part(desk, who, name, OpenedFor.READ)
    person = file.person
    form.values.setdefault("kind", [DocumentKind.CV.value])
    printed = cv_of(person, desk.referential())
    lacks = [gap for gap in file.gaps if gap.blocking and gap.code is not LackCode.NOT_MET]
    steps = _steps(person, in_workshop=bool(workshops_of(desk, person.id)))
    return show_part(
        request,
        desk,
        who,
        file,
        CV,
        "people/cv.html",
        status=status,
        form=form,
        lacks=len(lacks),
        must_meet=any(gap.code is LackCode.NOT_MET for gap in file.gaps),
        is_signed=person.ready_until is not None and person.ready_until > today + ENDS_WITHIN,
        step_labels=[one.label for one in steps],
        step=steps.index(person.cv_state),
        cv=printed,
        shown_month=shown_month,
        spoken=[(_language(code), level) for code, level in person.languages],
        documents=documents_of(desk, person.id),
        layouts=LAYOUTS,
        left_out=cv_pdf(printed, Layout.PLAIN, today).left_out,
        options={
            "met": [("in_person", _("In person")), ("by_phone", _("By telephone"))],
            "cv_state": labelled(_STATES),
            "kind": [*labelled(_KINDS), ("photo", DocumentKind.PHOTO.label)],
        },
    )


def _language(code: str) -> str:
    """Its name; one outside the list as it was written."""
    known = Language.read(code)
    return code if known is None else known.label


def _steps(person: Candidate, *, in_workshop: bool) -> list[CvState]:
    """The states on a CV's way that are this person's: the workshop for whoever is in one or was asked to one."""
    in_one = person.cv_state is CvState.WORKSHOP or in_workshop
    return [one for one in CvState if one is not CvState.WORKSHOP or in_one]


@router.post("/candidats/{name}/pret")
def sign(request: Request, node: NodeOf, who: Signs, form: Sent, name: str) -> Response:
    """Sign today that the CV is ready, saying how and when the person was met."""
    met, day = form.choice("met", list(Met)), form.day("met_on", latest=node.desk.today())
    if form.ok:
        try:
            person = quality.sign_ready(node.desk, name, who.id, met=Met.of(met) if met else None, met_on=day)
        except BadFields as error:
            blame(form, error.problems)
        except quality.NotReady as error:
            form.error("", str(error))
        else:
            leave_trace(node.desk, who, person.id, OpenedFor.EDIT)
            return redirect(request, address(person.id, CV), _("The CV is signed as ready."))
    return show_cv(request, node, who, name, form, status=422)


@router.post("/candidats/{name}/etat")
def change_state(request: Request, node: NodeOf, who: Edits, form: Sent, name: str) -> Response:
    """The state of the CV, or the person's situation."""
    cv_state = form.choice("cv_state", _STATES)
    state = form.choice("state", [CandidateState.ACTIVE, CandidateState.PLACED])
    person = files.person_file(node.desk, name).person
    if form.ok and cv_state:
        quality.set_cv_state(node.desk, name, CvState.of(cv_state), who.id)
    if form.ok and state:
        files.set_state(node.desk, name, CandidateState.of(state), who.id)
    leave_trace(node.desk, who, person.id, OpenedFor.EDIT)
    return redirect(request, address(person.id, CV if cv_state else ""), _("Noted."))
