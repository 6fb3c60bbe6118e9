"""`maillon import`: files of candidates and offers into the register. Formats: docs/imports.md."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from node.cli import import_referential
from node.cli.frame import ConfigOption, JsonOption, opened
from node.cli.output import print_json, progress, say, say_table
from node.cli.parts import SHOWN, grouped
from node.kit.errors import Conflict, ExitCode
from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext

if TYPE_CHECKING:
    from node.referential import Referential
    from node.schemas.imports import ImportPreviewOut
    from node.services.imports.importing import ImportReport

FileArgument = Annotated[
    Path, typer.Argument(metavar=_("FILE"), exists=True, dir_okay=False, readable=True, show_default=False)
]


PreviewOption = Annotated[bool, typer.Option("--dry-run", help=_("Only show what would be taken in."))]


def register(app: typer.Typer) -> None:
    """Add the family."""
    family = typer.Typer(no_args_is_help=True, help=_("Take in files of candidates and offers."))

    @family.command("candidates", help=_("Take in candidates from a CSV or XLSX file."))
    def candidates(
        file: FileArgument, dry_run: PreviewOption = False, config: ConfigOption = Path(), as_json: JsonOption = False
    ) -> None:
        from node.imports import read_candidates
        from node.services.imports.importing import import_candidates

        with opened(config) as node, progress(_("Reading the file")):
            lines = read_candidates(file.read_bytes(), node.desk.referential(), node.desk.today())
            report = import_candidates(node.desk, lines, preview=dry_run)
            _report(report, as_json, node.desk.referential() if dry_run else None)

    @family.command(
        "offers", help=_("Take in offers from CSV, XLSX or JSON (France Travail, JobPosting), publish them.")
    )
    def offers(
        file: FileArgument, dry_run: PreviewOption = False, config: ConfigOption = Path(), as_json: JsonOption = False
    ) -> None:
        from node.imports import read_offers
        from node.services.imports.importing import import_offers

        with opened(config) as node:
            with progress(_("Reading the file")):
                lines = read_offers(file.read_bytes(), node.desk.referential(), node.desk.today())
            with progress(_("Taking in the offers"), len(lines)) as advance:
                report = import_offers(node.desk, lines, preview=dry_run, advance=advance)
            _report(report, as_json, node.desk.referential() if dry_run else None)

    @family.command("template", help=_("Write an empty list to fill in, with its columns and an example."))
    def template(
        kind: Annotated[str, typer.Argument(metavar="candidates|offers", help=_("What the list is of."))],
        xlsx: Annotated[bool, typer.Option("--xlsx", help=_("A spreadsheet rather than CSV."))] = False,
        out: Annotated[
            Path | None,
            typer.Option(
                "--out",
                "-o",
                metavar=_("FILE"),
                dir_okay=False,
                show_default=False,
                help=_("Where to write it (else a name of its own, here)."),
            ),
        ] = None,
    ) -> None:
        from node.imports.templates import Listed, template_name
        from node.imports.templates import template as make
        from node.services.network.founding import BadOption

        if kind not in list(Listed):
            raise BadOption(_("Choose “candidates” or “offers”."))
        listed = Listed(kind)
        xlsx = xlsx or (out is not None and out.suffix.lower() == ".xlsx")
        path = out or Path(template_name(listed, xlsx=xlsx))
        try:
            with path.open("xb") as file:
                file.write(make(listed, xlsx=xlsx))
        except FileExistsError:
            raise Conflict(_("“{path}” exists: nothing was written.").format(path=path)) from None
        said = _("The template is in “{path}”. Its example line is passed over when the list is taken in.")
        say(said.format(path=path))

    import_referential.register(family)
    app.add_typer(family, name="import")


def _report(report: "ImportReport", as_json: bool, previewed: "Referential | None") -> None:
    """Say what became of a file; with `previewed` tables, what would."""
    from node.schemas.imports import ImportOut, ImportPreviewOut

    preview = ImportPreviewOut.preview_of(report, previewed) if previewed else None
    if as_json:
        print_json((preview or ImportOut.of(report)).model_dump(mode="json"))
    else:
        if preview:
            _say_lines(preview)
        say(
            _("{added} added, {updated} updated, {unchanged} unchanged.").format(
                added=report.added, updated=report.updated, unchanged=report.unchanged
            )
        )
        if report.alike:
            said = ngettext(
                "{count} new offer resembles one that you have: its page shows both.",
                "{count} new offers resemble one that you have: their pages show both.",
                report.alike,
            )
            say(said.format(count=report.alike))
        if report.problems:
            count = len(report.problems)
            say(
                ngettext(
                    "{count} line is to be mended. Correct it and import the file again: nothing is taken in twice.",
                    "{count} lines are to be mended. Correct them and import the file again: nothing is taken in "
                    "twice.",
                    count,
                ).format(count=count)
            )
            say_table((_("Line"), _("What to correct")), report.problems)
        if preview:
            say(_("A preview: nothing was written."))
    if report.problems:
        raise typer.Exit(ExitCode.PARTIAL if report.added or report.updated or report.unchanged else ExitCode.ERROR)


def _say_lines(preview: "ImportPreviewOut") -> None:
    from node.services.imports.importing import Effect

    say_table(
        (_("Line"), _("Outcome"), _("Reference"), _("Name"), _("Commune"), _("Occupation"), _("Details")),
        [
            (
                one.line,
                Effect.of(one.outcome).label,
                one.reference,
                one.name,
                one.communes,
                one.occupations,
                " · ".join(one.details),
            )
            for one in preview.lines[:SHOWN]
        ],
    )
    if len(preview.lines) > SHOWN:
        said = _("The first {shown} lines of {total} are shown.")
        say(said.format(shown=grouped(SHOWN), total=grouped(len(preview.lines))))
