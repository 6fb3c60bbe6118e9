"""`maillon demo`: a coordinator, towns and an employer on this machine, and one story played through them."""

import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from node.cli.frame import JsonOption
from node.cli.output import print_json, say, say_table, tell
from node.kit.errors import ExitCode
from node.kit.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from node.demo.steps import StoryStep
    from node.demo.visit import Door


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("demo", help=_("Play the story of three towns and an employer on this machine, then keep serving."))
    def demo(
        directory: Annotated[
            Path, typer.Option("--dir", file_okay=False, help=_("Where the nodes live; emptied at each start."))
        ] = Path("var/demo"),
        towns: Annotated[int, typer.Option(min=3, max=50, help=_("How many towns."))] = 3,
        candidates: Annotated[int, typer.Option(min=40, max=5000, help=_("Candidates a town."))] = 150,
        offers: Annotated[int, typer.Option(min=1, max=2000, help=_("Offers a town."))] = 20,
        seed: Annotated[int, typer.Option(help=_("Another seed, other people."))] = 1,
        base_port: Annotated[int, typer.Option(min=1024, max=65000, help=_("The first of the nodes' ports."))] = 8800,
        once: Annotated[bool, typer.Option("--once", help=_("Play the story, verify it, and end."))] = False,
        stop: Annotated[bool, typer.Option("--stop", help=_("End the demonstration that runs in --dir."))] = False,
        as_json: JsonOption = False,
    ) -> None:
        from node.demo import play as stage
        from node.demo import running
        from node.demo.network import LOG
        from node.demo.visit import open_doors
        from node.referential import load

        if stop:
            stopped = running.stop(directory.absolute())
            say(_("The demonstration is stopped.") if stopped else _("No demonstration runs there."))
            return
        signal.signal(signal.SIGTERM, _interrupt)
        tables = load()
        options = stage.Options(directory.absolute(), towns, candidates, offers, seed, base_port)
        tell(_("Preparing {count} nodes in {path}…").format(count=towns + 2, path=options.directory))
        network = None
        try:
            network = stage.prepare(options, tables)
            steps = stage.play(network, options, tables, _show)
            report = stage.report(network, steps)
            if as_json:
                print_json(report)
            if not report["ok"]:
                failed = _("The story failed: no doors are opened, and the nodes are ended. Their logs are in {path}.")
                tell(failed.format(path=options.directory / "*" / LOG))
                raise typer.Exit(ExitCode.ERROR)
            if once:
                return
            if not as_json:
                tell(_("Opening doors for visitors…"))
                doors = open_doors(network, datetime.now(UTC).date())
                _show_addresses(report)
                _show_doors(doors)
            tell(_("The nodes keep serving. End with Ctrl-C, or from elsewhere with: make stop"))
            while True:
                signal.pause()
        except KeyboardInterrupt:
            tell(_("Stopping."))
        finally:
            if network is not None:
                network.stop()
            running.forget(options.directory)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _show(step: "StoryStep") -> None:
    if step.ok:
        tell(f"✓ {step.seconds:5.1f} s  {step.detail}")
    else:
        tell(f"✗ {step.seconds:5.1f} s  {step.name}: {step.detail}")


def _show_doors(doors: "Sequence[Door]") -> None:
    say(_("To look around in a browser; each link opens one session, within 30 minutes:"))
    for door in doors:
        # One line each, whatever the width: a link that is cut opens nothing.
        say(f"  {door.who} ({door.place}) :\n    {door.url}")
    sys.stdout.flush()


def _show_addresses(report: "dict[str, object]") -> None:
    from node.kit.labels import role as role_label

    nodes = report["nodes"]
    assert isinstance(nodes, list)
    say_table(
        (_("Node"), _("Role"), _("Address"), _("Configuration")),
        [(node["id"], role_label(node["role"]), node["base_url"], node["config"]) for node in nodes],
    )
    sys.stdout.flush()
