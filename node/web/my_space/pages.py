"""« Mon espace »: a candidate sees and corrects their data, sees who saw what, withdraws, downloads, erases.

Guarantees: every page but the way in asks for a candidate's session, and shows that candidate alone: no address names
anybody; asking for a link is answered the same whether or not the address is known; what leaves or erases takes two
steps, each of which works without a script. Read next: entrances.py (ways in), cards.py,
node/services/my_space/my_space.py.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from node import mailing
from node.documents.contact import contact_of
from node.documents.export import Section, export_pdf
from node.kit.i18n import gettext as _
from node.kit.phone import shown as shown_phone
from node.mission.agreements.consent import ConsentScope
from node.mission.people.candidate import Candidate, Hours
from node.mission.people.rules import MAX_MOBILITY_KM
from node.mission.terms import Contract, Licence
from node.mission.workshops.workshop import Attendance
from node.requests import NodeOf
from node.services.actors import BY_PERSON
from node.services.agreements import erasing
from node.services.my_space.asking import ask_workshop, asked_workshop, propose_correction
from node.services.my_space.download import everything_about
from node.services.my_space.my_space import opened_for, own_file
from node.services.node import Node
from node.services.people import files as people
from node.services.people.documents import read_document
from node.services.people.papers import occupation_labels, skill_labels
from node.services.people.saving import BadFields
from node.services.workshops import workshops
from node.web.frame.auth import OwnSpace, drop_cookie
from node.web.frame.forms import Form, Sent, labelled
from node.web.frame.pages import redirect, render
from node.web.people.rows import shown_month

router = APIRouter()

NARROW: Final = 5
"""Columns that fit on a page: a wider table is printed as a list."""


def tabs(here: str) -> list[tuple[str, str, bool]]:
    """The parts of the space."""
    entries = (
        ("/mon-espace", _("My space")),
        ("/mon-espace/offres", _("Offers for me")),
        ("/mon-espace/donnees", _("My data")),
        ("/mon-espace/accords", _("My agreements")),
        ("/mon-espace/suivi", _("Who saw what")),
        ("/mon-espace/carte", _("My card")),
    )
    return [(path, label, path == here) for path, label in entries]


def show(request: Request, template: str, here: str, *, status: int = 200, **context: Any) -> Response:
    """A page of the space, under its tabs; `here` is the tab's address."""
    return render(request, template, status=status, tabs=tabs(here), **context)


@router.get("/mon-espace")
def home(request: Request, node: NodeOf, person: OwnSpace) -> Response:
    """Where things stand."""
    file, now = own_file(node.desk, person), node.now()
    people.seen(node.desk, person)
    return show(
        request,
        "my_space/space.html",
        "/mon-espace",
        file=file,
        cv_state=file.person.cv_state.label,
        other_towns=file.person.agrees(ConsentScope.NETWORK, node.desk.today()),
        coming=[(one, place) for one, place in file.workshops if one.ends > now and one.state.value == "planned"],
        past=[(one, place) for one, place in file.workshops if one.ends <= now],
        asked=asked_workshop(node.desk, person, node.config.locale.language),
        mission=contact_of(node.config),
        mails=mailing.is_configured(node.config),
    )


@router.post("/mon-espace/ateliers/{workshop}")
def answer_workshop(request: Request, node: NodeOf, person: OwnSpace, workshop: str, form: Sent) -> Response:
    """I come, or I do not."""
    coming = form.choice("reponse", ["oui", "non"], required=True)
    if not form.ok:
        raise HTTPException(422)
    attendance = Attendance.ACCEPTED if coming == "oui" else Attendance.DECLINED
    workshops.note_answer(node.desk, workshop, person, attendance, BY_PERSON)
    return redirect(request, "/mon-espace", _("Noted, thank you."))


@router.post("/mon-espace/demande-atelier")
def ask(request: Request, node: NodeOf, person: OwnSpace, form: Sent) -> Response:
    """I would like a CV workshop."""
    ask_workshop(node.desk, person, node.config.locale.language)
    return redirect(request, "/mon-espace", _("Noted. The mission reads it, and answers you."))


# Data.


@router.get("/mon-espace/donnees")
def data_page(request: Request, node: NodeOf, person: OwnSpace) -> Response:
    """What is known, and what may be corrected."""
    known = own_file(node.desk, person).person
    return _data(request, node, known, _form_of(node, known))


@router.post("/mon-espace/donnees")
def correct(request: Request, node: NodeOf, person: OwnSpace, form: Sent) -> Response:
    """Correct what is the person's own; propose the rest to the counsellor."""
    known = own_file(node.desk, person).person
    values = _read(form, node, known)
    note = form.text("note", longest=2000)
    if form.ok:
        try:
            people.amend_own(node.desk, person, values)
        except BadFields as error:
            for problem in error.problems:
                form.error(problem.field, problem.sentence)
    if not form.ok:
        return _data(request, node, known, form, 422)
    if note:
        propose_correction(node.desk, person, note)
        return redirect(request, "/mon-espace/donnees", _("Saved. Your counsellor reads what you propose."))
    return redirect(request, "/mon-espace/donnees", _("Saved."))


