"""`maillon import rome` and `maillon import communes`: official tables in place of the embedded ones.

Both are safe to repeat, and a node that serves goes on while they work. Formats: node/referential/README.md.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from node.cli.frame import ConfigOption, JsonOption, load_config
from node.cli.output import print_json, progress, say
from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext

if TYPE_CHECKING:
    from node.referential.importing import Report

ArchiveArgument = Annotated[
    Path, typer.Argument(metavar=_("FOLDER_OR_ZIP"), exists=True, readable=True, show_default=False)
]
TableArgument = Annotated[
    Path, typer.Argument(metavar=_("FILE"), exists=True, dir_okay=False, readable=True, show_default=False)
]


def register(family: typer.Typer) -> None:
    """Add both commands to the `import` family."""

    @family.command("rome", help=_("Take in the official ROME archive of France Travail."))
    def rome(source: ArchiveArgument, config: ConfigOption = Path(), as_json: JsonOption = False) -> None:
        from node.referential.importing import archive_size, import_rome

        folder = load_config(config).referential_dir
        _run(archive_size(source), lambda advance: import_rome(source, folder, advance), as_json)

    @family.command("communes", help=_("Take in an official file of communes: La Poste's, or communes-france."))
    def communes(source: TableArgument, config: ConfigOption = Path(), as_json: JsonOption = False) -> None:
        from node.referential.importing import import_communes

        folder = load_config(config).referential_dir
        _run(source.stat().st_size, lambda advance: import_communes(source, folder, advance), as_json)


def _run(size: int, work: Callable[[Callable[[int], None]], "Report"], as_json: bool) -> None:
    start = time.monotonic()
    with progress(_("Reading the file"), size) as advance:
        report = work(advance)
    if as_json:
        shown = {name: getattr(report, name) for name in ("version", "before", "changed", "counts")}
        print_json({**shown, "seconds": round(time.monotonic() - start, 2)})
        return
    for name, count in report.counts.items():
        say(_counted(name, count))
    if report.changed:
        say(_("{version} is in force; a node that serves has it already.").format(version=report.version))
    else:
        say(_("{version} was in force already: nothing has changed.").format(version=report.version))


def _counted(name: str, count: int) -> str:
    sentences = {
        "occupations": ngettext("{count} occupation", "{count} occupations", count),
        "appellations": ngettext("{count} appellation", "{count} appellations", count),
        "skills": ngettext("{count} skill", "{count} skills", count),
        "skill_links": ngettext("{count} link from an occupation to a skill", "{count} links to skills", count),
        "moves": ngettext("{count} move to another occupation", "{count} moves to other occupations", count),
        "loose_links": ngettext(
            "{count} line left out: its code is not defined",
            "{count} lines left out: their codes are not defined",
            count,
        ),
        "communes": ngettext("{count} commune", "{count} communes", count),
        "read": ngettext("{count} of them from the file", "{count} of them from the file", count),
        "without_point": ngettext("{count} commune left out: no point", "{count} communes left out: no point", count),
    }
    return sentences[name].format(count=count)
