"""`maillon sending`: mails and letters to employers of the town, by which people are put forward."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from node.cli.frame import BecauseOption, ConfigOption, JsonOption, opened, reason
from node.cli.output import moment, print_json, say, say_table, tell
from node.cli.parts import SHOWN, AllOption, LimitOption
from node.kit.errors import Unavailable
from node.kit.i18n import gettext as _

if TYPE_CHECKING:
    from node.mission.accounts.trail import OpenedFor
    from node.services.node import Node

NumberArgument = Annotated[str, typer.Argument(metavar=_("NUMBER"), help=_("The sending's number."))]
OutputOption = Annotated[Path, typer.Option("--output", metavar=_("FILE"), help=_("Where the PDF goes."))]


def register(app: typer.Typer) -> None:
    """Add the family."""
    family = typer.Typer(no_args_is_help=True, help=_("Mails and letters to employers of the town."))

    @family.command("create", help=_("Put up to five people forward by one mail or letter; drafts are sent with it."))
    def create(
        forwards: Annotated[list[str], typer.Argument(metavar=_("FORWARD…"), help=_("Numbers of forwards."))],
        way: Annotated[str, typer.Option(help=_("mail or letter."))],
        name: Annotated[str, typer.Option(help=_("Whom it is for."))] = "",
        email: Annotated[str, typer.Option(help=_("The employer's address, for a mail."))] = "",
        address: Annotated[str, typer.Option(help=_("The lines of a letter."))] = "",
        with_cvs: Annotated[bool, typer.Option("--with-cvs", help=_("The CVs go with the mail."))] = False,
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        from node.mission.accounts.trail import COMMAND, OpenedFor
        from node.mission.employers.sending import SendingContact, SendingWay
        from node.services.accounts import trail
        from node.services.employers.sending import ToSend
        from node.services.employers.telling import send_off

        chosen = SendingWay.read(way)
        if chosen is None:
            raise typer.BadParameter(_("mail or letter."), param_hint="--way")
        contact = SendingContact(name=name, email=email, address=address)
        with opened(config) as node:
            made = send_off(node, forwards, ToSend(way=chosen, contact=contact, with_cvs=with_cvs), COMMAND)
            trail.told_by_command(node.desk, OpenedFor.FORWARD)
            if chosen is SendingWay.LETTER:
                tell(_("Recorded, with the guarantee. Now print the letter: maillon sending letter."))
            elif made.mailed is None:
                tell(_("Recorded. The mail has not left yet: it is tried again by itself."))
            _show(node, made.id, as_json)

    @family.command("list", help=_("List them, newest first."))
    def list_(
        limit: LimitOption = SHOWN,
        everything: AllOption = False,
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        from node.mission.employers.codes import shown_code
        from node.services.employers.sending import newest_sendings

        with opened(config) as node:
            found = newest_sendings(node.desk, None if everything else limit)
        if as_json:
            from node.schemas.sendings import SendingList

            print_json(SendingList.of(found.rows, found.count).model_dump(mode="json"))
            return
        say_table(
            (_("Number"), _("Code"), _("Way"), _("Offer"), _("People"), _("Made"), _("Left"), _("Until")),
            [
                (
                    one.id,
                    shown_code(one.code),
                    one.way.label,
                    one.offer.partition("/")[2],
                    len(one.parts),
                    moment(one.made),
                    moment(one.mailed),
                    moment(one.ended or one.lasts_until),
                )
                for one in found.rows
            ],
        )

    @family.command("show", help=_("Show one: its people, their states, and what the employer wrote."))
    def show(
        number: NumberArgument, because: BecauseOption = "", config: ConfigOption = Path(), as_json: JsonOption = False
    ) -> None:
        from node.mission.accounts.trail import OpenedFor

        why = reason(because)
        with opened(config) as node:
            _opened_for(node, number, OpenedFor.READ, why)
            _show(node, number, as_json)

    @family.command("letter", help=_("Print the letter with its CVs into a PDF file. Each print has its own link."))
    def letter(
        number: NumberArgument, output: OutputOption, because: BecauseOption = "", config: ConfigOption = Path()
    ) -> None:
        from node.documents.contact import contact_of
        from node.mission.accounts.trail import OpenedFor
        from node.services.employers.letters import print_letter

        why = reason(because)
        with opened(config) as node:
            pdf = print_letter(node.desk, number, contact_of(node.config))
            _opened_for(node, number, OpenedFor.PRINT, why)
            _write(output, pdf)

    @family.command("destruction", help=_("Print the letter that asks for the destruction of withdrawn people's CVs."))
    def destruction(
        number: NumberArgument, output: OutputOption, because: BecauseOption = "", config: ConfigOption = Path()
    ) -> None:
        from node.documents.contact import contact_of
        from node.mission.accounts.trail import OpenedFor
        from node.services.employers.letters import print_destruction

        why = reason(because)
        with opened(config) as node:
            pdf = print_destruction(node.desk, number, contact_of(node.config))
            _opened_for(node, number, OpenedFor.PRINT, why)
            _write(output, pdf)

    @family.command("told", help=_("Note that the employer was asked to destroy the CVs of these forwards."))
    def told(
        number: NumberArgument,
        forwards: Annotated[list[str], typer.Argument(metavar=_("FORWARD…"), help=_("Numbers of forwards."))],
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        from node.services.employers.sending import note_told

        with opened(config) as node:
            note_told(node.desk, number, set(forwards))
            _show(node, number, as_json)

    @family.command("mail", help=_("Try a mail that has not left once more."))
    def mail(number: NumberArgument, config: ConfigOption = Path(), as_json: JsonOption = False) -> None:
        from node.services.employers.telling import send_again

        with opened(config) as node:
            if send_again(node, number).mailed is None:
                raise Unavailable(_("The mail server did not take it. Check the address, send a letter, or call."))
            _show(node, number, as_json)

    @family.command("end", help=_("End its links: they open nothing any more; the people stay put forward."))
    def end(number: NumberArgument, config: ConfigOption = Path(), as_json: JsonOption = False) -> None:
        from node.services.employers.sending import end as end_links

        with opened(config) as node:
            end_links(node.desk, number)
            _show(node, number, as_json)

    app.add_typer(family, name="sending")


def _opened_for(node: "Node", number: str, what: "OpenedFor", why: str) -> None:
    from node.services.accounts import trail
    from node.services.employers.sending import sending_file

    people = sending_file(node.desk, number).people
    trail.by_command(node.desk, [one.person.id for one in people if one.person is not None], what, why)


def _write(output: Path, pdf: bytes) -> None:
    output.write_bytes(pdf)
    tell(_("Written: {file}").format(file=output))


def _show(node: "Node", number: str, as_json: bool) -> None:
    from node.mission.employers.codes import shown_code
    from node.services.employers.sending import sending_file

    file = sending_file(node.desk, number)
    if as_json:
        from node.schemas.sendings import SendingFileOut

        print_json(SendingFileOut.of_file(file).model_dump(mode="json"))
        return
    one = file.sending
    say(f"{one.id}  {shown_code(one.code)}  {one.way.label}  →  {one.offer}")
    if one.ended is not None:
        say(_("Ended on {when}").format(when=moment(one.ended)))
    else:
        say(_("Its link opens until {when}").format(when=moment(one.lasts_until)))
    say_table(
        (_("No."), _("Forward"), _("State"), _("CV to be destroyed"), _("Employer told")),
        [
            (
                person.number,
                person.forward.id,
                person.forward.state.label,
                moment(person.part.asked_back),
                moment(person.part.told),
            )
            for person in file.people
        ],
    )
    for word in file.words:
        say(f"{moment(word.at)}, {word.way.label} : {word.text}")
