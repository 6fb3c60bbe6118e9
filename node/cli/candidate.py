"""`maillon candidate`: the town's own register."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from node.cli.frame import BecauseOption, ConfigOption, JsonOption, opened, reason
from node.cli.output import print_json, say, say_table
from node.cli.parts import SHOWN, AllOption, LimitOption, grouped
from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext

if TYPE_CHECKING:
    from node.schemas.candidates import ConsentOut, ExperienceOut

NumberArgument = Annotated[str, typer.Argument(metavar=_("NUMBER"), help=_("The candidate's number or reference."))]


def register(app: typer.Typer) -> None:
    """Add the family."""
    family = typer.Typer(no_args_is_help=True, help=_("The town's candidates."))

    @family.command("list", help=_("List the candidates."))
    def list_(
        limit: LimitOption = SHOWN,
        everything: AllOption = False,
        because: BecauseOption = "",
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        from node.schemas.candidates import CandidateList
        from node.services.accounts import trail

        with opened(config) as node:
            with node.database.read() as uow:
                found = uow.candidates.part(0, None if everything else limit)
            trail.listed_by_command(node.desk, [one.id for one in found.rows] if as_json else [], because)
            listed = CandidateList.of(found, 0, node.desk.referential(), node.desk.today())
        if as_json:
            print_json(listed.model_dump(mode="json"))
            return
        say_table(
            (_("Reference"), _("Name"), _("Commune"), _("Occupation"), _("Ready"), _("Network"), _("Number")),
            [
                (
                    one.reference,
                    f"{one.first_name} {one.last_name}",
                    one.commune_name,
                    one.occupations[0].appellation or one.occupations[0].label if one.occupations else "",
                    _("yes") if one.ready else _("no"),
                    _("yes") if one.published else _("no"),
                    one.id,
                )
                for one in listed.candidates
            ],
        )
        if len(listed.candidates) < listed.total:
            said = ngettext(
                "{shown} person of {total}: --all shows them all",
                "{shown} people of {total}: --all shows them all",
                len(listed.candidates),
            )
            say(said.format(shown=grouped(len(listed.candidates)), total=grouped(listed.total)))

    @family.command("show", help=_("Show one candidate."))
    def show(
        number: NumberArgument, because: BecauseOption = "", config: ConfigOption = Path(), as_json: JsonOption = False
    ) -> None:
        from node.kit import phone
        from node.mission.accounts.trail import OpenedFor
        from node.schemas.candidates import CandidateOut
        from node.services.accounts import trail
        from node.services.people.finding import find_candidate

        why = reason(because)
        with opened(config) as node:
            with node.database.read() as uow:
                candidate = find_candidate(uow, number)
            trail.by_command(node.desk, [candidate.id], OpenedFor.READ, why)
            shown = CandidateOut.of(candidate, node.desk.referential(), node.desk.today())
        if as_json:
            print_json(shown.model_dump(mode="json"))
            return
        say_table(
            (_("Field"), _("Value")),
            [
                (_("Reference"), shown.reference),
                (_("Name"), f"{shown.first_name} {shown.last_name}"),
                (_("E-mail"), shown.email),
                (_("Telephone"), phone.shown(shown.phone)),
                (_("Commune"), shown.commune_name),
                (_("Occupations"), ", ".join(map(_experience, shown.occupations))),
                (_("Skills"), ", ".join(shown.skills.values())),
                (_("Driving licences"), ", ".join(shown.licences)),
                (_("Mobility"), f"{shown.mobility_km} km"),
                (_("CV ready"), f"{shown.readiness.on} ({shown.readiness.by})" if shown.readiness else _("no")),
                (_("Agreements"), "; ".join(map(_agreement, shown.consents))),
            ],
        )

    @family.command("link", help=_("Print a link that opens the person's own space once, to be handed over."))
    def link(
        number: NumberArgument, because: BecauseOption = "", config: ConfigOption = Path(), as_json: JsonOption = False
    ) -> None:
        from node.mission.accounts.trail import OpenedFor
        from node.services.accounts import trail
        from node.services.my_space.my_space import own_link

        why = reason(because)
        with opened(config) as node:
            person, url = own_link(node.desk, number)
            trail.by_command(node.desk, [person.id], OpenedFor.LINK, why)
        if as_json:
            print_json({"id": person.id, "url": url})
            return
        say(_("Link for {name}, to be opened once:").format(name=person.name))
        say(url)

    @family.command(
        "resume",
        help=_("Show whom an earlier version stopped helping because they refused other towns; with --yes, help them."),
    )
    def resume(
        yes: Annotated[bool, typer.Option("--yes", help=_("Do it, after having looked."))] = False,
        because: BecauseOption = "",
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        from node.mission.accounts.trail import COMMAND, OpenedFor
        from node.services.accounts import trail
        from node.services.people import resuming

        why = reason(because) if yes else ""
        with opened(config) as node:
            people = resuming.taken_out(node.desk)
            found, taken_up = [one.reference for one in people], 0
            if yes and people:
                taken_up = resuming.resume(node.desk, [one.id for one in people], COMMAND)
                trail.by_command(node.desk, [one.id for one in people], OpenedFor.EDIT, why)
        if as_json:
            print_json({"found": found, "resumed": taken_up})
            return
        said = ngettext("{number} person: {references}", "{number} people: {references}", len(found))
        say(said.format(number=len(found), references=", ".join(found) or "-"))
        if found and not yes:
            say(_("They would look for work again in their own town; other towns are told nothing of it."))
            say(_("Nothing is done yet."))
        elif yes:
            said = ngettext("{number} person is helped again.", "{number} people are helped again.", taken_up)
            say(said.format(number=taken_up))

    @family.command("edit", help=_("Correct a candidate, sign the CV as ready, record or withdraw an agreement."))
    def edit(
        number: NumberArgument,
        email: Annotated[str | None, typer.Option(help=_("E-mail."))] = None,
        phone: Annotated[str | None, typer.Option(help=_("Telephone."))] = None,
        commune: Annotated[str | None, typer.Option(help=_("Commune: INSEE code, name or postal code."))] = None,
        mobility: Annotated[
            int | None, typer.Option("--mobility-km", min=0, max=2000, help=_("How far the person travels, in km."))
        ] = None,
        ready_by: Annotated[
            str | None, typer.Option(help=_("The counsellor who signs that the CV is ready, having met the person."))
        ] = None,
        by_phone: Annotated[bool, typer.Option(help=_("The person was met by telephone."))] = False,
        agree_network: Annotated[
            datetime | None,
            typer.Option(formats=["%Y-%m-%d"], help=_("The person agrees to other towns until this day.")),
        ] = None,
        withdraw_consent: Annotated[
            bool,
            typer.Option("--withdraw-consent", help=_("The person refuses other towns; their own goes on.")),
        ] = False,
        because: BecauseOption = "",
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        from node.mission.accounts.trail import COMMAND, OpenedFor
        from node.schemas.candidates import CandidateOut
        from node.services.accounts import trail
        from node.services.agreements.withdrawing import withdraw
        from node.services.people.candidates import Correction, correct
        from node.services.people.finding import find_candidate

        why = reason(because)
        with opened(config) as node:
            with node.database.read() as uow:
                known = find_candidate(uow, number)
            trail.by_command(node.desk, [known.id], OpenedFor.EDIT, why)
            if withdraw_consent:
                done = withdraw(node.desk, number, COMMAND)
                if not as_json:
                    ended, told = len(done.withdrawn), len(done.orders)
                    say(_("The person is shown to no other town any more; their own town goes on."))
                    say(
                        ngettext("{number} application is ended.", "{number} applications are ended.", ended).format(
                            number=ended
                        )
                    )
                    say(
                        ngettext("{count} holder ordered to erase.", "{count} holders ordered to erase.", told).format(
                            count=told
                        )
                    )
            candidate = correct(
                node.desk,
                number,
                Correction(
                    email=email,
                    phone=phone,
                    commune=commune,
                    mobility_km=mobility,
                    ready_by=ready_by,
                    met_by_phone=by_phone,
                    network_until=agree_network.date() if agree_network else None,
                ),
                COMMAND,
            )
            trail.by_command(node.desk, [candidate.id], OpenedFor.EDIT, why)
            if as_json:
                shown = CandidateOut.of(candidate, node.desk.referential(), node.desk.today())
                print_json(shown.model_dump(mode="json"))
            elif not withdraw_consent:
                say(_("Saved."))

    app.add_typer(family, name="candidate")


def _experience(one: "ExperienceOut") -> str:
    months = ngettext("{n} month", "{n} months", one.months).format(n=one.months)
    return f"{one.appellation or one.label} ({months})"


def _agreement(one: "ConsentOut") -> str:
    from node.mission.agreements.consent import ConsentScope

    about = f" ({one.employer or one.offer})" if one.employer or one.offer else ""
    term = f"{ConsentScope.of(one.scope).label}{about}, {one.given_on:%d/%m/%Y} → {one.until:%d/%m/%Y}"
    return _("{agreement} (withdrawn)").format(agreement=term) if one.withdrawn_at else term