def _data(request: Request, node: Node, person: Candidate, form: Form, status: int = 200) -> Response:
    known = node.desk.referential()
    return show(
        request,
        "my_space/data.html",
        "/mon-espace/donnees",
        status=status,
        person=person,
        form=form,
        occupations=occupation_labels(person, known),
        skills=skill_labels(person, known),
        options={"hours": labelled(Hours), "contracts": labelled(Contract),
                 "licences": labelled(Licence, coded=True)},
        month=shown_month,
        documents=own_file(node.desk, person.id).documents,
    )  # fmt: skip


def _form_of(node: Node, person: Candidate) -> Form:
    return Form.of(
        email=person.email,
        phone=shown_phone(person.phone),
        commune=_place(node, person.commune),
        mobility_km=person.mobility_km,
        relocates=person.relocates,
        vehicle=person.vehicle,
        public_transport=person.public_transport,
        licences=person.licences,
        contracts=person.contracts,
        hours=person.hours.value or "any",
        availability=person.availability,
    )


def _place(node: Node, insee: str) -> str:
    commune = node.desk.referential().communes.get(insee)
    return insee if commune is None else f"{commune.name} ({', '.join(commune.postal_codes[:1]) or insee})"


def _read(form: Form, node: Node, known: Candidate) -> dict[str, Any]:
    place = form.line("commune")
    commune = known.commune
    if place != _place(node, known.commune):
        found = node.desk.referential().communes.resolve(place) if place else None
        commune = found.insee if found is not None else ""
        if place and found is None:
            form.error("commune", _("We do not find this commune: write its name and its postal code."))
    hours = form.choice("hours", ["any", *(one.value for one in Hours if one.value)])
    return {
        "email": form.line("email"),
        "phone": form.line("phone", longest=40),
        "commune": commune,
        "mobility_km": form.whole("mobility_km", most=MAX_MOBILITY_KM) or 0,
        "relocates": form.flag("relocates"),
        "vehicle": form.flag("vehicle"),
        "public_transport": form.flag("public_transport"),
        "licences": form.choices("licences", list(Licence)),
        "contracts": form.choices("contracts", list(Contract)),
        "hours": Hours.of("" if hours in ("", "any") else hours),
        "availability": form.day("availability"),
    }


@router.get("/mon-espace/documents/{document}")
def download_document(node: NodeOf, person: OwnSpace, document: str) -> Response:
    """One of the person's own documents."""
    found, content = read_document(node.desk, document)
    if found.candidate != person:
        raise HTTPException(404)
    return _file(content, found.media_type, found.name)


@router.get("/mon-espace/mes-donnees.json")
def download_json(node: NodeOf, person: OwnSpace) -> Response:
    """Everything, for a program."""
    everything = everything_about(node.desk, person)
    return _file(json.dumps(everything, ensure_ascii=False, indent=2).encode(), "application/json", "mes-donnees.json")


@router.get("/mon-espace/mes-donnees.pdf")
def download_pdf(node: NodeOf, person: OwnSpace) -> Response:
    """Everything, to be read."""
    everything = everything_about(node.desk, person, to_print=True)
    name = own_file(node.desk, person).person.name
    sections = {title: section_of(rows) for title, rows in everything.items()}
    pdf = export_pdf(name, sections, contact_of(node.config), node.now())
    return _file(pdf, "application/pdf", "mes-donnees.pdf")


def section_of(rows: Sequence[Mapping[str, object]]) -> Section:
    """Rows as a document prints them: one as named values, few columns as a table, more as a list."""
    shown = [{key: _words(value) for key, value in row.items()} for row in rows]
    if len(shown) == 1:
        return shown[0]
    if not shown or len(shown[0]) <= NARROW:
        return shown
    return [" – ".join(f"{key} : {value}" for key, value in row.items() if value) for row in shown]


def _words(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(content, media_type=media_type, headers=headers)


# Who saw what.


@router.get("/mon-espace/suivi")
def trail(request: Request, node: NodeOf, person: OwnSpace) -> Response:
    """Applications with their answers, who holds the CV, who opened the file."""
    return show(
        request, "my_space/trail.html", "/mon-espace/suivi", file=own_file(node.desk, person), opened_for=opened_for
    )


# Erasure.


@router.get("/mon-espace/effacer")
def erase_page(request: Request, node: NodeOf, person: OwnSpace) -> Response:
    """What erasing does."""
    return show(request, "my_space/erasure.html", "/mon-espace", form=Form())


@router.post("/mon-espace/effacer")
def erase(request: Request, node: NodeOf, person: OwnSpace, form: Sent) -> Response:
    """Erase everything, once the box is ticked."""
    if not form.flag("sure"):
        form.error("sure", _("Tick this box if you wish to erase everything."))
        return show(request, "my_space/erasure.html", "/mon-espace", status=422, form=form)
    done = erasing.erase(node.desk, person, BY_PERSON)
    text = _("Everything is erased.")
    if done.orders or done.waiting:
        text += " " + _("Whoever holds your CV is ordered to destroy it.")
    response = redirect(request, "/", text)
    drop_cookie(request, response)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
