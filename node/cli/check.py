"""`maillon check`: everything that must be in order for the node to work, one line each, with what to do."""

from pathlib import Path
from typing import Annotated

import typer

from node.cli.frame import ConfigOption, JsonOption, load_config
from node.cli.init import ask_passphrase
from node.cli.output import print_json, say
from node.kit.errors import ExitCode
from node.kit.i18n import gettext as _


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("check", help=_("Check configuration, keys, database, journal, clock and port; say what to do."))
    def check(
        backup: Annotated[
            Path | None, typer.Option("--backup", help=_("Also prove that this key backup opens."))
        ] = None,
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        from node.app import open_node
        from node.services.network.checking import check as look
        from node.services.network.checking import check_backup

        loaded = load_config(config)
        findings = list(look(loaded, open_node))
        if backup is not None:
            findings.append(check_backup(loaded, backup.read_bytes(), ask_passphrase()))
        ok = all(finding.ok for finding in findings)
        if as_json:
            print_json({"ok": ok, "checks": findings})
        else:
            names = _names()
            for finding in findings:
                mark = "✓" if finding.ok else "✗"
                say(f"{mark} {names.get(finding.name, finding.name):<16} {finding.detail}")
                if finding.advice:
                    say(f"  {'':<16} → {finding.advice}")
        if not ok:
            raise typer.Exit(ExitCode.ERROR)


def _names() -> dict[str, str]:
    return {
        "config": _("configuration"),
        "keys": _("keys"),
        "token": _("API token"),
        "database": _("database"),
        "migrations": _("schema"),
        "node": _("node"),
        "journal": _("journal"),
        "keys_in_use": _("keys in use"),
        "clock": _("clock"),
        "directory": _("directory"),
        "ends": _("what ends"),
        "port": _("port"),
        "backup": _("key backup"),
    }
