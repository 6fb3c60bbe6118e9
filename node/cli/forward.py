"""`maillon forward` and `maillon answer`: candidates put forward, and what becomes of it; `maillon erase`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from node.cli.answer import NumberArgument, register_answer
from node.cli.forward_view import show_forward
from node.cli.frame import BecauseOption, ConfigOption, JsonOption, opened, reason
from node.cli.output import print_json, say, say_table, tell
from node.cli.parts import SHOWN, AllOption, LimitOption, grouped
from node.kit.errors import BadInput
from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext

if TYPE_CHECKING:
    from node.services.agreements.withdrawing import Withdrawal


def register(app: typer.Typer) -> None:
    """Add the families."""
    family = typer.Typer(no_args_is_help=True, help=_("Candidates put forward."))

    @family.command("create", help=_("Draft: one candidate for one offer."))
    def create(
        candidate: Annotated[str, typer.Option(help=_("The candidate's number or reference."))],
        offer: Annotated[str, typer.Option(help=_("The offer's name, node/number."))],
        why: Annotated[str, typer.Option(help=_("Your own sentence: why this person."))],
        site: Annotated[str, typer.Option(help=_("The site; when not said, the one that the match names."))] = "",
        checked: Annotated[
            list[str] | None,
            typer.Option(help=_("What else was checked: identity, availability, mobility, licence, references.")),
        ] = None,
        agreed: Annotated[
            str, typer.Option(help=_("How the person said yes to this offer, where no agreement covers it yet."))
        ] = "",
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        from node.services.forwards.sending import Demand
        from node.services.forwards.sending import create as draft

        with opened(config) as node:
            further = tuple(checked or ())
            demand = Demand(candidate=candidate, offer=offer, site=site, why=why, checked=further, agreed=agreed)
            drafted = draft(node.desk, demand)
            if not site:
                tell(_("No site was said: the one that suits this person best was taken."))
            show_forward(node, drafted, as_json)

    @family.command("send", help=_("Send a draft, under the mission's guarantee, with the sealed dossier."))
    def send(number: NumberArgument, config: ConfigOption = Path(), as_json: JsonOption = False) -> None:
        from node.services.forwards.sending import send as send_forward

        with opened(config) as node:
            show_forward(node, send_forward(node.desk, number), as_json)

    @family.command("withdraw", help=_("Withdraw a forward."))
    def withdraw(
        number: NumberArgument,
        reason: Annotated[str, typer.Option(help=_("Why: hired_elsewhere, in_training, unavailable…"))],
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        from node.mission.forwards.forward import ForwardState, Words
        from node.services.forwards.answers import home_move

        with opened(config) as node:
            show_forward(node, home_move(node.desk, number, ForwardState.WITHDRAWN, Words(reason)), as_json)

    @family.command("fulfil", help=_("Tell that the condition of “yes, if…” is fulfilled, and ask for the answer."))
    def fulfil(number: NumberArgument, config: ConfigOption = Path(), as_json: JsonOption = False) -> None:
        from node.mission.forwards.forward import ForwardState
        from node.services.forwards.answers import home_move

        with opened(config) as node:
            show_forward(node, home_move(node.desk, number, ForwardState.FULFILLED), as_json)

    @family.command("correct", help=_("Take back that a condition is fulfilled, or the last follow-up: for 24 hours."))
    def correct(number: NumberArgument, config: ConfigOption = Path(), as_json: JsonOption = False) -> None:
        from node.mission.forwards.forward import ForwardState
        from node.services.forwards.answers import home_move

        with opened(config) as node:
            show_forward(node, home_move(node.desk, number, ForwardState.CORRECTED), as_json)

    @family.command("list", help=_("List the forwards, sent and received."))
    def list_(
        limit: LimitOption = SHOWN,
        everything: AllOption = False,
        group: Annotated[
            str, typer.Option(help=_("Of those sent, one group: todo (to be done), waiting or done (ended)."))
        ] = "",
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        from node.mission.forwards.following import FollowGroup
        from node.services.forwards.following import in_group
        from node.services.forwards.sending import newest_forwards

        chosen, most = FollowGroup.read(group), None if everything else limit
        if group and chosen is None:
            raise typer.BadParameter(_("todo, waiting or done."), param_hint="--group")
        with opened(config) as node:
            found = newest_forwards(node.desk, most) if chosen is None else in_group(node.desk, chosen, most)
        if as_json:
            from node.schemas.forwards import ForwardOut

            shown = [ForwardOut.of(one).model_dump(mode="json") for one in found.rows]
            print_json({"forwards": shown, "total": found.count})
            return

        say_table(
            (_("Number"), _("Side"), _("Other node"), _("Offer"), _("State"), _("Since")),
            [
                (
                    one.id,
                    one.side.label,
                    one.peer,
                    one.offer.partition("/")[2],
                    one.state.label,
                    f"{one.moves[-1].at if one.moves else one.created:%d/%m/%Y %H:%M}",
                )
                for one in found.rows
            ],
        )
        if len(found.rows) < found.count:
            said = ngettext(
                "{shown} forward of {total}: --all shows them all",
                "{shown} forwards of {total}: --all shows them all",
                len(found.rows),
            )
            say(said.format(shown=grouped(len(found.rows)), total=grouped(found.count)))

    @family.command("show", help=_("Show one forward and its history."))
    def show(number: NumberArgument, config: ConfigOption = Path(), as_json: JsonOption = False) -> None:
        from node.services.forwards.sending import one_forward

        with opened(config) as node:
            show_forward(node, one_forward(node.desk, number), as_json)

    @family.command("dossier", help=_("Open the dossier of a forward that this node received."))
    def dossier(
        number: NumberArgument, because: BecauseOption = "", config: ConfigOption = Path(), as_json: JsonOption = False
    ) -> None:
        import msgspec

        from node.kit import phone
        from node.mission.accounts.trail import OpenedFor
        from node.services.accounts import trail
        from node.services.forwards.answers import read_dossier

        why = reason(because)
        with opened(config) as node:
            opened_dossier = msgspec.to_builtins(read_dossier(node.desk, number))
            trail.by_command(node.desk, [trail.NOBODYS], OpenedFor.DOCUMENT, why)
            names = node.desk.referential().occupations.label
        if as_json:
            print_json(opened_dossier)
            return
        say_table(
            (_("Field"), _("Value")),
            [
                (_("Name"), f"{opened_dossier['first_name']} {opened_dossier['last_name']}"),
                (_("E-mail"), opened_dossier["email"]),
                (_("Telephone"), phone.shown(opened_dossier["phone"])),
                (_("Occupations"), ", ".join(names(o["rome"]) or o["rome"] for o in opened_dossier["occupations"])),
                (_("Skills"), ", ".join(s["label"] for s in opened_dossier["skills"])),
                (_("Driving licences"), ", ".join(opened_dossier["licences"])),
                (_("Mobility"), f"{opened_dossier['mobility_km']} km"),
                (_("Summary"), opened_dossier["summary"]),
            ],
        )

    app.add_typer(family, name="forward")

    register_answer(app)

    @app.command("erase", help=_("Erase a person here and order every holder to erase; or recall one dossier."))
    def erase(
        candidate: Annotated[str, typer.Option(help=_("The candidate's number or reference."))] = "",
        forward: Annotated[str, typer.Option(help=_("Only the dossier of this forward."))] = "",
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        from node.mission.accounts.trail import COMMAND, OpenedFor
        from node.services.accounts import trail
        from node.services.agreements import erasing, withdrawing

        if bool(candidate) == bool(forward):
            raise BadInput(_("Name either a candidate (--candidate) or a forward (--forward)."))
        with opened(config) as node:
            if candidate:
                done = erasing.erase(node.desk, candidate, COMMAND)
            else:
                done = withdrawing.recall_forward(node.desk, forward)
            trail.told_by_command(node.desk, OpenedFor.ERASED if candidate else OpenedFor.EDIT)
            if candidate and not as_json:
                say(_("The person is erased here."))
            _show_erasure(done, as_json)


def _show_erasure(done: "Withdrawal", as_json: bool) -> None:
    from node.schemas.forwards import WithdrawalOut

    if as_json:
        print_json(WithdrawalOut.of(done).model_dump(mode="json"))
        return
    count = len(done.orders)
    say(ngettext("{count} holder ordered to erase.", "{count} holders ordered to erase.", count).format(count=count))
    if done.orders:
        say_table((_("Order"), _("Holder")), done.orders)
    if done.waiting:
        say(
            _("Cannot be told now, and will be as soon as possible: {holders}.").format(holders=", ".join(done.waiting))
        )
