"""What all parts of a person's file have in common: its head, its tabs, and the trail of who opened it.

Guarantees: a part of a file is shown through `open_part` alone, which writes who opened it, and which part; whatever
page changes a file says so by `leave_trace`. Read next:
overview.py (overview and fields), contacts.py, agreements/pages.py, obstacles.py, papers.py,
forwards/pages.py, duplicates/pages.py.
"""

from typing import Annotated, Any, Final

from fastapi import Depends, Request, Response

from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.accounts.trail import OpenedFor
from node.mission.people.candidate import CvState
from node.mission.people.quality import CvLack
from node.services.actors import names
from node.services.desk import Desk
from node.services.people import files
from node.services.people.files import PersonFile
from node.web.frame.auth import record_access, require
from node.web.frame.pages import render

Reads = Annotated[Account, Depends(require(Permission.READ_FILES))]
Edits = Annotated[Account, Depends(require(Permission.READ_FILES, Permission.EDIT_FILES))]

_PLACES: Final = {
    "identite": ("first_name", "last_name", "phone", "email", "commune", "birth_date"),
    "projet": ("occupations", "skills", "availability", "mobility_km", "qualification"),
    "parcours": ("jobs", "diplomas", "languages"),
    "presentation": ("summary", "words"),
    "suivi": ("contacts",),
    "accords": ("consents",),
}


def tabs(person: str, here: str, who: Account) -> list[tuple[str, str, bool]]:
    """Address, label, and whether this is the part shown."""
    parts = [
        ("", _("Overview")),
        ("identite", _("Identity")),
        ("projet", _("Job search")),
        ("parcours", _("Background")),
        ("presentation", _("Presentation")),
        ("suivi", _("Contacts")),
        ("accords", _("Agreements")),
        *([("freins", _("Obstacles"))] if who.may(Permission.READ_OBSTACLES) else []),
        ("documents", _("Documents")),
        *([("offres", _("Offers"))] if who.may(Permission.READ_OFFERS) else []),
    ]
    return [(address(person, part), label, part == here) for part, label in parts]


def address(person: str, part: str = "") -> str:
    """Where a part of a file is."""
    return f"/candidats/{person}/{part}" if part else f"/candidats/{person}"


def address_of_gap(person: str, gap: CvLack) -> str:
    """Where what is missing is mended."""
    for part, fields in _PLACES.items():
        if gap.field in fields:
            return f"{address(person, part)}#{gap.field}"
    return address(person) + "#situation"


def open_part(desk: Desk, who: Account, name: str, what: OpenedFor) -> PersonFile:
    """The file, and a line in the trail. NotFound."""
    file = files.person_file(desk, name)
    leave_trace(desk, who, file.person.id, what)
    return file


def leave_trace(desk: Desk, who: Account, person: str, what: OpenedFor) -> None:
    """Write in the trail that this account opened this, or changed it."""
    with desk.federation.database.write() as uow:
        record_access(uow, who, person, what, desk.now())


def steps_of(file: PersonFile) -> list[CvState]:
    """The states on a CV's way that are this person's: the workshop for whoever is in one or was asked to one."""
    in_one = file.person.cv_state is CvState.WORKSHOP or bool(file.workshops)
    return [one for one in CvState if one is not CvState.WORKSHOP or in_one]


def show_part(
    request: Request, desk: Desk, who: Account, file: PersonFile, part: str, template: str, /, **context: Any
) -> Response:
    """One part of the file, below its head and tabs."""
    person, steps = file.person, steps_of(file)
    return render(
        request,
        template,
        file=file,
        person=person,
        part=part,
        who=who,
        tabs=tabs(person.id, part, who),
        base=address(person.id),
        names=names(desk),
        step_labels=[step.label for step in steps],
        step=steps.index(person.cv_state),
        today=desk.today(),
        **context,
    )
