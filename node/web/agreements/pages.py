"""/candidats/{id}/dossier: who the person is, what they agreed to, how and when (recorded, and taken back in two
clicks), their access to « Mon espace », and what may be done with the file as a whole.

Guarantees: an agreement is never recorded without saying how it was given; what taking one back ends is shown before
and counted after, by the rules that end it (see `services/agreements/withdrawing.py`). Read next:
people/file_frame.py.
"""

from collections.abc import Iterable
from typing import Final

from fastapi import APIRouter, Request, Response

from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext
from node.mission.accounts.account import Account
from node.mission.accounts.trail import OpenedFor
from node.mission.agreements.consent import ConsentScope
from node.mission.forwards.forward import Forward
from node.mission.offers.offer import Offer
from node.mission.people.candidate import CandidateState
from node.requests import NodeOf
from node.services.agreements import recording, withdrawing
from node.services.agreements.withdrawing import Withdrawal
from node.services.desk import Desk, Refused
from node.services.offers.finding import offer_title, offers_named
from node.services.people import files as people
from node.services.people.saving import BadFields
from node.web.frame.forms import Form, Sent, labelled
from node.web.frame.pages import redirect
from node.web.people.fields import blame, code_label
from node.web.people.file_frame import DOSSIER, Edits, Reads, address, leave_trace, open_part, show_part

router = APIRouter()

PAUSE: Final = "pause"
"""Beside the scopes: nothing is done with the file for a time."""
_LINE: Final = 400


@router.get("/candidats/{name}/dossier")
def dossier(request: Request, node: NodeOf, who: Reads, name: str, offre: str = "") -> Response:
    """The part, with all agreements and a form for one more; `offre` is an offer's key, for an agreement to that offer
    alone. Beside it the form has the open offers that agreements or applications of this person name, never the whole
    network's."""
    form = Form.of(scope="offer", offer=offre) if offre else Form()
    return _dossier(request, node, who, name, form)


def _dossier(request: Request, node: NodeOf, who: Account, name: str, form: Form, status: int = 200) -> Response:
    desk = node.desk
    file = open_part(desk, who, name, OpenedFor.READ)
    named = {*form.values.get("offer", ()), *(one.offer for one in file.person.consents)}
    known = offers_named(desk, {*named, *(one.offer for one in file.forwards)} - {""})
    lines = {key: _offer_line(desk, one) for key, one in sorted(known.items())}
    scopes = [one for one in ConsentScope if one is not ConsentScope.KEEP or desk.asks_to_keep]
    return show_part(
        request,
        desk,
        who,
        file,
        DOSSIER,
        "agreements/dossier.html",
        status=status,
        form=form,
        commune=code_label(desk.referential(), "commune", file.person.commune) if file.person.commune else "",
        title_of=lambda key: lines.get(key) or offer_title(desk, key),
        options={
            "scope": labelled(scopes),
            "state": labelled([CandidateState.ACTIVE, CandidateState.PLACED]),
            "offer": [(key, line) for key, line in lines.items() if known[key].takes_people(desk.today())],
        },
        asks_to_keep=desk.asks_to_keep,
    )


@router.post("/candidats/{name}/accords")
def record(request: Request, node: NodeOf, who: Edits, form: Sent, name: str) -> Response:
    """Record what the person agreed to."""
    today = node.desk.today()
    scope = form.choice("scope", list(ConsentScope), required=True)
    how = form.line("how", required=True)
    given, until = form.day("given_on", latest=today), form.day("until", earliest=today)
    offer, employer = form.line("offer", longest=_LINE), form.line("employer")
    if form.ok:
        try:
            person = recording.give_consent(
                node.desk,
                name,
                ConsentScope.of(scope),
                how,
                who.id,
                given_on=given,
                until=until,
                offer=offer,
                employer=employer,
            )
        except BadFields as error:
            blame(form, error.problems)
        else:
            leave_trace(node.desk, who, person.id, OpenedFor.EDIT)
            return redirect(request, address(person.id, DOSSIER), _("The agreement is recorded."))
    return _dossier(request, node, who, name, form, status=422)


