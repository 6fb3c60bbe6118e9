"""One forward, as `maillon forward` and `maillon answer` show it: in words, with what stands behind it."""

from typing import TYPE_CHECKING

from node.cli.output import moment, print_json, say, say_table
from node.kit.i18n import gettext as _

if TYPE_CHECKING:
    from node.mission.forwards.forward import Forward
    from node.mission.offers.offer import Offer
    from node.referential import Referential
    from node.services.forwards.guarantees import Guaranteed
    from node.services.node import Node


def show_forward(node: "Node", forward: "Forward", as_json: bool) -> None:
    """Its state, why, what was checked, its guarantee, and its moves."""
    from node.services.forwards.guarantees import standing

    with node.database.read() as uow:
        behind = standing(node.desk, uow, forward)
        offer = uow.offers.get(*forward.offer.split("/", 1))
    if as_json:
        from node.schemas.forwards import ForwardOut

        print_json({**ForwardOut.model_validate(forward).model_dump(mode="json"), "guarantee": behind})
        return
    say(f"{forward.id}  {forward.state.label}  →  {forward.offer}")
    if offer is not None:
        say(_("Offer: {title}, {employer}").format(title=offer.title, employer=offer.employer))
        say(_("Site: {site}").format(site=_site(offer, forward.site, node.desk.referential())))
    if forward.why:
        say(_("Why: {sentence}").format(sentence=forward.why))
    _show_standing(node, behind, forward)
    _show_moves(node, forward)


def _site(offer: "Offer", site_id: str, referential: "Referential") -> str:
    found = next((site for site in offer.sites if site.id == site_id), None)
    if found is None:
        return site_id
    named = ", ".join(filter(None, (found.label, referential.communes.name(found.commune))))
    return f"{named} ({found.id})" if named else found.id


def _show_standing(node: "Node", behind: "Guaranteed | None", forward: "Forward") -> None:
    from node.mission.forwards.terms import Check

    checked = [(code, None) for code in forward.checked] if behind is None else behind.checked
    if checked:
        named = ((getattr(Check.read(code), "label", code), day) for code, day in checked)
        said = ", ".join(f"{label} ({day:%d/%m/%Y})" if day else label for label, day in named)
        say(_("Checked: {checks}").format(checks=said))
    if behind is None:
        say(_("Guarantee: none yet, it is signed when the draft is sent."))
    elif behind.verified:
        said = _("Guarantee: verifies, signed by {node} with the key {key}, until {when}")
        say(said.format(node=behind.by, key=behind.key_id, when=moment(behind.until)))
    elif behind.verified is False:
        said = _("Guarantee: does NOT verify ({why}), said to be of {node}, key {key}, until {when}")
        why = behind.trouble.rstrip(".")
        if behind.until is not None and behind.until <= node.now():
            why = _("it has expired")
        say(said.format(why=why, node=behind.by, key=behind.key_id, when=moment(behind.until)))
    elif behind.until is None:
        say(_("Guarantee: of {node}; it went with the dossier, which is erased here.").format(node=behind.by))
    else:
        said = _("Guarantee: signed here when it was sent, until {when}; who received it verifies it")
        say(said.format(when=moment(behind.until)))


def _show_moves(node: "Node", forward: "Forward") -> None:
    if not forward.moves:
        return
    from node.mission.forwards.forward import ForwardState
    from node.mission.forwards.terms import Reason
    from node.services.actors import names as names_of
    from node.services.forwards.conditions import thing_asked

    names = names_of(node.desk)
    referential = node.desk.referential()
    rows = []
    for move in forward.moves:
        who = names[move.actor] if move.actor else move.by.label
        what = move.event.label
        if move.event is ForwardState.CORRECTED:
            instead = move.instead.label if move.instead is not None else _("the state before")
            what = _("{correction}: {answer}").format(correction=what, answer=instead)
        said = [getattr(Reason.read(move.reason), "label", move.reason)] if move.reason else []
        said += [referential.skills.label(code) or code for code in move.lacking]
        if move.condition is not None:
            thing, day = thing_asked(move.condition, referential), move.condition.until
            said.append(_("{thing}, by {day}").format(thing=thing, day=f"{day:%d/%m/%Y}"))
        rows.append((f"{move.at:%d/%m/%Y %H:%M}", what, who, "; ".join(said), move.to_candidate, move.to_guarantor))
    heads = (_("When (UTC)"), _("What"), _("Who"), _("Said"), _("For the candidate"), _("For the guarantor"))
    say_table(heads, rows)
