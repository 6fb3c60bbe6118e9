"""/candidats/{id}/freins: what stands in the way, who helps, and what became of it; and the list of partners.

Guarantees: obstacles and eligibility have their own permissions, and their own word in the trail; they never leave this
node, and the page says so. Read next: file_frame.py, `mission/people/partners.py`.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from node.kit.errors import NotFound
from node.kit.i18n import gettext as _
from node.kit.phone import shown as shown_phone
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.accounts.trail import OpenedFor
from node.mission.people.partners import (
    OPEN_REFERRALS,
    Eligibility,
    Help,
    ObstacleKind,
    Partner,
    ReferralState,
    helpers_for,
)
from node.requests import NodeOf
from node.services.people import obstacles
from node.services.people.saving import BadFields
from node.web.frame.auth import require
from node.web.frame.forms import Form, Sent, labelled
from node.web.frame.pages import redirect, render
from node.web.people.fields import blame
from node.web.people.file_frame import address, leave_trace, open_part, show_part

router = APIRouter()

ReadsThem = Annotated[Account, Depends(require(Permission.READ_FILES, Permission.READ_OBSTACLES))]
EditsThem = Annotated[Account, Depends(require(Permission.READ_FILES, Permission.EDIT_OBSTACLES))]
Manages = Annotated[Account, Depends(require(Permission.MANAGE_PARTNERS))]


@router.get("/candidats/{name}/freins")
def obstacles_page(request: Request, node: NodeOf, who: ReadsThem, name: str) -> Response:
    """Obstacles, eligibility, and referrals."""
    local = obstacles.read_local(node.desk, name)
    form = Form.of(
        obstacles=[one.kind.value for one in local.standing()],
        eligibilities=[one.value for one in local.eligibilities],
        note=local.note,
        **{f"about_{one.kind.value}": one.note for one in local.standing()},
    )
    return _show(request, node, who, name, form)


def _show(request: Request, node: NodeOf, who: Account, name: str, form: Form, status: int = 200) -> Response:
    desk = node.desk
    file = open_part(desk, who, name, OpenedFor.OBSTACLES)
    local = obstacles.read_local(desk, name)
    partners = tuple(obstacles.partners(desk))
    return show_part(
        request,
        desk,
        who,
        file,
        "freins",
        "people/obstacles.html",
        status=status,
        form=form,
        referrals=obstacles.referrals_of(desk, file.person.id),
        kinds=list(ObstacleKind),
        helpers={one.kind: helpers_for(one.kind, partners) for one in local.standing()},
        solved=[one for one in local.obstacles if one.solved_on is not None],
        partners={one.id: one.name for one in partners},
        open_states=OPEN_REFERRALS,
        options={
            "eligibilities": labelled(Eligibility),
            "partner": [(one.id, one.name) for one in partners if one.active],
            "help": labelled(Help),
            "state": labelled(ReferralState),
        },
    )


@router.post("/candidats/{name}/freins")
def save(request: Request, node: NodeOf, who: EditsThem, form: Sent, name: str) -> Response:
    """What stands; what is ticked no more is solved today."""
    chosen = form.choices("obstacles", list(ObstacleKind))
    eligible = form.choices("eligibilities", list(Eligibility))
    notes = {code: form.text(f"about_{code}", longest=1000) for code in chosen}
    note = form.text("note", longest=4000)
    if not form.ok:
        return _show(request, node, who, name, form, status=422)
    obstacles.save_local(
        node.desk,
        name,
        who.id,
        obstacles=[(ObstacleKind.of(code), text) for code, text in notes.items()],
        eligibilities=[Eligibility.of(code) for code in eligible],
        note=note,
    )
    person = open_part(node.desk, who, name, OpenedFor.OBSTACLES).person
    return redirect(request, address(person.id, "freins"), _("Saved. It stays on this node."))


@router.post("/candidats/{name}/orienter")
def refer(request: Request, node: NodeOf, who: EditsThem, form: Sent, name: str) -> Response:
    """Send the person to a partner."""
    partner = form.line("partner", required=True)
    helped = form.choice("help", list(Help), required=True)
    why, day = form.text("why", longest=1000), form.day("follow_up_on", earliest=node.desk.today())
    if form.ok:
        try:
            made = obstacles.refer(node.desk, name, partner, Help.of(helped), why, who.id, follow_up_on=day)
        except BadFields as error:
            blame(form, error.problems)
        else:
            leave_trace(node.desk, who, made.candidate, OpenedFor.EDIT)
            return redirect(request, address(made.candidate, "freins"), _("The referral is noted."))
    return _show(request, node, who, name, form, status=422)


@router.post("/orientations/{referral_id}")
def follow_up(request: Request, node: NodeOf, who: EditsThem, form: Sent, referral_id: str) -> Response:
    """What became of a referral."""
    state = form.choice("state", list(ReferralState), required=True)
    outcome, day = form.text("outcome", longest=1000), form.day("follow_up_on")
    if not form.ok:
        return redirect(request, "/aujourdhui", _("Choose what became of the referral."), "warning")
    done = obstacles.follow_up(node.desk, referral_id, ReferralState.of(state), outcome, who.id, follow_up_on=day)
    leave_trace(node.desk, who, done.candidate, OpenedFor.EDIT)
    return redirect(request, address(done.candidate, "freins"), _("Noted."))


@router.get("/partenaires")
def partners(request: Request, node: NodeOf, who: Manages, modifier: str = "") -> Response:
    """Who helps with what; `modifier` is the partner to be changed."""
    known = obstacles.partners(node.desk)
    form = Form.of(active=True)
    if modifier:
        form = _partner_form(next((one for one in known if one.id == modifier), None))
    return _partners(request, node, form, modifier)


def _partner_form(partner: Partner | None) -> Form:
    if partner is None:
        raise NotFound(_("No partner has that number."))
    return Form.of(
        name=partner.name,
        helps=[one.value for one in partner.helps],
        person=partner.person,
        phone=shown_phone(partner.phone),
        email=partner.email,
        address=partner.address,
        note=partner.note,
        active=partner.active,
    )


def _partners(request: Request, node: NodeOf, form: Form, changed: str, status: int = 200) -> Response:
    known = obstacles.partners(node.desk)
    helps = labelled(Help)
    return render(
        request, "people/partners.html", status=status, partners=known, form=form, changed=changed, helps=helps
    )


@router.post("/partenaires")
def save_partner(request: Request, node: NodeOf, who: Manages, form: Sent, modifier: str = "") -> Response:
    """A new partner, or a known one changed."""
    helps = form.choices("helps", list(Help))
    values = {name: form.line(name) for name in ("name", "person", "phone", "email", "address")}
    note = form.text("note", longest=2000)
    if form.ok:
        try:
            obstacles.save_partner(
                node.desk,
                values.pop("name"),
                [Help.of(code) for code in helps],
                partner_id=modifier,
                note=note,
                active=form.flag("active"),
                **values,
            )
        except BadFields as error:
            blame(form, error.problems)
        else:
            return redirect(request, "/partenaires", _("The partner is saved."))
    return _partners(request, node, form, modifier, status=422)
