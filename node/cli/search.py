"""`maillon search`: all nodes' sheets, with what the answer covers, and offers."""

from pathlib import Path
from typing import Annotated

import typer

from node.cli.frame import ConfigOption, JsonOption, opened
from node.cli.output import print_json, say, say_table
from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext

RomeOption = Annotated[str, typer.Option("--rome", help=_("An occupation, by its ROME code."))]


def register(app: typer.Typer) -> None:
    """Add the family."""
    family = typer.Typer(no_args_is_help=True, help=_("Search the network."))

    @family.command("sheets", help=_("Search the group sheets of all nodes."))
    def sheets(
        rome: RomeOption = "",
        skill: Annotated[list[str] | None, typer.Option("--skill", help=_("A skill's code; may be repeated."))] = None,
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        from node.schemas.sheets import SheetAnswerOut
        from node.services.sheets.searching import search_sheets

        with opened(config) as node:
            answer = search_sheets(node.desk, rome=rome, skills=skill or ())
            if as_json:
                print_json(SheetAnswerOut.of(answer).model_dump(mode="json"))
                return
            labels = node.desk.referential().skills.label
        say_table(
            (_("Node"), _("Occupation"), _("People"), _("Present in the group")),
            [
                (
                    found.node_name,
                    found.label,
                    found.size,
                    ", ".join(labels(code) or code for code in (found.shared or tuple(found.sheet.skills))[:6]),
                )
                for found in answer.found
            ],
        )
        if rome:
            say(
                ngettext(
                    "At least {count} person of this occupation.",
                    "At least {count} people of this occupation.",
                    answer.at_least,
                ).format(count=answer.at_least)
            )
        say_table(
            (_("Node"), _("Release"), _("Made"), _("Last exchange")),
            [
                (
                    one.name,
                    one.release or _("none yet"),
                    f"{one.released_at:%d/%m/%Y %H:%M}" if one.released_at else "",
                    f"{one.synced_at:%d/%m/%Y %H:%M}" if one.synced_at else _("never"),
                )
                for one in answer.coverage
            ],
            title=_("What this answer covers (UTC)"),
        )

    @family.command("offers", help=_("Search the open offers of all nodes."))
    def offers(
        rome: RomeOption = "",
        text: Annotated[str, typer.Option(help=_("Words of the title, the employer or the description."))] = "",
        commune: Annotated[str, typer.Option(help=_("INSEE code of a site's commune."))] = "",
        limit: Annotated[int, typer.Option(min=1, max=1000, help=_("How many at most."))] = 50,
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        from node.cli.offer import show_offers
        from node.services.offers.searching import search_offers

        with opened(config) as node:
            found = search_offers(node.desk, rome=rome, text=text, commune=commune, limit=limit)
            show_offers(found, node.desk.referential(), as_json)

    app.add_typer(family, name="search")
