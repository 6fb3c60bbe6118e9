"""`maillon journal`: the node's own transparency log, for anyone's verifier."""

from pathlib import Path
from typing import Annotated

import typer

from node.cli.frame import ConfigOption, JsonOption, opened
from node.cli.output import print_json, say
from node.kit.i18n import gettext as _


def register(app: typer.Typer) -> None:
    """Add the family."""
    family = typer.Typer(no_args_is_help=True, help=_("The node's transparency log."))

    @family.command("export", help=_("Write the journal in the static C2SP tlog-tiles layout, with its key."))
    def export(
        out: Annotated[
            Path, typer.Option("--out", file_okay=False, help=_("Where to write; an earlier export is completed."))
        ],
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        from node.services.network.exporting import export_journal

        with opened(config) as node:
            exported = export_journal(node.federation, out)
        if as_json:
            print_json(exported)
        else:
            say(
                _("{size} entries of {origin} are in “{path}” ({files} files).").format(
                    size=exported.size, origin=exported.origin, path=exported.out, files=exported.files
                )
            )

    app.add_typer(family, name="journal")
