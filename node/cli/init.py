"""`maillon init`: a new node's directory; or its keys, put back from the backup."""

import os
from pathlib import Path
from typing import Annotated

import typer

from node.cli.frame import ConfigOption, JsonOption
from node.cli.output import print_json, say, tell
from node.kit.i18n import gettext as _

PASSPHRASE = "MAILLON_BACKUP_PASSPHRASE"  # noqa: S105  # the variable's name


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("init", help=_("Make a new node: configuration, keys, database, API token, encrypted key backup."))
    def init(
        directory: Annotated[
            Path | None, typer.Option("--dir", file_okay=False, help=_("The node's directory; made if it is missing."))
        ] = None,
        node_id: Annotated[
            str, typer.Option("--id", help=_("Its name in the network, such as montlucon.emploi.example."))
        ] = "",
        name: Annotated[str, typer.Option("--name", help=_("Its name for people."))] = "",
        role: Annotated[str, typer.Option("--role", help=_("town, employer or coordinator."))] = "town",
        base_url: Annotated[
            str, typer.Option("--base-url", help=_("Where peers reach it: scheme, host and port only."))
        ] = "",
        commune: Annotated[str, typer.Option("--commune", help=_("A town's INSEE code (not its postal code)."))] = "",
        host: Annotated[
            str, typer.Option("--host", help=_("The address that “maillon serve” listens on."))
        ] = "127.0.0.1",
        port: Annotated[int, typer.Option("--port", min=1, max=65535, help=_("And its port."))] = 8080,
        coordinator: Annotated[
            str, typer.Option("--coordinator", help=_("The coordinator's base URL, if known."))
        ] = "",
        sync_interval: Annotated[
            int, typer.Option("--sync-interval", min=1, max=86_400, help=_("Seconds between two visits to a peer."))
        ] = 300,
        refresh_interval: Annotated[
            int,
            typer.Option("--refresh-interval", min=1, max=86_400, help=_("Seconds between two directory refreshes.")),
        ] = 600,
        allow_private: Annotated[
            list[str] | None,
            typer.Option("--allow-private", help=_("A private address block that it may call; may be repeated.")),
        ] = None,
        database_url: Annotated[
            str,
            typer.Option(
                "--database-url",
                help=_("An empty database, postgresql+psycopg://…; SQLite in the directory if not said."),
            ),
        ] = "",
        restore_keys: Annotated[
            Path | None,
            typer.Option("--restore-keys", help=_("Put the keys of this backup back into an existing node.")),
        ] = None,
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        if restore_keys is not None:
            _restore(restore_keys, config if directory is None else directory / "config.toml", as_json)
            return
        from node.app import SystemClock
        from node.referential import load as load_referential
        from node.services.network.founding import BadOption, Wish, create_node

        for option, value in (("--dir", directory), ("--id", node_id), ("--name", name), ("--base-url", base_url)):
            if not value:
                raise BadOption(_("{name} is missing.").format(name=option))
        assert directory is not None
        wish = Wish(
            id=node_id,
            name=name,
            role=role,
            base_url=base_url.rstrip("/"),
            commune=commune,
            host=host,
            port=port,
            coordinator_url=coordinator.rstrip("/"),
            sync_seconds=sync_interval,
            refresh_seconds=refresh_interval,
            allow_private=tuple(allow_private or ()),
            database_url=database_url,
        )
        created = create_node(directory, wish, os.urandom, SystemClock().now())
        if as_json:
            print_json(created)
            return
        say(_("The node {id} is ready in “{path}”.").format(id=created.id, path=directory))
        if commune:
            say(_("Commune: {name}").format(name=load_referential().communes.name(commune)))
        say()
        say(_("Key backup: {path}").format(path=created.backup))
        say(_("Its passphrase, shown this once: {passphrase}").format(passphrase=created.backup_passphrase))
        say(_("Write it on paper, and keep both away from this machine, apart from each other."))
        say()
        say(_("Next: maillon --config {path} check, then maillon --config {path} serve").format(path=created.config))


def ask_passphrase() -> str:
    """The backup's passphrase, from the environment or the terminal; never from the command line, which others see."""
    given = os.environ.get(PASSPHRASE)
    return given if given is not None else str(typer.prompt(_("Passphrase of the backup"), hide_input=True, err=True))


def _restore(backup: Path, config: Path, as_json: bool) -> None:
    from node.cli.frame import load_config
    from node.services.network.founding import restore_keys

    loaded = load_config(config)
    data = backup.read_bytes()
    path = restore_keys(loaded, data, ask_passphrase())
    if as_json:
        print_json({"id": loaded.node.id, "keys": path})
        return
    say(_("The keys of {id} are back in “{path}”.").format(id=loaded.node.id, path=path))
    tell(_("Next: maillon check"))