def _offer_line(desk: Desk, offer: Offer) -> str:
    """The offer among others of the same title: its employer, and where, when it is one place."""
    places = {one.commune for one in offer.sites}
    where = f", {code_label(desk.referential(), 'commune', places.pop())}" if len(places) == 1 else ""
    return f"{offer.title}, {offer.employer}{where}"


@router.get("/candidats/{name}/accords/retirer")
def ask_withdraw(
    request: Request, node: NodeOf, who: Edits, name: str, portee: str = "network", sur: str = ""
) -> Response:
    """What follows from it is said before. `sur` is an offer's key or an employer's name, for that one alone."""
    desk = node.desk
    file = open_part(desk, who, name, OpenedFor.READ)
    wanted = portee if portee in {*ConsentScope, PAUSE} else ConsentScope.NETWORK.value
    found = withdrawing.foresee(desk, file.person.id, _scope(wanted), sur[:_LINE])
    return show_part(
        request,
        desk,
        who,
        file,
        "retirer",
        "agreements/withdraw.html",
        scope=wanted,
        about=sur[:_LINE],
        label=_heading(desk, wanted, sur[:_LINE]),
        button=_("Put on hold") if wanted == PAUSE else _("No longer keep") if wanted == "keep" else _("Take back"),
        ending=applications(desk, found.ending),
        going_on=applications(desk, found.going_on),
        recalled=found.recalled,
        other_towns=found.other_towns,
    )


def _scope(wanted: str) -> ConsentScope | None:
    return None if wanted == PAUSE else ConsentScope.of(wanted)


def _heading(desk: Desk, wanted: str, about: str) -> str:
    if wanted == PAUSE:
        return _("Put the file on hold")
    if wanted == ConsentScope.KEEP:
        return _("No longer keep the file")
    label = ConsentScope.of(wanted).label
    named = offer_title(desk, about) if about and wanted == ConsentScope.OFFER else about
    return _("Take back: {label}").format(label=f"{label} ({named})" if named else label)


def applications(desk: Desk, found: Iterable[Forward]) -> list[tuple[str, str]]:
    """Forwards as a person reads them: the offer, and the state."""
    return [(offer_title(desk, one.offer), one.state.label) for one in found]


@router.post("/candidats/{name}/accords/retirer")
def withdraw(request: Request, node: NodeOf, who: Edits, form: Sent, name: str) -> Response:
    """The person takes it back, pauses, or leaves."""
    person = people.person_file(node.desk, name).person
    wanted = form.choice("scope", [*ConsentScope, PAUSE]) or ConsentScope.NETWORK.value
    about = form.line("sur", longest=_LINE)
    back = address(person.id, DOSSIER)
    try:
        scope = _scope(wanted)
        if scope is None:
            done = withdrawing.pause(node.desk, person.id, who.id)
        else:
            done = withdrawing.withdraw(node.desk, person.id, who.id, scope, about)
    except Refused as error:
        return redirect(request, back, str(error), "warning")
    leave_trace(node.desk, who, person.id, OpenedFor.EDIT)
    return redirect(request, back, " ".join((_("Recorded."), *said(node.desk, done))))


def said(desk: Desk, done: Withdrawal) -> list[str]:
    """What came of it, counted."""
    holders = {*(holder for _order, holder in done.orders), *done.waiting}
    ended, told = len(done.withdrawn), len(holders - {desk.node_id})
    sentences = []
    if ended:
        sentences.append(
            ngettext("{number} application is ended.", "{number} applications are ended.", ended).format(number=ended)
        )
    if told:
        sentences.append(
            ngettext(
                "{number} recipient of the CV is told to destroy it.",
                "{number} recipients of the CV are told to destroy it.",
                told,
            ).format(number=told)
        )
    return sentences or [_("No application was under way that had to end.")]
