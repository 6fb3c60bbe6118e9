"""What all parts of a person's file have in common: its head with one line of state and one main action, its five
parts, and the trail of who opened it.

Guarantees: a part of a file is shown through `open_part` alone, which writes who opened it, and which part; whatever
page changes a file says so by `leave_trace`. The main action is a link to where it is done, for those alone who may do
it; every step has its place (`STEP_AT`, counted by a test). A page with one task (fields to change, a withdrawal, the
history) stands under one of the five (`_UNDER`). Read next: overview.py (Résumé and fields), curriculum.py (CV),
forwards/pages.py (offers), contacts.py (follow-up), agreements/pages.py (Dossier).
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import Depends, Request, Response

from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.accounts.trail import OpenedFor
from node.mission.forwards.stage import DueTask, FileStep, Stage
from node.mission.people.quality import CvLack
from node.services.actors import names
from node.services.desk import Desk
from node.services.forwards.stages import OpenedFile, opened_file
from node.web.frame.auth import record_access, require
from node.web.frame.pages import redirect, render

Reads = Annotated[Account, Depends(require(Permission.READ_FILES))]
Edits = Annotated[Account, Depends(require(Permission.READ_FILES, Permission.EDIT_FILES))]

SUMMARY, CV, OFFERS, FOLLOWED, DOSSIER = "", "cv", "offres", "suivi", "dossier"
"""The five parts, by the end of their address."""

_UNDER: Final[Mapping[str, tuple[str, Callable[[], str]]]] = {
    "identite": (DOSSIER, lambda: _("Identity")),
    "projet": (SUMMARY, lambda: _("Job search")),
    "parcours": (CV, lambda: _("Background")),
    "presentation": (CV, lambda: _("Presentation")),
    "carte": (CV, lambda: _("The card")),
    "mise-en-relation": (OFFERS, lambda: _("Putting forward")),
    "envoi": (OFFERS, lambda: _("Mail or letter to the employer")),
    "embauche": (OFFERS, lambda: _("The hire")),
    "signaler": (OFFERS, lambda: _("Report a refusal that discriminates")),
    "freins": (FOLLOWED, lambda: _("Obstacles and partners")),
    "historique": (FOLLOWED, lambda: _("History")),
    "retirer": (DOSSIER, lambda: _("Take an agreement back")),
    "relais": (DOSSIER, lambda: _("Hand over to a colleague")),
    "doublons": (DOSSIER, lambda: _("Duplicates of this file")),
    "effacer": (DOSSIER, lambda: _("Erase this person")),
}
"""Pages with one task: the part under which each stands, and its name."""

_PLACES: Final = {
    "identite": ("first_name", "last_name", "phone", "email", "commune", "birth_date"),
    "projet": ("occupations", "skills", "availability", "mobility_km", "qualification"),
    "parcours": ("jobs", "diplomas", "languages"),
    "presentation": ("summary", "words"),
    FOLLOWED: ("contacts",),
    DOSSIER: ("consents",),
}

STEP_AT: Final[Mapping[FileStep, tuple[Permission, str]]] = {
    FileStep.PLANNED: (Permission.EDIT_FILES, "suivi#historique-contacts"),
    FileStep.ASK_KEEP: (Permission.EDIT_FILES, "dossier#consents"),
    FileStep.MEND: (Permission.EDIT_FILES, ""),
    FileStep.MEET: (Permission.SIGN_READY, "cv#pret"),
    FileStep.SIGN: (Permission.SIGN_READY, "cv#pret"),
    FileStep.ASK: (Permission.EDIT_FILES, "dossier#consents"),
    FileStep.PROPOSE: (Permission.READ_OFFERS, "offres#offres"),
}
"""Who may take the main action, and where in the file it is taken; what is due about an application is on its own page,
what the CV lacks at its field."""


def tabs(person: str, here: str, who: Account) -> list[tuple[str, str, bool | str]]:
    """Address, label, and whether this is the part shown ("true": a page that stands under it)."""
    parts = [
        (SUMMARY, _("Summary")),
        (CV, _("CV")),
        *([(OFFERS, _("Offers and applications"))] if who.may(Permission.READ_OFFERS) else []),
        (FOLLOWED, _("Follow-up")),
        (DOSSIER, _("Administrative file")),
    ]
    under = _UNDER[here][0] if here in _UNDER else None
    return [(address(person, part), said, part == here or (part == under and "true")) for part, said in parts]


def address(person: str, part: str = "") -> str:
    """Where a part of a file is."""
    return f"/candidats/{person}/{part}" if part else f"/candidats/{person}"


def address_of_gap(person: str, gap: CvLack) -> str:
    """Where what is missing is mended."""
    for part, fields in _PLACES.items():
        if gap.field in fields:
            return f"{address(person, part)}#{gap.field}"
    return address(person, DOSSIER) + "#situation"


def part_over(part: str) -> str:
    """The part under which a page with one task stands."""
    return _UNDER[part][0]


def moved(part: str) -> Callable[[Request, Account, str], Response]:
    """A page whose place is now in that part: pages, mails and notes lead to it. What is asked for goes along; of the
    place within the page browsers take care."""

    def lead_on(request: Request, who: Reads, name: str) -> Response:
        """To where this stands now."""
        return redirect(request, address(quote(name, safe=""), part), **dict(request.query_params))

    return lead_on


def open_part(desk: Desk, who: Account, name: str, what: OpenedFor) -> OpenedFile:
    """The file, and a line in the trail. NotFound."""
    file = opened_file(desk, name)
    leave_trace(desk, who, file.person.id, what)
    return file


def leave_trace(desk: Desk, who: Account, person: str, what: OpenedFor) -> None:
    """Write in the trail that this account opened this, or changed it."""
    with desk.federation.database.write() as uow:
        record_access(uow, who, person, what, desk.now())


def main_action(person: str, stage: Stage, who: Account) -> tuple[str, str] | None:
    """Address and label of the next step; None where there is none for this account."""
    if stage.step is None:
        return None
    if stage.due:
        permission, where = Permission.PUT_FORWARD, address_of_task(person, stage.due[0])
    else:
        permission, part = STEP_AT[stage.step]
        where = address_of_gap(person, stage.gap) if stage.gap is not None else address(person, part)
    return (where, stage.step.label) if who.may(permission) else None


def address_of_task(person: str, task: DueTask) -> str:
    """Where something due about an application or a hire is done."""
    if task.sending:
        return f"/envois/{task.sending}"
    return address(person, "offres#embauches") if task.forward is None else f"/mises-en-relation/{task.forward.id}"


def show_part(
    request: Request, desk: Desk, who: Account, file: OpenedFile, part: str, template: str, /, **context: Any
) -> Response:
    """One part of the file, or a page under one, below its head and tabs."""
    person = file.person
    return render(
        request,
        template,
        file=file,
        person=person,
        stage=file.stage,
        main_action=main_action(person.id, file.stage, who),
        part=part,
        task_title=_UNDER[part][1]() if part in _UNDER else "",
        who=who,
        tabs=tabs(person.id, part, who),
        base=address(person.id),
        names=names(desk),
        today=desk.today(),
        **context,
    )
